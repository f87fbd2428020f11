"""Trained networks in the home: which there are, how two differ, and a report on each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph import stages
from graph.errors import BadInput, HfmrsError, NotFound
from hfmrs.reporting import save
from hfmrs.settings import Settings

if TYPE_CHECKING:
    from gnn.record import Record
    from graph.database import Database

#: The report in a run's folder.
REPORT = "report.html"
#: How many ids an error names.
_NAMED = 10
#: What a network is asked, in the order of the columns; "all" is over the links of every kind.
KINDS = ("all", "model", "author", "dataset")


def all_runs(settings: Settings) -> tuple[list[Record], list[HfmrsError]]:
    """Every trained network, newest first, and what is wrong with those that cannot be read."""
    from gnn import record

    found, wrong = [], []
    for file in settings.runs.glob(f"[!.]*/{record.FILE}"):
        try:
            found.append(record.read(file.parent))
        except HfmrsError as error:
            wrong.append(error)
    return sorted(found, key=lambda each: each.created_at, reverse=True), wrong


def find(settings: Settings, id: str) -> Record:
    """The network whose id is or begins with `id`; that of a published run may be given as well.

    Raises `NotFound` where there is none and `BadInput` where there are several, both naming what there is.
    """
    runs, _ = all_runs(settings)
    start = id.split(".")[0]  # what is in service is named after the network, a dot, and the graph it placed
    found = [each for each in runs if start and each.id.startswith(start)]
    if exact := [each for each in found if each.id == start]:
        return exact[0]
    if not runs:
        raise NotFound(f"There is no run in {settings.runs}.", "Train one: hfmrs build")
    if not found:
        raise NotFound(f"There is no run {id!r}.", f"There are: {_names(runs)}.")
    if len(found) > 1:
        raise BadInput(f"More than one run begins with {id!r}.", f"Write one of them: {_names(found)}.")
    return found[0]


def _names(runs: Sequence[Record]) -> str:
    more = f" and {len(runs) - _NAMED} more (hfmrs runs list)" if len(runs) > _NAMED else ""
    return ", ".join(each.id for each in runs[:_NAMED]) + more


def in_service(db: Database) -> set[str]:
    """Ids of the networks that answer now."""
    return {row["run"].split(".")[0] for row in db.read("publish/current")}


def row(run: Record, serving: set[str]) -> dict[str, Any]:
    """One line of the list; None where the run does not tell."""
    return {
        "id": run.id,
        "method": run.method,
        "created": run.created_at,
        **_figures(run),
        **{f"MRR {kind}": value for kind, value in _mrr(run).items()},
        "in service": run.id in serving,
    }


def _figures(run: Record) -> dict[str, Any]:
    seconds = run.metrics.get("seconds")
    return {
        "epochs": len(run.metrics.get("curve") or ()) or None,
        "seconds": None if seconds is None else round(seconds),
        "peak MB": run.metrics.get("peak_mb"),
    }


def _mrr(run: Record) -> dict[str, float | None]:
    """Of the network on held-out links, by kind of query."""
    kinds = _held_out(run)
    every = run.metrics.get("overall_mrr", {}).get(run.method)
    return {kind: every if kind == "all" else kinds.get(kind, {}).get("mrr") for kind in KINDS}


def _held_out(run: Record) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = run.metrics.get("held_out", {}).get(run.method, {})
    return found


def compared(a: Record, b: Record) -> list[dict[str, Any]]:
    """What differs in their settings, then their measures side by side: part, what, a, b, difference (b less a)."""
    rows = []
    for name in dict.fromkeys((*a.settings, *b.settings)):
        ours, theirs = a.settings.get(name), b.settings.get(name)
        if ours != theirs:
            rows.append(_beside("settings", name, ours, theirs))
    ours, theirs = (dict(_measures(each)) for each in (a, b))
    rows += [_beside(*key, ours.get(key), theirs.get(key)) for key in dict.fromkeys((*ours, *theirs))]
    return rows


def same_links(a: Record, b: Record) -> bool:
    """Whether both were judged by the same held-out links, so that their measures may be compared."""

    def links(run: Record) -> object:
        return run.metrics.get("held_out_from_day"), {kind: each["pairs"] for kind, each in _held_out(run).items()}

    return links(a) == links(b)


def _measures(run: Record) -> Iterator[tuple[tuple[str, str], Any]]:
    """((part, name), value) of what the run tells."""
    for name, value in _figures(run).items():
        if value is not None:
            yield ("training", name), value
    if curve := run.metrics.get("curve"):
        yield ("training", "last loss"), curve[-1]["loss"]
        yield ("training", "best MRR"), max(each["mrr"] for each in curve)
    yield ("held out, all", "mrr"), _mrr(run)["all"]
    for kind in KINDS[1:]:
        for name, value in _held_out(run).get(kind, {}).items():
            yield (f"held out, {kind}", name), int(value) if name == "pairs" else value


def _beside(part: str, what: str, a: Any, b: Any) -> dict[str, Any]:
    numbers = all(isinstance(each, int | float) and not isinstance(each, bool) for each in (a, b))
    return {"part": part, "what": what, "a": a, "b": b, "difference": b - a if numbers else None}


def write_report(run: Record, file: Path) -> None:
    """Writes how `run` was trained and how good it became as one HTML file. Raises `BadInput` where it cannot."""
    from web.service import RunInfo
    from web.training import page

    text = page(RunInfo(run.method, run.id, run.created_at, run.metrics), run.settings)
    save({file: text}, "Name another file with --output.")


def remove(db: Database, settings: Settings, run: Record) -> None:
    """Takes `run` off the disk. Raises `BadInput` where it is in service or the next build would put it there."""
    trained = stages.get(db, "train")
    if run.id in in_service(db) or (trained and run.id in trained.summary.split(", ")):
        raise BadInput(f"{run.id} is in service or next to be.", "Publish another one first: hfmrs runs publish ID")
    shutil.rmtree(settings.runs / run.id)
