#!/usr/bin/python3
"""Refract's import of five million interactions beside pandas' C reader, in one run on one machine.

  compare_import.py PATH/bench-import [DIR]

Needs python3-pandas. pandas reads the columns as integers; Refract also checks every value, looks up every id, and drops
duplicates. The ratio printed last is pandas' best time divided by ours: 1 or more is the goal.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import re
import subprocess
import sys
import tempfile
import time

import pandas


def read_ours(program, folder):
    out = subprocess.run([program, "read", folder], check=True, capture_output=True, text=True).stdout
    print(out, end="")
    return min(float(s) for s in re.findall(r"^([\d.]+) s", out, re.M))


def read_pandas(path):
    start = time.perf_counter()
    frame = pandas.read_csv(path, engine="c")
    seconds = time.perf_counter() - start
    print(f"pandas {pandas.__version__}: {seconds:.3f} s  {len(frame) / seconds / 1e6:.1f} M rows/s")
    return seconds


def main():
    program = sys.argv[1]
    folder = sys.argv[2] if len(sys.argv) > 2 else os.path.join(tempfile.gettempdir(), "refract-bench-import")
    path = os.path.join(folder, "interactions.csv")
    if not os.path.exists(path):
        subprocess.run([program, "make", folder], check=True)
    # In turns, so that what else the machine does falls on both.
    rounds = [(read_pandas(path), read_pandas(path), read_pandas(path), read_ours(program, folder)) for _ in range(4)]
    theirs = min(min(r[:3]) for r in rounds)
    ours = min(r[3] for r in rounds)
    print(f"ratio pandas / Refract: {theirs / ours:.2f}")


if __name__ == "__main__":
    main()
