"""The whole way from file to recommendations at several sizes, and how the time of each stage grows with the size."""

from __future__ import annotations

import math
from contextlib import nullcontext
from pathlib import Path

import click

from benchmarks.common import DATASETS, Stage, ask, built_home, hub, load_and_build, shared
from benchmarks.options import number, table

NOTES = (
    "Exponent: the slope of log(seconds) over log(models) by least squares; 1 is linear, 2 quadratic, 0 a fixed cost. "
    "At small sizes much is fixed cost.",
    "So many models, the most downloaded, and so many datasets.",
    "No sentence vectors at any size (HFMRS_TRANSFORMER_LIMIT=0): by default only graphs of up to 20,000 models have "
    "them.",
    "As in use: up to 20,000 models have 20 similar ones each and are compared exactly, in larger graphs fewer and "
    "from lists; the network learns from HFMRS_TRAIN_LIMIT models at most and places all.",
)
#: Models, stages, and the database's peak memory in MB, of one size.
Run = tuple[int, list[Stage], float]


def _sizes(context: click.Context, parameter: click.Parameter, value: str) -> list[int | None]:
    return [number(context, parameter, part) for part in value.split(",")]


@click.command("scale")
@click.option("--sizes", default="10000,30000", callback=_sizes, metavar="N,N…", help="How many models; also 'all'.")
@click.option(
    "--home", type=click.Path(path_type=Path), help="An empty folder that keeps the last of them, for other benchmarks."
)
def main(sizes: list[int | None], home: Path | None) -> None:
    """Loading and building at several sizes: seconds of each stage, memory, and how time grows."""
    file, datasets = hub(), shared(DATASETS)
    if home is not None and home.exists() and any(home.iterdir()):
        raise click.ClickException(f"{home} is not empty. Name another folder.")
    runs: list[Run] = []
    for position, size in enumerate(sizes, 1):
        some = [] if size is None else ["--limit", str(size)]
        with nullcontext(home) if home is not None and position == len(sizes) else built_home() as folder:
            stages, database = load_and_build(folder, file, *some, datasets=datasets, HFMRS_TRANSFORMER_LIMIT="0")
            runs.append((_models(ask(folder, "db", "digest")), stages, database))
        click.echo(f"{runs[-1][0]:,} models done", err=True)
    _show(runs)


def _models(digest: list[dict[str, object]]) -> int:
    """How many models a graph has."""
    return int(str(next(part["rows"] for part in digest if part["part"] == "Model")))


def _show(runs: list[Run]) -> None:
    models = [count for count, _, _ in runs]
    names = [stage.name for stage in runs[0][1]]
    seconds = [[stages[position].seconds for _, stages, _ in runs] for position in range(len(names))]
    whole = [sum(each) for each in zip(*seconds, strict=True)]
    rows: list[tuple[object, ...]] = [
        (name, *each, exponent(models, each)) for name, each in zip([*names, "all"], [*seconds, whole], strict=True)
    ]
    rows.append(("models/s", *(count / each for count, each in zip(models, whole, strict=True)), None))
    columns = ("", *(f"{count:,} models" for count in models))
    table("scale: seconds of each stage", (*columns, "exponent"), rows, *NOTES)
    memory: list[tuple[object, ...]] = [
        (name, *(stages[position].peak_mb for _, stages, _ in runs)) for position, name in enumerate(names)
    ]
    memory.append(("database, from start to end", *(database for _, _, database in runs)))
    table("scale: peak memory in MB, of the command at each stage and of the database", columns, memory)


def exponent(sizes: list[int], seconds: list[float]) -> str | None:
    """The slope of log(seconds) over log(sizes); None where there is only one size, or a time of 0."""
    if len(set(sizes)) < 2 or min(seconds) <= 0:
        return None
    x, y = [math.log(size) for size in sizes], [math.log(each) for each in seconds]
    middle, height = sum(x) / len(x), sum(y) / len(y)
    slope = sum((a - middle) * (b - height) for a, b in zip(x, y, strict=True)) / sum((a - middle) ** 2 for a in x)
    return f"{slope:.2f}"
