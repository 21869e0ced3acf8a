#!/usr/bin/python3
"""The version stands in meson.build; the metadata for software centres and the Debian package have to follow it.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import re
import sys
from pathlib import Path

root = Path(sys.argv[1])
places = {
    "meson.build": re.search(r"version: '([^']+)'", (root / "meson.build").read_text()),
    "data/io.github.refract.Refract.metainfo.xml.in": re.search(r'<release version="([^"]+)"', (root / "data/io.github.refract.Refract.metainfo.xml.in").read_text()),
    "debian/changelog": re.search(r"^refract \(([^)]+)-[^-)]+\)", (root / "debian/changelog").read_text()),
}
found = {name: match and match.group(1) for name, match in places.items()}
if len(set(found.values())) != 1:
    sys.exit("The versions differ: " + ", ".join(f"{name} has {version}" for name, version in found.items()))
