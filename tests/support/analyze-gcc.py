#!/usr/bin/python3
"""gcc -fanalyzer over every file of core, app and ui, two at a time; prints its findings, and at the end how many files it read.

  analyze-gcc.py BUILD_FOLDER     whose compile_commands.json says how each file is compiled

Each file is compiled by itself at -O1: at -O3, at which core is built, what is inlined and unrolled has findings of its own. Nothing is built, so
nothing is up to date and left out.

SPDX-License-Identifier: GPL-3.0-or-later"""
import json
import os
import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

folder = sys.argv[1]
LEFT_OUT = {"ccache", "-O0", "-O1", "-O2", "-O3", "-MD", "-fdiagnostics-color=always"}


def command(entry):
    words = [word for word in shlex.split(entry["command"]) if word not in LEFT_OUT]
    for option in ("-MQ", "-MF", "-o"):
        at = words.index(option)
        del words[at:at + 2]
    return words + ["-o", "/dev/null", "-O1", "-fanalyzer", "-fdiagnostics-plain-output"]


def analyze(entry):
    result = subprocess.run(command(entry), cwd=entry["directory"], capture_output=True, text=True)
    found = [line for line in result.stderr.splitlines() if re.search(r"warning: .*\[-Wanalyzer|error: ", line)]
    if result.returncode != 0 and not found:
        found = [f"{entry['file']}:1: error: gcc ended with {result.returncode}"]
    return [re.sub(r"^(\.\./)+", "", line) for line in found]


with open(os.path.join(folder, "compile_commands.json"), encoding="utf-8") as file:
    entries = [entry for entry in json.load(file) if re.match(r"(\.\./)*(core|app|ui)/", entry["file"])]
with ThreadPoolExecutor(2) as pool:
    findings = sorted({line for lines in pool.map(analyze, entries) for line in lines})
print("\n".join(findings))
print(f"gcc: {len(entries)} files read", file=sys.stderr)
sys.exit(0 if entries else 1)
