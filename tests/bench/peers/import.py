#!/usr/bin/python3
"""Refract beside pandas and Pillow, in one run on one machine: five million interactions from a CSV, and 1,000 JPEGs of 500 x 500 brought to
64 x 64.

  import.py PATH/bench-import [DIR]

Needs python3-pandas and python3-pil. pandas (its C reader) reads the columns as integers; Refract also checks every value, looks up every
id, and drops duplicates, on all processors. Pillow uses draft() and a bilinear reduction; both decode in one thread. They take turns, so
that what else the machine does falls on both; where it does much, look at the ratio of processor times. 1 or more is the goal.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import io
import os
import re
import subprocess
import sys
import tempfile
import time

import pandas
import PIL
from PIL import Image

ROUNDS = 4
N_PICTURES = 1000


def read_ours(program, folder):
    out = subprocess.run([program, "read", folder], check=True, capture_output=True, text=True).stdout
    print(out, end="")
    found = re.findall(r"^([\d.]+) s  ([\d.]+) s of the processors", out, re.M)
    return min(float(wall) for wall, _ in found), min(float(processor) for _, processor in found)


def read_pandas(path):
    wall, processor = time.perf_counter(), time.process_time()
    frame = pandas.read_csv(path, engine="c")
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    print(f"pandas {pandas.__version__}: {wall:.3f} s  {processor:.3f} s of the processors  {len(frame) / wall / 1e6:.1f} M rows/s")
    return wall, processor


def compare_tables(program, folder):
    path = os.path.join(folder, "interactions.csv")
    if not os.path.exists(path):
        subprocess.run([program, "make", folder], check=True)
    theirs, ours = [], []
    for _ in range(ROUNDS):
        theirs += [read_pandas(path) for _ in range(3)]
        ours.append(read_ours(program, folder))
    for k, name in enumerate(("of the clock", "of the processors")):
        print(f"ratio pandas / Refract, seconds {name}: {min(t[k] for t in theirs) / min(o[k] for o in ours):.2f}")


def make_pictures(folder):
    """Smooth colour with some noise: as much detail as a photograph, about 60 kB each."""
    os.makedirs(folder, exist_ok=True)
    for k in range(N_PICTURES):
        noise = Image.effect_noise((500, 500), 20 + k % 60).convert("RGB")
        ground = Image.linear_gradient("L").resize((500, 500)).rotate(k * 7)
        ground = Image.merge("RGB", (ground, ground.rotate(90), ground.rotate(180)))
        Image.blend(ground, noise, .3).save(os.path.join(folder, f"{k}.jpg"), quality=85)


def decode_pillow(pictures):
    start = time.process_time()
    for data in pictures:
        picture = Image.open(io.BytesIO(data))
        picture.draft("RGB", (64, 64))
        picture.convert("RGB").resize((64, 64), Image.Resampling.BILINEAR).tobytes()
    each = (time.process_time() - start) * 1e3 / len(pictures)
    print(f"Pillow {PIL.__version__}: {each:.4f} ms a picture")
    return each


def decode_ours(program, folder):
    out = subprocess.run([program, "pictures", folder], check=True, capture_output=True, text=True).stdout
    print(out, end="")
    return min(float(ms) for ms in re.findall(r"^([\d.]+) ms", out, re.M))


def compare_pictures(program, folder):
    if not os.path.exists(os.path.join(folder, f"{N_PICTURES - 1}.jpg")):
        make_pictures(folder)
    pictures = [open(os.path.join(folder, name), "rb").read() for name in sorted(os.listdir(folder)) if name.endswith(".jpg")]
    theirs, ours = [], []
    for _ in range(ROUNDS):
        theirs.append(decode_pillow(pictures))
        ours.append(decode_ours(program, folder))
    print(f"ratio Pillow with draft() / Refract, processor time in one thread: {min(theirs) / min(ours):.2f}")


def main():
    program = sys.argv[1]
    folder = sys.argv[2] if len(sys.argv) > 2 else os.path.join(tempfile.gettempdir(), "refract-bench-import")
    compare_tables(program, folder)
    compare_pictures(program, os.path.join(folder, "jpeg"))


if __name__ == "__main__":
    main()
