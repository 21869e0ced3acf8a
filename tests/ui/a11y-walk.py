#!/usr/bin/python3
"""Walks every page and every window of the program through AT-SPI, as a screen reader does.

  xvfb-run -a dbus-run-session -- tests/ui/a11y-walk.py BUILD_FOLDER [FILE.refract RUN RUN]     without a document: a small sample, made now

Fails when a control has no name, when a chart has no description with numbers in it, or when the ranking cannot be reached and read by the
keyboard alone. A11Y_DUMP=1 prints what was met. GTK 4.8 shows realized rows only, and the pages behind the one that is seen, and does not
set SHOWING; GTK 4.18 shows what is seen: neither is relied on.

SPDX-License-Identifier: GPL-3.0-or-later"""
import os
import re
import subprocess
import sys
import tempfile
import time

try:
    import gi

    gi.require_version("Atspi", "2.0")
    from gi.repository import Atspi, GLib  # noqa: E402
except (ImportError, ValueError):
    print("skipped: python3-gi and gir1.2-atspi-2.0 are not installed")
    sys.exit(77)

CONTROLS = {Atspi.Role.PUSH_BUTTON, Atspi.Role.TOGGLE_BUTTON, Atspi.Role.CHECK_BOX, Atspi.Role.RADIO_BUTTON, Atspi.Role.SLIDER, Atspi.Role.SPIN_BUTTON,
            Atspi.Role.COMBO_BOX, Atspi.Role.ENTRY, Atspi.Role.LIST, Atspi.Role.TABLE, Atspi.Role.TREE_TABLE, Atspi.Role.PROGRESS_BAR, Atspi.Role.TEXT, Atspi.Role.SWITCH
            if hasattr(Atspi.Role, "SWITCH") else Atspi.Role.TOGGLE_BUTTON}
TAB, DOWN = 0xFF09, 0xFF54  # keysyms
# What GTK calls a button that was given no name.
NO_NAMES = {"", "GtkImage", "GtkButton", "GtkMenuButton", "GtkToggleButton", "GtkDropDown", "GtkScale", "GtkEntry", "GtkText", "GtkListView", "GtkColumnView", "GtkSpinButton", "GtkSwitch"}
MOST_CHILDREN = 12  # of one list: the rows are alike
DUMP = bool(os.environ.get("A11Y_DUMP"))
SECONDS = 120 * float(os.environ.get("MESON_TEST_TIMEOUT_MULTIPLIER", "1"))  # until a page is full; a busy machine is slow

# A name, the page's arguments, what is there when the page is full (the start of a name, a role or None), and its charts.
STATES = (
    ("welcome", [], "Try the Sample", ()),
    ("import", ["CATALOG"], "items.csv", ()),
    ("catalog", ["--page", "catalog", "--item", "P0005", "DOCUMENT"], "As the model reads it", ()),
    ("charts", ["--page", "catalog", "--tab", "charts", "DOCUMENT"], "Interactions per item", ("Interactions per item", "Interactions per user", "Over time", "Modalities")),
    ("train", ["--page", "train", "DOCUMENT"], "Seed", ()),
    ("explore", ["--page", "explore", "DOCUMENT"], "How the score comes about", ("What each modality adds", "How the score comes about", "Attention", "Shapley values")),
    ("composed", ["--page", "explore", "--compose", "P0005,P0010", "DOCUMENT"], "How the score comes about", ("How the score comes about",)),
    ("overview", ["--page", "explore", "--tab", "overview", "DOCUMENT"], "Knock-out", ("Knock-out",)),
    ("metrics", ["--page", "compare", "--runs", "RUNS", "--tab", "metrics", "DOCUMENT"], "Differences of the metrics", ("Differences of the metrics",)),
    ("users", ["--page", "compare", "--runs", "RUNS", "--tab", "users", "DOCUMENT"], "Differences of the users", ("Differences of the users",)),
    ("lists", ["--page", "compare", "--runs", "RUNS", "--tab", "lists", "DOCUMENT"], "The two lists of one user", ("The two lists of one user",)),
    ("plan", ["--page", "compare", "--runs", "RUNS", "--tab", "plan", "DOCUMENT"], "Power of the test", ("Power of the test",)),
    ("export", ["--page", "explore", "--action", "win.export", "DOCUMENT"], "Largest size in MB", ()),
    ("search", ["--page", "explore", "--action", "win.command-search", "DOCUMENT"], "Search for an action", ()),
    ("note", ["--page", "catalog", "--action", "win.note-item::P0005", "DOCUMENT"], "Keep", ()),
    ("shortcuts", ["--page", "catalog", "--action", "win.show-help-overlay", "DOCUMENT"], "Import a catalog", ()),
    ("about", ["--page", "catalog", "--action", "win.about", "DOCUMENT"], "Details", ()),
)


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
        if child.get_role() in (Atspi.Role.LABEL, Atspi.Role.STATIC, Atspi.Role.LIST_ITEM) and child.get_name():
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
        empty = role == Atspi.Role.LIST and node.get_child_count() == 0  # of an expander that was never opened
        if name in NO_NAMES and not inside and not empty and not inner_labels(node):
            faults.append(f"no name: {node.get_role_name()} at {where}")
    if role == Atspi.Role.IMAGE and name and description:
        counts["charts"].setdefault(name, description)
    if DUMP:
        print("  " * len(path), node.get_role_name(), repr(name[:60]), repr(description[:100]))
    most = MOST_CHILDREN if role in (Atspi.Role.LIST, Atspi.Role.TABLE, Atspi.Role.TREE_TABLE) else 400
    for child in children(node, most):
        walk(child, path + [f"{node.get_role_name()}:{name[:20]}"], faults, counts)


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


def is_row(node):
    return (node.get_name() or "").startswith("1: ") and "Score" in node.get_name()


def read_ranking(application, faults):
    """Rows have a name that says place, title, score and driver: what the arrow keys read out."""
    table = find(application, lambda node: node.get_name() == "Ranking" and node.get_role() in (Atspi.Role.TABLE, Atspi.Role.TREE_TABLE, Atspi.Role.LIST))
    row = table and find(table, is_row)
    if table is None:
        faults.append("the ranking is not there")
    elif row is None:
        faults.append("the first row of the ranking does not say what it is")
    else:
        print("  first row:", row.get_name())


def press(keyval):
    Atspi.generate_keyboard_event(keyval, None, Atspi.KeySynthType.SYM)


def step(keyval, focused, seconds):
    """Presses a key and waits until something else has the focus."""
    context, before, end = GLib.MainContext.default(), len(focused), time.time() + seconds
    press(keyval)
    while len(focused) == before and time.time() < end:
        if not context.iteration(False):
            time.sleep(0.01)


def walk_by_keyboard(faults):
    """Tab until a row of the ranking has the focus, then arrows: every step says where it is."""
    focused = []

    def focused_cb(event):
        if event.detail1:
            focused.append(event.source.get_name() or "")

    listener = Atspi.EventListener.new(focused_cb)
    listener.register("object:state-changed:focused")
    rows = []
    try:
        for _ in range(80):
            step(TAB, focused, 3)
            if focused and re.match(r"\d+: .*Score", focused[-1]):
                break
        else:
            faults.append("80 times Tab do not reach the ranking; met: " + ", ".join(repr(name) for name in dict.fromkeys(focused)))
            return
        for _ in range(3):
            rows.append(focused[-1])
            step(DOWN, focused, SECONDS / 4)
    finally:
        listener.deregister("object:state-changed:focused")
    places = [int(row.split(":")[0]) for row in rows]
    print("  by keyboard:", "; ".join(row[:40] for row in rows))
    if places != list(range(places[0], places[0] + 3)):
        faults.append(f"the arrow keys do not go from row to row: {places}")


def name_of(arguments, words):
    return [words.get(word, word) for word in arguments]


def check_charts(charts, wanted, faults):
    for name in wanted:
        if not re.search(r"\d", charts.get(name, "")):
            faults.append(f"the chart “{name}” does not say what it shows: {charts.get(name, 'no description')!r}")


def wait_for(application, start):
    end = time.time() + SECONDS
    while time.time() < end:
        try:
            if find(application, lambda node: (node.get_name() or "").replace("_", "").startswith(start)):
                return True
        except GLib.Error:
            pass
        time.sleep(0.5)
    return False


def walk_state(build, state, words):
    name, arguments, marker, charts = state
    environment = dict(os.environ, GSETTINGS_BACKEND="memory", GSETTINGS_SCHEMA_DIR=os.path.join(build, "data"), GSK_RENDERER="cairo", GDK_DEBUG="gl-disable", LC_ALL="C.UTF-8",
                       GTK_A11Y="atspi", G_DEBUG="fatal-criticals")
    environment.pop("NO_AT_BRIDGE", None)
    faults, counts = [], {"nodes": 0, "controls": 0, "charts": {}}
    program = subprocess.Popen([os.path.join(build, "ui", "refract"), "--size", "1280x800"] + name_of(arguments, words), env=environment, stderr=subprocess.DEVNULL)
    try:
        application = find_application(program.pid, SECONDS)
        if application is None:
            return [f"{name}: the program does not show itself to AT-SPI"]
        if not wait_for(application, marker):
            faults.append(f"“{marker}” did not appear")
        end = time.time() + SECONDS  # a chart says what it shows when it has its numbers
        while True:
            faults_now, counts = [], {"nodes": 0, "controls": 0, "charts": {}}
            walk(application, [name], faults_now, counts)
            if name in ("explore", "composed"):
                read_ranking(application, faults_now)
            check_charts(counts["charts"], charts, faults_now)
            if not faults_now or name in ("shortcuts", "about") or time.time() > end:
                break
            time.sleep(2)
        # The windows of GTK and libadwaita have buttons of their own without names; that they open, with our text, is what is ours.
        faults += [fault for fault in faults_now if name not in ("shortcuts", "about") or not fault.startswith("no name")]
        if name == "explore":
            walk_by_keyboard(faults)
        if program.poll() is not None:
            faults.append(f"the program ended with code {program.returncode}")
    finally:
        program.terminate()
        program.wait()
    print(f"{name}: {counts['nodes']} nodes, {counts['controls']} controls, {len(counts['charts'])} pictures that tell something, {len(faults)} faults", flush=True)
    return [f"{name}: {fault}" for fault in faults]


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
        document, *runs = sys.argv[2:5] if len(sys.argv) == 5 else (make_sample(build, folder), "run-1", "run-2")
        return walk_all(build, {"DOCUMENT": document, "CATALOG": os.path.join(folder, "catalog"), "RUNS": ",".join(runs)})


def walk_all(build, words):
    faults, only = [], os.environ.get("A11Y_ONLY")
    Atspi.init()
    for state in STATES:
        if only in (None, state[0]) and (state[0] != "import" or os.path.isdir(words["CATALOG"])):
            faults += walk_state(build, state, words)
    for fault in sorted(set(faults)):
        print("FAULT", fault)
    return 1 if faults else 0


sys.exit(main())
