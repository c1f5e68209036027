"""Two servers by turns, in short rounds: what the machine does to one it does to the other."""
import dataclasses
import os
import resource
import subprocess
import sys
import typing

import machine
import measure

CONNECTIONS = 16
# wrk prints what it read with two decimals, and the last answers may be cut by its end.
BYTES_TOLERANCE = 0.03


@dataclasses.dataclass
class Side:
    """A server, what it is asked, and what it has to answer."""
    server: machine.Server
    target: str
    body: bytes = b""
    headers: dict = dataclasses.field(default_factory=dict)
    status: int = 200
    # Whether a body is the one expected, where it need not be that to the byte.
    same: typing.Optional[typing.Callable] = None

    def verify(self):
        """How long the answer is, with its head. Who answers with anything else is not measured."""
        status, headers, body, length = machine.fetch(self.server.port, self.target, self.headers)
        name = f"{self.server.name}, {self.target}"
        if status != self.status:
            raise machine.Failure(f"{name}: status {status}, not {self.status}")
        if status == 200 and headers["Content-Length"] != str(len(body)):
            raise machine.Failure(f"{name}: Content-Length {headers['Content-Length']} of {len(body)} bytes")
        if not (self.same(body) if self.same else body == self.body):
            raise machine.Failure(f"{name}: another body, of {len(body)} bytes")
        return length


@dataclasses.dataclass
class Case:
    """Ours against a peer's. The result has the ratios ours / theirs."""
    what: str
    peer: str
    ours: Side
    theirs: Side
    threads: int = 1  # of the client
    seconds: typing.Optional[int] = None
    client: str = "wrk"  # or the path of load


@dataclasses.dataclass
class Result:
    what: str
    peer: str
    ratios: dict
    ours: measure.Sample
    theirs: measure.Sample


def command_of(case, side, length, seconds):
    fields = [f"{name}: {value}" for name, value in side.headers.items()]
    if case.client != "wrk":
        return [case.client, str(side.server.port), side.target, str(length), str(seconds),
                str(CONNECTIONS), *fields]
    command = ["wrk", "-t", str(case.threads), "-c", str(CONNECTIONS), "-d", f"{seconds}s", "--latency"]
    for field in fields:
        command += ["-H", field]
    return [*command, f"http://127.0.0.1:{side.server.port}{side.target}"]


def run_client(case, side, length, seconds):
    """(Load, microseconds of CPU that the client took)"""
    cores = machine.CLIENT_CORES if case.threads == 1 else set(machine.CORES)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    answer = subprocess.run(command_of(case, side, length, seconds), capture_output=True, text=True,
                            check=True, timeout=seconds + 30,
                            preexec_fn=lambda: os.sched_setaffinity(0, cores))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return measure.parse_wrk(answer.stdout), used * 1e6


def sample(case, side, length, seconds):
    before = side.server.cpu_nanoseconds()
    load, client = run_client(case, side, length, seconds)
    used = (side.server.cpu_nanoseconds() - before) / 1000
    complaint = side.server.forget_log()
    name = f"{side.server.name}, {side.target}"
    if load.failures or not load.requests:
        raise machine.Failure(f"{name}: {load.failures} failures in {load.requests} requests {complaint}")
    if abs(load.bytes_read / load.requests / length - 1) > BYTES_TOLERANCE:
        raise machine.Failure(f"{name}: {load.bytes_read / load.requests:.0f} bytes a request, not {length}")
    return measure.Sample(rate=load.rate, p50=load.p50, p99=load.p99, cpu=used / load.requests,
                          client_cpu=client / load.requests)


class Runner:
    def __init__(self, rounds, seconds):
        self.rounds = rounds
        self.seconds = seconds
        self.left_out = []
        self.warm = set()

    def warm_up(self, case, side, length):
        """Caches fill, and engines compile, before anything is counted."""
        key = (side.server.port, side.target, *side.headers.values())
        if key not in self.warm:
            run_client(case, side, length, 1)
            self.warm.add(key)

    def run(self, case):
        """A Result, or None and a line in left_out."""
        return self.attempt(f"{case.what} against {case.peer}", self.run_rounds, case)

    def run_rounds(self, case):
        print(f"{case.what} against {case.peer}", file=sys.stderr, flush=True)
        seconds = case.seconds or self.seconds
        pairs = []
        sides = [(side, side.verify()) for side in (case.ours, case.theirs)]
        for side, length in sides:
            self.warm_up(case, side, length)
        for number in range(self.rounds):
            order = sides[::-1] if number % 2 else sides  # nobody is always the second
            taken = [sample(case, side, length, seconds) for side, length in order]
            pairs.append(taken[::-1] if number % 2 else taken)
        return Result(case.what, case.peer, measure.ratios(pairs),
                      *(measure.medians(samples) for samples in zip(*pairs)))

    def attempt(self, what, function, *arguments):
        """What the function returns, or None and a line in left_out."""
        try:
            return function(*arguments)
        except (machine.Failure, measure.Unreadable, OSError, subprocess.SubprocessError) as error:
            self.left_out.append(f"{what}: {error}")
            print(f"left out: {self.left_out[-1]}", file=sys.stderr, flush=True)
            return None
