"""The rules of the house as functions: each takes {path: text} and yields (path, line, what)."""
import os
import re

TRANSPORT_FILES = {"server/daemon.c", "server/request.c", "server/response.c",
                   "server/reply_headers.c"}
RESOURCE_HEADERS = {"resource.h", "sql.h", "codes.h", "stddef.h"}
LINES_MAX = 400
FUNCTION_LINES_MAX = 60
CODE = (".c", ".h", ".py", ".mjs", ".ts", ".sql", ".build", ".html")
# The contract is one document, and the lock file is npm's.
LONG_BY_NATURE = {"openapi.yaml", "tests/contract/package-lock.json"}
# Written so that this file does not hold what it looks for.
FOREIGN_WORDS = ["registry." + "npmjs", "deb." + "debian.org", "/" + "root/", "/" + "work/"]


def includes(text):
    for number, line in enumerate(text.splitlines(), 1):
        found = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if found:
            yield number, found.group(1), os.path.basename(found.group(2)), found.group(2)


def is_c(path):
    return path.endswith((".c", ".h"))


def server_knows_the_public_header_only(files):
    library = {os.path.basename(path) for path in files if re.match(r"lib/[^/]+\.h$", path)}
    server = {os.path.basename(path) for path in files if re.match(r"server/.*\.h$", path)}
    private = library - {"summit.h"} - server
    for path, text in files.items():
        if path.startswith("server/") and is_c(path):
            for number, _, name, full in includes(text):
                if full in private or "lib/" in full or name == "sqlite3.h":
                    yield path, number, f"includes {full} of the library"


def library_never_heard_of_http(files):
    for path, text in files.items():
        if path.startswith("lib/") and is_c(path):
            for number, _, name, full in includes(text):
                if name == "microhttpd.h" or "server/" in full:
                    yield path, number, f"includes {full}"


def library_is_silent(files):
    forbidden = re.compile(r"\b(getenv|secure_getenv|printf|vprintf|puts|putchar|perror|syslog|"
                           r"exit|_exit|abort|stderr|stdout)\b\s*[(,;)]")
    for path, text in files.items():
        if path.startswith("lib/") and path.endswith(".c"):
            for number, line in enumerate(text.splitlines(), 1):
                found = forbidden.search(re.sub(r'"(\\.|[^"\\])*"', '""', line))
                if found and not line.lstrip().startswith(("*", "/*")):
                    yield path, number, f"uses {found.group(1)}"


def transport_has_one_seam(files):
    for path, text in files.items():
        if path.startswith("server/") and is_c(path) and path not in TRANSPORT_FILES:
            for number, _, name, _ in includes(text):
                if name == "microhttpd.h":
                    yield path, number, "includes microhttpd.h; only daemon, request, response and reply_headers may"


def resources_are_apart(files):
    resources = {m.group(1) for path in files
                 if (m := re.match(r"lib/sql/show/(\w+)\.sql$", path))}
    if not resources:
        yield "lib/sql/show", 0, "has no resource"
    for name in resources:
        path = f"lib/{name}.c"
        for number, _, header, _ in includes(files.get(path, "")):
            if header not in RESOURCE_HEADERS:
                yield path, number, f"includes {header}"


def files_are_short(files):
    for path, text in files.items():
        lines = len(text.splitlines())
        if path.endswith(CODE) and path not in LONG_BY_NATURE and lines > LINES_MAX:
            yield path, lines, f"has {lines} lines; at most {LINES_MAX}"


def functions_are_short(files):
    for path, text in files.items():
        if not path.endswith(".c"):
            continue
        start = None
        for number, line in enumerate(text.splitlines(), 1):
            if line == "{":
                start = number
            elif line == "}" and start is not None:
                if number - start - 1 > FUNCTION_LINES_MAX:
                    yield path, start, f"function of {number - start - 1} lines"
                start = None


def no_foreign_words(files):
    for path, text in files.items():
        for number, line in enumerate(text.splitlines(), 1):
            for word in FOREIGN_WORDS:
                if word in line:
                    yield path, number, f"speaks of {word}"


RULES = [
    server_knows_the_public_header_only,
    library_never_heard_of_http,
    library_is_silent,
    transport_has_one_seam,
    resources_are_apart,
    files_are_short,
    functions_are_short,
    no_foreign_words,
]
