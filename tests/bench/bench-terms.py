#!/usr/bin/python3
"""What each auxiliary term, graph and piece of knowledge does to a joint network, with and without, on films and on the sample.

    bench-terms.py REFRACT_CLI FOLDER --films CATALOG [--seeds 1,2,3] [--epochs 20] [--only NAME;...] [--catalogs films,sample] [--table]

CATALOG is a folder with items.csv, interactions.csv and images/, whose descriptions end in "Directed by A. Starring B, C." (see
movies-facts.py, which makes facts of these). Both catalogs are made in FOLDER once. Every training is kept in FOLDER/rows.json as soon as
it is done, by catalog, settings and seed: started again, this goes on where it was. --table prints what there is.

A line is the mean over seeds of a training with that one thing switched on, on the test part: the difference of NDCG@20 from the line that
it is held against (its parent: the network without it, or, for an option of a thing, that thing without the option), seed by seed,
with its standard error, so that what does nothing looks like it. What a term learned is told of the items that it learned from, and behind
a stroke of those that were held out of it (aux.valid).

SPDX-License-Identifier: GPL-3.0-or-later"""
import argparse
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys

BASE = {"films": ["fusion=sum"], "sample": ["fusion=sum", "head=per-modality", "dropout=0.3"]}
THREE = "category, contrastive, translation"
# Name: its parent, what it adds to the parent's settings.
VARIANTS = {
    "base": (None, []),
    "aux.category=.3": ("base", ["aux.category=0.3"]),
    "aux.generate=.3": ("base", ["aux.generate=0.3"]),
    "aux.rating=.3": ("base", ["aux.rating=0.3"]),
    "aux.contrastive=.1": ("base", ["aux.contrastive=0.1"]),
    "aux.tau=.5": ("aux.contrastive=.1", ["aux.tau=0.5"]),
    "aux.items=64": ("aux.contrastive=.1", ["aux.items=64"]),
    "aux.translation=.3": ("base", ["aux.translation=0.3"]),
    "aux.margin=.5": ("aux.translation=.3", ["aux.margin=0.5"]),
    "aux.hidden=0": ("aux.translation=.3", ["aux.hidden=0"]),
    THREE: ("base", ["aux.category=0.3", "aux.contrastive=0.1", "aux.translation=0.3"]),
    "aux.weighting=uncertainty": (THREE, ["aux.weighting=uncertainty"]),
    "aux.valid=0": (THREE, ["aux.valid=0"]),
    "aux.kg=.3": ("base", ["aux.kg=0.3"]),
    "aux.kg, kg.columns=category": ("aux.kg=.3", ["kg.columns=category"]),
    "aux.kg, kg.min_count=5": ("aux.kg=.3", ["kg.min_count=5"]),
    "aux.kg, kg.margin=.3": ("aux.kg=.3", ["kg.margin=0.3"]),
    "graph.knn=10": ("base", ["graph.knn=10"]),
    "graph.knn=10, graph.layers=1": ("graph.knn=10", ["graph.layers=1"]),
    "encoder.behaviour=lightgcn": ("base", ["encoder.behaviour=lightgcn"]),
    "lightgcn, graph.layers=1": ("encoder.behaviour=lightgcn", ["graph.layers=1"]),
    "lightgcn, graph.layers=3": ("encoder.behaviour=lightgcn", ["graph.layers=3"]),
    "modality knowledge": ("base", ["model.modalities=image,text,behaviour,knowledge"]),
    "knowledge, kg.columns=category": ("modality knowledge", ["kg.columns=category"]),
    "knowledge, kg.min_count=5": ("modality knowledge", ["kg.min_count=5"]),
    "knowledge, kg.dim=16": ("modality knowledge", ["kg.dim=16"]),
    "knowledge, kg.epochs=5": ("modality knowledge", ["kg.epochs=5"]),
    "knowledge, kg.margin=.3": ("modality knowledge", ["kg.margin=0.3"]),
    "modality_dropout=.2": ("base", ["modality_dropout=0.2"]),
}


def settings_of(name):
    parent, settings = VARIANTS[name]
    return (settings_of(parent) if parent else []) + settings


def wanted_names(only):
    """Those asked for and what they are held against, in the order of the table."""
    names = set()
    for name in only.split(";") if only else VARIANTS:
        while name:
            if name not in VARIANTS:
                sys.exit(f"no line “{name}”; there are: {'; '.join(VARIANTS)}")
            names.add(name)
            name = VARIANTS[name][0]
    return [name for name in VARIANTS if name in names]


class Bench:
    def __init__(self, options):
        self.options = options
        self.folder = options.folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self.file = self.folder / "rows.json"
        self.rows = json.loads(self.file.read_text()) if self.file.exists() else {}

    def run(self, *arguments):
        process = subprocess.run([self.options.cli, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if process.returncode:
            sys.exit(f"{' '.join(map(str, arguments))}: {process.stderr.strip()}")
        return process.stdout

    def document(self, catalog):
        """Made under another name first: one that is there is whole."""
        document, source, half = (self.folder / f"{catalog}{end}" for end in (".refract", "", "-new.refract"))
        if document.exists():
            return document
        if not source.exists() and catalog == "films":
            subprocess.run([sys.executable, pathlib.Path(__file__).with_name("movies-facts.py"), self.options.films, source], check=True)
        elif not source.exists():
            self.run("sample", source)
        self.run("import", source, "-o", half)
        os.replace(half, document)
        return document

    def settings(self, catalog, name):
        return [*BASE[catalog], f"epochs={self.options.epochs}", *settings_of(name)]

    def key(self, catalog, name, seed):
        return " ".join([catalog, *self.settings(catalog, name), f"seed={seed}"])

    def is_measured(self, catalog, name):
        return all(self.key(catalog, name, seed) in self.rows for seed in self.options.seeds)

    def measure(self, catalog, name, seed):
        settings, key = self.settings(catalog, name), self.key(catalog, name, seed)
        if key in self.rows:
            return self.rows[key]
        document = self.document(catalog)
        began = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        trained = json.loads(self.run("train", document, "--seed", seed, "--threads", 1, "--json", *[part for s in settings for part in ("--set", s)]))
        metrics = json.loads(self.run("evaluate", document, "--run", trained["run"], "--split", "test", "-k", 20, "--threads", 1, "--json"))["metrics"]
        auxiliary = trained.get("auxiliary", {})
        self.rows[key] = {
            "recall": metrics["recall@20"], "ndcg": metrics["ndcg@20"], "best_epoch": trained["best_epoch"],
            "cpu": resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - began,
            "measures": auxiliary.get("measures", {}), "held_out": auxiliary.get("held_out", {}),
        }
        new = self.file.with_suffix(".new")
        new.write_text(json.dumps(self.rows, indent=1))
        os.replace(new, self.file)
        return self.rows[key]

    def all_of(self, catalog, name):
        return [self.measure(catalog, name, seed) for seed in self.options.seeds]


def number(x):
    return f"{x:.3g}" if x >= 1 else f"{x:.3f}".lstrip("0")


def learned(rows):
    """Means over seeds: of items learned from / held out."""
    told = []
    for key in rows[0]["measures"]:
        text = number(statistics.mean(r["measures"][key] for r in rows))
        if all(key in r["held_out"] for r in rows):
            text += " / " + number(statistics.mean(r["held_out"][key] for r in rows))
        told.append(f"{key} {text}")
    return ", ".join(told)


def difference(rows, parent):
    deltas = [r["ndcg"] - p["ndcg"] for r, p in zip(rows, parent)]
    error = f" +- {statistics.stdev(deltas) / len(deltas) ** 0.5:.4f}" if len(deltas) > 1 else ""
    return (f"{statistics.mean(deltas):+.4f}" + error).replace("0.", ".", 2)


def cells_of(bench, catalog, name):
    """NDCG@20, its difference, what was learned."""
    parent = VARIANTS[name][0]
    if not bench.is_measured(catalog, name) or (parent and not bench.is_measured(catalog, parent)):
        return "", "", ""
    rows = bench.all_of(catalog, name)
    mean = f"{statistics.mean(r['ndcg'] for r in rows):.4f}".lstrip("0")
    return mean, difference(rows, bench.all_of(catalog, parent)) if parent else "", learned(rows)


def print_table(bench, catalogs, names):
    print("| | against | " + " | ".join(f"{c}: NDCG@20 | difference" for c in catalogs) + " | what it learned, " + "; ".join(catalogs) + " |")
    print("|---" * (3 + 2 * len(catalogs)) + "|")
    for name in names:
        cells = [cells_of(bench, catalog, name) for catalog in catalogs]
        told = "; ".join(c[2] for c in cells) if any(c[2] for c in cells) else ""
        print(f"| {name} | {VARIANTS[name][0] or ''} | " + " | ".join(f"{c[0]} | {c[1]}" for c in cells) + f" | {told} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("cli")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--films", type=pathlib.Path, help="the folder of the film catalog")
    parser.add_argument("--catalogs", default="films,sample", type=lambda s: s.split(","))
    parser.add_argument("--seeds", default=[1, 2, 3], type=lambda s: [int(x) for x in s.split(",")])
    parser.add_argument("--epochs", default=20, type=int)
    parser.add_argument("--only", help="names of lines, with semicolons between")
    parser.add_argument("--table", action="store_true", help="only print what is measured already")
    options = parser.parse_args()
    bench = Bench(options)
    names = wanted_names(options.only)
    if options.table:
        print_table(bench, options.catalogs, names)
        return
    if "films" in options.catalogs and options.films is None and not (options.folder / "films.refract").exists():
        parser.error("--films CATALOG is needed, or --catalogs sample")
    for name in names:
        for catalog in options.catalogs:
            rows = bench.all_of(catalog, name)
            print(f"{catalog:7s} {name:36s} NDCG@20 {statistics.mean(r['ndcg'] for r in rows):.4f}, {sum(r['cpu'] for r in rows):.0f} s of processor time", file=sys.stderr, flush=True)
    print_table(bench, options.catalogs, names)


if __name__ == "__main__":
    main()
