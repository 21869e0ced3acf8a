#!/usr/bin/python3
"""The sample catalog's bounds, on catalogs whose truth is known: does the fusion rank better than its parts, and does its attention
name what really drives a user?   usage: bench-truth.py REFRACT_CLI [--joint] [SEED ...]

For every seed: a sample of 4,000 users and 2,000 items; the default model and its baselines, every modality alone, and a catalog whose
pictures are exchanged at random. With --joint: the joint models beside the prototypes that decided the design, means over the seeds.

SPDX-License-Identifier: GPL-3.0-or-later"""
import csv
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

MODALITIES = ("image", "text", "behaviour")
cli = sys.argv[1]
joint = "--joint" in sys.argv
seeds = [int(s) for s in sys.argv[2:] if s != "--joint"] or [20260101, 1, 2]
# Settings, and what the prototype had: Recall@20 on test, share of users whose driver attention names, and Shapley values (None: not
# measured). All joint models drop .3 of their numbers but the last, as its prototype did not. Softmax over all items where the fusion allows
# it: with pairs (bpr) one modality swallows the others, and a global query's Shapley values name .48 of the drivers. Weight decay: of 1e-5
# (the default), 3e-5 and 1e-4 the one with the best NDCG@20 on the validation part of seed 20260101 (docs/results.md has the figures).
JOINT = {
    "concatenation": (["fusion=concat", "fusion.hidden=0", "dropout=0.3", "loss=ce", "l2=0.00003"], 0.116, None, None),
    "global query, one user vector": (["fusion=attention", "dropout=0.3", "loss=ce", "l2=0.00003"], 0.153, 0.35, 0.65),
    "per-modality user vectors, plain sum": (["fusion=sum", "head=per-modality", "dropout=0.3", "loss=ce", "l2=0.0001"], 0.184, 0.33, 0.68),
    "per-modality, global query": (["fusion=attention", "head=per-modality", "dropout=0.3", "loss=ce", "l2=0.0001"], 0.185, 0.31, 0.66),
    "per-modality, user-conditioned query": (["fusion=user-attention", "head=per-modality", "dropout=0.3", "l2=0.00003"], 0.209, 0.66, 0.66),
    "same, normalised, modality dropout .2": (["fusion=user-attention", "head=per-modality", "fusion.normalise=true", "modality_dropout=0.2"], 0.204, 0.76, 0.80),
    "two stages, closed form": ([], 0.240, 0.969, 0.975),
    "two stages, trained channels": (["channel.image=trained", "channel.text=trained"], 0.254, 0.948, 0.966),
}
failed = []


def run(*arguments):
    return subprocess.run([cli, *map(str, arguments)], check=True, stdout=subprocess.PIPE, text=True).stdout


def truth(catalog):
    with open(catalog / "truth.csv", encoding="utf-8") as file:
        return {row["id"]: row["driver"] for row in csv.DictReader(file) if row["kind"] == "user"}


def recall(document, baselines=False):
    result = json.loads(run("evaluate", document, "--split", "test", "-k", 20, "--json", *(["--baselines"] if baselines else [])))
    return result["metrics"]["recall@20"], {name: m["recall@20"] for name, m in result.get("baselines", {}).items()}


def attention(document, users, folder):
    """Mean attention over the top 20 of each user, from the report that the application writes, too."""
    out = folder / "report.json"
    arguments = []
    for user in users:
        arguments += ["--user", user]
    run("report", document, "-k", 20, "-o", out, *arguments)
    means = {}
    for user in json.loads(out.read_text(encoding="utf-8"))["users"]:
        means[user["user"]] = {m: sum(item["attention"][m] for item in user["items"]) / len(user["items"]) for m in MODALITIES}
    return means


def shuffle_pictures(catalog, target):
    shutil.copytree(catalog, target)
    with open(catalog / "items.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    pictures = [row["image"] for row in rows]
    random.Random(1).shuffle(pictures)
    with open(target / "items.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows({**row, "image": picture} for row, picture in zip(rows, pictures))


def check(seed, name, value, bound, holds):
    print(f"  {name:58s} {value:7.3f}   {bound:10s} {'holds' if holds else 'FAILS'}")
    if not holds:
        failed.append(f"seed {seed}: {name}")


def measure_joint(document, truth_file, settings):
    arguments = []
    for setting in settings:
        arguments += ["--set", setting]
    run("train", document, "--json", *arguments)
    found, _ = recall(document)
    faithful = json.loads(run("faithfulness", document, "--truth", truth_file, "--json"))
    return [found, faithful["truth_by_attention"], faithful["truth_by_shapley"]]


def judge_joint(name, columns, expected):
    # Better than the prototype is no failure; a share may miss by .08, and where attention said nothing (below .4) anything does.
    holds = [columns[0] >= 0.85 * expected[0]] + [e is None or c >= e - 0.08 or e < 0.4 for c, e in zip(columns[1:], expected[1:])]
    print(f"  {name:40s} " + "  ".join(f"{c:.3f} ({'-' if e is None else format(e, '.3g')}){'' if h else ' FAILS'}" for c, e, h in zip(columns, expected, holds)), flush=True)
    if not all(holds):
        failed.append(name)


def judge_order(found):
    """Where one prototype ranked better than another by 5 % or more, so does ours."""
    for a, (_, recall_a, *_) in JOINT.items():
        for b, (_, recall_b, *_) in JOINT.items():
            if recall_a >= 1.05 * recall_b and found[a] <= found[b]:
                print(f"  order: {a} {found[a]:.3f} is not above {b} {found[b]:.3f}")
                failed.append(f"order of {a} and {b}")


if joint:
    results = {row: [] for row in JOINT}
    for seed in seeds:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            run("sample", folder / "catalog", "--seed", seed)
            run("import", folder / "catalog", "-o", folder / "sample.refract")
            for row, (settings, *_) in JOINT.items():
                results[row].append(measure_joint(folder / "sample.refract", folder / "catalog" / "truth.csv", settings))
                print(f"  seed {seed}: {row:40s} " + "  ".join(f"{c:.3f}" for c in results[row][-1]), flush=True)
    print(f"means of {len(seeds)} seeds: R@20, attention names the driver, Shapley names it; in brackets the prototype")
    means = {row: [sum(column) / len(column) for column in zip(*found)] for row, found in results.items()}
    for row, (_, *expected) in JOINT.items():
        judge_joint(row, means[row], expected)
    judge_order({row: found[0] for row, found in means.items()})
    if failed:
        print("missed: " + ", ".join(failed))
    sys.exit(1 if failed else 0)

for seed in seeds:
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        catalog, document = folder / "catalog", folder / "sample.refract"
        run("sample", catalog, "--seed", seed)
        run("import", catalog, "-o", document)
        run("train", document, "--json")
        fused, parts = recall(document, True)
        drivers = truth(catalog)
        pure = [user for user, driver in drivers.items() if driver in MODALITIES]
        means = attention(document, pure, folder)
        right = sum(max(MODALITIES, key=lambda m: means[user][m]) == drivers[user] for user in pure) / len(pure)
        faithful = json.loads(run("faithfulness", document, "--truth", catalog / "truth.csv", "--json"))
        singles = {}
        for modality in MODALITIES:
            run("train", document, "--set", f"model.modalities={modality}", "--json")
            singles[modality], _ = recall(document)
        shuffle_pictures(catalog, folder / "shuffled")
        noisy = folder / "noisy.refract"
        run("import", folder / "shuffled", "-o", noisy)
        run("train", noisy, "--json")
        noise = attention(noisy, [user for user in pure if drivers[user] == "image"], folder)
        image = sum(m["image"] for m in noise.values()) / len(noise)
        print(f"seed {seed}: R@20 fused {fused:.3f}; alone " + ", ".join(f"{m} {r:.3f}" for m, r in singles.items()) +
              "; " + ", ".join(f"{b} {r:.3f}" for b, r in parts.items()))
        best = max([*singles.values(), *(parts[b] for b in ("ease", "image-only", "text-only"))])
        check(seed, "fused over the best single channel", fused / best, ">= 1.35", fused >= 1.35 * best)
        check(seed, "fused over equal-weight late fusion", fused / parts["equal-weights"], ">= 1.25", fused >= 1.25 * parts["equal-weights"])
        check(seed, "attention names the driver of pure users", right, ">= .93", right >= 0.93)
        check(seed, "Shapley values name the driver of pure users", faithful["truth_by_shapley"], ">= .93", faithful["truth_by_shapley"] >= 0.93)
        check(seed, "image weight of picture-driven users, pictures exchanged", image, "< .1", image < 0.1)
if failed:
    print("\n".join(failed))
sys.exit(1 if failed else 0)
