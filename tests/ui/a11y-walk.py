#!/usr/bin/python3
"""Walks every page of the program through AT-SPI, as a screen reader does.

  xvfb-run -a dbus-run-session -- tests/ui/a11y-walk.py BUILD_FOLDER [FILE.refract RUN RUN]     without a document: a small sample, made now

Fails when a control has no name, when a chart has no description, or when the ranking cannot be read by the keyboard alone.
Prints one line a page and one for each fault. GTK 4.8 shows realized rows only and does not set SHOWING: neither is relied on.

SPDX-License-Identifier: GPL-3.0-or-later"""
import os
import subprocess
import sys
import tempfile
import time

try:
    import gi

    gi.require_version("Atspi", "2.0")
    from gi.repository import Atspi, GLib  # noqa: E402
except (ImportError, ValueError):
    print("python3-gi and gir1.2-atspi-2.0 are not here: skipped")
    sys.exit(77)

CONTROLS = {Atspi.Role.PUSH_BUTTON, Atspi.Role.TOGGLE_BUTTON, Atspi.Role.CHECK_BOX, Atspi.Role.RADIO_BUTTON, Atspi.Role.SLIDER, Atspi.Role.SPIN_BUTTON,
            Atspi.Role.COMBO_BOX, Atspi.Role.ENTRY, Atspi.Role.LIST, Atspi.Role.TABLE, Atspi.Role.TREE_TABLE, Atspi.Role.PROGRESS_BAR, Atspi.Role.TEXT, Atspi.Role.SWITCH
            if hasattr(Atspi.Role, "SWITCH") else Atspi.Role.TOGGLE_BUTTON}
# What GTK calls a button that was given no name.
NO_NAMES = {"", "GtkImage", "GtkButton", "GtkMenuButton", "GtkToggleButton", "GtkDropDown", "GtkScale", "GtkEntry", "GtkText", "GtkListView", "GtkColumnView", "GtkSpinButton", "GtkSwitch"}
MOST_CHILDREN = 12  # of one list: the rows are alike


def children(node, most=400):
    try:
        for index in range(min(node.get_child_count(), most)):
            child = node.get_child_at_index(index)
            if child is not None:
                yield child
    except GLib.Error:
        return  # it went away


def inner_labels(node, depth=4):
    """The text that stands inside a control is its name, too."""
    for child in children(node, 12):
        if child.get_role() in (Atspi.Role.LABEL, Atspi.Role.STATIC) and child.get_name():
            return True
        if depth and inner_labels(child, depth - 1):
            return True
    return False


def walk(node, path, faults, counts):
    try:
        role, name, description = node.get_role(), node.get_name() or "", node.get_description() or ""
    except GLib.Error:
        return
    counts["nodes"] += 1
    where = "/".join(path[-5:])
    if role in CONTROLS:
        counts["controls"] += 1
        # The entry inside a search entry and the buttons of a spin button belong to a control that has a name.
        inside = any(part.startswith(("text:", "entry:", "spin button:", "combo box:")) for part in path[-2:])
        if name in NO_NAMES and not inside and not inner_labels(node):
            faults.append(f"no name: {node.get_role_name()} at {where}")
    if role == Atspi.Role.IMAGE and name and any(word in name for word in CHARTS):
        counts["charts"] += 1
        if not description:
            faults.append(f"chart without a description: {name} at {where}")
    most = MOST_CHILDREN if role in (Atspi.Role.LIST, Atspi.Role.TABLE, Atspi.Role.TREE_TABLE) else 400
    for child in children(node, most):
        walk(child, path + [f"{node.get_role_name()}:{name[:20]}"], faults, counts)


CHARTS = ("What each modality adds", "How the score comes about", "Differences of the metrics", "Knock-out")


def find(node, test, depth=40):
    if depth == 0:
        return None
    try:
        if test(node):
            return node
    except GLib.Error:
        return None
    for child in children(node, MOST_CHILDREN if node.get_role() in (Atspi.Role.LIST, Atspi.Role.TREE_TABLE) else 400):
        found = find(child, test, depth - 1)
        if found is not None:
            return found
    return None


def find_application(pid, seconds=60):
    end = time.time() + seconds
    while time.time() < end:
        desktop = Atspi.get_desktop(0)
        for application in children(desktop):
            try:
                if application.get_process_id() == pid and application.get_child_count() > 0:
                    return application
            except GLib.Error:
                pass
        time.sleep(0.3)
    return None


def read_ranking(application, faults):
    """Rows have a name that says place, title, score and driver: what the arrow keys read out."""
    table = find(application, lambda node: node.get_name() == "Ranking" and node.get_role() in (Atspi.Role.TABLE, Atspi.Role.TREE_TABLE, Atspi.Role.LIST))
    if table is None:
        faults.append("the ranking is not there")
        return
    row = find(table, lambda node: (node.get_name() or "").startswith("1: ") and "Score" in node.get_name())
    if row is None:
        faults.append("the first row of the ranking does not say what it is")
    else:
        print("  first row:", row.get_name())


def walk_page(build, arguments, page):
    environment = dict(os.environ, GSETTINGS_BACKEND="memory", GSETTINGS_SCHEMA_DIR=os.path.join(build, "data"), GSK_RENDERER="cairo", GDK_DEBUG="gl-disable", LC_ALL="C.UTF-8",
                       GTK_A11Y="atspi")
    environment.pop("NO_AT_BRIDGE", None)
    faults, counts = [], {"nodes": 0, "controls": 0, "charts": 0}
    program = subprocess.Popen([os.path.join(build, "ui", "refract"), "--page", page, "--size", "1280x800"] + arguments, env=environment, stderr=subprocess.DEVNULL)
    try:
        application = find_application(program.pid)
        if application is None:
            return [f"{page}: the program does not show itself to AT-SPI"]
        time.sleep(float(os.environ.get("A11Y_WAIT", "6")))  # until the page is full
        walk(application, [page], faults, counts)
        if page == "explore":
            read_ranking(application, faults)
            if counts["charts"] == 0:
                faults.append("no chart was met")
    finally:
        program.terminate()
        program.wait()
    print(f"{page}: {counts['nodes']} nodes, {counts['controls']} controls, {counts['charts']} charts, {len(faults)} faults")
    return [f"{page}: {fault}" for fault in faults]


def make_sample(build, folder):
    program, document = os.path.join(build, "app", "cli", "refract-cli"), os.path.join(folder, "sample.refract")
    for command in (["sample", os.path.join(folder, "catalog"), "--users", "300", "--items", "200"], ["import", os.path.join(folder, "catalog"), "-o", document],
                    ["train", document, "--set", "model.modalities=image,text"], ["train", document]):
        subprocess.run([program] + command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return document


def main():
    build = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_DATA_HOME"] = folder
        document, first, second = sys.argv[2:5] if len(sys.argv) == 5 else (make_sample(build, folder), "run-1", "run-2")
        return walk_all(build, document, first, second)


def walk_all(build, document, first, second):
    faults = []
    Atspi.init()
    for page, more in (("catalog", []), ("train", []), ("explore", []), ("explore", ["--tab", "overview"]), ("compare", ["--runs", f"{first},{second}", "--tab", "metrics"])):
        faults += walk_page(build, more + [document], page)
    faults += walk_page(build, [], "welcome")
    for fault in sorted(set(faults)):
        print("FAULT", fault)
    return 1 if faults else 0


sys.exit(main())
