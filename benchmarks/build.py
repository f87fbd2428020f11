"""Loading and building 10,000 models: seconds of every stage and peak memory, the database's included."""

from __future__ import annotations

from pathlib import Path

from benchmarks.common import built_home, load_and_build, shared

CSV = "hfmrs-2023-03/top10k.csv"


def main() -> None:
    file = shared(CSV)
    if file is None:
        print(f"build: skipped, there is no {CSV}; set HFMRS_SHARED_DATA to a folder of Hub metadata.")
        return
    measure(file)


def measure(file: Path) -> None:
    with built_home() as home:
        stages, database = load_and_build(home, file)
    for stage in stages:
        print(f"{stage.name}: {stage.seconds:.1f} s, peak {stage.peak_mb:.0f} MB")
    whole, ours = sum(stage.seconds for stage in stages), max(stage.peak_mb for stage in stages)
    print(f"load and build: {whole:.0f} s, peak {ours:.0f} MB here and {database:.0f} MB in the database")
