#!/usr/bin/env python3
"""Writes the codes a record may use as sorted C string tables: codes.py FOLDER HEADER SOURCE.

FOLDER holds the JSON files of Debian's iso-codes: ISO 3166-1 (countries), ISO 4217 (currencies)
and ISO 639-1 (languages).
"""
import json
import os
import sys

TABLES = [
    ("codes_country", "iso_3166-1.json", "3166-1", "alpha_2"),
    ("codes_currency", "iso_4217.json", "4217", "alpha_3"),
    ("codes_language", "iso_639-2.json", "639-2", "alpha_2"),
]


def main(folder, header, source):
    with open(header, "w", encoding="utf-8") as h, open(source, "w", encoding="utf-8") as c:
        h.write("#ifndef CODES_H\n#define CODES_H\n")
        c.write('#include <stddef.h>\n\n#include "codes.h"\n')
        for name, file, root, key in TABLES:
            with open(os.path.join(folder, file), encoding="utf-8") as f:
                rows = json.load(f)[root]
            codes = sorted(row[key] for row in rows if key in row)
            h.write(f"/* Sorted, ends with NULL. */\nextern const char *const {name}[];\n")
            items = ", ".join(f'"{code}"' for code in codes)
            c.write(f"const char *const {name}[] = {{{items}, NULL}};\n")
        h.write("#endif\n")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
