#!/usr/bin/python3
"""From a movie catalog whose descriptions end in "Directed by A. Starring B, C, D." a folder with the columns director and cast, which
the importer keeps as facts; and what the modality `knowledge` is worth on it.

    movies-facts.py CATALOG FOLDER [--strip] [--cli REFRACT_CLI [--seeds 1,2,3] [--set KEY=VALUE ...]]

CATALOG is a folder with items.csv, interactions.csv and images/; FOLDER is made. --strip takes the sentences out of the descriptions, so
that names are known to the knowledge alone. With --cli the folder is imported and models with and without `knowledge` are
trained and tested, for all users and for users cut to ten items.

SPDX-License-Identifier: GPL-3.0-or-later"""
import argparse
import csv
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys

DIRECTED = re.compile(r"\s*Directed by (.+?)\.(?= Starring |\s*$)")
STARRING = re.compile(r"\s*Starring (.+?)\.\s*$")
MODELS = {
    "behaviour": "behaviour",
    "knowledge": "knowledge",
    "knowledge,behaviour": "knowledge,behaviour",
    "without": "image,text,behaviour",
    "with": "image,text,behaviour,knowledge",
}
METRICS = ("recall@20", "ndcg@20")


def names(text):
    """"A (story), B" -> "A|B"; what stands in brackets is a role."""
    return "|".join(name for name in (re.sub(r"\(.*?\)", "", part).strip() for part in text.split(",")) if name and name != "N/A")


def make_folder(catalog, folder, strip):
    folder.mkdir(parents=True)
    shutil.copyfile(catalog / "interactions.csv", folder / "interactions.csv")
    (folder / "images").mkdir()
    for picture in (catalog / "images").iterdir():
        try:
            os.link(picture, folder / "images" / picture.name)
        except OSError:
            shutil.copyfile(picture, folder / "images" / picture.name)
    n_items = n_directors = n_casts = 0
    with open(catalog / "items.csv", encoding="utf-8", newline="") as source, open(folder / "items.csv", "w", encoding="utf-8", newline="") as target:
        reader = csv.DictReader(source)
        writer = csv.DictWriter(target, [*reader.fieldnames, "director", "cast"])
        writer.writeheader()
        for row in reader:
            text = row["description"]
            cast = STARRING.search(text)
            plain = text[:cast.start()] if cast else text
            director = DIRECTED.search(plain)
            plain = plain[:director.start()] if director else plain
            row["director"] = names(director.group(1)) if director else ""
            row["cast"] = names(cast.group(1)) if cast else ""
            if strip:
                row["description"] = plain
            writer.writerow(row)
            n_items += 1
            n_directors += row["director"] != ""
            n_casts += row["cast"] != ""
    print(f"{n_items} films, {n_directors} with a director, {n_casts} with a cast")


def run(cli, *arguments):
    return subprocess.run([cli, *map(str, arguments)], check=True, stdout=subprocess.PIPE, text=True).stdout


def measure(cli, folder, seeds, settings):
    document = folder / "facts.refract"
    run(cli, "import", folder, "-o", document)
    for sparse in (0, 10):
        print(f"\nsplit.max_train={sparse}" if sparse else "\nall training items")
        rows = {}
        for name, modalities in MODELS.items():
            rows[name] = []
            for seed in seeds:
                assignments = [f"model.modalities={modalities}", f"seed={seed}", f"split.max_train={sparse}", *settings]
                run(cli, "train", document, *[part for a in assignments for part in ("--set", a)])
                metrics = json.loads(run(cli, "evaluate", document, "--split", "test", "-k", 20, "--json"))["metrics"]
                rows[name].append([metrics[m] for m in METRICS])
            print(f"  {name:22}", *(f"{m} {statistics.mean(r[k] for r in rows[name]):.4f} ({' '.join(f'{r[k]:.4f}' for r in rows[name])})" for k, m in enumerate(METRICS)), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("catalog", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--strip", action="store_true")
    parser.add_argument("--cli")
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--set", action="append", default=[])
    arguments = parser.parse_args()
    if arguments.folder.exists():
        sys.exit(f"{arguments.folder} is there already")
    make_folder(arguments.catalog, arguments.folder, arguments.strip)
    if arguments.cli:
        measure(arguments.cli, arguments.folder, arguments.seeds.split(","), arguments.set)


if __name__ == "__main__":
    main()
