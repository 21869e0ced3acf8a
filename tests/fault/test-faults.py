#!/usr/bin/python3
"""What the command line does when disks and processes fail: reads, writes and syncs that fail (a preloaded library), a full disk (a small
tmpfs), folders that cannot be written, catalogs that change while they are read, kill -9 and SIGTERM at random moments. The document must
afterwards open and hold what it held, or the new state as a whole; the program must say one sentence and never die by itself.

  test-faults.py PATH/refract-cli PATH/libfault-wrap.so

FAULT_KILLS (default 16) says how many kills, FAULT_PLACES (default 6) at how many calls of a kind something fails.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

CLI, WRAP = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
KILLS = int(os.environ.get("FAULT_KILLS", "16"))
PLACES = int(os.environ.get("FAULT_PLACES", "6"))
ENV = dict(os.environ, LC_ALL="C.UTF-8", G_DEBUG="fatal-warnings")
NOBODY = 65534
random.seed(20260101)
results = []


class Failed(Exception):
    pass


def expect(condition, *what):
    if not condition:
        raise Failed(" ".join(str(w) for w in what))


def run(*arguments, env=None, **options):
    return subprocess.run([CLI, *arguments], env=dict(ENV, **(env or {})), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, **options)


def say(outcome):
    """The program ended by itself, with 0 or with 1 and a sentence."""
    expect(outcome.returncode in (0, 1), "ended with", outcome.returncode, outcome.stderr[-400:])
    if outcome.returncode == 1:
        expect(outcome.stderr.startswith("refract-cli"), "no sentence:", repr(outcome.stderr[:200]))
        expect(len(outcome.stderr.strip().split("\n")) <= 2, "too much said:", outcome.stderr)
    return outcome


class World:
    """A catalog, its document with one run, and what is known about it."""

    def __init__(self, folder):
        self.folder = folder
        self.catalog, self.master = os.path.join(folder, "catalog"), os.path.join(folder, "master.refract")
        expect(run("sample", self.catalog, "--users", "150", "--items", "90").returncode == 0, "no sample")
        expect(run("import", self.catalog, "-o", self.master).returncode == 0, "no import")
        expect(run("train", self.master).returncode == 0, "no training")
        self.place = os.path.join(folder, "place")
        self.document = os.path.join(self.place, "a.refract")
        self.counts = self.info(self.master)[0]
        self.ranking = self.rank(self.master, "run-1")
        self.report = os.path.join(self.place, "report.html")

    def fresh(self):
        shutil.rmtree(self.place, ignore_errors=True)
        os.makedirs(self.place)
        shutil.copy(self.master, self.document)
        with open(self.report, "w") as f:
            f.write("an old report")

    def info(self, path):
        outcome = run("info", path, "--json")
        expect(outcome.returncode == 0, "the document does not open:", outcome.returncode, outcome.stderr)
        told = json.loads(outcome.stdout)
        return [told[k] for k in ("users", "items", "interactions", "problem_count")], [r["run"] for r in told["runs"]]

    def rank(self, path, name):
        outcome = run("rank", path, "--user", "U0002", "--run", name, "--json")
        expect(outcome.returncode == 0, "a run cannot be used:", outcome.stderr)
        return outcome.stdout

    def check(self, may_be_new=False):
        """The document is as it was, perhaps with another whole run; or, after an import, wholly new. Returns which."""
        counts, runs = self.info(self.document)
        expect(counts == self.counts, "other numbers:", counts, self.counts)
        if may_be_new and not runs:
            return "new"
        expect("run-1" in runs, "the run is gone")
        expect(self.rank(self.document, "run-1") == self.ranking, "the run ranks otherwise")
        for name in runs:
            self.rank(self.document, name)
        return "old" if len(runs) == 1 else "new"

    def check_report(self):
        text = open(self.report, encoding="utf-8").read()
        expect(text == "an old report" or text.rstrip().endswith("</html>"), "half a report")
        return "old" if text == "an old report" else "new"

    def commands(self):
        return {
            "import": ["import", self.catalog, "-o", self.document],
            "train": ["train", self.document],
            "report": ["report", self.document, "--user", "U0001", "-o", self.report],
            "rank": ["rank", self.document, "--user", "U0002"],
        }


def places(n):
    """Which of n calls to let fail: the first, the last, some between."""
    if n <= PLACES:
        return range(1, n + 1)
    return sorted({1, 2, n - 1, n} | set(random.sample(range(1, n + 1), PLACES - 4)) if PLACES > 4 else {1, n})


def count_calls(world, arguments, call):
    counter = os.path.join(world.folder, "count")
    world.fresh()
    outcome = run(*arguments, env={"LD_PRELOAD": WRAP, "FAULT_PATH": world.folder, "FAULT_CALL": call, "FAULT_AT": "0", "FAULT_COUNT": counter})
    expect(outcome.returncode == 0, "does not work at all:", outcome.stderr)
    return int(open(counter).read())


def test_calls(world, name, call, kind):
    arguments = world.commands()[name]
    n, failed = count_calls(world, arguments, call), 0
    tried = list(places(n))
    for at in tried:
        world.fresh()
        outcome = run(*arguments, env={"LD_PRELOAD": WRAP, "FAULT_PATH": world.folder, "FAULT_CALL": call, "FAULT_AT": str(at), "FAULT_KIND": kind})
        try:
            say(outcome)
            failed += outcome.returncode
            state = world.check(may_be_new=name == "import")
            told = world.check_report()
            if outcome.returncode == 0 and name in ("import", "train") and kind != "EIO":
                expect(state == "new", "says it is done, but it is not")
            if outcome.returncode == 0 and name == "report":
                expect(told == "new", "says it is done, but it is not")
        except Failed as failure:
            raise Failed(f"{name}, {kind} at {call} {at} of {n}: {failure}") from None
    return f"{n} calls, {len(tried)} tried, {failed} ended with a sentence"


def timed(world, arguments):
    world.fresh()
    start = time.monotonic()
    expect(run(*arguments).returncode == 0, "does not work at all")
    return time.monotonic() - start


def stop_at(arguments, delay, number):
    process = subprocess.Popen([CLI, *arguments], env=ENV, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    time.sleep(delay)
    process.send_signal(number)
    try:
        said = process.communicate(timeout=60)[1].decode()
    except subprocess.TimeoutExpired:
        process.kill()
        raise Failed("does not stop") from None
    return process.returncode, said


def test_kills(world):
    commands, seen, left = world.commands(), {}, 0
    names = ["import", "train", "report"]
    length = {name: timed(world, commands[name]) for name in names}
    for k in range(KILLS):
        name = names[k % len(names)]
        world.fresh()
        delay = random.uniform(0, 1.05 * length[name])
        code, _ = stop_at(commands[name], delay, signal.SIGKILL)
        try:
            state = world.check(may_be_new=name == "import")
            told = world.check_report()
        except Failed as failure:
            raise Failed(f"{name} killed after {delay:.3f} s: {failure}") from None
        key = f"{name}: {'killed' if code == -signal.SIGKILL else 'was done'}, {told if name == 'report' else state}"
        seen[key] = seen.get(key, 0) + 1
        left += sum(f.endswith(".part") for f in os.listdir(world.place))
        if name == "import":
            expect(run(*commands["import"]).returncode == 0, "no import after a kill")
            parts = [f for f in os.listdir(world.place) if f.endswith(".part")]
            expect(not parts, "left behind:", parts)
    return f"{KILLS} kills; " + "; ".join(f"{k}: {v}" for k, v in sorted(seen.items())) + f"; {left} temporary files, swept by the next import"


def test_term(world):
    arguments, seen = world.commands()["train"], {}
    length = timed(world, arguments)
    for k in range(max(4, KILLS // 4)):
        world.fresh()
        delay = random.uniform(0.05, length)
        code, said = stop_at(arguments, delay, signal.SIGTERM)
        # Before the handler stands, the signal simply ends the process.
        expect(code in (0, 1, -signal.SIGTERM), "ended with", code)
        if code == 1:
            expect(said.startswith("refract-cli train:"), "no sentence:", said)
        state = world.check()
        expect(state == "new" if code == 0 else state == "old", "code", code, "but", state)
        seen[code] = seen.get(code, 0) + 1
    return ", ".join(f"exit code {c}: {n}" for c, n in sorted(seen.items()))


def test_full_disk(world):
    """In a mount namespace of its own."""
    probe = subprocess.run(["unshare", "-m", "sh", "-c", f"mkdir -p '{world.place}' && mount -t tmpfs -o size=1m none '{world.place}'"], capture_output=True)
    if probe.returncode != 0:
        return "SKIP mounting a tmpfs is not allowed here"
    outcome = subprocess.run(["unshare", "-m", sys.executable, os.path.abspath(__file__), CLI, WRAP, "--full-disk", world.folder],
                             env=os.environ, capture_output=True, text=True)
    expect(outcome.returncode == 0, outcome.stdout[-1000:], outcome.stderr[-1000:])
    return outcome.stdout.strip().split("\n")[-1]


def inside_full_disk(folder):
    world = World.__new__(World)
    world.__dict__.update(json.load(open(os.path.join(folder, "world.json"))))
    os.makedirs(world.place, exist_ok=True)
    size, told = os.path.getsize(world.master), 0
    for spare in (0, 8, 32, 64, 128, 256, 512, 1024, 2048, 2500):
        for name in ("import", "train", "report"):
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size // 1024 + spare + 64}k", "none", world.place], check=True)
            shutil.copy(world.master, world.document)
            with open(world.report, "w") as f:
                f.write("an old report")
            outcome = say(run(*world.commands()[name]))
            told += outcome.returncode
            try:
                state = world.check(may_be_new=name == "import")
                report = world.check_report()
                expect(outcome.returncode != 0 or (report if name == "report" else state) == "new", "says it is done, but it is not")
                expect(outcome.returncode == 0 or not [f for f in os.listdir(world.place) if f.endswith(".part")], "left behind: .part")
            except Failed as failure:
                raise Failed(f"{name} with {spare} kB left: {failure} ({outcome.stderr.strip()})") from None
            subprocess.run(["umount", "-l", world.place], check=True)
    print(f"30 tries, {told} ended with a sentence")


def test_read_only(world):
    """As a user who may not write there."""
    world.fresh()
    options = {}
    if os.getuid() == 0:
        if shutil.which("setpriv") is None:
            return "SKIP root may write everywhere, and setpriv is not there"
        os.chmod(world.folder, 0o755)
    os.chmod(world.document, 0o644)
    before = hashlib.sha256(open(world.document, "rb").read()).hexdigest()
    os.chmod(world.place, 0o555)
    try:
        for name, arguments in {**world.commands(), "info": ["info", world.document]}.items():
            command = [CLI, *arguments]
            if os.getuid() == 0:
                command = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *command]
            outcome = say(subprocess.run(command, env=ENV, stdin=subprocess.DEVNULL, capture_output=True, text=True, **options))
            expect(outcome.returncode == 1 or name in ("info", "rank"), name, "says it is done in a folder that cannot be written")
    finally:
        os.chmod(world.place, 0o755)
    expect(hashlib.sha256(open(world.document, "rb").read()).hexdigest() == before, "the document was changed")
    return "import, train, report, rank, info"


def test_catalog_changes(world):
    """Tables that shrink, grow and vanish, and pictures that vanish, while they are read."""
    source, tries = os.path.join(world.folder, "changing"), 0
    for how in ("shorten", "remove", "grow", "pictures"):
        for k in range(4):
            world.fresh()
            shutil.rmtree(source, ignore_errors=True)
            shutil.copytree(world.catalog, source)
            table = os.path.join(source, "interactions.csv")
            with open(table) as f:
                rows = f.read()
            with open(table, "w") as f:
                f.write(rows + "".join(f"X{i},{i},5,1600000000\n" for i in range(400000)))

            def change():
                if how == "shorten":
                    os.truncate(table, 5000)
                elif how == "remove":
                    os.remove(table)
                elif how == "grow":
                    with open(table, "a") as f:
                        f.write(rows * 20)
                else:
                    shutil.rmtree(os.path.join(source, "images"), ignore_errors=True)

            timer = threading.Timer(0.005 + 0.03 * k, change)
            timer.start()
            say(run("import", source, "-o", os.path.join(world.place, "b.refract")))
            timer.join()
            world.check()
            tries += 1
    return f"{tries} imports"


def test_document_vanishes(world):
    """The document is removed, or replaced by another, while a training works on it."""
    for how in ("remove", "replace", "shorten"):
        world.fresh()

        def change():
            if how == "remove":
                os.remove(world.document)
            elif how == "replace":
                shutil.copy(world.master, world.document + ".new")
                os.rename(world.document + ".new", world.document)
            else:
                os.truncate(world.document, 20000)

        timer = threading.Timer(0.15, change)
        timer.start()
        outcome = run("train", world.document)
        timer.join()
        expect(outcome.returncode in (0, 1), how, "ended with", outcome.returncode, outcome.stderr[-300:])
        if how == "replace":
            world.check()
    return "removed, replaced, shortened"


def main():
    with tempfile.TemporaryDirectory(prefix="refract-faults-") as folder:
        world = World(folder)
        with open(os.path.join(folder, "world.json"), "w") as f:
            json.dump(world.__dict__, f)
        tests = [("kill -9 at random moments", lambda: test_kills(world)), ("SIGTERM during training", lambda: test_term(world)),
                 ("a full disk", lambda: test_full_disk(world)), ("a folder that cannot be written", lambda: test_read_only(world)),
                 ("a catalog that changes while it is read", lambda: test_catalog_changes(world)),
                 ("a document that vanishes while it is open", lambda: test_document_vanishes(world))]
        for name, kinds in (("import", (("write", "EIO"), ("write", "ENOSPC"), ("write", "short"), ("sync", "EIO"), ("read", "EIO"), ("read", "short"))),
                            ("train", (("write", "EIO"), ("write", "ENOSPC"), ("write", "short"), ("sync", "EIO"), ("read", "EIO"))),
                            ("report", (("write", "EIO"), ("write", "ENOSPC"), ("write", "short"), ("read", "EIO"))),
                            ("rank", (("read", "EIO"),))):
            for call, kind in kinds:
                tests.append((f"{name}: {kind} at {call}", lambda name=name, call=call, kind=kind: test_calls(world, name, call, kind)))
        print(f"1..{len(tests)}", flush=True)
        bad = 0
        for t, (title, test) in enumerate(tests, 1):
            try:
                told = test()
                if told.startswith("SKIP"):
                    print(f"ok {t} {title} # {told}", flush=True)
                else:
                    print(f"ok {t} {title}\n# {told}", flush=True)
            except Failed as failure:
                bad += 1
                print(f"not ok {t} {title}\n# {failure}", flush=True)
        return bad != 0


if __name__ == "__main__":
    if len(sys.argv) > 3 and sys.argv[3] == "--full-disk":
        try:
            inside_full_disk(sys.argv[4])
        except Failed as failure:
            sys.exit(str(failure))
    else:
        sys.exit(main())
