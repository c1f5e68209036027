#!/usr/bin/env python3
"""Counts the tests in Meson's JSON logs: count.py FAILED LOG...

FAILED is 1 if something that is no test (a build, a linter) has failed. Prints one line,
`N passed, N failed, N skipped`, and exits with 1 unless all passed; logs without a single test in
them are a failure, no log at all (of a run of linters) is none. A Meson test that prints TAP or
the summary of Node.js's runner counts for as many tests as that says; any other for one.
"""
import json
import os
import re
import sys


def count(entry):
    """(passed, failed, skipped) of one Meson test."""
    text = entry.get("stdout", "")
    points = re.findall(r"^(not )?ok \d+(.*)$", text, re.M)
    if points:
        skipped = sum(1 for _, rest in points if re.search(r"# SKIP", rest))
        failed = sum(1 for no, rest in points if no and not re.search(r"# SKIP", rest))
        passed = len(points) - failed - skipped
    else:
        passed = sum(int(n) for n in re.findall(r"^. pass (\d+)$", text, re.M))
        failed = sum(int(n) for n in re.findall(r"^. fail (\d+)$", text, re.M))
        skipped = sum(int(n) for n in re.findall(r"^. skipped (\d+)$", text, re.M))
    if entry["result"] == "SKIP":
        return passed, failed, max(skipped, 1)
    if entry["result"] not in ("OK", "EXPECTEDFAIL"):
        return passed, max(failed, 1), skipped
    return max(passed, 1), failed, skipped


def main(broken, logs):
    totals = [0, 0, 0]
    for log in logs:
        name = os.path.splitext(os.path.basename(log))[0]
        part = [0, 0, 0]
        with open(log, encoding="utf-8") as file:
            for line in file:
                part = [a + b for a, b in zip(part, count(json.loads(line)))]
        print(f"{name}: {part[0]} passed, {part[1]} failed, {part[2]} skipped")
        totals = [a + b for a, b in zip(totals, part)]
    if int(broken) and totals[1] == 0:
        print("a build or a check that is no test has failed; see above")
        totals[1] = 1
    print(f"{totals[0]} passed, {totals[1]} failed, {totals[2]} skipped")
    return 1 if totals[1] or int(broken) or (logs and not totals[0]) else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
