"""Known faults of what the vendored scripts are made from, and of the locked packages.

make audit      # asks npm's registry and PyPI; needs a network, npm and uv

Ends with 1 where there is a fault, and with 2 where somebody could not be asked, which says nothing about faults.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
#: As of `make`: the environment that the locked packages are in.
UV = Path(sys.executable).with_name("uv")
_NPM = ("npm", "audit", "--package-lock-only", "--json")
_PIP = ("tool", "run", "pip-audit", "--disable-pip", "--require-hashes", "--format", "json", "--requirement")


class Unanswered(Exception):
    """Nobody knows; one sentence on why, and the next thing to do."""


def npm_faults(report: Mapping[str, Any]) -> list[str]:
    """The faults in what `npm audit --json` says. Raises `Unanswered`."""
    if "vulnerabilities" not in report:
        why = report.get("message") or (report.get("error") or {}).get("summary") or "no reason given"
        raise Unanswered(
            f"npm's registry did not answer the audit: {why}. "
            "Reach it without a proxy in between, or name another one: npm_config_registry=URL make audit"
        )
    return [
        f"{name} {each['range']}: {each['severity']}, through {', '.join(_through(each['via']))}"
        for name, each in report["vulnerabilities"].items()
    ]


def _through(via: Sequence[Any]) -> list[str]:
    return [each if isinstance(each, str) else f"{each['title']} ({each['url']})" for each in via]


def pip_faults(report: Mapping[str, Any]) -> list[str]:
    """The faults in what `pip-audit --format json` says. Raises `Unanswered` where it passed over packages."""
    packages = report["dependencies"]
    skipped = [each for each in packages if "skip_reason" in each]
    if skipped:
        raise Unanswered(
            f"{len(skipped)} of {len(packages)} locked packages were not audited: {skipped[0]['skip_reason']}. "
            "Reach PyPI itself: a mirror may not have its advisories."
        )
    return [
        f"{each['name']} {each['version']}: {fault['id']}, mended in {', '.join(fault['fix_versions']) or 'no version'}"
        for each in packages
        for fault in each["vulns"]
    ]


def _asked(command: Sequence[str], folder: Path) -> Mapping[str, Any]:
    try:
        ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise Unanswered(f"{Path(command[0]).name} is not there. Install it, and run make audit again.") from None
    try:
        found: Mapping[str, Any] = json.loads(ran.stdout)
    except json.JSONDecodeError:
        said = [line for line in (ran.stdout + ran.stderr).splitlines() if line.strip()] or ["nothing"]
        raise Unanswered(f"{' '.join(command[:4])} did not answer; it said: {said[-1].strip()}") from None
    return found


def main() -> int:
    faults: list[str] = []
    unanswered: list[str] = []
    for lock in sorted(ROOT.glob("tools/*/package-lock.json")):
        try:
            faults += npm_faults(_asked(_NPM, lock.parent))
        except Unanswered as problem:
            unanswered.append(f"{lock.parent.relative_to(ROOT)}: {problem}")
    try:
        faults += pip_faults(_asked([str(UV), *_PIP, str(ROOT / "requirements.lock")], ROOT))
    except Unanswered as problem:
        unanswered.append(f"requirements.lock: {problem}")
    print("\n".join([*faults, *unanswered]) or "No known fault.")
    return 1 if faults else 2 if unanswered else 0


if __name__ == "__main__":
    sys.exit(main())
