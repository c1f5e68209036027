#!/usr/bin/env python3
"""The programs of this folder do what they say, in TAP: test_bench.py PATH-OF-SUMMITD

Nothing is timed here; that they can be relied on when something is."""
import json
import os
import re
import subprocess
import sys

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


TESTS = [generated_records_are_good, words_are_as_frequent_as_stated, same_seed_same_record, scale_measures,
         failures_are_told]

print(f"1..{len(TESTS)}")
for number, test in enumerate(TESTS, 1):
    fault = test()
    print(f"{'ok' if fault is None else 'not ok'} {number} - {test.__name__.replace('_', ' ')}")
    for line in (fault or "").splitlines():
        print(f"# {line}")
