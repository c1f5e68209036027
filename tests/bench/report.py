"""The tables that the benchmark prints, in Markdown, and the goals."""
import dataclasses

CPU_OF_NGINX, CPU_OF_EPOLL, CPU_OF_MISS = 0.95, 1.15, 2.0
LOG_CPU, START_OF_EPOLL, RESIDENT_MB, IDLE_MB, IDLE_RATE = 1.05, 2.0, 8, 130, 0.95


@dataclasses.dataclass
class Findings:
    """All that was measured; None where it could not be."""
    results: list
    best: dict
    starts: tuple = None
    memory: tuple = None
    idle: tuple = None
    calls: dict = None
    left_out: list = dataclasses.field(default_factory=list)

    def of(self, what, peer):
        return next((one for one in self.results if (one.what, one.peer) == (what, peer)), None)


def megabytes(kib):
    return kib * 1024 / 1e6


def table(head, rows, words=1):
    """The first columns are words, which stand left; the others are numbers."""
    lines = [head, [":---"] * words + ["---:"] * (len(head) - words), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def ratio_rows(results):
    return [[one.what, one.peer, *(f"{one.ratios[name]:.2f}" for name in ("rate", "p50", "p99", "cpu")),
             f"{one.ours.cpu:.1f} / {one.theirs.cpu:.1f}"] for one in results]


def ratio_table(results):
    head = ["case", "against", "requests/s", "p50", "p99", "CPU", "CPU, µs a request"]
    return table(head, ratio_rows(results), words=2)


def nginx_goals(found, document):
    peer = f"nginx, sendfile {found.best.get(document)}"
    hit = found.of(f"hit, {document}", peer)
    yield f"hit, {document}: CPU of {peer}", hit and hit.ratios["cpu"], CPU_OF_NGINX, "most"
    yield f"hit, {document}: p99 of {peer}", hit and hit.ratios["p99"], 1.0, "most"
    hit = found.of(f"hit, {document}", "epoll loop")
    yield f"hit, {document}: CPU of the epoll loop", hit and hit.ratios["cpu"], CPU_OF_EPOLL, "most"
    unmodified = found.of(f"304, {document}", "summitd, hit")
    yield f"304, {document}: CPU of a hit", unmodified and unmodified.ratios["cpu"], 1.0, "less"


def goals(found):
    """(goal, ratio or size or None, bound, how it is bound)"""
    for document in ("2 kB", "30 kB"):
        yield from nginx_goals(found, document)
    peer = f"nginx, sendfile {found.best.get('2 kB')}"
    miss = found.of("miss, 2 kB", peer)
    yield f"miss, 2 kB: CPU of {peer}", miss and miss.ratios["cpu"], CPU_OF_MISS, "most"
    log = found.of("access log, 2 kB hit", "summitd without it")
    yield "access log: CPU of a hit without it", log and log.ratios["cpu"], LOG_CPU, "less"
    yield "start: time of the epoll loop", found.starts and found.starts[2], START_OF_EPOLL, "most"
    yield "resident when idle, MB", found.memory and megabytes(found.memory[0]), RESIDENT_MB, "less"
    yield "resident with 10,000 idle connections, MB", found.idle and megabytes(found.idle[1]), IDLE_MB, "most"
    rate = found.idle and found.idle[2]
    yield "requests/s beside them, of those without", rate and rate.ratios["rate"], IDLE_RATE, "least"


def is_met(value, bound, how):
    return {"most": value <= bound, "less": value < bound, "least": value >= bound}[how]


def goal_table(found):
    rows = []
    for name, value, bound, how in goals(found):
        wanted = f"{dict(most='at most', less='below', least='at least')[how]} {bound:g}"
        if value is None:
            rows.append([name, wanted, "-", "not measured"])
        else:
            rows.append([name, wanted, f"{value:.2f}", "met" if is_met(value, bound, how) else "**not met**"])
    return table(["goal", "wanted", "measured", ""], rows, words=2)


def losses(results):
    """Where a peer is better: more requests, or less time or CPU; by more than noise."""
    found = []
    for one in results:
        worse = [f"{label} {one.ratios[name]:.2f}" for name, label in
                 (("rate", "requests/s"), ("p50", "p50"), ("p99", "p99"), ("cpu", "CPU"))
                 if (one.ratios[name] < 0.97 if name == "rate" else one.ratios[name] > 1.03)]
        if worse and "summitd" not in one.peer:
            found.append(f"- {one.what}, against {one.peer}: {', '.join(worse)}")
    return found


def threads_text(found):
    one = found.of("two threads, 2 kB hit", "summitd with one")
    if one is None:
        return []
    rows = [[threads, f"{sample.rate:,.0f}", f"{sample.cpu:.1f}", f"{sample.client_cpu:.1f}"]
            for threads, sample in ((1, one.theirs), (2, one.ours))]
    return [f"Two threads give {one.ratios['rate']:.2f} times the requests/s of one. Server and client share "
            "the machine's cores here, and what the client takes the server cannot have:",
            table(["threads", "requests/s", "server, CPU µs a request", "wrk, CPU µs a request"], rows)]


def sizes_text(found):
    rows = []
    if found.starts:
        ours, theirs, ratio = found.starts
        rows.append(["start to the first 200", f"{ours:.1f} ms; the epoll loop {theirs:.1f} ms; ratio {ratio:.2f}"])
    if found.memory:
        resident, anonymous = found.memory
        rows.append(["resident when idle",
                     f"{megabytes(resident):.1f} MB, of which {megabytes(anonymous):.1f} are no file's"])
    if found.idle:
        before, after, rate = found.idle
        text = f"{megabytes(before):.1f} MB before, {megabytes(after):.1f} with them"
        if rate:
            text += f"; requests/s {rate.ratios['rate']:.2f} of those without"
        rows.append(["10,000 idle connections", text])
    return [table(["start and size", ""], rows, words=2)] if rows else []


def calls_text(found):
    if not found.calls:
        return []
    rows = [[f"`{name}`", f"{count:.3f}"] for name, count in sorted(found.calls.items(), key=lambda one: -one[1])]
    return ["System calls a request, of 1000 on one connection; they include the timer and the log:",
            table(["call", "times a request"], rows)]


def write_report(found, caveats):
    """All of it, as one text."""
    parts = ["summitd / peer, medians of the rounds' ratios; for requests/s more is better, for the rest less.",
             ratio_table(found.results)]
    lost = losses(found.results)
    parts.append("Where summitd loses:\n\n" + "\n".join(lost) if lost else "summitd loses nowhere.")
    parts.append(goal_table(found))
    parts += threads_text(found) + sizes_text(found) + calls_text(found)
    if found.left_out:
        parts.append("Left out:\n\n" + "\n".join(f"- {line}" for line in found.left_out))
    parts.append("\n".join(caveats))
    return "\n\n".join(parts)
