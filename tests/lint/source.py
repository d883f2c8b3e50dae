"""C sources as lint sees them: which files, and text without comments."""
import os
import re

FOLDERS = ("gateway", "config", "parsers", "handlers", "tests")
PRODUCT = FOLDERS[:-1]
TOKEN = re.compile(
    r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.S)


def files(folders=FOLDERS):
    for folder in folders:
        for where, _, names in sorted(os.walk(folder)):
            for name in sorted(names):
                if name.endswith((".c", ".h")):
                    yield os.path.join(where, name)


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def bare(text):
    """Comments and literals become blanks; lines keep their numbers."""
    return TOKEN.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)
