#!/usr/bin/env python3
"""Holds the tree to the rules of the house, and each rule to a tree that breaks it. Prints TAP."""
import os
import subprocess
import sys

import rules

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")

# For each rule, files that break it, added to a tree that does not.
SOUND = {
    "lib/summit.h": "",
    "lib/store.h": "",
    "lib/areas.c": '#include "resource.h"\n',
    "lib/sql/show/areas.sql": "",
    "server/response.c": "#include <microhttpd.h>\n#include <sys/store.h>\n",
    "server/main.c": '#include "summit.h"\nint main(void)\n{\n}\n',
}
BREACHES = {
    "server_knows_the_public_header_only": {"server/a.c": '#include "store.h"\n'},
    "library_never_heard_of_http": {"lib/a.c": "#include <microhttpd.h>\n"},
    "library_is_silent": {"lib/a.c": 'void f(void)\n{\n    fprintf(stderr, "");\n}\n'},
    "transport_has_one_seam": {"server/routes.c": "#include <microhttpd.h>\n"},
    "resources_are_apart": {"lib/areas.c": '#include "measures.h"\n'},
    "files_are_short": {"server/a.c": "\n" * 401},
    "functions_are_short": {"server/a.c": "void f(void)\n{\n" + "    ;\n" * 61 + "}\n"},
    "no_foreign_words": {"README.md": "see /" + "root/x\n"},
}


def read_tree():
    """The files git tracks, and those it would: name to text."""
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    files = {}
    for name in filter(None, names):
        path = os.path.join(ROOT, name)
        if os.path.isfile(path):
            with open(path, encoding="utf-8", errors="replace") as file:
                files[name] = file.read()
    return files


def main():
    tree = read_tree()
    failed = 0
    print(f"1..{2 * len(rules.RULES)}")
    for index, rule in enumerate(rules.RULES):
        name = rule.__name__.replace("_", " ")
        found = sorted(rule(tree))
        for path, line, what in found:
            print(f"# {path}:{line}: {what}")
        print(f"{'not ok' if found else 'ok'} {2 * index + 1} - {name}")
        breach = {**SOUND, **BREACHES[rule.__name__]}
        caught = not list(rule(SOUND)) and list(rule(breach))
        print(f"{'ok' if caught else 'not ok'} {2 * index + 2} - {name}: a breach is caught")
        failed += bool(found) + (not caught)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
