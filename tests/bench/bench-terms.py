#!/usr/bin/python3
"""What each auxiliary term, graph and piece of knowledge does to a joint network: with and without, on a document of yours.

    bench-terms.py REFRACT_CLI FILE.refract [--seeds 1,2,3] [--set KEY=VALUE ...] [--only NAME,...]

Every line is the mean over seeds of a training with that one thing switched on, beside the base without it, on the test part; the
last column is the mean difference from the base of the same seed and its standard error, so that what does nothing looks like it. What a
term learned is told of the items that it learned from, and behind a stroke of those that were held out of it (aux.valid). Knowledge needs
facts: make the document from a folder of movies-facts.py.

SPDX-License-Identifier: GPL-3.0-or-later"""
import argparse
import json
import statistics
import subprocess
import sys

KNOWLEDGE = "model.modalities=image,text,behaviour,knowledge"
VARIANTS = {
    "base": [],
    "aux.category": ["aux.category=0.3"],
    "aux.generate": ["aux.generate=0.3"],
    "aux.rating": ["aux.rating=0.3"],
    "aux.contrastive": ["aux.contrastive=0.1"],
    "aux.translation": ["aux.translation=0.3"],
    "aux.kg": ["aux.kg=0.3"],
    "aux.kg margin=.3": ["aux.kg=0.3", "kg.margin=0.3"],
    "all, uncertainty": ["aux.category=0.3", "aux.contrastive=0.1", "aux.translation=0.3", "aux.weighting=uncertainty"],
    "graph.knn=10": ["graph.knn=10", "graph.layers=1"],
    "graph.layers=2": ["graph.knn=10", "graph.layers=2"],
    "lightgcn": ["encoder.behaviour=lightgcn"],
    "lightgcn layers=1": ["encoder.behaviour=lightgcn", "graph.layers=1"],
    "knowledge": [KNOWLEDGE],
    "kg.columns=category": [KNOWLEDGE, "kg.columns=category"],
    "kg.min_count=5": [KNOWLEDGE, "kg.min_count=5"],
    "kg.dim=16": [KNOWLEDGE, "kg.dim=16"],
    "kg.epochs=5": [KNOWLEDGE, "kg.epochs=5"],
    "kg.margin=.3": [KNOWLEDGE, "kg.margin=0.3"],
    "modality_dropout": ["modality_dropout=0.2"],
}
parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
parser.add_argument("cli")
parser.add_argument("document")
parser.add_argument("--seeds", default="1,2,3")
parser.add_argument("--set", action="append", default=[])
parser.add_argument("--only")
options = parser.parse_args()
seeds = [int(s) for s in options.seeds.split(",")]


def run(*arguments):
    return json.loads(subprocess.run([options.cli, *map(str, arguments), "--json"], check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True).stdout)


def one(settings, seed):
    arguments = []
    for setting in options.set + settings:
        arguments += ["--set", setting]
    trained = run("train", options.document, "--seed", seed, *arguments)
    judged = run("evaluate", options.document, "--run", trained["run"], "--split", "test", "-k", 20)["metrics"]
    return judged["recall@20"], judged["ndcg@20"], trained["seconds"], trained.get("auxiliary", {})


def measures(results):
    """Means over seeds: learned/held out."""
    told = []
    for key in results[0].get("measures", {}):
        text = f"{statistics.mean(r['measures'][key] for r in results):.3g}"
        if all(key in r.get("held_out", {}) for r in results):
            text += f" / {statistics.mean(r['held_out'][key] for r in results):.3g}"
        told.append(f"{key} {text}")
    return ", ".join(told)


def difference(values, base):
    deltas = [v - b for v, b in zip(values, base)]
    error = statistics.stdev(deltas) / len(deltas) ** 0.5 if len(deltas) > 1 else float("nan")
    return f"{statistics.mean(deltas):+.4f} +- {error:.4f}"


wanted = options.only.split(",") if options.only else VARIANTS
base = None
print(f"{'':20s} {'R@20':>7s} {'NDCG@20':>8s} {'seconds':>8s}  NDCG@20 against the base")
for name, settings in VARIANTS.items():
    if name not in wanted and name != "base":
        continue
    try:
        results = [one(settings, seed) for seed in seeds]
    except subprocess.CalledProcessError as failure:
        print(f"{name:18s} {failure.stderr.strip().splitlines()[-1]}", flush=True)
        continue
    recall, ndcg, seconds = ([r[i] for r in results] for i in range(3))
    base = base or ndcg
    print(f"{name:20s} {statistics.mean(recall):7.4f} {statistics.mean(ndcg):8.4f} {statistics.mean(seconds):8.1f}  "
          f"{difference(ndcg, base):20s} {measures([r[3] for r in results])}", flush=True)
