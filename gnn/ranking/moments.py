"""What is learned from: moments before a cut, each with what was known then and what came true after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from gnn.ranking.features import PAIR_FEATURES, Features, features_of
from gnn.ranking.methods import blocks
from gnn.ranking.sampling import beside
from gnn.ranking.task import MOST_BASES, History, TooLittle, earlier
from gnn.ranking.trees import Marks, proposed
from graph.types import FloatArray, IntArray

#: Authors of a moment, at most; of each, how many stand high by each of the numbers below, and how many others are
#: drawn beside them.
_ASKED, _DEPTH, _OTHERS = 1_500, 100, 200
_PROPOSED_BY = (
    "EASE, decayed",
    "ItemKNN, decayed",
    "bases of the same owner, decayed",
    "words in names of their bases",
    "authors who built on it in 14 days",
    "authors who built on it in 60 days",
)
#: Authors by whom pair features are scaled, at most.
_SCALED_BY = 500


class Scaled:
    """Features in units of their deviation, so that moments at which more or less was built are alike.

    `items`: (items, ITEM_FEATURES).
    """

    def __init__(self, past: History) -> None:
        self._raw = features_of(past)
        self.items = _standard(self._raw.items, self._raw.items)
        known = past.author_rows[: past.builders]
        self._known = self._raw.authors(known)
        some = known[:: max(1, len(known) // _SCALED_BY)]
        squares, there = np.zeros(len(PAIR_FEATURES)), np.zeros(len(PAIR_FEATURES))
        for rows in blocks(some):
            found = (self._raw.pairs(rows) ** 2).astype(np.float64)
            squares, there = squares + found.sum((0, 1)), there + (found > 1e-12).sum((0, 1))
        # Over what is not zero: most pairs have nothing to do with each other.
        means = squares / np.maximum(there, 1)
        self.units = np.sqrt(np.where(means > 0, means, 1.0)).astype(np.float32)

    def authors(self, rows: IntArray) -> FloatArray:
        """(authors, AUTHOR_FEATURES): against authors who had built on something; from -3 to 3."""
        return np.clip(_standard(self._raw.authors(rows), self._known), -3, 3)

    def pairs(self, rows: IntArray) -> FloatArray:
        """(authors, items, PAIR_FEATURES), see `squeezed`."""
        return squeezed(self._raw.pairs(rows), self.units)

    def chosen(self, rows: IntArray, items: IntArray) -> FloatArray:
        """(authors, k, PAIR_FEATURES) of `items` (authors, k)."""
        return squeezed(np.take_along_axis(self._raw.pairs(rows), items[:, :, None], axis=1), self.units)


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """What was known on the day `start` (since 1970), and what came true after it.

    `authors`, `items`: names. `builders` (authors,): who had built on something. `author_features`, `item_features`:
    (authors, ·), (items, ·), raw; `scaled`: the same by `Scaled`, with `units` of pair features.
    Of each pair: `asked` (pairs,), its author, ascending; `column` (pairs,), its item; `numbers` (pairs,
    PAIR_FEATURES), raw, in half precision; `true`, whether the author built on it; `likely`, whether it stands high by
    some number; `stands_for`, the logarithm of how many items it stands for. No author had built on an item of theirs.
    """

    start: float
    authors: tuple[str, ...]
    items: tuple[str, ...]
    builders: Marks
    author_features: FloatArray
    item_features: FloatArray
    scaled: tuple[FloatArray, FloatArray]
    units: FloatArray
    asked: IntArray
    column: IntArray
    numbers: npt.NDArray[np.float16]
    true: Marks
    likely: Marks
    stands_for: FloatArray


@lru_cache(maxsize=1)
def moments(past: History, count: int, step: float, ahead: float) -> Sequence[Moment]:
    """`count` moments, `step` days apart, the last of them `ahead` days before the cut; the same for every method that
    asks. Raises `TooLittle` where nothing came true."""
    random = np.random.default_rng(0)
    made = [_moment(past, then, end, random) for then, end in earlier(past, count, step, ahead)]
    found = [each for each in made if each is not None]
    if not found:
        raise TooLittle()
    return found


def squeezed(pairs: FloatArray, units: FloatArray) -> FloatArray:
    """Raw features of pairs (·, PAIR_FEATURES) in their `units`, as logarithms, as few are very large."""
    values = pairs / units
    sizes = np.abs(values)
    return np.asarray(np.copysign(np.log1p(sizes, out=sizes), values, out=sizes))


def likely(features: Features, rows: IntArray) -> Marks:
    """(authors, items): marks what stands high by one of a few of the numbers, of what an author has not built on."""
    marks = proposed([features.column(rows, name) for name in _PROPOSED_BY], _DEPTH)
    marks[features.built[rows].nonzero()] = False
    return marks


def _moment(past: History, then: History, end: float, random: np.random.Generator) -> Moment | None:
    authors, true = _came_true(past, then, end)
    if not len(authors):
        return None
    builders = np.isin(authors, then.authors)
    # Those who had built on something first: they are what is asked about, and the fewer.
    kept = np.sort(np.lexsort((random.permutation(len(authors)), ~builders))[:_ASKED])
    authors, builders, true = [authors[i] for i in kept.tolist()], builders[kept], [true[i] for i in kept.tolist()]
    index = {name: i for i, name in enumerate(then.data.nodes["Author"])}
    rows = np.array([index[name] for name in authors], dtype=np.int64)
    scaled, features = Scaled(then), features_of(then)
    parts = []
    for block in blocks(np.arange(len(rows))):
        marks = likely(features, rows[block])
        right = np.zeros(marks.shape, bool)
        for place, author in enumerate(block.tolist()):
            right[place, true[author]] = True
        allowed = np.ones(marks.shape, bool)
        allowed[features.built[rows[block]].nonzero()] = False
        row, column, stands_for = beside(marks | right, allowed, _OTHERS, random)
        pairs = features.pairs(rows[block])[row, column].astype(np.float16)
        parts.append((block[row], column, pairs, right[row, column], marks[row, column], stands_for))
    asked, column, pairs, right, marks, stands_for = (np.concatenate(each) for each in zip(*parts, strict=True))
    return Moment(
        then.cut,
        tuple(authors),
        then.items,
        builders,
        features.authors(rows),
        features.items,
        (scaled.authors(rows), scaled.items),
        scaled.units,
        asked,
        column,
        pairs,
        right,
        marks,
        stands_for,
    )


def _came_true(past: History, then: History, until: float) -> tuple[list[str], list[list[int]]]:
    """Authors who were there at `then`, whether they had built on something or not, and the items that they built on
    for the first time until `until`. Who builds on very many is left out."""
    items = {name: i for i, name in enumerate(then.items)}
    there = set(then.data.nodes["Author"])
    inside = (past.day >= then.cut) & (past.day < until)
    inside &= (np.bincount(past.author) <= MOST_BASES)[past.author]
    found: dict[str, list[int]] = {}
    for author, item in zip(past.author[inside].tolist(), past.item[inside].tolist(), strict=True):
        name, base = past.authors[author], items.get(past.items[item], -1)
        if base >= 0 and name in there:
            found.setdefault(name, []).append(base)
    authors = sorted(found)
    return authors, [found[name] for name in authors]


def _standard(values: FloatArray, among: FloatArray) -> FloatArray:
    """Each column of `values` (rows, columns) less the mean of `among`, in units of its deviation."""
    return np.asarray((values - among.mean(0)) / (among.std(0) + 1e-6), dtype=np.float32)
