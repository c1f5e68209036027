#!/usr/bin/env python3
"""The programs of this folder do what they say, in TAP: test_bench.py PATH-OF-SUMMITD

Nothing is timed here; that they can be relied on when something is."""
import json
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
import measure  # noqa: E402, from this folder
import report  # noqa: E402

FOLDER = os.path.dirname(os.path.abspath(__file__))
SUMMITD = sys.argv[1]


def run(words, **options):
    return subprocess.run(words, capture_output=True, text=True, check=False, **options)


def generate(*words):
    return run([os.path.join(FOLDER, "generate"), *words])


def generated_records_are_good():
    for count in (1, 9, 10, 11, 640, 10_001):
        text = generate("--measures", str(count)).stdout
        measures = json.loads(text)["measures"]
        checked = run([SUMMITD, "check", "/dev/stdin"], input=text)
        if checked.returncode != 0:
            return f"{count} measures: {checked.stdout}{checked.stderr}"
        if len(measures) != count:
            return f"{count} measures asked for, {len(measures)} there"
    return None


def words_are_as_frequent_as_stated():
    for count in (10, 1000, 3777):
        measures = json.loads(generate("--measures", str(count)).stdout)["measures"]
        for word, least, most in (("bathymetry", 10, 10), ("customs", count // 100, count // 100 + 1),
                                  ("cooperation", count * 0.8, count)):
            found = sum(re.search(rf"\b{word}\b", row["text"]) is not None for row in measures)
            if not least <= found <= most:
                return f"{word} is in {found} of {count} measures"
        if not all(140 <= len(row["text"].encode()) <= 300 for row in measures):
            return f"of {count} measures, some text is too short or too long"
    return None


def same_seed_same_record():
    one, again, other = (generate("--measures", "50", "--seed", seed).stdout for seed in ("a", "a", "b"))
    return None if one == again and one != other else "the seed does not decide what the record is"


def scale_measures():
    answer = run([os.path.join(FOLDER, "scale"), SUMMITD, "--sizes", "10,300", "--requests", "2"])
    if answer.returncode != 0:
        return answer.stderr
    for row in ("item", "page", "page, two filters"):
        if not re.search(rf"^{row}( +[\d.]+ [\d.]+){{2}} +[\d.]+$", answer.stdout, re.MULTILINE):
            return f"no times of \"{row}\" in:\n{answer.stdout}"
    return None


def failures_are_told():
    cases = [(1, ["/nonexistent"]), (2, []), (2, [SUMMITD, "--sizes", "0"]), (2, [SUMMITD, "--requests", "x"])]
    for status, words in cases:
        answer = run([os.path.join(FOLDER, "scale"), *words])
        if answer.returncode != status or not answer.stderr:
            return f"scale {words}: status {answer.returncode}, {answer.stderr!r}"
    return None if generate("--measures", "0").returncode == 2 else "no measures are generated"


WRK = """Running 1s test @ http://127.0.0.1:8080/
  1 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   122.86us   33.26us   1.35ms   90.80%
    Req/Sec   129.25k     2.36k  130.76k    90.91%
  Latency Distribution
     50%  116.00us
     75%    1.20ms
     90%    1.50ms
     99%    2.09ms
  141509 requests in 1.10s, 21.50MB read
"""
RATE = "Requests/sec: 128640.47\nTransfer/sec:     19.87MB\n"
FAILED = "  Socket errors: connect 0, read 3, write 1, timeout 2\n  Non-2xx or 3xx responses: 12\n"


def wrk_is_understood():
    load = measure.parse_wrk(WRK + RATE)
    if load != measure.Load(141509, 21.5 * 1024 * 1024, 128640.47, 116.0, 2090.0, 0):
        return f"{load}"
    failures = measure.parse_wrk(WRK + FAILED + RATE).failures
    return None if failures == 18 else f"{failures} failures, not 18"


def what_is_not_understood_is_told():
    cases = [(measure.parse_wrk, ""), (measure.parse_wrk, WRK), (measure.parse_wrk, RATE),
             (measure.parse_wrk, WRK.replace("2.09ms", "-nan%") + RATE), (measure.parse_schedstat, "1 2"),
             (measure.parse_schedstat, "x 2 3"), (lambda text: measure.parse_status(text, "VmRSS"), "VmRSS:")]
    for function, text in cases:
        try:
            return f"{function(text)} is read from {text!r}"
        except measure.Unreadable:
            pass
    return None


def the_kernel_is_understood():
    strace = ("% time     seconds  usecs/call     calls    errors syscall\n"
              "------ ----------- ----------- --------- --------- ----------------\n"
              " 60.00    0.000600           0      1000           sendmsg\n"
              " 40.00    0.000400           0      1003         3 recvfrom\n"
              "------ ----------- ----------- --------- --------- ----------------\n"
              "100.00    0.001000           0      2003         3 total\n")
    found = [measure.parse_schedstat("1234567890 42 7\n"),
             measure.parse_status("VmHWM:\t  9 kB\nVmRSS:\t    8028 kB\n", "VmRSS"), measure.parse_strace(strace)]
    return None if found == [1234567890, 8028, {"sendmsg": 1000, "recvfrom": 1003}] else f"{found}"


def a_sample(figure):
    return measure.Sample(rate=figure, p50=2 * figure, p99=3 * figure, cpu=4 * figure, client_cpu=5 * figure)


def ratios_are_of_rounds():
    # In the third round the machine was busy: the ratio of the medians would be 1.5.
    rounds = [(a_sample(1), a_sample(2)), (a_sample(3), a_sample(6)), (a_sample(90), a_sample(1))]
    found = measure.ratios(rounds)
    if found != dict.fromkeys(measure.FIGURES, 0.5):
        return f"ratios {found}"
    ours, theirs = (measure.medians(side) for side in zip(*rounds))
    return None if (ours, theirs) == (a_sample(3), a_sample(2)) else f"medians {ours} and {theirs}"


def goals_are_judged():
    cases = [(1.15, 1.15, "most", True), (1.16, 1.15, "most", False), (8, 8, "less", False),
             (7.9, 8, "less", True), (0.95, 0.95, "least", True), (0.94, 0.95, "least", False)]
    for value, bound, how, met in cases:
        if report.is_met(value, bound, how) != met:
            return f"{value} is {'not ' if met else ''}at {how} {bound}"
    text = report.goal_table(report.Findings([], {}, memory=(9000, 1)))
    if "| resident when idle, MB | below 8 | 9.22 | **not met** |" not in text or "not measured" not in text:
        return text
    return None


TESTS = [generated_records_are_good, words_are_as_frequent_as_stated, same_seed_same_record, scale_measures,
         failures_are_told, wrk_is_understood, what_is_not_understood_is_told, the_kernel_is_understood,
         ratios_are_of_rounds, goals_are_judged]

print(f"1..{len(TESTS)}")
for number, test in enumerate(TESTS, 1):
    fault = test()
    print(f"{'ok' if fault is None else 'not ok'} {number} - {test.__name__.replace('_', ' ')}")
    for line in (fault or "").splitlines():
        print(f"# {line}")
