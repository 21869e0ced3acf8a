#!/usr/bin/python3
"""Files, functions and make targets that the documents name exist, in TAP.  check-docs.py SOURCE

SPDX-License-Identifier: GPL-3.0-or-later
"""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
FOLDERS = ("app", "core", "data", "docs", "packaging", "resources", "tests", "ui")
FILE = re.compile(r"[\w./-]+\.(c|h|py|sh|md|ui|supp|build|xml)|(%s)/[\w./-]+" % "|".join(FOLDERS))
MADE = {"bench.json"}  # by running what the page describes

sources = [p for d in FOLDERS for p in (root / d).rglob("*") if p.is_file()]
names = {p.name for p in sources}
code = "\n".join(p.read_text(encoding="utf-8") for p in sources if p.suffix in (".c", ".h"))
words = set(re.findall(r"\w+", code))
targets = set(re.findall(r"^([\w-]+):", (root / "Makefile").read_text(encoding="utf-8"), re.M))


def is_there(name, page):
    if (root / name).exists() or (page.parent / name).exists():
        return True
    return "/" not in name and (name in names or name in MADE)


def missing(page):
    text = page.read_text(encoding="utf-8")
    quoted = [q.strip() for q in re.findall(r"`([^`\n]+)`", text)]
    for name in quoted:
        if "NAME" not in name and FILE.fullmatch(name) and not is_there(name, page):
            yield f"no file {name}"
        function = re.fullmatch(r"((?:rf|refract)_\w+) ?\(\)", name)
        if function and function[1] not in words:
            yield f"no function {name}"
        make = re.match(r"make ([a-z-]+)", name)
        if make and make[1] not in targets:
            yield f"no target {name}"


pages = [root / "README.md", root / "HACKING.md", root / "SECURITY.md", *sorted((root / "docs").glob("*.md"))]
print(f"1..{len(pages)}")
for n, page in enumerate(pages, 1):
    wrong = list(missing(page))
    for what in wrong:
        print(f"# {page.relative_to(root)}: {what}")
    print(f"{'not ok' if wrong else 'ok'} {n} {page.relative_to(root)}")
