"""A day later: one in a hundred models is new or has changed; how long until everything knows."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import click

from benchmarks.common import Stage, ask, built_home, hub, load_and_build, measure
from benchmarks.options import models_option, table


@click.command("update")
@models_option(30_000)
@click.option(
    "--home",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A home that is built; it keeps the changes. Without it one is built first.",
)
@click.option("--seed", default=0, help="Which models change.")
def main(models: int | None, home: Path | None, seed: int) -> None:
    """Loading and building after a day on which one in a hundred models was new or had changed."""
    file = hub()
    some = [] if models is None else ["--limit", str(models)]
    if home is not None:
        _measure(home, file, models, seed)
        return
    with built_home() as made:
        load_and_build(made, file, *some, HFMRS_TRANSFORMER_LIMIT="0")
        _measure(made, file, models, seed)


def _measure(home: Path, file: Path, models: int | None, seed: int) -> None:
    with tempfile.TemporaryDirectory(prefix="hfmrs-bench-") as folder:
        day = Path(folder) / "day.jsonl"
        rows = list(_day(file, models, seed))
        day.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        loading = measure(home, "load", str(day))
    built = ask(home, "build", HFMRS_TRANSFORMER_LIMIT="0")
    stages = [Stage("load", loading.seconds, loading.peak_mb)]
    stages += [Stage(row["stage"], float(row["seconds"]), float(row["peak MB"])) for row in built]
    done = ["", *(row["done"] for row in built)]
    lines: list[tuple[object, ...]] = [
        (stage.name, stage.seconds, stage.peak_mb, what) for stage, what in zip(stages, done, strict=True)
    ]
    lines.append(("all", sum(stage.seconds for stage in stages), None, ""))
    table(f"update: {len(rows):,} models new or changed", ("", "seconds", "peak MB", ""), lines)


def _day(file: Path, models: int | None, seed: int) -> Iterator[dict[str, Any]]:
    """One in two hundred models under a new name, a day after the newest; one in two hundred with another tag."""
    from etl import sources

    chance = random.Random(seed)
    chosen = []
    newest = datetime(2000, 1, 1, tzinfo=timezone.utc)
    for number, row in enumerate(sources.rows(file)):
        if models is not None and number >= models:
            break
        if isinstance(row, sources.Rejected):
            continue
        raw = row[1]
        made = raw.get("createdAt")
        if made:
            newest = max(newest, datetime.fromisoformat(made.replace("Z", "+00:00")))
        if chance.random() < 0.01:
            chosen.append(raw)
    later = (newest + timedelta(days=1)).isoformat().replace("+00:00", "Z")
    for number, raw in enumerate(chosen):
        if number % 2:
            yield {**raw, "tags": [*(raw.get("tags") or []), f"seen-again-{seed}"]}
        else:
            copy = {key: value for key, value in raw.items() if key not in ("_id", "modelId")}
            yield {**copy, "id": f"{raw['id']}-next-{seed}", "createdAt": later}
