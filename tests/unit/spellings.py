#!/usr/bin/env python3
"""Writes a C table of the two spellings of each accented letter: spellings.py HEADER.

A row has a Latin, Greek or Cyrillic letter as one character, the same as a letter and combining
marks, and the latter with the marks left out, in small letters.
"""
import sys
import unicodedata


def rows():
    for code in range(0x80, 0x10000):
        composed = chr(code)
        decomposed = unicodedata.normalize("NFD", composed)
        name = unicodedata.name(composed, "")
        if len(decomposed) > 1 and name.split(" ")[0] in ("LATIN", "GREEK", "CYRILLIC"):
            letters = [c for c in decomposed if not unicodedata.combining(c)]
            if unicodedata.category(letters[0]).startswith("L"):
                yield composed, decomposed, "".join(letters).lower()


def literal(text):
    return '"' + "".join(f"\\{byte:03o}" for byte in text.encode()) + '"'


with open(sys.argv[1], "w", encoding="ascii") as header:
    header.write("static const char *const spellings[][3] = {\n")
    for row in rows():
        header.write("    {" + ", ".join(map(literal, row)) + "},\n")
    header.write("};\n")
