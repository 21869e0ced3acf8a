#!/usr/bin/python3
"""All measurements in one run: ours, the peers on the same data, the ratios; how cost grows; instruction counts.

  bench.py BUILD [--short] [--threads 1,2] [--json FILE]      prints a table; --short leaves out size L, two threads and the growth series
  bench.py BUILD --check tests/bench/budget.json              measures ratios and instructions; fails where one is 25 % worse than the budget

Seconds are processor seconds (bench-model.c says why), ratios are peer / Refract: above 1 we are faster. Peers are Debian's python3-torch and
python3-pandas; where they are not installed, their rows are left out and said so.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import argparse
import json
import math
import os
import platform
import re
import subprocess
import sys
import tempfile

parser = argparse.ArgumentParser()
parser.add_argument("build")
parser.add_argument("--short", action="store_true")
parser.add_argument("--threads", default="1,2")
parser.add_argument("--json")
parser.add_argument("--check")
options = parser.parse_args()
here = os.path.dirname(os.path.abspath(__file__))
programs = os.path.join(options.build, "tests", "bench")
PYTHON = "/usr/bin/python3"  # the system's, which sees Debian's packages
WORSE = 1.25
environment = dict(os.environ, OPENBLAS_NUM_THREADS="1")
if "avx2" in open("/proc/cpuinfo").read():
    environment.setdefault("OPENBLAS_CORETYPE", "Haswell")  # both sides multiply with the same kernel: ours would choose this, a peer may not
rows, ratios = [], {}


def output(*command, env=None):
    done = subprocess.run(command, env=env or environment, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed: {done.stderr[-500:]}")
    return done.stdout


def has(module):
    return subprocess.run([PYTHON, "-c", f"import {module}"], capture_output=True).returncode == 0


def show(row, who):
    rate = row["n"] / row["cpu"] * (row["threads"] if row["threads"] > 1 else 1)
    print(f"{row['what']:28s} {row['size']:>8s} {row['kind']:28s} {row['threads']} {who:8s} {row['cpu']:10.4f} s {rate:14,.0f} {row['unit']}/s {row['peak_mb']:6.0f} MB", flush=True)


def ours(*arguments):
    lines = [json.loads(line) for line in output(os.path.join(programs, "bench-model"), *arguments).splitlines()]
    for row in lines:
        show(row, "Refract")
        rows.append(dict(row, who="Refract"))
    return lines


def peer(*arguments):
    lines = [json.loads(line) for line in output(PYTHON, os.path.join(here, "peers", "fusion.py"), *arguments).splitlines()]
    for row in lines:
        show(row, "torch")
        rows.append(dict(row, who="torch"))
    return lines


def told_ratio(name, value):
    ratios[name] = round(value, 3)
    print(f"  -> {name}: {value:.2f}", flush=True)


def fusion_at(size, threads):
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        output(os.path.join(programs, "bench-model"), "make", size, folder)
        for what, command in (("epoch", "train"), ("ranking", "rank")):
            mine = ours("train", size, "attention", str(threads)) if what == "epoch" else ours("rank", size, str(threads))
            if has("torch"):
                other = peer(folder, size, str(threads), command)
                key = "cpu" if threads == 1 else "wall"
                told_ratio(f"{what}, {size}, {threads} thread{'s' if threads > 1 else ''}", other[0][key] / mine[0][key])


def settings_that_make_it_faster(threads):
    """The epoch of bench-net, whose catalog is not bench-model's: compare its rows with each other."""
    for settings in ([], ["--batch", "8192"], ["--group", "16", "--pool", "256"], ["--reduce", "256"]):
        text = output(os.path.join(programs, "bench-net"), "--size", "B", "--epochs", "3", "--threads", str(threads), *settings)
        took = re.search(r"best epoch\s+wall ([\d.]+) s, CPU ([\d.]+) s", text)
        print(f"bench-net, epoch B {' '.join(settings):28s} {threads} thread(s): wall {took.group(1)} s, processor {took.group(2)} s", flush=True)
        rows.append({"what": "epoch of bench-net", "size": "B", "kind": " ".join(settings), "threads": threads, "wall": float(took.group(1)), "cpu": float(took.group(2)), "who": "Refract"})


def encoders(threads):
    pattern = re.compile(r"^(\S.*?, batch \d+)\s+([\d.]+) ms", re.M)
    mine = dict(pattern.findall(output(os.path.join(programs, "bench-tensor"), str(threads))))
    other = dict(pattern.findall(output(PYTHON, os.path.join(here, "peers", "encoders.py"), str(threads)))) if has("torch") else {}
    for name, milliseconds in mine.items():
        print(f"{name:32s} {threads} thread(s): Refract {milliseconds} ms, torch {other.get(name, '-')} ms, forward and backward")
        if name in other:
            told_ratio(f"{name.split(',')[0]}, {threads} thread{'s' if threads > 1 else ''}", float(other[name]) / float(milliseconds))


def imports():
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        output(os.path.join(programs, "bench-import"), "make", folder)
        if has("pandas") and has("PIL"):
            text = output(PYTHON, os.path.join(here, "peers", "import.py"), os.path.join(programs, "bench-import"), folder)
            print(text.strip())
            for seconds, ratio in re.findall(r"ratio pandas / Refract, seconds ([^:]+): ([\d.]+)", text):
                told_ratio(f"import, 5 M rows, seconds {seconds}", float(ratio))
            told_ratio("pictures to 64 x 64", float(re.search(r"ratio Pillow.*: ([\d.]+)", text).group(1)))
        else:
            print(output(os.path.join(programs, "bench-import"), "read", folder).strip())


def growth():
    grown = {}
    for row in ours("scaling", "1"):
        grown.setdefault((row["what"], row["kind"]), []).append((math.log(row["n"]), math.log(row["cpu"])))
    exponents = {}
    for (what, series), points in grown.items():
        n, mx, my = len(points), sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)
        exponents[f"{what} with {series}"] = sum((x - mx) * (y - my) for x, y in points) / sum((x - mx) ** 2 for x, y in points)
        print(f"  -> {what} ~ {series}^{exponents[f'{what} with {series}']:.2f}  ({n} sizes)")
    return exponents


def instructions():
    if subprocess.run(["sh", "-c", "command -v valgrind"], capture_output=True).returncode != 0:
        print("valgrind is not installed: instructions are not counted")
        return {}
    counts = {}
    for kernel in ("none", "epoch", "rank", "explain"):
        done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", os.path.join(programs, "bench-model"), "kernels", kernel],
                              env=environment, capture_output=True, text=True)
        counts[kernel] = int(re.search(r"Collected : (\d+)", done.stderr).group(1))
    for kernel in ("epoch", "rank", "explain"):
        counts[kernel] -= counts["none"]
        print(f"{kernel}: {counts[kernel]:,} instructions")
    del counts["none"]
    return counts


def check(path):
    budget = json.load(open(path))
    encoders(1)
    fusion_at("B", 1)
    counted = instructions()
    bad = [f"{name}: {ratios[name]} against {wanted}" for name, wanted in budget["ratios"].items() if name in ratios and ratios[name] * WORSE < wanted]
    bad += [f"{name}: {counted[name]:,} instructions against {wanted:,}" for name, wanted in budget["instructions"].items() if name in counted and counted[name] > WORSE * wanted]
    print("\n".join(["Worse than the budget by more than 25 %:"] + bad) if bad else "Within the budget.")
    return 1 if bad else 0


def cpu_name():
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor()


def main():
    if options.check:
        return check(options.check)
    print(f"{cpu_name()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    threads = [1] if options.short else [int(t) for t in options.threads.split(",")]
    for t in threads:
        ours("gemm", str(t))
        encoders(t)
        fusion_at("B", t)
        settings_that_make_it_faster(t)
    for fusion in ("concat", "sum", "gate", "user-attention", "late"):
        ours("train", "B", fusion, "1")
    ours("train", "S", "attention", "1")
    ours("default", "S", "1")
    ours("rank", "S", "1")
    imports()
    exponents = {}
    if not options.short:
        ours("default", "B", "1")
        ours("train", "L", "attention", "1", "8192")
        ours("rank", "L", "1")
        exponents = growth()
    counted = instructions()
    if options.json:
        json.dump({"machine": cpu_name(), "load": os.getloadavg()[0], "rows": rows, "ratios": ratios, "exponents": exponents, "instructions": counted}, open(options.json, "w"), indent=1)
    return 0


sys.exit(main())
