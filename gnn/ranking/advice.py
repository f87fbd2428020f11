"""What authors are advised to build on next: the best additive method, fitted as of now, each score in a few shares."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import numpy as np

from gnn.messages import builds
from gnn.ranking.ensemble import Together
from gnn.ranking.features import AUTHOR_FEATURES, NAMES, WINDOWS, Features, features_of
from gnn.ranking.methods import OUTSIDE, Additive, blocks
from gnn.ranking.network import BOTH, GraphNetwork
from gnn.ranking.past import moment_of, part
from gnn.ranking.rerank import Reranker
from gnn.ranking.task import History, TooLittle, history
from gnn.ranking.trees import COMMON, Trees
from graph.advice import ADVICE_NUMBERS, ADVICE_REASONS, Advice, AdviceList
from graph.slots import ADVICE_METHOD
from graph.stages import OnProgress
from graph.types import FloatArray, IntArray, Subgraph

#: Bases kept of an author: more than are shown, so that some are left where filters and variants take others away.
KEPT = 40
#: A history of fewer pairs is learned from over a whole year instead of its last months, in fewer steps.
SMALL = 5_000
_YEAR = 365.0
#: So many pairs in the last year, and before it, are the least that is learned from.
LEAST, LEAST_BEFORE = 50, 100

#: Which numbers of `features` and which parts of methods a reason is made of.
PARTS: Mapping[str, tuple[str, ...]] = {
    "network": (BOTH,),
    "builders": (
        "EASE",
        "EASE, decayed",
        "ItemKNN, decayed",
        "place by EASE, decayed",
        "place by ItemKNN, decayed",
    ),
    "popularity": (
        "authors who built on it",
        *(f"authors who built on it in {days} days" for days in WINDOWS),
        *(f"its share of what was built in {days} days" for days in WINDOWS),
        "models made from it in 30 days",
    ),
    "freshness": ("days since the last", "age"),
    "owner": ("bases of the same owner", "bases of the same owner, decayed", "builds on its owner's models in 30 days"),
    "lineage": (
        "made from one of their bases",
        "one of their bases was made from it",
        "made from what one of their bases was made from",
        "made from a model of theirs",
        "bases it was made from",
    ),
    "merges": ("merged with one of their bases",),
    "kin": (
        "facts of their models and of models made from it",
        "facts of their models and its own",
        "texts of their models and of models made from it",
        "texts of their models and its own",
        "words in names of their models",
        "words in names of their bases",
    ),
    "common": (COMMON, *AUTHOR_FEATURES),
}


def _count(values: FloatArray) -> FloatArray:
    return np.asarray(np.rint(np.expm1(values)))


def _days(values: FloatArray) -> FloatArray:
    return np.asarray(np.expm1(-values))


def _place(values: FloatArray) -> FloatArray:
    return np.asarray(np.rint(np.expm1(-values)) + 1)


def _any(values: FloatArray) -> FloatArray:
    return np.asarray(values > 0, dtype=np.float32)


def _plain(values: FloatArray) -> FloatArray:
    return values


#: The numbers that are told, from those of `features`, most of which are logarithms.
_TOLD: Mapping[str, tuple[str, Callable[[FloatArray], FloatArray]]] = {
    "place": ("place by EASE, decayed", _place),
    "authors": ("authors who built on it", _count),
    "authors_30d": ("authors who built on it in 30 days", _count),
    "days_since": ("days since the last", _days),
    "owner_bases": ("bases of the same owner", _count),
    "owner_30d": ("builds on its owner's models in 30 days", _count),
    "made_from_base": ("made from one of their bases", _any),
    "base_made_from_it": ("one of their bases was made from it", _any),
    "siblings": ("made from what one of their bases was made from", _any),
    "made_from_own": ("made from a model of theirs", _any),
    "merged": ("merged with one of their bases", _any),
    "facts": ("facts of their models and of models made from it", _plain),
    "texts": ("texts of their models and of models made from it", _plain),
    "names": ("words in names of their models", _plain),
    "bases": ("bases", _count),
    "bases_30d": ("bases in 30 days", _count),
}


def advise(data: Subgraph, *, seed: int = 0, on_progress: OnProgress = lambda done, total, text: None) -> Advice:
    """Lists for all authors of `data` (the whole graph, without a cut) who have built on a base of somebody else: at
    most `KEPT` bases of others each that they have not built on.

    Learns before it returns; the lists are made as they are read, a block of authors at a time. Raises `TooLittle`.
    """
    on_progress(0, None, "learning what authors build on")
    models, past = len(data.nodes["Model"]), up_to_now(data)
    del data  # which is large, and not held while learning
    method = method_for(past)
    method.fit(past, seed)
    created = datetime.now(timezone.utc)
    return Advice(
        id=f"{ADVICE_METHOD}-{created:%Y%m%d-%H%M%S-%f}",
        method=ADVICE_METHOD,
        created_at=created,
        as_of=moment_of(past.cut),
        models=models,
        bases=len(past.items),
        authors=past.authors,
        lists=_lists(past, method),
        settings={"seed": seed},
    )


def up_to_now(data: Subgraph) -> History:
    """The history in `data`, the whole graph, as of its newest model. Raises `TooLittle`."""
    times = data.times["Model"]
    if np.isnan(times).all():
        raise TooLittle("no model has a date")
    cut = moment_of(float(np.nanmax(times))) + timedelta(seconds=1)
    return history(replace(of_builders(data), cut=cut))


def of_builders(data: Subgraph) -> Subgraph:
    """Of the whole graph what says something about building: the models of authors who have built on something, every
    base and all that was made from it. At 760,000 models this is a third of them."""
    model, author = data.edges["Model", "PUBLISHED_BY", "Author"]
    child, base = data.edges["Model", "BASED_ON", "Model"]
    builder = np.zeros(len(data.nodes["Author"]), bool)
    builder[builds(data)[0]] = True
    return part(data, np.unique(np.concatenate([model[builder[author]], child, base])))


def method_for(past: History) -> Additive:
    """The method with its usual settings; for a small history fewer moments, far apart, and fewer trees. Raises
    `TooLittle`, saying of what."""
    year = int((past.ages <= _YEAR).sum())
    before = len(past.ages) - year
    if year < LEAST or before < LEAST_BEFORE:
        raise TooLittle(
            f"authors first built on {before:,} bases of others before the last year and on {year:,} in it; "
            f"{LEAST_BEFORE} and {LEAST} are needed"
        )
    if len(past.ages) >= SMALL:
        return Together([(1.0, GraphNetwork), (1.0, Reranker)])
    return Together(
        [
            (1.0, lambda: GraphNetwork(moments=6, step=60.0)),
            (1.0, lambda: Reranker(moments=6, step=60.0, trees=Trees(rounds=100))),
        ]
    )


def _lists(past: History, method: Additive) -> Iterator[AdviceList]:
    built, features = past.matrix(), features_of(past)
    publisher = np.full(len(past.data.nodes["Model"]), -1, dtype=np.int64)
    published = past.data.edges["Model", "PUBLISHED_BY", "Author"]
    publisher[published[0]] = published[1]
    owners = publisher[past.item_rows]
    # (names, reasons): which share counts for which reason.
    groups = np.array([[name in PARTS[reason] for reason in ADVICE_REASONS] for name in method.names], np.float64)
    for authors in blocks(np.arange(len(past.authors))):
        rows = past.author_rows[authors]
        scores = np.array(method.scores(authors))
        scores[built[authors].nonzero()] = OUTSIDE
        scores[owners[None, :] == rows[:, None]] = OUTSIDE
        best = np.argsort(-scores, axis=1, kind="stable")[:, :KEPT]
        kept = np.take_along_axis(scores, best, axis=1)
        shares = (method.shares(authors, best) @ groups).astype(np.float32)
        numbers = _numbers(past, features, rows, best)
        for place, author in enumerate(authors.tolist()):
            inside = int((kept[place] > OUTSIDE).sum())  # they stand first
            if inside:
                models = tuple(past.items[item] for item in best[place, :inside].tolist())
                values = (each[place, :inside] for each in (kept, shares, numbers))
                yield AdviceList(past.authors[author], models, *values)


def _numbers(past: History, features: Features, rows: IntArray, items: IntArray) -> FloatArray:
    """(authors, k, ADVICE_NUMBERS) of `items` (authors, k)."""
    raw = features.chosen(rows, items)
    told = {each: plain(raw[:, :, NAMES.index(name)]) for each, (name, plain) in _TOLD.items()}
    # In the feature a base without a date counts as old.
    told["age"] = np.nan_to_num(past.cut - past.created[items], nan=-1.0)
    return np.stack([told[name] for name in ADVICE_NUMBERS], axis=2).astype(np.float32)
