#!/usr/bin/python3
"""Holds the direction of the includes: a folder includes only what stands to its left, core never knows GTK, app never knows ui.

SPDX-License-Identifier: GPL-3.0-or-later"""
import pathlib
import re
import sys

ORDER = ["core/base", "core/tensor", "core/catalog", "core/features", "core/model", "core/eval", "core/train", "core/explain",
         "core/plot", "core/report", "app", "ui"]
root = pathlib.Path(sys.argv[1])
bad = []
n = 0


def floor(path):
    """The place of a path in ORDER, -1 if it belongs to none."""
    for place, folder in enumerate(ORDER):
        if path.startswith(folder + "/"):
            return place
    return -1


for top in ("core", "app", "ui"):
    for file in sorted((root / top).rglob("*.[ch]")):
        name = file.relative_to(root).as_posix()
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            match = re.match(r'\s*#\s*include\s*["<]([^">]+)[">]', line)
            if not match:
                continue
            n += 1
            target = match.group(1)
            if floor(target) > floor(name):
                bad.append(f"{name}:{number}: includes {target}, which stands to its right")
            if top != "ui" and re.match(r"(gtk/|gdk/|adwaita)", target):
                bad.append(f"{name}:{number}: includes {target}; only ui/ may know GTK")
print("\n".join(bad))
print(f"{n} includes looked at, {len(bad)} wrong")
sys.exit(1 if bad or n == 0 else 0)
