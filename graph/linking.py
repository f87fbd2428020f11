"""SIMILAR_TO as it is stored: what there is, and what has to change to make it what it should be.

Only the difference is written, so a run that was killed goes on where it was. A link writes on the pages of both its
models. In the order of importance these lie anywhere, and each link would cost two pages; so links are written block
by block, from one range of the database to another, which is ten times as quick at 760,000 models.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from graph import snapshot, stages
from graph.database import Database
from graph.types import FloatArray, IntArray

#: Links of one transaction, about; and models of a range at most: the pages of two ranges have to fit into memory.
_LINKS, _MODELS = 10_000, 50_000
#: Scores are stored with so many decimals.
DECIMALS = 6

#: The stage that names the state of the links, and what stands there while all of them are being written.
STAGE, BEGUN = "similar links", "begun"
_KEPT = "similar"


@dataclass(frozen=True, slots=True)
class Links:
    """Links of one method, (n,) each: from `source` to `target` (numbers of models), `score` and `rank` (from 1)."""

    source: IntArray
    target: IntArray
    score: FloatArray
    rank: IntArray

    def __len__(self) -> int:
        return len(self.source)

    def __getitem__(self, chosen: Any) -> Links:
        return Links(self.source[chosen], self.target[chosen], self.score[chosen], self.rank[chosen])

    def lists(self) -> Iterator[tuple[int, Links]]:
        """Each model and its links, of links that lie model by model."""
        bounds = np.flatnonzero(np.r_[True, np.diff(self.source) != 0, True]) if len(self) else self.source
        for start, end in pairwise(bounds.tolist()):
            yield int(self.source[start]), self[start:end]

    def and_(self, more: Links) -> Links:
        """These and `more`."""
        return Links(
            np.concatenate([self.source, more.source]),
            np.concatenate([self.target, more.target]),
            np.concatenate([self.score, more.score]),
            np.concatenate([self.rank, more.rank]),
        )

    @classmethod
    def of(cls, lists: Iterator[tuple[int, IntArray, FloatArray]]) -> Links:
        """From (model, others, scores), best first."""
        rows, others, scores, sizes = [], [], [], []
        for row, found, values in lists:
            rows.append(row)
            others.append(found)
            scores.append(values)
            sizes.append(len(found))
        ranks = [np.arange(1, size + 1) for size in sizes]
        return cls(
            np.repeat(np.array(rows, dtype=np.int64), sizes),
            np.concatenate([np.zeros(0, np.int64), *others]).astype(np.int64),
            np.round(np.concatenate([np.zeros(0, np.float32), *scores]), DECIMALS).astype(np.float32),
            np.concatenate([np.zeros(0, np.int64), *ranks]).astype(np.int64),
        )


NOTHING = Links(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32), np.zeros(0, np.int64))


@dataclass(frozen=True, slots=True)
class Stored:
    """What there is. `names`: all models by number, those of before first; `place[i]`: where model i lies in the
    database, as a number in its order; `links` by method."""

    names: Sequence[str]
    place: IntArray
    links: Mapping[str, Links]

    def by(self, method: str) -> Links:
        return self.links.get(method, NOTHING)


def stored(db: Database, ids: Sequence[str], home: Path | None = None) -> Stored:
    """All links there are. The models `ids` keep their numbers; others, which were deleted on the Hub, come after.

    Where `home` holds what `done` left there, and nothing was written since, that is read.
    """
    recorded = stages.get(db, STAGE)
    kept = snapshot.load(home, _KEPT, recorded.fingerprint) if recorded else None
    return _unpacked(kept, ids) if kept else _read(db, ids)


def begin(db: Database, *, everything: bool) -> None:
    """Notes that links are going to be written: from here on only the database knows them. `everything`: until `done`,
    a run over a few models would not do."""
    stages.record(db, STAGE, BEGUN if everything else secrets.token_hex(8), 0.0, "links are being written")


def done(db: Database, home: Path | None, now: Stored) -> None:
    """Notes that all links are written, and keeps in `home` what there is `now`."""
    state = secrets.token_hex(8)
    arrays: dict[str, Any] = {"names": now.names, "place": now.place, "methods": list(now.links)}
    for method, links in now.links.items():
        for column in fields(Links):
            values = getattr(links, column.name)
            # Half the bytes: there are millions of links, and far fewer than 2^31 models.
            arrays[method + column.name] = values.astype(np.int32) if values.dtype == np.int64 else values
    snapshot.save(home, _KEPT, state, arrays)
    stages.record(db, STAGE, state, 0.0, f"of {len(now.names):,} models")


def _unpacked(kept: snapshot.Arrays, ids: Sequence[str]) -> Stored:
    before = snapshot.names(kept["names"])
    index = {id_: number for number, id_ in enumerate(ids)}
    others = (name for name in before if name not in index)
    index.update((name, number) for number, name in enumerate(others, len(ids)))
    number = np.array([index[name] for name in before], dtype=np.int64)
    # Newcomers lie where the database ends.
    place = np.arange(len(index), dtype=np.int64) + len(index)
    place[number] = kept["place"]
    links = {}
    for method in snapshot.names(kept["methods"]):
        source, target, score, rank = (kept[method + column.name] for column in fields(Links))
        links[method] = Links(number[source], number[target], score, rank.astype(np.int64))
    return Stored(list(index), place, links)


def _read(db: Database, ids: Sequence[str]) -> Stored:
    names = list(ids)
    index = {id_: number for number, id_ in enumerate(names)}
    place: dict[int, int] = {}
    found: dict[str, list[tuple[int, int, float, int]]] = {}

    def number(name: str) -> int:
        if name not in index:
            index[name] = len(names)
            names.append(name)
        return index[name]

    for position, row in enumerate(db.stream("similar/links")):
        if row["id"] not in index and not row["links"]:
            continue
        model = number(row["id"])
        place[model] = position
        for method, other, score, rank in row["links"]:
            found.setdefault(method, []).append((model, number(other), score, rank))
    links = {}
    for method in list(found):
        source, target, score, rank = zip(*found.pop(method), strict=True)
        links[method] = Links(np.array(source), np.array(target), np.array(score, dtype=np.float32), np.array(rank))
    return Stored(names, np.array([place.get(i, 0) for i in range(len(names))], dtype=np.int64), links)


def replace(db: Database, method: str, there: Stored, new: Links, on_progress: Callable[[int, int], object]) -> int:
    """Makes the links of one method what `new` says, and returns how many links were written.

    `on_progress` hears how many changes are made, of how many.
    """
    old, ids, place, count = there.by(method), there.names, there.place, len(there.names)
    before, after = old.source * count + old.target, new.source * count + new.target
    order = np.argsort(before)
    at = np.searchsorted(before, after, sorter=order)
    at = order[np.minimum(at, len(order) - 1)] if len(order) else np.zeros(len(after), dtype=np.int64)
    same = before[at] == after if len(order) else np.zeros(len(after), dtype=bool)
    moved = np.zeros(len(after), dtype=bool)
    moved[same] = (old.rank[at[same]] != new.rank[same]) | ~np.isclose(
        old.score[at[same]], new.score[same], rtol=0, atol=2 * 10.0**-DECIMALS
    )
    gone = old[~np.isin(before, after)]
    # What is new comes first: a list of a killed run is too long, and not too short, which nobody would notice later.
    work = (("similar/link", new[~same]), ("similar/score", new[moved]), ("similar/unlink", gone))
    total, done = sum(len(links) for _, links in work), 0
    for statement, links in work:
        for block in _blocks(links, place):
            db.write_rows(statement, _rows(links[block], ids), batch_rows=2 * _LINKS, method=method)
            done += len(block)
            on_progress(done, total)
    return int((~same).sum())


def _blocks(links: Links, place: IntArray) -> Iterator[IntArray]:
    """Numbers of links that lead from one range of the database to another, some `_LINKS` each."""
    if not len(links):
        return
    last = int(place.max()) + 1
    ranges = max(1, round((len(links) / _LINKS) ** 0.5), -(-last // _MODELS))
    width = -(-last // ranges)
    block = place[links.source] // width * ranges + place[links.target] // width
    order = np.lexsort((links.rank, place[links.source], block))
    bounds = np.flatnonzero(np.r_[True, np.diff(block[order]) > 0, True])
    for start, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        for first in range(start, end, 2 * _LINKS):
            yield order[first : min(end, first + 2 * _LINKS)]


def _rows(links: Links, ids: Sequence[str]) -> Iterator[dict[str, Any]]:
    """A map for each model of some links that lie model by model."""
    for source, part in links.lists():
        columns = zip(part.target.tolist(), part.score.tolist(), part.rank.tolist(), strict=True)
        yield {
            "id": ids[source],
            "links": [{"id": ids[o], "score": round(score, DECIMALS), "rank": rank} for o, score, rank in columns],
        }
