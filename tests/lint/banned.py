#!/usr/bin/env python3
"""No call of a function in banned.txt, outside comments and strings."""
import os
import re
import sys

import source

table = {}
with open(os.path.join(os.path.dirname(__file__), "banned.txt")) as f:
    for line in f:
        if line.strip() and not line.startswith("#"):
            name, instead = line.split(None, 1)
            table[name] = instead.strip()
# Neither a member of that name nor part of a longer one.
call = re.compile(r"(?<![\w.>])(" + "|".join(table) + r")\s*\(")
found = 0
for path in source.files():
    for n, line in enumerate(source.bare(source.read(path)).split("\n"), 1):
        for m in call.finditer(line):
            print(f"{path}:{n}: {m[1]} is banned: use {table[m[1]]}")
            found += 1
sys.exit(found > 0)
