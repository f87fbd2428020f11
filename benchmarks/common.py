"""Running the `hfmrs` command for a measurement, in a home of its own; the data that it is about."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).resolve().parent.parent
COMMAND = (sys.executable, "-m", "hfmrs")
#: Models as the Hub's API lists them, the most downloaded first.
HUB = "hub-2024-07/models.jsonl.zst"
DATASETS = "hub-2024-07/datasets.jsonl.zst"


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that ended well: wall seconds, peak resident memory in MB (of its largest process), and its output."""

    seconds: float
    peak_mb: float
    output: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A step from file to recommendations: wall seconds, and peak resident memory of the command in MB."""

    name: str
    seconds: float
    peak_mb: float


def environment(home: Path) -> dict[str, str]:
    """Ours, with `home` and the embedded database in it."""
    return {**os.environ, "HFMRS_HOME": str(home), "HFMRS_DB": ""}


def measure(home: Path, *arguments: str, **variables: str) -> Ran:
    """`hfmrs ARGUMENTS` in `home`, with `variables` in its environment; what it reports goes to our stderr.

    The system counts a child's peak from ours on: whoever measures keeps what is large in processes of its own.
    """
    command = (*COMMAND, *arguments)
    begun = time.perf_counter()
    with subprocess.Popen(
        command, env={**environment(home), **variables}, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        output = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - begun
    if process.returncode:
        raise click.ClickException(f"hfmrs {' '.join(arguments)} ended with status {process.returncode}.")
    return Ran(seconds, used.ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024), output)


def run(home: Path, *arguments: str) -> tuple[float, str]:
    """Seconds and standard output of `hfmrs ARGUMENTS` in `home`."""
    ran = measure(home, *arguments)
    return ran.seconds, ran.output


def ask(home: Path, *arguments: str, **variables: str) -> Any:
    """The JSON result of `hfmrs ARGUMENTS`."""
    return json.loads(measure(home, *arguments, "--format", "json", **variables).output)


def load_and_build(
    home: Path, file: Path, *options: str, datasets: Path | None = None, **variables: str
) -> tuple[list[Stage], float]:
    """The stages from `file`, and a file of datasets, to what is shown, with `options` of `hfmrs load`; and the
    database's peak memory in MB."""
    stages = []
    for name, command in (("load", (str(file),)), ("load datasets", ("--datasets", str(datasets)))):
        if datasets or name == "load":
            loading = measure(home, "load", *command, *options, **variables)
            stages.append(Stage(name, loading.seconds, loading.peak_mb))
    for row in ask(home, "build", **variables):
        stages.append(Stage(row["stage"], float(row["seconds"]), float(row["peak MB"])))
    return stages, float(ask(home, "db", "status").get("peak MB", 0))


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


def hub() -> Path:
    """The file of models; without it there is nothing to measure."""
    file = shared(HUB)
    if file is None:
        raise click.ClickException(f"There is no {HUB}. Set HFMRS_SHARED_DATA to a folder of Hub metadata.")
    return file


def quantiles(seconds: Sequence[float]) -> str:
    """Median, 95th and 99th percentile in milliseconds."""
    ordered = sorted(1000 * each for each in seconds)
    half, most, nearly = (ordered[min(int(len(ordered) * share), len(ordered) - 1)] for share in (0.5, 0.95, 0.99))
    return f"median {half:.1f} ms, 95 % {most:.1f} ms, 99 % {nearly:.1f} ms"
