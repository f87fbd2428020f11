"""What changes in the lists of similar models when a few models are new or have changed.

The lists of the changed models are made anew, against all models. A changed model enters every list that it belongs
to, and a list that has lost a link (to a changed or deleted model) is filled again; every other list stays as it is.
Doing it twice, wholly or in part, ends in the same lists, but that an approximate search may find something better.

Exact: all scores; by cosine the lists of the changed models; whether a changed model belongs to a list that is whole.
Approximate: what fills up the other places by cosine (an inverted file, in a graph above `EXACT_LIMIT`); and by
Jaccard the lists that stay, whose scores hold the weights of facts of the day they were written. A full run makes all
of it anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from etl.jaccard import by_jaccard, nearer_by_jaccard
from graph.neighbours import (
    EXACT_LIMIT,
    Best,
    Found,
    Pairs,
    candidates_by_cosine,
    nearest_by_cosine,
)
from graph.types import FloatArray, IntArray
from graph.vectors import Mask

#: Stored scores are rounded to six digits: what is nearer by less is as near.
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Lists:
    """The stored lists of one method as pairs: `rows[i]` is linked to `others[i]` (-1: no row any more). `wanted`
    (models,) is how long the list of each row may be, `changed` (models,) which rows are new or have changed."""

    rows: IntArray
    others: IntArray
    scores: FloatArray
    wanted: IntArray
    changed: Mask

    def kept(self) -> Mask:
        """Which links stay true: neither end has changed or is gone."""
        return ~self.changed[self.rows] & (self.others >= 0) & ~self.changed[self.others]

    def worn(self) -> Mask:
        """(models,): which unchanged rows have lost a link."""
        lost = np.zeros(len(self.changed), dtype=bool)
        lost[self.rows[~self.kept()]] = True
        return lost & ~self.changed

    def limits(self) -> tuple[FloatArray, Mask]:
        """(models,) each: what the score of a changed model has to exceed to enter the list of a row, infinite where
        the whole list is made anew; and which lists have nothing left."""
        kept, worn = self.kept(), self.worn()
        last = np.full(len(self.changed), np.inf, dtype=np.float32)
        np.minimum.at(last, self.rows[kept], self.scores[kept])
        there = np.bincount(self.rows[kept], minlength=len(last))
        last[~worn & (there < self.wanted)] = 0
        last[self.changed] = np.inf
        return last + np.float32(_ROUNDING), worn & (there == 0)

    def among(self, which: Mask, places: IntArray) -> Pairs:
        """The links of `which` whose rows have a place, by it."""
        which = which & (places[self.rows] >= 0)
        return places[self.rows[which]], self.others[which], self.scores[which]


def join_by_cosine(units: FloatArray, lists: Lists, exact_limit: int = EXACT_LIMIT) -> Found:
    """The lists that change, of `units` (models, d), whose rows have length one."""
    limits, bare = lists.limits()
    most = int(lists.wanted.max(initial=0))
    whole = np.flatnonzero(lists.changed | bare)
    best, (near, who, scores) = nearest_by_cosine(units, whole, most, limits)
    yield from best.found(whole, lists.wanted[whole])
    enters = lists.changed[who]
    near, who, scores = near[enters], who[enters], scores[enters]
    searched = np.flatnonzero(lists.worn() & ~bare)
    filled = np.union1d(searched, near)
    places = np.full(len(units), -1, dtype=np.int64)
    places[filled] = np.arange(len(filled))
    pool = Best.empty(len(filled), most)
    pool.add(lists.among(lists.kept(), places))
    pool.add((places[near], who, scores))
    again, others, _ = lists.among(~lists.kept() & (lists.others >= 0), places)
    pool.add((again, others, np.einsum("nd,nd->n", units[filled[again]], units[others])))
    more = candidates_by_cosine(units, searched, most, exact_limit)
    there = more.others >= 0
    pool.add((places[searched[np.nonzero(there)[0]]], more.others[there], more.scores[there]))
    yield from pool.found(filled, lists.wanted[filled])


def join_by_jaccard(facts: sparse.csr_matrix, weights: FloatArray, lists: Lists) -> Found:
    """The lists that change, of `facts` (models, facts), ones and zeros."""
    limits, _ = lists.limits()
    near = nearer_by_jaccard(facts, weights, np.flatnonzero(lists.changed), limits)
    anew = lists.changed | lists.worn()
    rows = np.union1d(np.flatnonzero(anew), near)
    return _touched(by_jaccard(facts, weights, lists.wanted, rows), anew, lists.changed)


def _touched(found: Found, anew: Mask, changed: Mask) -> Iterator[tuple[int, IntArray, FloatArray]]:
    """Without the lists that only other weights of facts would change."""
    for row, others, scores in found:
        if anew[row] or changed[others].any():
            yield row, others, scores
