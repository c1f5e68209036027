#!/usr/bin/env python3
"""Writes what each letter is to a search as a sorted C table: folds.py HEADER SOURCE.

A Latin, Greek or Cyrillic letter becomes the small letters it is made of (Unicode's compatibility
decomposition and case folding, of which neither ever changes for a letter once it is there), less
what Unicode's name of it says it is "with": a stroke, a hook, a descender. What remains and is one
letter to Unicode but is commonly written as others, or as another, is in OTHERS.
"""
import re
import sys
import unicodedata

OTHERS = {
    "\u00df": "ss", "\u00e6": "ae", "\u0153": "oe", "\u00fe": "th", "\u00f0": "d",
    "\u0131": "i", "\u0237": "j", "\u0138": "k", "\u014b": "n", "\u0259": "e", "\u0275": "o",
    "\u0223": "ou", "\ua733": "aa", "\ua735": "ao", "\ua737": "au", "\ua739": "av",
    "\ua73d": "ay", "\ua74f": "oo", "\ua761": "vy", "\ua729": "tz",
    "\u04e9": "\u043e",
}
SCRIPTS = ("LATIN", "GREEK", "CYRILLIC")
LAST = 0xffff


def is_of_scripts(letter):
    return any(script in unicodedata.name(letter, "") for script in SCRIPTS)


def less_with(letter):
    """The letter without what its name says it is with, if there is one of that name."""
    base = re.fullmatch(r"((?:LATIN|GREEK|CYRILLIC) SMALL LETTER .+?) WITH .+",
                        unicodedata.name(letter, ""))
    try:
        return unicodedata.lookup(base.group(1)) if base else letter
    except KeyError:
        return letter


def fold_once(text):
    plain = "".join(c for c in unicodedata.normalize("NFKD", text)
                    if unicodedata.category(c).startswith("L") and is_of_scripts(c))
    return "".join(OTHERS.get(c, less_with(c)) for c in plain.casefold())


def fold(letter):
    folded = fold_once(letter)
    while fold_once(folded) != folded:
        folded = fold_once(folded)
    return folded


def rows():
    for code in range(0x80, LAST + 1):
        letter = chr(code)
        if unicodedata.category(letter).startswith("L"):
            folded = fold(letter)
            # The tokenizer folds a word into as many bytes as it had.
            if folded not in ("", letter) and len(folded.encode()) <= len(letter.encode()):
                yield code, folded


def main(header, source):
    table = list(rows())
    longest = max(len(folded.encode()) for _, folded in table)
    with open(header, "w", encoding="utf-8") as h:
        h.write("#ifndef FOLDS_H\n#define FOLDS_H\n#include <stdint.h>\n\n"
                "struct fold {\n    uint32_t code;\n"
                f"    char folded[{longest + 1}]; /* UTF-8, no longer than that of code */\n}};\n\n"
                f"enum {{ FOLDS_COUNT = {len(table)} }};\n\n"
                "/* Sorted by code. */\nextern const struct fold folds[FOLDS_COUNT];\n#endif\n")
    with open(source, "w", encoding="utf-8") as c:
        c.write('#include "folds.h"\n\nconst struct fold folds[FOLDS_COUNT] = {\n')
        for code, folded in table:
            c.write(f'    {{{code:#x}, "{folded}"}},\n')
        c.write("};\n")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
