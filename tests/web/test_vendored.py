"""The vendored scripts: all are listed, are what the list says, and have no known fault.

`make audit` asks for new faults.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
VENDOR = ROOT / "web" / "static" / "vendor"
README = (VENDOR / "README.md").read_text(encoding="utf-8")

#: Versions below these have a known fault: package, first version without it, advisory.
FAULTS = (
    ("codemirror", "5.58.2", "GHSA-4gw3-8f77-f72c"),
    ("d3-color", "3.1.0", "GHSA-36jr-mh4h-2g58"),
    ("esbuild", "0.25.0", "GHSA-67mh-4wv8-2f99"),
    ("json5", "2.2.2", "GHSA-9c47-m6qq-7p4h"),
    ("nanoid", "3.3.8", "GHSA-mwcw-c2x4-8c55"),
)


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(each) for each in re.findall(r"\d+", version.split("-")[0])[:3])


def listed() -> dict[str, tuple[str, str, str]]:
    """By file: package, version and licence, as the table says."""
    rows = re.findall(r"^\| `([^`]+)` \| \[([^]]+)\][^|]*\| ([\d.]+) \| ([^|]+) \|", README, flags=re.MULTILINE)
    return {file: (package, version, licence) for file, package, version, licence in rows}


def installed() -> dict[str, str]:
    """Versions by package: of the files that are taken as they are, and of what the built ones are made from."""
    found = {package: version for package, version, _ in listed().values()}
    for lock in sorted((ROOT / "tools").glob("*/package-lock.json")):
        packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
        found |= {
            name.rpartition("node_modules/")[2]: each["version"]
            for name, each in packages.items()
            if "version" in each and name
        }
    return found


def test_every_file_is_listed_and_is_what_the_list_says() -> None:
    rows = listed()
    licences = {f"{file}" for _, _, licence in rows.values() for file in re.findall(r"`([^`]+)`", licence)}
    there = {str(file.relative_to(VENDOR)) for file in VENDOR.rglob("*") if file.is_file()} - {"README.md"}
    assert there == set(rows) | licences
    for file, (_, version, licence) in rows.items():
        assert version
        assert re.match(r"[\w.-]+, `", licence), file
        checksum = hashlib.sha256((VENDOR / file).read_bytes()).hexdigest()
        assert f"SHA-256 of `{file}`: `{checksum}`" in README


def test_no_version_has_a_known_fault() -> None:
    found = installed()
    assert len(found) > 10
    wrong = [
        (name, found[name], why)
        for name, least, why in FAULTS
        if name in found and numbers(found[name]) < numbers(least)
    ]
    assert wrong == []


def test_a_version_in_the_file_is_the_one_that_is_listed() -> None:
    """htmx says its own version."""
    assert f'version:"{listed()["htmx.min.js"][1]}"' in (VENDOR / "htmx.min.js").read_text(encoding="utf-8")
