#!/usr/bin/env python3
"""Writes a YAML document as compact JSON: yaml_to_json.py YAML JSON."""
import json
import sys

import yaml

if len(sys.argv) != 3:
    sys.exit(__doc__)
with open(sys.argv[1], encoding="utf-8") as source:
    document = yaml.safe_load(source)
with open(sys.argv[2], "w", encoding="utf-8") as target:
    json.dump(document, target, ensure_ascii=False, separators=(",", ":"))
    target.write("\n")
