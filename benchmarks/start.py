"""The demo: the first time with everything installed, and again; and how soon a light command is there."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

from benchmarks.common import COMMAND, built_home, environment, quantiles, run
from benchmarks.server import serving


def main() -> None:
    with built_home() as home:
        for name in ("demo, first time", "demo, again"):
            begun = time.perf_counter()
            with serving(home, "demo", "--no-open"):
                print(f"{name}: serving after {time.perf_counter() - begun:.1f} s")
        run(home, "db", "stop")
        begun = time.perf_counter()
        with serving(home, "serve"):
            print(f"serve after a restart: {time.perf_counter() - begun:.1f} s")
        for arguments in (("--help",), ("recommend", "bert-base-uncased", "--format", "json")):
            times = [_run(home, *arguments) for _ in range(10)]
            print(f"hfmrs {' '.join(arguments)}: {quantiles(times)}")


def _run(home: Path, *arguments: str) -> float:
    begun = time.perf_counter()
    subprocess.run((*COMMAND, *arguments), env=environment(home), check=True, capture_output=True)
    return time.perf_counter() - begun
