"""Running the `hfmrs` command for a measurement, in a home of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
COMMAND = (sys.executable, "-m", "hfmrs")


def environment(home: Path) -> dict[str, str]:
    return {**os.environ, "HFMRS_HOME": str(home)}


def run(home: Path, *arguments: str) -> tuple[float, str]:
    """Seconds and standard output of `hfmrs ARGUMENTS` in `home`; what it reports goes to our stderr."""
    begun = time.perf_counter()
    done = subprocess.run((*COMMAND, *arguments), env=environment(home), stdout=subprocess.PIPE, text=True, check=True)
    return time.perf_counter() - begun, done.stdout


def ask(home: Path, *arguments: str) -> Any:
    """The JSON result of `hfmrs ARGUMENTS`."""
    return json.loads(run(home, *arguments, "--format", "json")[1])


@contextmanager
def built_home(*load: str) -> Iterator[Path]:
    """A temporary home, loaded with `hfmrs LOAD` when given; its database is stopped at the end."""
    with tempfile.TemporaryDirectory(prefix="hfmrs-bench-") as folder:
        home = Path(folder)
        try:
            if load:
                run(home, *load)
                run(home, "build")
            yield home
        finally:
            run(home, "db", "stop")


def shared(name: str) -> Path | None:
    """A file of real Hub metadata, where the folder is there."""
    folder = Path(os.environ.get("HFMRS_SHARED_DATA") or ROOT / "../shared/data")
    return folder / name if (folder / name).exists() else None


def quantiles(seconds: Sequence[float]) -> str:
    """Median and 95th percentile in milliseconds."""
    ordered = sorted(1000 * each for each in seconds)
    return f"median {ordered[len(ordered) // 2]:.1f} ms, 95 % {ordered[int(len(ordered) * 0.95)]:.1f} ms"
