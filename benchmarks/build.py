"""Loading and building 10,000 models: seconds of every stage and peak memory, the database's included."""

from __future__ import annotations

import resource
from pathlib import Path

from benchmarks.common import ask, built_home, run, shared

CSV = "hfmrs-2023-03/top10k.csv"


def main() -> None:
    file = shared(CSV)
    if file is None:
        print(f"build: skipped, there is no {CSV}; set HFMRS_SHARED_DATA to a folder of Hub metadata.")
        return
    measure(file)


def measure(file: Path) -> None:
    with built_home() as home:
        loading, _ = run(home, "load", str(file))
        print(f"load {file.name}: {loading:.1f} s")
        stages = ask(home, "build")
        for stage in stages:
            print(f"{stage['stage']}: {stage['seconds']} s, peak {stage['peak MB']} MB")
        building = sum(stage["seconds"] for stage in stages)
        ours = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        database = ask(home, "db", "status").get("peak MB", 0)
        print(
            f"load and build: {loading + building:.0f} s, peak {ours:.0f} MB here and {database:.0f} MB in the database"
        )
