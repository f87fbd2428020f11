"""Judgements of methods on links that came after a cut in time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph.errors import BadInput, NotFound
from graph.memory import resident_mb
from graph.slots import NETWORK_METHODS
from hfmrs.build import check_device
from hfmrs.progress import progress
from hfmrs.settings import Settings

if TYPE_CHECKING:
    from gnn.ranking.contest import Judged, Ranking
    from gnn.ranking.groups import InGroup
    from gnn.ranking.measures import Interval
    from graph.database import Database


#: Tasks that the networks answer of which parts can be taken away.
ABLATED = ("built-next", "built-next-cold", "lineage", "dataset")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows for people, the same and more for programs, and what is to be said about them."""

    rows: list[dict[str, Any]]
    whole: list[dict[str, Any]]
    lines: list[str]


def held_out(db: Database, settings: Settings) -> list[dict[str, Any]]:
    """One row a kind of query and method: task, method, pairs and the metrics of `gnn.evaluate.judge`.

    Trains each network anew on the graph before the cut; publishes nothing. Raises `NoDevice`.
    """
    from gnn.training import TrainingSettings, train
    from graph.export import subgraph

    check_device(settings)
    data = subgraph(db, settings.home)
    tables: dict[str, dict[str, dict[str, float]]] = {}
    for method in NETWORK_METHODS:
        with progress(f"Training {method}") as on_progress:
            chosen = TrainingSettings(method=method, seed=settings.seed, device=settings.device)
            trained = train(data, chosen, on_progress=on_progress)
        tables |= trained.metrics["held_out"]
    rows = [{"task": kind, "method": name, **row} for name, table in tables.items() for kind, row in table.items()]
    return sorted(rows, key=lambda row: (row["task"], -row["mrr"]))


def judged(
    db: Database,
    settings: Settings,
    task: str,
    *,
    cut: datetime,
    until: datetime | None = None,
    names: Sequence[str] | None = None,
    seeds: Sequence[int] = (0,),
    export: Path | None = None,
    lists: Path | None = None,
    against: str | None = None,
    by: str | None = None,
    novelty: Sequence[float] | None = None,
    ablate: bool = False,
) -> Table:
    """Methods on the questions of `task`, any but held-out, as of `cut`; see `gnn.ranking`.

    `export`: a file that gets every ranked list as a line of JSON. `lists`: such a file, whose lists are judged instead
    of new ones. `against`: the method that all are compared with; without it, the best. `by`: a row for each group of
    queries or truths, see `gnn.ranking.groups`. `novelty`: strengths of the control of popularity, each a method of its
    own, see `gnn.ranking.novelty`; of built-next only. `ablate`: beside the network gat also what is left of it without
    each of its parts, see `gnn.ranking.ablations`; of the tasks in `ABLATED`. Raises `BadInput` for a method that there
    is not, for lists that do not answer the questions and for a group that they do not have, `NotFound` where the graph
    answers none, and `NoDevice` where networks cannot learn where they are set to.
    """
    from gnn.ranking import exported
    from gnn.ranking.ablations import KNOWN_AS, ablations
    from gnn.ranking.contest import contest, judge
    from gnn.ranking.datasets import dataset_link
    from gnn.ranking.for_model import for_model, model_methods
    from gnn.ranking.groups import by_group, grouping
    from gnn.ranking.lineage import lineage
    from gnn.ranking.linkers import NUMBERS, linkers
    from gnn.ranking.methods import methods
    from gnn.ranking.network import GraphNetwork
    from gnn.ranking.novelty import at_strengths, median_ranks, method_of
    from gnn.ranking.past import as_of
    from gnn.ranking.task import built_first, built_next, history
    from gnn.ranking.tracers import tracers
    from gnn.ranking.traces import TRACES
    from gnn.ranking.tracing import TraceNetwork
    from graph.export import subgraph

    if not lists:
        check_device(settings)
    on = settings.device
    tasks: Mapping[str, tuple[Callable[..., Any], Callable[[], Mapping[str, Callable[[], Any]]]]] = {
        "built-next": (built_next, partial(methods, on)),
        "built-next-cold": (built_first, partial(methods, on)),
        "lineage": (lineage, partial(tracers, on)),
        "dataset": (dataset_link, partial(linkers, on)),
        "for-model": (for_model, partial(model_methods, on)),
    }
    ask, all_methods = tasks[task]
    usual = all_methods()
    networks: Mapping[str, Callable[..., Any]] = {
        "lineage": partial(TraceNetwork, TRACES),
        "dataset": partial(TraceNetwork, NUMBERS),
    }
    network = networks.get(task, GraphNetwork)
    parted = ablations(partial(network, device=on)) if task in ABLATED else {}
    known: Mapping[str, Callable[[], Any]] = {**usual, **parted}
    if novelty is not None:
        known = at_strengths(known, novelty)
    given = exported.read(lists) if lists else {}
    there = {method: None for method, _ in given} if lists else known
    if unknown := [name for name in (*(names or ()), *((against,) if against else ())) if name not in there]:
        raise BadInput(
            f"There is no method {unknown[0]!r} {f'in {lists}' if lists else f'for {task}'}.",
            f"Known are: {', '.join(there)}.",
        )
    wanted = {*(names or (there if lists else usual))}
    if ablate:
        if "gat" not in wanted:
            raise BadInput("Parts are taken away from gat, which is not among the methods.", "Add it: --methods gat,…")
        wanted |= {name for name in parted if KNOWN_AS.get(name) not in wanted}
    chosen = [name for name in there if {name, method_of(name)} & wanted or name == against]
    with ExitStack() as stack:
        on_progress = stack.enter_context(progress("Evaluating"))
        on_progress(0, None, "reading the graph")
        whole = subgraph(db, settings.home)
        past = history(as_of(whole, cut))
        asked = ask(whole, past, until or datetime.now(timezone.utc) + timedelta(days=1))
        del whole
        if not asked.names:
            raise NotFound(
                f"The graph answers no question of {task} with a cut at {cut:%Y-%m-%d}.",
                "Choose another --cut, or load more models: hfmrs load FILE",
            )
        groups = grouping(asked, past, by) if by else None
        held = resident_mb()
        file = stack.enter_context(export.open("w", encoding="utf-8")) if export else None
        rankings: list[Ranking] = []

        def keep(ranking: Ranking) -> None:
            rankings.append(ranking)
            for row in ranking.rows(asked.names) if file else ():
                file.write(json.dumps(row, ensure_ascii=False) + "\n")  # type: ignore[union-attr]

        if lists:
            on_progress(0, None, "judging")
            kept = {key: answers for key, answers in given.items() if key[0] in chosen}
            rankings += exported.rankings(kept, asked.names, lists)
            found = judge(asked, rankings, against)
        else:

            def tell(done: int, text: str) -> None:
                on_progress(done, len(chosen), text)

            found = contest(asked, {name: known[name] for name in chosen}, seeds, keep, tell, against)
        against = against or found[0].method
        grouped = by_group(asked, rankings, groups, against) if groups else []
        controlled = any(name != method_of(name) for name in chosen)
        ranks = median_ranks(rankings, past) if controlled else {}
    about = ", ".join(f"{number:,} {what}" for what, number in asked.about().items())
    lines = [
        f"{about}.",
        f"Δ is the difference to {against}, with a 95 % bootstrap interval over queries.",
    ]
    if groups:
        return Table([_group_row(each) for each in grouped], [asdict(each) for each in grouped], lines)
    if any(each.peak_mb is not None for each in found):
        lines.append(f"Peak MB is of the whole process, which held {held:,.0f} MB before the first method.")
    rows = [_row(each, asked.shown, ranks.get(each.method)) for each in found]
    return Table(rows, [_data(each, ranks.get(each.method)) for each in found], lines)


def _row(each: Judged, shown: Sequence[str], median_rank: float | None) -> dict[str, Any]:
    row: dict[str, Any] = {"method": each.method}
    for name in shown:
        row[name] = f"{each.measures[name]:.3f}" + (f" ± {each.spread[name]:.3f}" if each.seeds > 1 else "")
    row |= _differences(shown[:2], each.against)
    row |= {name: f"{each.measures[name]:.3f}" for name in ("coverage", "gini")}
    row |= {} if median_rank is None else {"median rank": f"{median_rank:g}"}
    row |= {} if each.seconds is None else {"seconds": f"{each.seconds:.1f}"}
    return row | ({} if each.peak_mb is None else {"peak MB": f"{each.peak_mb:.0f}"})


def _group_row(each: InGroup) -> dict[str, Any]:
    row: dict[str, Any] = {"group": each.group, "queries": each.queries, "items": each.items, "method": each.method}
    for name, found in each.intervals.items():
        row[name] = said(found)
    row |= _differences(each.intervals, each.against)
    row |= {} if each.exposure is None else {"exposure": f"{each.exposure:.3f}"}
    return row | {"coverage": f"{each.coverage:.3f}", "gini": f"{each.gini:.3f}"}


def _differences(names: Iterable[str], against: Mapping[str, Interval]) -> dict[str, str]:
    """Of each measure the difference to the method that is compared with; nothing for that itself."""
    found = {name: against.get(name) for name in names}
    return {f"Δ {name}": said(each, "+") if each else "" for name, each in found.items()}


def said(found: Interval, sign: str = "") -> str:
    """A mean with its interval; `sign` "+" for differences."""
    return f"{found.mean:{sign}.3f} ({found.low:{sign}.3f} to {found.high:{sign}.3f})"


def _data(each: Judged, median_rank: float | None) -> dict[str, Any]:
    data = {
        "method": each.method,
        "seeds": each.seeds,
        "measures": dict(each.measures),
        "spread": dict(each.spread),
        "intervals": {name: asdict(found) for name, found in each.intervals.items()},
        "against": {name: asdict(found) for name, found in each.against.items()},
        "seconds": each.seconds,
        "peak MB": None if each.peak_mb is None else round(each.peak_mb),
    }
    return data | ({} if median_rank is None else {"median rank": median_rank})
