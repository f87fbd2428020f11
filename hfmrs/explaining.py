"""Are the reasons true? What is served, explained in several ways, and what the whole network makes of that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from graph.errors import NotBuilt, NotFound
from graph.recommend import recommend
from graph.sides import RunSides, not_published, read_models
from hfmrs.build import check_device, learned_from
from hfmrs.evaluation import said
from hfmrs.progress import Report, progress
from hfmrs.settings import Settings

if TYPE_CHECKING:
    from gnn.explanations.fidelity import Fidelity, Measure
    from gnn.explanations.naming import Pair
    from gnn.training import Trained
    from graph.database import Database
    from graph.score import Side
    from graph.types import Subgraph

#: A model is drawn from the first so many of a list that is so long: the others are its rivals.
K, LIST = 10, 20
#: How many are drawn unless something else is said.
PAIRS = 200


@dataclass(frozen=True, slots=True)
class Explained:
    """`rows`: a method of naming facts each; `measures`: what else is measured of the reasons, for people; `whole`:
    both, for programs; `lines`: what is to be said about them."""

    rows: list[dict[str, Any]]
    measures: list[dict[str, Any]]
    whole: dict[str, Any]
    lines: list[str]


def explanations(
    db: Database, settings: Settings, *, method: str = "gat", pairs: int = PAIRS, seeds: Sequence[int] = (0,)
) -> Explained:
    """Judges the reasons for `pairs` recommendations of the network in service; see `gnn.explanations`.

    Pairs, and what is random, are drawn by the first of `seeds`. For each seed that is not that of the network in
    service a network is trained, and not published, to see whether it gives the same reasons. Raises `NotBuilt` where
    no network of `method` is in service, `NotFound` where its weights are gone or nothing is recommended, and
    `NoDevice` where networks cannot learn where they are set to.
    """
    from gnn import store
    from gnn.explanations.computation import Computation, Whole
    from gnn.explanations.fidelity import goals, judge, links_of, name_all, overlap
    from gnn.explanations.leaving import agreement, leaving
    from gnn.explanations.soundness import sound, soundness
    from gnn.placing import place
    from graph.export import subgraph

    current = {row["method"]: row for row in db.read("publish/current")}.get(method)
    if current is None:
        raise not_published(method)
    trained = store.load(settings.runs / current["run"].split(".")[0])
    own = int(trained.settings["seed"])
    if others := [seed for seed in dict.fromkeys(seeds) if seed != own]:
        check_device(settings)
    with progress("Explaining") as tell:
        tell(0, None, "reading the graph")
        data = subgraph(db, settings.home)
        networks = {own: trained}
        for seed in others:
            networks[seed] = _trained(db, settings, method, seed, tell)
        whole = Whole(data, current["asOf"])
        placed = {seed: RunSides(place(networks[seed], data, as_of=current["asOf"])) for seed in others}
        asked = _served(db, data, method, pairs, seeds[0])
        if not asked:
            raise NotFound(f"The {method} network recommends nothing.", "Load more models: hfmrs load FILE")
        named, sums, left, overlaps, judged = [], [], [], [], []
        for number, (pair, rivals) in enumerate(asked):
            tell(number, len(asked), "pairs")
            computation = Computation(trained, whole, pair.ids)
            sums.append(sound(pair, computation))
            left.append(leaving(trained, whole, pair, rivals, K))
            found = name_all(pair, computation, seeds[0])
            if not found:
                continue
            judged.append(pair)
            named.append(found)
            if others:
                links = [{name: each.links for name, each in found.items()}]
                for seed in others:
                    query, item = (placed[seed].of(id) for id in pair.ids)
                    weights = networks[seed].scores["model"]
                    again = replace(pair, query=query, item=item, weights=weights)
                    links.append(links_of(again, Computation(networks[seed], whole, pair.ids), seed))
                overlaps.append({name: overlap([each[name] for each in links]) for name in found})
        if not named:
            raise NotFound("No reason that is shown first names a fact.", "Load more models: hfmrs load FILE")
    stability = {name: float(np.mean([each[name] for each in overlaps])) for name in named[0]} if others else {}
    rows = judge(judged, named, stability)
    measures = [*goals(rows), *soundness(sums), *agreement(left, K)]
    lines = [
        f"{len(judged)} recommendations by {trained.id}, of seed {own}, among {len(data.nodes['Model']):,} models.",
        f"{len(asked) - len(judged)} more are left out: no reason that is shown first names a link.",
        "Δ is the difference to the reasons, with a 95 % bootstrap interval over recommendations.",
    ]
    whole_table = {"methods": [asdict(each) for each in rows], "measures": [asdict(each) for each in measures]}
    return Explained([_row(each) for each in rows], [_measure(each) for each in measures], whole_table, lines)


def _trained(db: Database, settings: Settings, method: str, seed: int, tell: Report) -> Trained:
    """A network like the one in service, but for the seed."""
    from gnn.training import TrainingSettings, train

    return train(
        learned_from(db, settings),
        TrainingSettings(method=method, seed=seed, device=settings.device),
        on_progress=lambda done, total, text: tell(done, total, f"seed {seed}: {text}"),
    )


def _served(db: Database, data: Subgraph, method: str, most: int, seed: int) -> list[tuple[Pair, list[Side]]]:
    """At most so many models of the run in service, drawn by `seed`, each with one of its list, drawn too, and with the
    others of that list."""
    from gnn.explanations.naming import Pair

    random = np.random.default_rng(seed)
    found: list[tuple[Pair, list[Side]]] = []
    for row in random.permutation(len(data.nodes["Model"])).tolist():
        if len(found) == most:
            break
        query = data.nodes["Model"][row]
        try:
            served = recommend(db, [query], method=method, k=LIST, reasons="none").recommendations
        except NotBuilt:  # it came after the run
            continue
        if not served:
            continue
        best = served[:K]
        item = best[int(random.integers(len(best)))].model.id
        sides = read_models(db, method, [query, *(each.model.id for each in served)])
        pair = Pair(
            query=sides.of(query),
            item=sides.of(item),
            known=sides.known,
            terms=sides.service.terms,
            weights=sides.service.weights["model"],
            threshold=best[-1].score,
            number=len(found),
        )
        found.append((pair, [sides.of(each.model.id) for each in served if each.model.id != item]))
    return found


def _row(each: Fidelity) -> dict[str, Any]:
    return {
        "method": each.method,
        "deletion": said(each.dropped),
        "Δ deletion": _difference(each, "dropped"),
        "× random": f"{each.times_random['dropped']:.1f}",
        "of the item's": said(each.of_item),
        "Δ of the item's": _difference(each, "of_item"),
        "× random, item's": f"{each.times_random['of_item']:.1f}",
        "sufficiency": said(each.lost),
        "Δ sufficiency": _difference(each, "lost"),
        "stability": "" if each.stability is None else f"{each.stability:.2f}",
        "facts": each.distinct,
        "most frequent": f"{100 * each.most:.0f} %",
        "ms": f"{1000 * each.seconds:.3g}",
    }


def _measure(each: Measure) -> dict[str, Any]:
    met = {None: "", True: "yes", False: "no"}[each.met]
    return {
        "of the reasons": each.name,
        "value": f"{each.value:.0f}" if each.value >= 100 else f"{each.value:.2g}",
        "goal": each.goal,
        "met": met,
    }


def _difference(each: Fidelity, what: str) -> str:
    """To the reasons; of themselves there is none."""
    return said(each.against[what], "+") if each.against else ""
