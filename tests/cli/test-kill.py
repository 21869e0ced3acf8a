#!/usr/bin/python3
# test-kill.py PATH/refract-cli: a training that is killed (SIGKILL) at a random moment, 20 times, and taken up each time, ends with the metrics
# and the bytes of the model of one that nobody disturbed; the document is readable after every kill. The same for the default model with trained
# channels, killed and stopped in each of them. In TAP.
#
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

cli = sys.argv[1]
KILLS = 20
PAUSE = 0.05  # between two looks at a training, which has the processor meanwhile
SETTINGS = ["fusion=attention", "epochs=40", "stopping_step=40", "learning_rate_scheduler=plateau", "dropout=0.2", "train_batch_size=256",
            "model.modalities=text,behaviour"]
done = 0


def check(name, fine, remark=""):
    global done
    done += 1
    if remark:
        print(f"# {remark}")
    print(f"{'ok' if fine else 'not ok'} {done} {name}", flush=True)


def run(*arguments):
    result = subprocess.run([cli, *arguments], capture_output=True, text=True)
    if result.returncode != 0:
        print("#", *arguments, "->", result.returncode, result.stderr.strip().replace("\n", "\n# "), flush=True)
    return result


def document(folder, name):
    path = os.path.join(folder, name + ".refract")
    run("import", os.path.join(folder, "sample"), "-o", path)
    return path


def train(path, settings=SETTINGS):
    return [cli, "train", path, "--json", "--threads", "2"] + [word for setting in settings for word in ("-s", setting)]


def left(path):
    return json.loads(run("info", path, "--json").stdout)["unfinished"]


def end_in(process, path, part, epoch, number):
    """Sends the signal once so many epochs of the part are kept; what was said, and what is kept then."""
    kept = []
    while process.poll() is None and not (kept and kept[0]["part"] == part and kept[0]["epoch"] >= epoch):
        time.sleep(PAUSE)
        kept = left(path)
    process.send_signal(number)
    said = process.communicate()[1]
    return said, left(path)


def outcome(path):
    """Metrics of the only run, how many runs there are, and its model."""
    base = sqlite3.connect(path)
    runs = base.execute("SELECT run, result FROM run").fetchall()
    model = b"".join(row[0] for row in base.execute("SELECT bytes FROM chunk WHERE owner = ? ORDER BY part", (f"model:{runs[0][0]}",)))
    log = []
    if base.execute("SELECT count(*) FROM sqlite_master WHERE name = 'training_log'").fetchone()[0]:
        log = base.execute("SELECT epoch, name, value FROM training_log WHERE run = ? AND name NOT IN ('seconds', 'peak_memory_bytes') ORDER BY epoch, name",
                           (runs[0][0],)).fetchall()
    base.close()
    result = json.loads(runs[0][1])
    return {key: result[key] for key in ("metrics", "baselines", "best_epoch", "epochs")}, len(runs), model, log


with tempfile.TemporaryDirectory() as folder:
    run("sample", os.path.join(folder, "sample"), "--users", "300", "--items", "120", "--seed", "3")
    whole, broken = document(folder, "whole"), document(folder, "broken")
    began = time.monotonic()
    check("an undisturbed training", subprocess.run(train(whole), capture_output=True).returncode == 0)
    length = time.monotonic() - began
    random.seed(length)
    readable, resumed, kills, unfinished = True, 0, 0, []
    while kills < KILLS:
        command = [cli, "train", broken, "--resume", "last", "--json", "--threads", "2"] if unfinished else train(broken)
        resumed += bool(unfinished)
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        # Most moments are early, so that 20 of them fit into one training; some are late.
        try:
            process.wait(timeout=random.uniform(0, length * random.choice((0.15, 0.3, 1))))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            kills += 1
            look = run("info", broken, "--json")
            readable = readable and look.returncode == 0
            unfinished = json.loads(look.stdout)["unfinished"] if look.returncode == 0 else []
            continue
        # It got to its end before it was shot: from the start again.
        os.unlink(broken)
        broken, unfinished = document(folder, "broken"), []
    check(f"the document is readable after each of {KILLS} kills", readable, f"{resumed} times taken up; undisturbed {length:.2f} s")
    check("some trainings were taken up", resumed > 0)
    check("taken up to the end", subprocess.run([cli, "train", broken, "--resume", unfinished[0]["name"], "--json", "--threads", "2"] if unfinished else train(broken),
                                               capture_output=True).returncode == 0)
    first, second = outcome(whole), outcome(broken)
    check("the same metrics", first[0] == second[0], f"NDCG@20 {first[0]['metrics']['valid']['ndcg@20']:.6f}, best epoch {first[0]['best_epoch']}")
    check("a run", first[1] == 1 and second[1] >= 1)
    check("the same bytes of the model", first[2] == second[2] and len(first[2]) > 10000, f"{len(first[2])} bytes")
    check("the same log", first[3] == second[3] and len(first[3]) > 0, f"{len(first[3])} entries")
    check("nothing left over", json.loads(run("info", broken, "--json").stdout)["unfinished"] == [])
    check("--resume has nothing to do then", run("train", broken, "--resume", "last").returncode == 1)
    check("--resume with other settings is refused", run("train", broken, "--resume", "last", "-s", "epochs=3").returncode == 2)

    # Trained channels: killed in the first one, stopped in the second one.
    settings = ["channel.image=trained", "channel.text=trained", "epochs=600", "stopping_step=600", "learning_rate_scheduler=plateau", "dropout=0.2"]
    whole, broken = document(folder, "whole-channels"), document(folder, "broken-channels")
    check("an undisturbed training of channels", subprocess.run(train(whole, settings), capture_output=True).returncode == 0)
    process = subprocess.Popen(train(broken, settings), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    said, kept = end_in(process, broken, "image", 2, signal.SIGKILL)
    check("killed in the first channel", process.returncode == -signal.SIGKILL and len(kept) == 1 and kept[0]["part"] == "image" and kept[0]["epoch"] < 600,
          f"{process.returncode} {kept and kept[0]['epoch']}")
    process = subprocess.Popen([cli, "train", broken, "--resume", "last", "--json", "--threads", "2"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    said, kept = end_in(process, broken, "text", 2, signal.SIGTERM)
    check("stopped in the second one: exit code 1", process.returncode == 1, str(process.returncode))
    check("one sentence says how it goes on", said.count("\n") == 1 and len(kept) == 1 and kept[0]["part"] == "text" and f"refract-cli train {broken!r} --resume {kept[0]['name']}" in
          said and f"epoch {kept[0]['epoch']} of" in said, said.strip())
    process, seen = subprocess.Popen([cli, "train", broken, "--resume", "last", "--json", "--threads", "2"], stdout=subprocess.DEVNULL), []
    while process.poll() is None:
        time.sleep(PAUSE)
        seen += [(one["part"], one["epoch"]) for one in left(broken)]
    check("taken up to the end, without the first channel again", process.returncode == 0 and min(seen, default=("", 0)) >= ("text", kept[0]["epoch"]), str(min(seen, default=None)))
    first, second = outcome(whole), outcome(broken)
    check("the same metrics with channels", first[0] == second[0], f"NDCG@20 {first[0]['metrics']['valid']['ndcg@20']:.6f}")
    check("the same bytes of the model with channels", first[2] == second[2] and len(first[2]) > 10000, f"{len(first[2])} bytes")
    base = sqlite3.connect(broken)
    rest = base.execute("SELECT count(*) FROM chunk WHERE owner LIKE '%checkpoint/%' OR owner LIKE '%unfinished/%'").fetchone()[0]
    base.close()
    check("nothing left over of channels", left(broken) == [] and rest == 0, f"{rest} rows")

    # Ctrl+C, of a network.
    stopped = document(folder, "stopped")
    process = subprocess.Popen(train(stopped, SETTINGS + ["epochs=100000", "stopping_step=9999"]), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    said, kept = end_in(process, stopped, None, 1, signal.SIGINT)
    check("a network stopped by SIGINT", process.returncode == 1 and said.count("\n") == 1 and len(kept) == 1 and f"--resume {kept[0]['name']}" in said, said.strip())

    # A search killed five times and called again finds what an undisturbed one finds.
    def search(path):
        return [cli, "tune", path, "-n", "6", "--rungs", "2", "--parallel", "2", "--json", "-s", "fusion=sum", "-s", "epochs=9", "-s", "model.modalities=text,behaviour",
                "-t", "learning_rate = 0.001..0.05 log; dropout = 0..0.5"]

    def found(text):
        result = json.loads(text)
        return result["trial"], result["ndcg@20"], [(job["rung"], job["trial"], job["ndcg@20"]) for job in result["jobs"]]

    calm, shot = document(folder, "calm"), document(folder, "shot")
    began = time.monotonic()
    whole = subprocess.run(search(calm), capture_output=True, text=True)
    length = time.monotonic() - began
    for _ in range(5):
        process = subprocess.Popen(search(shot), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(timeout=random.uniform(0.3, 0.8) * length)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
    rest = subprocess.run(search(shot), capture_output=True, text=True)
    check("a search that was killed five times finds the same", whole.returncode == 0 and rest.returncode == 0 and found(whole.stdout) == found(rest.stdout),
          f"{json.loads(rest.stdout)['resumed']} trainings from before" if rest.returncode == 0 else rest.stderr)
print(f"1..{done}")
