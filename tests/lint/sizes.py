#!/usr/bin/env python3
"""Functions up to 60 lines, nine of ten up to 40; files up to 500 lines of
80 columns. A function is what stands between a line that is just { and the
next that is just }; clang-format sees to it that nothing else looks so."""
import sys
import unicodedata

import source

FUNCTION_MAX, FUNCTION_90, FILE_MAX, COLUMNS = 60, 40, 500, 80


def columns(line):
    n = 0
    for c in line:
        if c == "\t":
            n += 8 - n % 8
        elif not unicodedata.combining(c):
            n += 2 if unicodedata.east_asian_width(c) in "WF" else 1
    return n


def functions(lines):
    start = None
    for n, line in enumerate(lines, 1):
        if line == "{":
            start = n
        elif line == "}" and start is not None:
            yield start, n - start + 1
            start = None


def main():
    wrong, lengths = [], []
    for path in source.files():
        lines = source.read(path).split("\n")
        if len(lines) - 1 > FILE_MAX:
            wrong.append(f"{path}: {len(lines) - 1} lines, {FILE_MAX} at most")
        for n, line in enumerate(lines, 1):
            if columns(line) > COLUMNS:
                wrong.append(f"{path}:{n}: wider than {COLUMNS} columns")
        for n, length in functions(lines):
            if length > FUNCTION_MAX:
                wrong.append(f"{path}:{n}: function of {length} lines,"
                             f" {FUNCTION_MAX} at most")
            if path.startswith(source.PRODUCT):
                lengths.append((length, f"{path}:{n}"))
    lengths.sort(reverse=True)
    long = [where for length, where in lengths if length > FUNCTION_90]
    if len(long) * 10 > len(lengths):
        wrong.append(f"{len(long)} of {len(lengths)} functions are over"
                     f" {FUNCTION_90} lines: " + " ".join(long))
    print("\n".join(wrong), end="\n" if wrong else "")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
