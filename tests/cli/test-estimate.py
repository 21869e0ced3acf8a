#!/usr/bin/python3
# test-estimate.py PATH/refract-cli SANITIZERS: what `train --estimate` says of a training against what it then takes: processor time within a
# factor of 2, memory within a factor of 1.5, of the default model and of networks. In TAP. A sanitizer's own memory is nobody's to foresee: with
# SANITIZERS other than "none" memory is skipped. Calibration and training are some seconds apart, and a busy processor may change its speed
# between them: time has three tries.
#
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import os
import subprocess
import sys
import tempfile

cli, sanitizers = sys.argv[1:]
CASES = {
    "the default model": [],
    "attention": ["fusion=attention", "epochs=40", "stopping_step=100"],
    "sum, softmax": ["fusion=sum", "loss=sampled-ce", "epochs=40", "stopping_step=100", "embedding_size=32"],
}
TRIES = 3
done = trained = 0


def check(name, fine, remark="", skip=""):
    global done
    done += 1
    if remark:
        print(f"# {remark}")
    print(f"{'ok' if fine or skip else 'not ok'} {done} {name}{' # SKIP ' + skip if skip else ''}", flush=True)


def run(*arguments):
    """The JSON that was printed, processor seconds and bytes at the peak."""
    process = subprocess.Popen([cli, *arguments], stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        print("#", *arguments, "->", status, flush=True)
    return json.loads(output) if status == 0 and output.startswith("{") else None, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def within(estimate, truth, factor):
    return truth / factor <= estimate <= truth * factor


with tempfile.TemporaryDirectory() as folder:
    sample, document = os.path.join(folder, "sample"), os.path.join(folder, "sample.refract")
    run("sample", sample, "--users", "1000", "--items", "600")
    run("import", sample, "-o", document)
    print(f"1..{2 * len(CASES) + 3}")
    for name, settings in CASES.items():
        words = [word for setting in settings for word in ("--set", setting)]
        # The first estimate reads the pictures and keeps what it read.
        for _ in range(TRIES):
            estimate, _, _ = run("train", document, "--estimate", "--json", *words)
            _, seconds, peak = run("train", document, "--json", *words)
            trained += 1
            if within(estimate["processor_seconds"], seconds, 2):
                break
        check(f"{name}: processor time", within(estimate["processor_seconds"], seconds, 2), f"{estimate['processor_seconds']:.2f} s, in truth {seconds:.2f} s")
        check(f"{name}: memory", within(estimate["peak_memory_bytes"], peak, 1.5), f"{estimate['peak_memory_bytes'] / 1e6:.0f} MB, in truth {peak / 1e6:.0f} MB",
              skip="" if sanitizers == "none" else "a sanitizer's memory")
        stages = sum(estimate[stage]["processor_seconds"] for stage in ("preparing", "fitting", "judging", "baselines"))
        assert abs(stages - estimate["processor_seconds"]) < 1e-6
    twice, _, _ = run("train", document, "--estimate", "--json", "--set", "fusion=attention", "--set", "epochs=24")
    once, _, _ = run("train", document, "--estimate", "--json", "--set", "fusion=attention", "--set", "epochs=12")
    check("epochs are counted", twice["epochs"] == 24 and abs(twice["fitting"]["seconds"] - 24 * twice["epoch"]["seconds"]) < 1e-6 and
          abs(once["fitting"]["seconds"] - 12 * once["epoch"]["seconds"]) < 1e-6)
    runs, _, _ = run("info", document, "--json")
    check("an estimate is no run", len(runs["runs"]) == trained)
    refused = subprocess.run([cli, "train", document, "--estimate", "--set", "fusion=late", "--set", "head=mlp", "--set", "fusion.hidden=8", "--set", "loss=bpr"], capture_output=True, text=True)
    check("settings that do not go together are refused", refused.returncode != 0 and "head=mlp" in refused.stderr, refused.stderr.strip())
