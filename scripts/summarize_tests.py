#!/usr/bin/env python3
"""Adds up JUnit files of GoogleTest, ctest and pytest; names what failed and what was skipped.

    summarize_tests.py FOLDER [FOLDER ...]

A folder holds ctest.xml (ctest --output-junit) and *.xml of GoogleTest binaries, or pytest's file.
A ctest entry whose GoogleTest file is there counts by that file's cases, else as one test.
Prints `N passed, N failed, N skipped` last; exits with 1 where something failed or nothing ran.
"""

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Iterator, NamedTuple


class Case(NamedTuple):
    name: str
    outcome: str  # "passed", "failed" or "skipped"
    reason: str


def cases_of(path: Path) -> Iterator[Case]:
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        name = f"{path.parent.name}/{path.stem}: {case.get('classname', '')}.{case.get('name')}"
        failure = next((e for e in case if e.tag in ("failure", "error")), None)
        skip = next((e for e in case if e.tag == "skipped"), None)
        if failure is not None or case.get("status") == "fail":
            text = "" if failure is None else failure.get("message") or failure.text or ""
            yield Case(name, "failed", text.strip()[:300])
        elif skip is not None or case.get("status") in ("disabled", "notrun"):
            text = "" if skip is None else skip.get("message") or skip.text or ""
            yield Case(name, "skipped", text.strip()[:300])
        else:
            yield Case(name, "passed", "")


def cases_in(folder: Path) -> Iterator[Case]:
    binaries = {path.stem for path in folder.glob("*.xml")} - {"ctest"}
    for path in sorted(folder.glob("*.xml")):
        for case in cases_of(path):
            binary = case.name.rsplit(".", 1)[-1]
            # A binary that crashed leaves no file of its own, or ctest says that it failed.
            if path.stem == "ctest" and binary in binaries and case.outcome != "failed":
                continue
            yield case


def main() -> int:
    cases = [case for folder in sys.argv[1:] for case in cases_in(Path(folder))]
    for outcome in ("skipped", "failed"):
        for case in cases:
            if case.outcome == outcome:
                print(f"{outcome.upper()} {case.name} {case.reason}".rstrip())
    count = {o: sum(case.outcome == o for case in cases) for o in ("passed", "failed", "skipped")}
    print(f"{count['passed']} passed, {count['failed']} failed, {count['skipped']} skipped")
    return 1 if count["failed"] or not count["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
