"""Puts a run into service: writes the free slot, stores links and reasons for the most used models, then switches.

Readers see the run before or the new one, never half: all that is written lies in the free slot or carries the new
run's id until `Current` is moved. `extend` adds newcomers to the run in service instead.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import numpy as np

from graph import comparable
from graph.database import Database
from graph.drafts import Facts
from graph.neighbours import Joined, Told, candidates_by_cosine, places
from graph.reasons import first, stored
from graph.score import CANDIDATES, cosines, score
from graph.sides import RunSides
from graph.slots import FORM, Slot
from graph.types import FACT_LABELS, FloatArray, IntArray, NodeVectors, Run, ScoreWeights

#: Called with (rows done, rows in all, what is written).
Progress = Callable[[int, int, str], None]

#: Models with stored recommendations: one in so many, the most downloaded ones, and no more than that; and how many
#: recommendations each, variants of one model counted once. All others are answered on demand.
STORED_ONE_IN = 10
STORED_MODELS = 5000
STORED_LINKS = 20
#: Models with the highest terms, which are candidates for every author.
BUILT_UPON = 100
_RECENT = timedelta(days=90)
#: So many times as many as are wanted are sought, since some of them are not comparable, and once more where few are
#: left; of so many models at once it is decided which.
_SOUGHT, _DEEPER, _AT_ONCE = 2, 10, 50_000

_KEYS = {"Model": "id", **{label: key for label, (_, key) in FACT_LABELS.items()}}


def publish(
    db: Database,
    run: Run,
    *,
    made_from: Mapping[str, str] | None = None,
    stored_models: int | None = None,
    on_progress: Progress | None = None,
) -> Slot:
    """Writes `run` and puts it into service for its method, unless it is there already; returns its slot.

    `made_from`: of models, what `publish/made_from` said before the run was made. `stored_models`: for how many models
    recommendations are stored, instead of the usual share. Interrupted, it leaves the run before in service.
    """
    if stored_models is None:
        stored_models = min(STORED_MODELS, len(run.vectors["Model"].keys) // STORED_ONE_IN)
    current = _current(db, run.method)
    if current and current["run"] == run.id:
        return Slot(run.method, current["slot"])
    slot = Slot(run.method, current["slot"]).other if current else Slot(run.method, "A")
    _forget(db, run.method, current["run"] if current else "")
    known = db.read("publish/in_slot", method=run.method, slot=slot.letter)
    ids = [row["id"] for row in db.read("publish/most_used", limit=stored_models)]
    total = sum(len(table.keys) for table in run.vectors.values()) + len(ids)
    tell = on_progress or (lambda done, total, what: None)
    db.prepare("keys")  # a graph of before knows less of what is stored beside its records
    # An index is made over the whole slot much sooner than it is kept up to date while the slot is written.
    db.drop_index(slot.index)
    for label, table in run.vectors.items() if known else ():
        _clear(db, slot, label, table)
    kinds, likely = comparable.of_all(db, run.vectors["Model"].keys)
    near = nearest(run, kinds, lambda done, total: tell(done, total, f"{run.method}: comparing models"))
    done = _write(db, run, slot, made_from or {}, likely, lambda rows, what: tell(rows, total, what), near)
    tell(done, total, f"{run.method}: indexing vectors")
    db.prepare("vectors")
    db.write("publish/run", id=run.id, properties={**_about(run, slot), "storedFor": ids})
    links = _links(db, run, ids, near, lambda models: tell(done + models, total, f"{run.method}: links and reasons"))
    db.write_rows("publish/recommends", links)
    db.write("publish/switch", method=run.method, run=run.id, slot=slot.letter)
    _forget(db, run.method, run.id)
    return slot


def extend(db: Database, run: Run, *, made_from: Mapping[str, str], on_progress: Progress | None = None) -> Slot | None:
    """Adds the nodes of `run` to what is in service for its method, each at once and over what it had before; returns
    the slot, None where nothing is in service.

    Their bases' counts are brought up to date, and their stored recommendations go: they are answered on demand.
    """
    current = _current(db, run.method)
    if not current:
        return None
    slot = Slot(run.method, current["slot"])
    models = run.vectors["Model"].keys
    total = sum(len(table.keys) for table in run.vectors.values())
    tell = on_progress or (lambda done, total, what: None)
    db.write("publish/run", id=current["run"], properties={"extended": True})
    db.write_rows("publish/forget_of", ({"id": id_} for id_ in models), method=run.method)
    built = db.read("publish/built_on", ids=list(models), since=run.as_of - _RECENT)
    counts = ({"key": row["base"], "properties": {slot.counts: [row["built_on"], row["recently"]]}} for row in built)
    db.write_rows("publish/vectors/Model", counts)
    likely = comparable.likely_of(db, models)
    # The models last: each carries the mark that it is placed.
    _write(db, run, slot, made_from, likely, lambda rows, what: tell(rows, total, what))
    return slot


def _current(db: Database, method: str) -> dict[str, Any] | None:
    return {row["method"]: row for row in db.read("publish/current")}.get(method)


def nearest(run: Run, kinds: comparable.Kinds, on_progress: Told) -> IntArray:
    """(models, up to `CANDIDATES`): who lies nearest to each model by network and text together and is comparable with
    it as `kinds` say, the best by score first, -1 where there are fewer; in a large graph found through an inverted
    file. `on_progress` hears how far it is, of how much."""
    models, weights = run.vectors["Model"], run.weights["model"]
    scale, text = max(weights.scale, 0.0), max(weights.text, 0.0)
    units = Joined((models.embedding, scale), (models.texts, text))
    rows = np.arange(len(units))
    kept = np.full((len(units), min(CANDIDATES, len(units) - 1)), -1, dtype=np.int64)
    scores = np.full(kept.shape, -np.inf, dtype=np.float32)
    terms = _brought(run, weights)
    for times in (_SOUGHT, _DEEPER):
        sought = min(times * CANDIDATES, len(units) - 1)
        near = candidates_by_cosine(units, rows, sought, among=kinds.used, on_progress=on_progress)
        for start in range(0, len(rows), _AT_ONCE):
            some, found = rows[start : start + _AT_ONCE], near.others[start : start + _AT_ONCE]
            row, place = np.nonzero(found >= 0)
            allowed = kinds.comparable(some[row], found[row, place])
            row, place = row[allowed], place[allowed]
            turn = places(row)
            first = turn < kept.shape[1]
            row, place, turn = row[first], place[first], turn[first]
            others = found[row, place]
            kept[some[row], turn] = others
            scores[some[row], turn] = near.scores[start + row, place] * (scale + text) + terms[others]
        del near  # before as much is found again
        rows = np.flatnonzero((kept >= 0).sum(axis=1) < min(STORED_LINKS, kept.shape[1]))
        rows = rows[~kinds.silent[rows]]
        if not len(rows) or sought == len(units) - 1:
            break
    return np.take_along_axis(kept, np.argsort(-scores, axis=1, kind="stable"), axis=1)


def _write(
    db: Database,
    run: Run,
    slot: Slot,
    made_from: Mapping[str, str],
    likely: Sequence[str | None],
    tell: Callable[[int, str], object],
    near: IntArray | None = None,
) -> int:
    """Writes the run's vectors and the `likely` tasks of its models, these last, and says how many nodes they are.
    Without `near` models lose what was nearest to them."""
    done = 0
    for label in sorted(run.vectors, key=lambda label: label == "Model"):
        table = run.vectors[label]
        db.write_rows(
            f"publish/vectors/{label}",
            _vector_rows(slot, label, table, made_from, likely, near),
            on_batch=lambda rows, before=done, label=label: tell(before + rows, f"{run.method}: {label} vectors"),  # type: ignore[misc]
        )
        done += len(table.keys)
    return done


def _about(run: Run, slot: Slot) -> dict[str, Any]:
    weights = {
        name: value
        for kind, each in run.weights.items()
        for name, value in (
            (f"{kind}Scale", each.scale),
            (f"{kind}Text", each.text),
            (f"{kind}Weights", [each.terms.get(term, 0.0) for term in run.terms]),
        )
    }
    return {
        "method": run.method,
        "slot": slot.letter,
        "form": FORM,
        "extended": None,
        "createdAt": run.created_at,
        "asOf": run.as_of,
        "heads": run.heads,
        "terms": list(run.terms),
        "models": len(run.vectors["Model"].keys),
        "settings": json.dumps(dict(run.settings)),
        "metrics": json.dumps(dict(run.metrics)),
        "authorBuiltUpon": _built_upon(run, run.weights["author"]),
        **weights,
    }


def _built_upon(run: Run, weights: ScoreWeights) -> list[str]:
    """The models whose counts alone bring most."""
    models, brought = run.vectors["Model"], _brought(run, weights)
    best = np.lexsort((np.arange(len(brought)), -brought))[:BUILT_UPON]
    return [models.keys[i] for i in best.tolist() if brought[i] > 0]


def _brought(run: Run, weights: ScoreWeights) -> FloatArray:
    """(models,): what the terms add to the score of each."""
    numbers = np.array([weights.terms.get(term, 0.0) for term in run.terms], dtype=np.float32)
    return np.asarray(np.log1p(run.vectors["Model"].counts) @ numbers)


def _vector_rows(
    slot: Slot,
    label: str,
    table: NodeVectors,
    made_from: Mapping[str, str],
    likely: Sequence[str | None],
    near: IntArray | None,
) -> Iterator[dict[str, Any]]:
    """Other labels than Model and Author are never a query or an item: they only send, so only that is stored."""
    answers = label in ("Model", "Author")
    numbers: Iterable[int] = range(len(table.keys))
    if (
        label == "Model" and made_from
    ):  # in the order in which the database has them: the pages of one are the next one's
        index = {key: i for i, key in enumerate(table.keys)}
        first = [index.pop(key) for key in made_from if key in index]
        numbers = [*first, *index.values()]
    for i in numbers:
        key = table.keys[i]
        properties: dict[str, Any] = {slot.projected: table.projected[i].tolist()}
        if answers or label == "Dataset":
            properties[slot.embedding] = table.embedding[i].tolist()
        if answers:
            properties[slot.neighbours] = ["|".join(neighbour) for neighbour in table.neighbours[i]]
            properties[slot.attention] = table.attention[i].ravel().tolist()
        if label == "Model":
            properties[slot.counts] = table.counts[i].tolist()
            properties[slot.incoming] = table.incoming[i].ravel().tolist() or None
            properties |= {"placedFrom": made_from.get(key), "likelyTask": likely[i]}
            found = [] if near is None else near[i].tolist()
            properties[slot.nearest] = [table.keys[other] for other in found if other >= 0] or None
        yield {"key": key, "properties": properties}


def _clear(db: Database, slot: Slot, label: str, table: NodeVectors) -> None:
    """Removes the slot's vectors from nodes that the new run does not know."""
    found = db.read("publish/keys_in_slot", label=label, key=_KEYS[label], property=slot.projected)
    stale = {row["key"] for row in found} - set(table.keys)
    kept = (slot.embedding, slot.projected, slot.neighbours, slot.attention, slot.incoming, slot.counts, slot.nearest)
    nothing = dict.fromkeys(kept)
    db.write_rows(f"publish/vectors/{label}", ({"key": key, "properties": nothing} for key in sorted(stale)))


def _links(
    db: Database, run: Run, ids: list[str], near: IntArray, on_model: Callable[[int], None]
) -> Iterator[dict[str, Any]]:
    """The best of those nearest to each of `ids`, by `graph.score`, with the reasons shown first."""
    models = run.vectors["Model"]
    index = {key: i for i, key in enumerate(models.keys)}
    sides = RunSides(run)
    known = _facts(db, run)
    weights = run.weights["model"]
    rows = [index[id_] for id_ in ids if id_ in index]
    among = [models.keys[row] for row in np.unique(near[rows]).tolist() if row >= 0]
    names = {row["id"]: row["nameKey"] for row in db.read("recommend/kinds", ids=among)}
    for number, i in enumerate(rows):
        on_model(number)
        proposed = near[i][near[i] >= 0]
        closeness = cosines(models.texts[i], models.texts[proposed])
        vectors, counts = models.embedding[proposed], models.counts[proposed]
        scores = score(models.embedding[i], vectors, counts, closeness, run.terms, weights)
        best = np.lexsort((proposed, -scores))
        best = best[: _holding([names.get(key) or key for key in (models.keys[row] for row in proposed[best])])]
        for rank, (other, value) in enumerate(zip(proposed[best].tolist(), scores[best].tolist(), strict=True), 1):
            query, item = (sides.of(models.keys[row]) for row in (i, other))
            reasons = first(query, item, terms=run.terms, weights=weights, known=known)
            yield {
                "model": models.keys[i],
                "recommended": models.keys[other],
                "method": run.method,
                "run": run.id,
                "score": value,
                "rank": rank,
                "reasons": json.dumps([stored(reason) for reason in reasons]),
            }


def _holding(names: Sequence[str]) -> int:
    """How many of the first `names` hold `STORED_LINKS` different ones, and none besides."""
    seen: set[str] = set()
    for number, name in enumerate(names):
        seen.add(name)
        if len(seen) > STORED_LINKS:
            return number
    return len(names)


def _facts(db: Database, run: Run) -> Facts:
    degrees = {
        (label, row["key"]): row["degree"]
        for label, (_, key) in FACT_LABELS.items()
        for row in db.read("publish/degrees", label=label, key=key)
    }
    built_on = run.vectors["Model"].counts[:, run.terms.index("built_on")]
    degrees |= {("Model", key): int(n) for key, n in zip(run.vectors["Model"].keys, built_on, strict=True)}
    relations = {(row["child"], row["base"]): row["relation"] for row in db.read("publish/relations")}
    return Facts(degrees, len(run.vectors["Model"].keys), relations, run.as_of)


def _forget(db: Database, method: str, kept: str) -> None:
    """Takes away the recommendations that other runs than `kept` have stored."""
    for row in db.read("publish/stored", method=method):
        if row["run"] != kept:
            db.write_rows("publish/forget", ({"id": id_} for id_ in row["ids"]), run=row["run"])
            db.write("publish/run", id=row["run"], properties={"storedFor": None})
