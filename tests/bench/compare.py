"""Measures summitd beside others and prints Markdown; tests/bench/run installs what it needs."""
import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile

import machine
import report
from cases import Cases
from idle import measure_idle
from peers import Field
from rounds import CONNECTIONS, Runner
from startup import measure_memory, measure_starts
from syscalls import measure_calls

CLIENTS = "asked by wrk, for a 304 by load.c, as wrk waits for a body after a Content-Length"
ROUNDS, SECONDS, STARTS = 7, 2, 21
QUICK_ROUNDS, QUICK_SECONDS, QUICK_STARTS = 2, 1, 5


def versions(field):
    lines = [machine.first_line(field.program, "--version"), machine.first_line("/usr/sbin/nginx", "-v"),
             machine.first_line("/usr/sbin/lighttpd", "-v"), machine.first_line("wrk", "-v"),
             "Node.js " + machine.first_line("node", "--version")]
    return "; ".join(line.split("(")[0].split("[")[0].replace("nginx version: ", "").strip() for line in lines)


def caveats(field, options, loads):
    size = ", ".join(f"{document.label} is {len(document.body):,} bytes (`{document.target}`)"
                     for document in field.documents)
    return [
        f"Measured on {machine.description()}; load average {loads[0]:.1f} before, {loads[1]:.1f} after. "
        f"{versions(field)}.",
        f"{options.rounds} rounds of {options.seconds} s a side (1 s for fastify and json-server), by turns; "
        f"{CONNECTIONS} connections, kept; {CLIENTS}; one thread of the server on one core, the client on the "
        "other, on the same machine, which is shared and noisy: the second digit of a ratio is not to be trusted.",
        f"{size}. The epoll loop sends summitd's very bytes, head included; nginx and lighttpd send the same "
        "body with a shorter head and write no log; summitd writes its access log to a file. fastify makes "
        "the document from the same database; json-server gives the rows without their frame, indented, "
        "and the larger document as one object.",
    ]


def measure_all(field, options):
    before = os.getloadavg()[0]
    field.fetch_documents()
    runner = Runner(options.rounds, options.seconds)
    cases = Cases(field, runner)
    found = report.Findings(cases.results, cases.best, left_out=runner.left_out)
    found.memory = runner.attempt("memory", measure_memory, field)
    found.starts = runner.attempt("start", measure_starts, field, options.starts)
    found.calls = runner.attempt("system calls", measure_calls, field)
    cases.run_all()
    found.idle = runner.attempt("idle connections", measure_idle, field, runner)
    return report.write_report(found, caveats(field, options, (before, os.getloadavg()[0])))


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", help="the summitd to measure")
    parser.add_argument("builds", help="the folder of the epoll loop")
    parser.add_argument("--quick", action="store_true", help="few short rounds: whether it all works")
    options = parser.parse_args()
    options.program = os.path.abspath(options.program)
    options.builds = os.path.abspath(options.builds)
    options.rounds, options.seconds, options.starts = (
        (QUICK_ROUNDS, QUICK_SECONDS, QUICK_STARTS) if options.quick else (ROUNDS, SECONDS, STARTS))
    return options


def main():
    options = parse_options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("bench: told to stop"))
    folder = tempfile.mkdtemp()
    os.chmod(folder, 0o755)  # servers may become nobody
    field = Field(options.program, options.builds, folder)
    try:
        print(measure_all(field, options))
    except KeyboardInterrupt:
        sys.exit("bench: interrupted")
    except (machine.Failure, OSError, subprocess.SubprocessError) as error:
        sys.exit(f"bench: {error}")
    finally:
        field.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
