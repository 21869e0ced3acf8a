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


def best_of_ours(program, folder):
    out = subprocess.run([program, "read", folder], check=True, capture_output=True, text=True).stdout
    print(out, end="")
    return min(float(s) for s in re.findall(r"^([\d.]+) s", out, re.M))


def best_of_pandas(path):
    times = []
    for _ in range(3):
        start = time.perf_counter()
        frame = pandas.read_csv(path, engine="c")
        times.append(time.perf_counter() - start)
        print(f"pandas {pandas.__version__}: {times[-1]:.3f} s  {len(frame) / times[-1] / 1e6:.1f} M rows/s")
    return min(times)


def main():
    program = sys.argv[1]
    folder = sys.argv[2] if len(sys.argv) > 2 else os.path.join(tempfile.gettempdir(), "refract-bench-import")
    if not os.path.exists(os.path.join(folder, "interactions.csv")):
        subprocess.run([program, "make", folder], check=True)
    theirs = best_of_pandas(os.path.join(folder, "interactions.csv"))
    ours = best_of_ours(program, folder)
    print(f"ratio pandas / Refract: {theirs / ours:.2f}")


if __name__ == "__main__":
    main()
