#!/usr/bin/env python3
"""Writes files as NUL-terminated C byte arrays.

embed.py HEADER SOURCE PREFIX ROOT FILE...

Each FILE becomes `const char PREFIX_<path below ROOT, / and . and - as _, without suffix .sql>[]`
(ROOT --flat takes the file's name alone) and `const size_t ..._size` (without the NUL) in SOURCE,
declared in HEADER. `const char PREFIX_digest[]` is the start of a SHA-256 over all of them.
"""
import hashlib
import os
import re
import sys


def symbol(prefix, root, path):
    name = os.path.basename(path) if root == "--flat" else os.path.relpath(path, root)
    name = re.sub(r"\.sql$", "", name)
    return prefix + "_" + re.sub(r"[^A-Za-z0-9]", "_", name)


def array(data):
    rows = [data[i : i + 20] for i in range(0, len(data), 20)]
    return ",\n".join("    " + ", ".join(str(byte) for byte in row) for row in rows)


def main(header, source, prefix, root, files):
    guard = prefix.upper() + "_H"
    with open(header, "w", encoding="utf-8") as h, open(source, "w", encoding="utf-8") as c:
        h.write(f"#ifndef {guard}\n#define {guard}\n#include <stddef.h>\n")
        c.write(f'#include "{os.path.basename(header)}"\n')
        digest = hashlib.sha256()
        for path in files:
            name = symbol(prefix, root, path)
            with open(path, "rb") as file:
                data = file.read() + b"\0"
            digest.update(data)
            h.write(f"extern const char {name}[];\nextern const size_t {name}_size;\n")
            # char is signed: a byte above 127 is written as its negative twin.
            body = array([b if b < 128 else b - 256 for b in data])
            c.write(f"const char {name}[] = {{\n{body}}};\n")
            c.write(f"const size_t {name}_size = {len(data) - 1};\n")
        h.write(f"extern const char {prefix}_digest[];\n#endif\n")
        c.write(f'const char {prefix}_digest[] = "{digest.hexdigest()[:16]}";\n')


if __name__ == "__main__":
    if len(sys.argv) < 6:
        sys.exit(__doc__)
    main(*sys.argv[1:5], sys.argv[5:])
