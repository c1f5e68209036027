"""The arithmetic of the benchmark: what wrk and the kernel print, taken apart, and medians of ratios.
There is no clock and no network in it, so it is tested like any other code."""
import dataclasses
import re
import statistics

MICROSECONDS = {"us": 1, "ms": 1e3, "s": 1e6, "m": 60e6, "h": 3600e6}
BYTES = {"B": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30, "TB": 1 << 40}
FIGURES = ("rate", "p50", "p99", "cpu")


class Unreadable(Exception):
    """What a program printed is not what it is known to print."""


@dataclasses.dataclass
class Load:
    """What wrk says of one run of it; latencies in microseconds."""
    requests: int
    bytes_read: float
    rate: float
    p50: float
    p99: float
    failures: int


@dataclasses.dataclass
class Sample:
    """One side of one round: requests a second, microseconds of latency, and microseconds of CPU a
    request of the server and of the client."""
    rate: float
    p50: float
    p99: float
    cpu: float
    client_cpu: float


def quantity(text, units):
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([A-Za-z]+)", text)
    if found is None or found.group(2) not in units:
        raise Unreadable(f"\"{text}\" is no quantity")
    return float(found.group(1)) * units[found.group(2)]


def find(pattern, text):
    found = re.search(pattern, text, re.MULTILINE)
    if found is None:
        raise Unreadable(f"wrk printed no {pattern!r}:\n{text}")
    return found.groups()


def parse_wrk(text):
    """The Load that `wrk --latency` printed. wrk counts as a failure what is no 2xx or 3xx."""
    requests, read = find(r"^ *(\d+) requests in \S+, (\S+) read$", text)
    failures = sum(int(number) for line in re.findall(r"^ *Socket errors: (.*)$", text, re.MULTILINE)
                   for number in re.findall(r"\d+", line))
    failures += sum(map(int, re.findall(r"^ *Non-2xx or 3xx responses: (\d+)$", text, re.MULTILINE)))
    return Load(
        requests=int(requests), bytes_read=quantity(read, BYTES), failures=failures,
        rate=float(find(r"^Requests/sec: *(\d+(?:\.\d+)?)$", text)[0]),
        p50=quantity(find(r"^ *50% +(\S+)$", text)[0], MICROSECONDS),
        p99=quantity(find(r"^ *99% +(\S+)$", text)[0], MICROSECONDS))


def parse_schedstat(text):
    """Nanoseconds a task has run: the first field of its schedstat."""
    fields = text.split()
    if len(fields) != 3 or not fields[0].isdigit():
        raise Unreadable(f"\"{text.strip()}\" is no schedstat")
    return int(fields[0])


def parse_status(text, name):
    """A size in KiB from /proc/PID/status."""
    found = re.search(rf"^{name}:\s+(\d+) kB$", text, re.MULTILINE)
    if found is None:
        raise Unreadable(f"there is no {name}")
    return int(found.group(1))


def parse_strace(text):
    """Calls by name, from the table that `strace -c` writes."""
    calls = {}
    for line in text.splitlines():
        found = re.match(r"\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)(?:\s+\d+)?\s+([a-z_]\w*)\s*$", line)
        if found and found.group(2) != "total":
            calls[found.group(2)] = int(found.group(1))
    return calls


def medians(samples):
    """Each figure's median over the rounds, as a Sample."""
    return Sample(*(statistics.median(getattr(sample, field.name) for sample in samples)
                    for field in dataclasses.fields(Sample)))


def ratios(rounds):
    """Of rounds, which are pairs of Samples: the medians of the rounds' ratios, by figure. A ratio of
    medians would take what the machine did in one round for a difference between the two."""
    return {name: statistics.median(getattr(ours, name) / getattr(theirs, name) for ours, theirs in rounds)
            for name in FIGURES}
