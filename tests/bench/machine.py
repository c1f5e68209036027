"""Processes on this machine: started on chosen cores, watched, and stopped whatever happens."""
import contextlib
import glob
import http.client
import os
import platform
import signal
import socket
import subprocess
import time

import measure

CORES = sorted(os.sched_getaffinity(0))
# One core for the server and one for the client, where there are two.
SERVER_CORES, CLIENT_CORES = {CORES[0]}, {CORES[-1]}
START_SECONDS = 20
STOP_SECONDS = 15


class Failure(Exception):
    """Something that keeps the benchmark, or a part of it, from being made."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def clean_environment():
    """Without what would configure a summitd behind our back."""
    return {name: value for name, value in os.environ.items()
            if not name.startswith(("SUMMITD", "LISTEN_"))}


def fetch(port, target, headers=None):
    """(status, header fields, body, length with the head) of one request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with contextlib.closing(connection):
        connection.putrequest("GET", target, skip_accept_encoding=True)
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        body = answer.read()
        head = [f"HTTP/1.1 {answer.status} {answer.reason}", *map(": ".join, answer.getheaders()), ""]
        return answer.status, answer.headers, body, sum(len(line) + 2 for line in head) + len(body)


def read_file(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def tree(pid):
    """A process and its descendants."""
    parents = {}
    for path in glob.glob("/proc/[0-9]*/stat"):
        with contextlib.suppress(OSError):
            text = read_file(path)
            parents[int(text.split()[0])] = int(text.rsplit(")", 1)[1].split()[1])
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


class Server:
    """One server process, with those it starts. Its standard error is a file: summitd's log."""

    def __init__(self, name, command, port, folder, cores=None):
        self.name = name
        self.command = command
        self.port = port
        self.folder = folder
        self.cores = SERVER_CORES if cores is None else cores
        self.log = os.path.join(folder, f"{name.replace(' ', '-')}-{port}.log")
        self.process = None
        self.pids = []

    def start(self, target):
        """Returns once the target is answered."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder,
                env=clean_environment(), start_new_session=True,
                preexec_fn=lambda: os.sched_setaffinity(0, self.cores))
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            with contextlib.suppress(OSError, http.client.HTTPException):
                fetch(self.port, target)
                self.pids = tree(self.process.pid)
                return
            time.sleep(0.02)
        raise Failure(f"{self.name} does not answer: {read_file(self.log)[-500:].strip()}")

    def stop(self):
        if self.process is None:
            return
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(STOP_SECONDS)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def cpu_nanoseconds(self):
        total = 0
        for pid in self.pids:
            for path in glob.glob(f"/proc/{pid}/task/*/schedstat"):
                with contextlib.suppress(OSError):
                    total += measure.parse_schedstat(read_file(path))
        return total

    def memory_kib(self, name):
        return sum(measure.parse_status(read_file(f"/proc/{pid}/status"), name) for pid in self.pids)

    def forget_log(self):
        """The log is written to at its end, so it can be emptied under the server's hands. What
        summitd says in it of a request that failed comes back."""
        with open(self.log, encoding="utf-8", errors="replace") as log:
            complaint = next((line.strip() for line in log if "request_failed" in line), "")
        os.truncate(self.log, 0)
        return complaint


def first_line(*command):
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)
        return ((answer.stdout + answer.stderr).strip().splitlines() or ["?"])[0]
    return "?"


def description():
    """The machine in one line."""
    model = "unknown processor"
    with contextlib.suppress(OSError):
        model = next((line.split(":", 1)[1].strip() for line in read_file("/proc/cpuinfo").splitlines()
                      if line.startswith("model name")), model)
    return f"{model}, {len(CORES)} cores, Linux {platform.release()}"
