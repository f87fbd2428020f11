"""Settings of the methods that rank (`gnn.ranking`), searched on an earlier cut than any that is reported on."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import click
from optuna.storages import BaseStorage

from benchmarks.searching import Trial, best, record, run, trials
from benchmarks.spaces import Search, Settings, searches
from gnn.ranking.lineage import Lineage, lineage
from gnn.ranking.past import as_of
from gnn.ranking.task import BuiltNext, built_next, check, history
from graph.database import connect
from graph.errors import HfmrsError
from graph.export import days, subgraph
from graph.types import Subgraph
from hfmrs.output import format_option, show

#: What methods know, and what came true. The first cut that is reported on is the day on which this ends: nothing of
#: that day or later is read.
CUT, UNTIL = (datetime(2024, month, 1, tzinfo=timezone.utc) for month in (1, 4))
TASKS: Mapping[str, type[BuiltNext] | type[Lineage]] = {"built-next": BuiltNext, "lineage": Lineage}


@click.command("tune")
@click.option("--task", type=click.Choice([*TASKS]), default="built-next", help="What is asked.")
@click.option(
    "--home",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A home with the Hub's models; without it nothing is tried, and the record is shown.",
)
@click.option("--only", metavar="METHOD,…", help="These methods only.")
@click.option("--trials", "count", type=click.IntRange(1), default=30, help="Of each search so many, at most.")
@click.option("--minutes", type=click.FloatRange(0), help="After so many no trial is begun.")
@click.option("--seed", default=0, help="Of what is drawn, and of the methods.")
@click.option(
    "--record",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where trials are kept; without it tuning.jsonl in the home.",
)
@format_option
def main(
    task: str,
    home: Path | None,
    only: str | None,
    count: int,
    minutes: float | None,
    seed: int,
    file: Path | None,
    form: str,
) -> None:
    """Settings of the methods that rank, on what came true from January to March of 2024.

    Every trial is kept when it is done. Broken off, the same command goes on where it was. At the end, and without
    --home, all that was tried is shown.
    """
    if file is None and home is None:
        raise click.UsageError("Say where the models are (--home HOME), or which trials to show (--record FILE).")
    if home is None and file is not None and not file.exists():
        raise click.UsageError(f"There is no {file}; with --home HOME it is made.")
    chosen = _chosen(task, only)
    kept = record(file or home / "tuning.jsonl")  # type: ignore[operator]
    if home is not None:
        end = time.monotonic() + (math.inf if minutes is None else 60 * minutes)
        try:
            with connect(home) as db:
                whole = as_of(subgraph(db, home, cut=UNTIL), UNTIL)
            search(kept, task, chosen, whole, count, seed, end)
        except HfmrsError as error:
            raise click.ClickException(str(error)) from None
        except KeyboardInterrupt:
            click.echo("Broken off; the same command goes on.", err=True)
            raise click.exceptions.Exit(130) from None
    rows = recorded(kept, task, chosen)
    if not rows:
        raise click.ClickException(f"No trial of {task} is recorded. Try some: --home HOME")
    readable = rows if form in ("json", "jsonl") else [{**row, "settings": _said(row["settings"])} for row in rows]
    show(form, readable, tuple(readable[0]))


def question(task: str, whole: Subgraph) -> BuiltNext | Lineage:
    """What is asked about `whole`, the graph as it was on the day `UNTIL`. Raises `Leak` where it holds anything that
    is younger."""
    check(whole, days(UNTIL))
    past = history(as_of(whole, CUT))
    return lineage(whole, past, UNTIL) if task == "lineage" else built_next(whole, past, UNTIL)


def search(
    kept: BaseStorage, task: str, chosen: list[Search], whole: Subgraph, count: int, seed: int, end: float
) -> None:
    """Goes on with the `chosen` searches, one after the other; see `benchmarks.searching.run`."""
    asked = question(task, whole)
    click.echo(f"{task}: {', '.join(f'{number:,} {what}' for what, number in asked.about().items())}", err=True)

    def tell(each: Search, number: int, trial: Trial) -> None:
        value, top = trial.measures[asked.best_by], best(trials(kept, task, each.name), asked.best_by)
        highest = top.measures[asked.best_by] if top else value
        what = f"{each.name}, trial {number} of at most {count}, {trial.seconds:.0f} s"
        click.echo(f"{what}: {asked.best_by} {value:.4f}, best {highest:.4f}; {_said(trial.settings)}", err=True)

    for each in chosen:
        run(kept, task, each, asked, count, seed=seed, end=end, tell=tell)


def recorded(kept: BaseStorage, task: str, chosen: list[Search]) -> list[dict[str, Any]]:
    """A row for each trial of the `chosen` searches, in their order; `best` marks the best of its search."""
    kind, rows = TASKS[task], []
    for each in chosen:
        found = trials(kept, task, each.name)
        top = best(found, kind.best_by)
        for number, trial in enumerate(found, 1):
            row: dict[str, Any] = {"search": each.name, "trial": number, "settings": dict(trial.settings)}
            row |= {name: trial.measures[name] for name in kind.shown}
            rows.append(row | {"seconds": round(trial.seconds, 1), "best": "best" if trial is top else ""})
    return rows


def _chosen(task: str, only: str | None) -> list[Search]:
    known = searches(task)
    names = None if only is None else {name.strip() for name in only.split(",")}
    if unknown := sorted((names or set()) - {each.method for each in known}):
        methods = ", ".join(dict.fromkeys(each.method for each in known))
        raise click.UsageError(f"Nothing of {unknown[0]!r} is searched for {task}. Known are: {methods}.")
    return [each for each in known if names is None or each.method in names]


def _said(settings: Settings) -> str:
    return ", ".join(
        f"{name.replace('_', ' ')} {value:.3g}" if isinstance(value, float) else f"{name.replace('_', ' ')} {value}"
        for name, value in settings.items()
    )
