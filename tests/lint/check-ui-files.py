#!/usr/bin/python3
"""Refuses widget classes in .ui files that newer GTK or libadwaita deprecate, or that older ones do not have: no compiler sees them.

SPDX-License-Identifier: GPL-3.0-or-later"""
import pathlib
import re
import sys

BANNED = re.compile(
    r"^(Gtk(AppChooser.*|Assistant|CellRenderer.*|CellView|Color(Button|Chooser.*)|ComboBox.*|Dialog|EntryCompletion|FileChooser.*|"
    r"Font(Button|Chooser.*)|IconView|InfoBar|ListStore|LockButton|MessageDialog|Statusbar|Tree.*View.*|TreeStore|TreeModel.*|VolumeButton)|"
    r"Adw(Flap|Leaflet|Squeezer|ViewSwitcherTitle|PreferencesWindow|MessageDialog|AboutWindow|Banner|NavigationView|NavigationSplitView|"
    r"OverlaySplitView|ToolbarView|Breakpoint|SpinRow|SwitchRow|Dialog|AlertDialog|AboutDialog|Spinner|ButtonRow|ToggleGroup|WrapBox))$")
root = pathlib.Path(sys.argv[1])
files = sorted((root / "resources").rglob("*.ui"))
bad = []
for file in files:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        for name in re.findall(r'class="(\w+)"', line):
            if BANNED.match(name):
                bad.append(f"{file.relative_to(root)}:{number}: {name}")
print("\n".join(bad))
print(f"{len(files)} files looked at, {len(bad)} classes to avoid")
sys.exit(1 if bad or not files else 0)
