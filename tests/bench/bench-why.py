#!/usr/bin/python3
"""The sample catalog's truth against the explanations of the default model: does the occlusion map lie on the drawn shape, does the check
of the map beat chance, and is a planted word among the first two?   usage: bench-why.py REFRACT_CLI [PAIRS]

A pair is the first recommendation of a user that the picture (the text) drives. A word counts as planted when it belongs to a vocabulary
of a value that the user likes; chance is two of the text's words drawn at random.

SPDX-License-Identifier: GPL-3.0-or-later"""
import csv
import json
import pathlib
import subprocess
import sys
import tempfile

cli = sys.argv[1]
pairs = int(sys.argv[2]) if len(sys.argv) > 2 else 40
TEXT = ("theme", "material", "style")
failed = []


def run(*arguments):
    return subprocess.run([cli, *map(str, arguments)], check=True, stdout=subprocess.PIPE, text=True).stdout


def check(name, value, bound, holds):
    print(f"  {name:64s} {value:7.3f}   {bound:10s} {'holds' if holds else 'FAILS'}")
    if not holds:
        failed.append(name)


def mass(loss, box):
    """Share of the positive losses in the box (x, y, width, height in 0 .. 1)."""
    n = len(loss)
    inside = whole = 0.0
    for y, row in enumerate(loss):
        for x, value in enumerate(row):
            part = 1.0
            for cell, low, size in ((x, box[0], box[2]), (y, box[1], box[3])):
                part *= max(0.0, min((low + size) * n, cell + 1) - max(low * n, cell))
            whole += max(value, 0)
            inside += max(value, 0) * part
    return inside / whole


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    catalog, document = folder / "catalog", folder / "sample.refract"
    run("sample", catalog)
    run("import", catalog, "-o", document)
    run("train", document, "--json")
    with open(catalog / "truth.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    items = {row["id"]: row for row in rows if row["kind"] == "item"}
    users = [row for row in rows if row["kind"] == "user"]
    vocabulary = {}  # word -> the values whose vocabulary it is in: those that all of its items have
    for item in items.values():
        values = {item[a] for a in TEXT}
        for word in item["words"].split():
            vocabulary[word] = vocabulary[word] & values if word in vocabulary else values

    def explain(user, *more):
        first = json.loads(run("rank", document, "--user", user["id"], "-k", 1, "--json"))["items"][0]["item"]
        return items[first], json.loads(run("explain", document, "--user", user["id"], "--item", first, "--json", *more))

    masses, areas, deletions, insertions = [], [], [], []
    for user in [u for u in users if u["driver"] == "image"][:pairs]:
        item, why = explain(user, "--picture")
        box = [float(item[c]) / 256 for c in ("box_x", "box_y", "box_width", "box_height")]
        masses.append(mass(why["picture"]["loss"], box))
        areas.append(box[2] * box[3])
        deletions.append(why["picture"]["deletion_at_random"] - why["picture"]["deletion"])
        insertions.append(why["picture"]["insertion"] - why["picture"]["insertion_at_random"])
    right, chance = [], []
    for user in [u for u in users if u["driver"] == "text"][:pairs * 5]:
        item, why = explain(user)
        liked = {value for a in TEXT for value in user[a].split("|")}
        tokens = [t for t in why["text"]["tokens"] if t["known"]]
        planted = [bool(vocabulary.get(t["token"].lower(), set()) & liked) for t in tokens]
        best = {}
        for t, p in sorted(zip(tokens, planted), key=lambda pair: -pair[0]["share"]):
            best.setdefault(t["token"].lower(), p)
        right.append(any(list(best.values())[:2]))
        others, n = len(planted) - sum(planted), len(planted)
        chance.append(1 - others * (others - 1) / (n * (n - 1)))

    def mean(x):
        return sum(x) / len(x)

    print(f"{len(masses)} pairs driven by the picture, boxes {mean(areas):.3f} of the area; {len(right)} driven by the text, by chance {mean(chance):.3f}")
    check("mass of the occlusion map on the drawn shape", mean(masses), ">= .60", mean(masses) >= 0.6)
    check("deletion: score lost beyond random covering", mean(deletions), ">= .20", mean(deletions) >= 0.2)
    check("insertion: score gained beyond random uncovering", mean(insertions), ">= .20", mean(insertions) >= 0.2)
    check("a planted word among the first two", mean(right), ">= .80", mean(right) >= 0.8)
sys.exit(1 if failed else 0)
