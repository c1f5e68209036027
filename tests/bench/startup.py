"""From nothing to the first answer, and the memory of a server that waits."""
import contextlib
import os
import signal
import socket
import statistics
import time

import machine

WAIT_SECONDS = 10


def first_answer(port, question):
    """Asks without a pause until there is a 200: a refused connection costs little."""
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end:
        with socket.socket() as connection:
            connection.settimeout(WAIT_SECONDS)
            with contextlib.suppress(ConnectionError):
                connection.connect(("127.0.0.1", port))
                connection.sendall(question)
                if connection.recv(4096).startswith(b"HTTP/1.1 200"):
                    return
    raise machine.Failure("a server that was started does not answer")


def time_start(command_of, target):
    """Milliseconds from the fork to the first 200. The server's core is inherited by it, so that
    nothing runs between fork and exec."""
    port = machine.free_port()
    command = command_of(port)
    question = f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    environment = machine.clean_environment()
    nowhere = (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)
    os.sched_setaffinity(0, machine.SERVER_CORES)
    begin = time.perf_counter()
    pid = os.posix_spawn(command[0], command, environment, file_actions=[nowhere])
    try:
        os.sched_setaffinity(0, machine.CLIENT_CORES)
        first_answer(port, question)
        return (time.perf_counter() - begin) * 1000
    finally:
        os.sched_setaffinity(0, machine.CORES)
        end(pid)


def end(pid):
    os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + machine.STOP_SECONDS
    while time.monotonic() < until:
        if os.waitpid(pid, os.WNOHANG)[0]:
            return
        time.sleep(0.002)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def measure_starts(field, count):
    """(median ms of summitd, of the epoll loop, median of the ratios)"""
    document = field.documents[0]

    def epoll(port):
        return field.epoll_command(port, document)

    def summitd(port):
        return field.summitd_command(port, "--threads", "1")

    pairs = [tuple(time_start(command, document.target) for command in (summitd, epoll))
             for _ in range(count + 1)][1:]  # the first one reads the programs from the disk
    return (statistics.median(ours for ours, _ in pairs), statistics.median(theirs for _, theirs in pairs),
            statistics.median(ours / theirs for ours, theirs in pairs))


def measure_memory(field):
    """KiB of a summitd that has given one answer: all that is resident, and what of it is no file's."""
    server = field.summitd(another="idle")
    time.sleep(1)
    return server.memory_kib("VmRSS"), server.memory_kib("RssAnon")
