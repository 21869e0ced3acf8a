#!/usr/bin/python3
"""Every string of the pages is translated, and every file with strings is in the list.

  check-translations.py SOURCE_FOLDER

The strings are those of the sources as they are now, not of the .po file. Those of the command line and of core may wait for the next
sweep (make translations); a page may not. Skipped where gettext's programs are not installed.

SPDX-License-Identifier: GPL-3.0-or-later"""
import ast
import os
import re
import shutil
import subprocess
import sys

MARKED = re.compile(r'\b(?:_|N_|C_|g_dngettext|ngettext) ?\(\s*(?:GETTEXT_PACKAGE, *)?"|translatable="yes"')
PAGES = ("ui/", "resources/", "app/refract-", "data/")
KEYWORDS = ["--keyword=_", "--keyword=N_", "--keyword=C_:1c,2", "--keyword=g_dngettext:2,3", "--from-code=UTF-8"]


def read_po(text):
    """(context, msgid) -> (files, translations); fuzzy ones count as not translated."""
    entries, entry, field = {}, None, None

    def end():
        if entry and entry["msgid"] is not None:
            good = [] if entry["fuzzy"] else entry["msgstr"]
            entries[(entry["msgctxt"], entry["msgid"])] = (entry["files"], good)

    for line in text.splitlines() + [""]:
        if not line.strip():
            end()
            entry, field = None, None
            continue
        if line.startswith("#~"):
            continue
        entry = entry or {"files": [], "fuzzy": False, "msgctxt": None, "msgid": None, "msgid_plural": None, "msgstr": []}
        if line.startswith("#:"):
            entry["files"] += [part.rsplit(":", 1)[0] for part in line[2:].split()]
        elif line.startswith("#,"):
            entry["fuzzy"] = entry["fuzzy"] or "fuzzy" in line
        elif not line.startswith("#"):
            match = re.match(r'(?:(msgctxt|msgid_plural|msgid|msgstr)(?:\[\d+\])? )?(".*")$', line)
            field, value = match.group(1) or field, ast.literal_eval(match.group(2))
            if field == "msgstr" and match.group(1):
                entry["msgstr"].append(value)
            elif field == "msgstr":
                entry["msgstr"][-1] += value
            else:
                entry[field] = (entry[field] or "") + value
    return entries


def list_marked_files(root):
    for top in ("app", "core", "ui", "resources"):
        for folder, _, names in os.walk(os.path.join(root, top)):
            for name in sorted(names):
                path = os.path.join(folder, name)
                if name.endswith((".c", ".ui")) and MARKED.search(open(path, encoding="utf-8").read()):
                    yield os.path.relpath(path, root)


def run(root, *command):
    return subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout


def main():
    root, faults = sys.argv[1], []
    if not shutil.which("xgettext") or not shutil.which("msgfmt"):
        print("gettext is not here: skipped")
        return 77
    listed = open(os.path.join(root, "data/po/POTFILES.in"), encoding="utf-8").read().split()
    faults += [f"not in data/po/POTFILES.in: {path}" for path in list_marked_files(root) if path not in listed]
    sources = read_po(run(root, "xgettext", *KEYWORDS, "--files-from=data/po/POTFILES.in", "--output=-"))
    if len(sources) < 500:
        faults.append(f"only {len(sources)} strings were found in the sources")
    for language in open(os.path.join(root, "data/po/LINGUAS"), encoding="utf-8").read().split():
        path = f"data/po/{language}.po"
        run(root, "msgfmt", "--check", "--output-file=/dev/null", path)
        translated = read_po(open(os.path.join(root, path), encoding="utf-8").read())
        missing = [(key, files) for key, (files, _) in sources.items() if key[1] and not all(translated.get(key, ([], [""]))[1] or [""])]
        faults += [f"{language}: not translated: {files[0]}: {key[1]!r}" for key, files in missing if any(file.startswith(PAGES) for file in files)]
        print(f"{language}: {len(sources) - len(missing)} of {len(sources)} strings are translated")
    for fault in faults:
        print(fault)
    return 1 if faults else 0


sys.exit(main())
