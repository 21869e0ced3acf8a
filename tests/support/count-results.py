#!/usr/bin/python3
"""Adds up meson's JUnit results and prints "N passed, N failed" as the last line; skipped tests are listed above it.

SPDX-License-Identifier: GPL-3.0-or-later"""
import sys
import xml.etree.ElementTree as ET

passed = failed = skipped = 0
for path in sys.argv[1:]:
    try:
        root = ET.parse(path).getroot()
    except (OSError, ET.ParseError) as error:
        print(f"{path}: {error}")
        failed += 1
        continue
    for case in root.iter("testcase"):
        name = f"{case.get('classname', '')} {case.get('name', '')}".strip()
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
            print(f"FAILED {name}")
        elif case.find("skipped") is not None:
            skipped += 1
            print(f"skipped {name}")
        else:
            passed += 1
print(f"{skipped} skipped")
if passed == 0:
    failed += 1
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
