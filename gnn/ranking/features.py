"""Numbers of items, of authors, and of pairs of both, as of a history: what trees and networks see beside messages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from gnn.messages import Days
from gnn.ranking.linear import EASE, ItemKNN
from gnn.ranking.methods import Method, decay
from gnn.ranking.past import facts_of, owner, title, units
from gnn.ranking.task import History
from graph.types import FloatArray, IntArray

#: Days over which an item's builds are counted.
WINDOWS = (7, 14, 30, 60, 90, 180)
#: Days after which a build weighs half in what an author or a base is like; and a model in what its author is like.
_HALF_BUILD, _HALF_OWN = 60.0, 120.0
ITEM_FEATURES = (
    "authors who built on it",
    *(f"authors who built on it in {days} days" for days in WINDOWS),
    *(f"its share of what was built in {days} days" for days in WINDOWS),
    "models made from it in 30 days",
    "days since the last",
    "age",
    "builds on its owner's models in 30 days",
    "bases it was made from",
)
AUTHOR_FEATURES = (
    "bases",
    "bases in 30 days",
    "bases in 90 days",
    "days since the last base",
    "models",
    "days since the last model",
    "age of bases when they built on them",
    "how much others built on their bases",
)
PAIR_FEATURES = (
    "EASE",
    "EASE, decayed",
    "ItemKNN, decayed",
    "place by EASE, decayed",
    "place by ItemKNN, decayed",
    "bases of the same owner",
    "bases of the same owner, decayed",
    "made from one of their bases",
    "one of their bases was made from it",
    "made from what one of their bases was made from",
    "merged with one of their bases",
    "made from a model of theirs",
    "facts of their models and of models made from it",
    "facts of their models and its own",
    "texts of their models and of models made from it",
    "texts of their models and its own",
    "words in names of their models",
    "words in names of their bases",
)
#: Of a pair all numbers, those of both ends too.
NAMES = (*PAIR_FEATURES, *ITEM_FEATURES, *AUTHOR_FEATURES)
WORD = r"[a-z]+|\d+(?:\.\d+)*[a-z]?"


class Features:
    """Raw numbers as of `past`. Authors are rows of the graph's authors, whether they had built on something or not.

    `items`: (items, ITEM_FEATURES), counts and days as logarithms. `built`: (authors, items), ones where an author had
    built on an item.
    """

    def __init__(self, past: History) -> None:
        self._past = past
        self._methods: list[Method] = [EASE(300.0), EASE(half_life=90), ItemKNN(half_life=90)]
        for each in self._methods:
            each.fit(past, 0)
        data, count = past.data, len(past.items)
        models, authors = len(data.nodes["Model"]), len(data.nodes["Author"])
        self._known = np.full(authors, -1, dtype=np.int64)
        self._known[past.author_rows[: past.builders]] = np.arange(past.builders)
        pairs = past.author_rows[past.author], past.item
        self.built = matrix(np.ones(len(past.author)), *pairs, (authors, count))
        self._lately = matrix(decay(past.ages, _HALF_BUILD), *pairs, (authors, count))
        model, author = data.edges["Model", "PUBLISHED_BY", "Author"]
        # A model without a date counts as old.
        self._age = np.nan_to_num(past.cut - data.times["Model"], nan=1_000.0)
        self._own = matrix(decay(self._age[model], _HALF_OWN), author, model, (authors, models))
        child, base = data.edges["Model", "BASED_ON", "Model"]
        item = np.full(models, -1, dtype=np.int64)
        item[past.item_rows] = np.arange(count)
        of = item[base] >= 0
        self._made = matrix(decay(self._age[child[of]], _HALF_BUILD), item[base[of]], child[of], (count, models))
        of = item[child] >= 0
        self._from = matrix(np.ones(int(of.sum())), item[child[of]], base[of], (count, models))
        owners, self._owner = np.unique([owner(each) for each in past.items], return_inverse=True)
        self._held = matrix(np.ones(count), np.arange(count), self._owner, (count, len(owners)))
        facts = units(facts_of(data, data))
        self._facts, self._texts = facts, data.features["Model"]
        self._fact_profiles = units(self._made @ facts), facts[past.item_rows]
        self._text_profiles = units(self._made @ self._texts), units(self._texts[past.item_rows])
        self._vocabulary = TfidfVectorizer(token_pattern=WORD, dtype=np.float32, sublinear_tf=True)
        self._words = self._vocabulary.fit_transform([title(each) for each in past.items])
        self._kin = list(self._kinships())
        self.items = self._of_items()
        self._of_author = self._of_authors()
        self._last: tuple[bytes, FloatArray] | None = None

    def authors(self, rows: IntArray) -> FloatArray:
        """(authors, AUTHOR_FEATURES), counts and days as logarithms."""
        return np.asarray(self._of_author[rows])

    def pairs(self, rows: IntArray) -> FloatArray:
        """(authors, items, PAIR_FEATURES), not to be written to: what was asked last is kept, because networks, trees
        and their explanations ask for the same authors in turn."""
        key = rows.tobytes()
        if self._last is None or self._last[0] != key:
            made = np.zeros((len(rows), len(self._past.items), len(PAIR_FEATURES)), np.float32)
            for column, values in enumerate(self._columns(rows)):
                made[:, :, column] = values
            made.setflags(write=False)
            self._last = key, made
        return self._last[1]

    def column(self, rows: IntArray, name: str) -> FloatArray:
        """(authors, items): one of the numbers of pairs; (1, items): one of those of items."""
        if name in PAIR_FEATURES:
            return np.asarray(self.pairs(rows)[:, :, PAIR_FEATURES.index(name)])
        return np.asarray(self.items[None, :, ITEM_FEATURES.index(name)])

    def chosen(self, rows: IntArray, items: IntArray) -> FloatArray:
        """(authors, k, NAMES) of `items` (authors, k)."""
        author = np.repeat(np.arange(len(rows)), items.shape[1])
        return self._of(rows, author, items.ravel()).reshape(*items.shape, len(NAMES))

    def marked(self, rows: IntArray, marks: npt.NDArray[np.bool_]) -> FloatArray:
        """(marked, NAMES) of the items marked, `marks` (authors, items)."""
        return self._of(rows, *marks.nonzero())

    def _of(self, rows: IntArray, author: IntArray, item: IntArray) -> FloatArray:
        """(pairs, NAMES), of pairs of an `author`, a place in `rows`, and an `item`."""
        pairs, authors = self.pairs(rows), self.authors(rows)
        return np.concatenate([pairs[author, item], self.items[item], authors[author]], axis=1)

    def _columns(self, rows: IntArray) -> Iterator[FloatArray]:
        """In the order of PAIR_FEATURES."""
        known = self._known[rows]
        scores = [np.zeros((len(rows), len(self._past.items)), np.float32) for _ in self._methods]
        for each, found in zip(self._methods, scores, strict=True):
            found[known >= 0] = each.scores(known[known >= 0])
        yield from scores
        yield from (places(each) for each in scores[1:])
        built, lately, own = self.built[rows], self._lately[rows], self._own[rows]
        for each in (built, lately):
            yield np.log1p(dense(each @ self._held)[:, self._owner])
        yield from (np.log1p(dense(lately @ kin)) for kin in self._kin)
        yield np.log1p(dense((own > 0).astype(np.float32) @ self._from.T))
        facts, texts = units(own @ self._facts), units(own @ self._texts)
        yield from (dense(facts @ profile.T) for profile in self._fact_profiles)
        yield from (texts @ profile.T for profile in self._text_profiles)
        yield dense(units(self._words_of(own)) @ self._words.T)
        yield dense(units(lately @ self._words) @ self._words.T)

    def _words_of(self, own: sparse.csr_matrix) -> sparse.csr_matrix:
        """(authors, words): what the names of their models are made of; `own` (authors, models)."""
        models = np.unique(own.indices)
        names = self._past.data.nodes["Model"]
        words = self._vocabulary.transform([title(names[model]) for model in models.tolist()])
        return own[:, models] @ words

    def _kinships(self) -> Iterator[sparse.csr_matrix]:
        """(items, items) each: for a base of an author what speaks for another item."""
        parents = self._from[:, self._past.item_rows]
        yield parents.T.tocsr()
        yield parents
        yield _without_self(self._from @ self._from.T)
        roots = self._made.sqrt()
        together = _without_self(roots @ roots.T)
        lengths = sparse.diags(1 / np.sqrt(1 + np.asarray(self._made.sum(axis=1)).ravel()))
        yield (lengths @ together @ lengths).tocsr()

    def _of_items(self) -> FloatArray:
        past, count = self._past, len(self._past.items)
        month = np.bincount(past.item[past.ages <= 30], minlength=count)
        rows, _ = self._made.nonzero()
        made = np.bincount(rows[self._age[self._made.indices] <= 30], minlength=count)
        columns = counted(past.item, past.ages, WINDOWS, count)
        columns += [np.log1p(made), freshness(past.item, past.ages, count)]
        columns += [-np.log1p(np.maximum(self._age[past.item_rows], 0.0))]
        columns += [np.log1p(np.bincount(self._owner, month)[self._owner] - month)]
        columns += [np.log1p(np.diff(self._from.indptr))]
        return np.stack(columns, axis=1).astype(np.float32)

    def _of_authors(self) -> FloatArray:
        past, count = self._past, len(self._known)
        author = past.author_rows[past.author]
        model, publisher = past.data.edges["Model", "PUBLISHED_BY", "Author"]
        counts = [np.bincount(author[past.ages <= days], minlength=count) for days in (np.inf, 30, 90)]
        ever = np.log1p(np.bincount(past.item, minlength=len(past.items)))
        fresh = np.log1p(np.maximum(np.nan_to_num(past.day - past.created[past.item], nan=365.0), 0.0))
        weights = decay(past.ages, _HALF_BUILD)
        whole = np.maximum(np.bincount(author, weights, minlength=count), 1e-9)
        columns = [np.log1p(each) for each in counts]
        columns += [freshness(author, past.ages, count), np.log1p(np.bincount(publisher, minlength=count))]
        columns += [freshness(publisher, self._age[model], count)]
        columns += [np.bincount(author, weights * each, minlength=count) / whole for each in (fresh, ever[past.item])]
        return np.stack(columns, axis=1).astype(np.float32)


_made: dict[History, Features] = {}


def features_of(past: History) -> Features:
    """The numbers as of `past`, made once for networks and trees. Only those of one history are kept, and gone before
    others are made: in a large graph they are gigabytes."""
    if past not in _made:
        _made.clear()
        _made[past] = Features(past)
    return _made[past]


def letters() -> TfidfVectorizer:
    """Reads names as runs of two to four letters within words."""
    return TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, dtype=np.float32)


def matrix(values: npt.NDArray[Any], rows: IntArray, columns: IntArray, shape: tuple[int, int]) -> sparse.csr_matrix:
    return sparse.csr_matrix((values.astype(np.float32), (rows, columns)), shape=shape)


def counted(rows: IntArray, ages: Days, windows: Sequence[int], count: int) -> list[Days]:
    """Of each of `count` rows, as logarithms: how often it occurs, how often in the last days of each of `windows`, and
    its shares of these."""
    ever = np.bincount(rows, minlength=count)
    recent = [np.bincount(rows[ages <= days], minlength=count) for days in windows]
    shares = [np.log(each / max(int(each.sum()), 1) + 1e-4) for each in recent]
    return [*(np.log1p(each) for each in (ever, *recent)), *shares]


def freshness(rows: IntArray, ages: Days, count: int) -> Days:
    """Of each of `count` rows the smallest of its `ages`, as a logarithm, the higher the fresher."""
    least = np.full(count, 1e4)
    np.minimum.at(least, rows, ages)
    return np.asarray(-np.log1p(least))


def dense(matrix: sparse.csr_matrix) -> FloatArray:
    return np.asarray(matrix.toarray(), dtype=np.float32)


def _without_self(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    return (matrix - sparse.diags(matrix.diagonal())).tocsr()


def places(scores: FloatArray) -> FloatArray:
    """(authors, items): where an item stands in an author's list, as a logarithm, the higher the better."""
    order = np.argsort(-scores, axis=1, kind="stable")
    found = np.empty(scores.shape, np.float32)
    places = -np.log1p(np.arange(scores.shape[1], dtype=np.float32))
    np.put_along_axis(found, order, np.broadcast_to(places, scores.shape), axis=1)
    return found
