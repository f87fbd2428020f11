"""Numbers of pairs of a new model and what it may have been made from, as of a cut."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from gnn.messages import Days
from gnn.ranking.features import WORD, counted, dense, freshness, letters, matrix, places
from gnn.ranking.hindsight import Numbers
from gnn.ranking.lineage import Lineage
from gnn.ranking.methods import decay
from gnn.ranking.past import FACTS, facts_of, owner, title, units
from graph.types import FloatArray, IntArray

#: Days over which a candidate's children are counted; after which a child weighs half in what a candidate's are like.
_WINDOWS, _HALF = (7, 14, 30, 60, 90), 60.0
#: Kinds of facts that are compared each on its own, too.
_KINDS = {"tasks": "Task", "libraries": "Library", "tags": "Tag", "languages": "Language", "licenses": "License"}
#: Days, some minutes: what is younger counts as made at once.
_MOMENT = 0.003
#: How many children's worth the facts of all children weigh beside those of a candidate's (additive smoothing).
_PRIOR = 5.0
#: Earlier models that speak for their base, by how like the new one they are.
_WITNESSES = 50
CANDIDATE_FEATURES = (
    "models made from it",
    *(f"models made from it in {days} days" for days in _WINDOWS),
    *(f"its share of what was made in {days} days" for days in _WINDOWS),
    "authors who built on it in 30 days",
    "days since the last",
    "models made from its owner's in 30 days",
    "models it was made from",
)
PAIR_FEATURES = (
    "age",
    "same owner",
    "made from it by the same author",
    "made from it by the same author, decayed",
    "the last that the author built on",
    "made by the author from its owner's",
    "one of the author's bases was made from it",
    "made from one of the author's bases",
    "letters of both names",
    "words of both names",
    "its words that are in the name",
    "the whole name in the other",
    "words of the name and of its children's names",
    "texts of both",
    "text and texts of its children",
    "facts of both",
    "facts and those of its children",
    *(f"{what} of both" for what in _KINDS),
    "how likely facts are among its children",
    "how likely words of the name are among its children",
    "place by letters",
    "place by its words",
    "made from it: models with texts like this",
    "made from it: the model with the text most like this",
    "made from it: models with names like this",
    "made from it: the model with the name most like this",
    "made from it: models with facts like this",
    "made from it: the model with the facts most like this",
)
NAMES = (*PAIR_FEATURES, *CANDIDATE_FEATURES)
#: By these a candidate stands high, among so many.
_PROPOSE, _DEPTH = (
    (
        "same owner",
        "made from it by the same author, decayed",
        "made by the author from its owner's",
        "letters of both names",
        "words of both names",
        "its words that are in the name",
        "the whole name in the other",
        "texts of both",
        "text and texts of its children",
        "facts and those of its children",
        "how likely facts are among its children",
        "models made from it in 30 days",
        "made from it: models with texts like this",
        "made from it: models with names like this",
        "made from it: models with facts like this",
    ),
    40,
)


class Traces:
    """Raw numbers of a task: of its candidates and their children by what was before the cut, and of new models by all
    that they say."""

    def __init__(self, task: Lineage) -> None:
        past, whole = task.past, task.whole
        names, count, models = whole.nodes["Model"], len(task.candidates), len(whole.nodes["Model"])
        self._born = whole.times["Model"]
        self._candidates, self._names = task.candidates, names
        owners = {name: i for i, name in enumerate(whole.nodes["Author"])}
        model, author = whole.edges["Model", "PUBLISHED_BY", "Author"]
        self._author = np.full(models, -1, dtype=np.int64)
        self._author[model] = author
        self._owner = np.array([owners.get(owner(names[row]), -1) for row in task.candidates.tolist()])
        place = np.full(models, -1, dtype=np.int64)
        place[task.candidates] = np.arange(count)
        child, base = whole.edges["Model", "BASED_ON", "Model"]
        old = self._born[child] < past.cut
        child, base = child[old], place[base[old]]
        age = past.cut - self._born[child]
        self._made = matrix(decay(age, _HALF), base, child, (count, models))
        signed = self._author[child] >= 0
        whom = self._author[child[signed]], base[signed]
        shape = (len(owners), count)
        self._built = matrix(np.ones(int(signed.sum())), *whom, shape)
        self._lately = matrix(decay(age[signed], _HALF), *whom, shape)
        self._last = self._last_bases(*whom, age[signed], shape)
        held = self._owner >= 0
        self._held = matrix(np.ones(int(held.sum())), np.flatnonzero(held), self._owner[held], (count, len(owners)))
        inside = place[child] >= 0
        self._parents = matrix(np.ones(int(inside.sum())), place[child[inside]], base[inside], (count, count))
        facts = {label: facts_of(whole, past.data, [label]) for label in FACTS}
        self._facts = units(sparse.hstack(list(facts.values())).tocsr())
        self._kinds = [units(facts[label]) for label in _KINDS.values()]
        self._texts = units(whole.features["Model"])
        self._fact_profiles = self._facts[task.candidates], units(self._made @ self._facts)
        children = matrix(np.ones(len(child)), base, child, (count, models))
        self._likely_facts = _Likelihood(children, self._facts > 0, task.candidates)
        self._text_profiles = self._texts[task.candidates], units(self._made @ self._texts)
        self._witnesses, self._witnessed_base = child, base
        self._read_names(set(past.data.nodes["Model"]))
        self._all_words = CountVectorizer(token_pattern=WORD, binary=True, dtype=np.float32)
        self._all_words.fit([title(names[row]) for row in np.unique(child).tolist()])
        rows = np.union1d(child, task.candidates)
        words = self._all_words.transform([title(names[row]) for row in rows.tolist()])
        self._likely_words = _Likelihood(children[:, rows], words, np.searchsorted(rows, task.candidates))
        self._of_candidates = self._counts(base, age, child)

    def of(self, children: IntArray) -> FloatArray:
        """(children, candidates, NAMES); children by their rows in the whole graph."""
        shape = (len(children), len(self._candidates))
        made = np.empty((*shape, len(NAMES)), np.float32)
        made[:, :, len(PAIR_FEATURES) :] = self._of_candidates
        for column, values in enumerate(self._columns(children)):
            made[:, :, column] = values
        return made

    def _columns(self, children: IntArray) -> Iterator[FloatArray]:
        """In the order of PAIR_FEATURES."""
        age = self._born[children][:, None] - self._born[self._candidates][None, :]
        yield -np.log(np.maximum(np.nan_to_num(age, nan=1_000.0), 0.0) + _MOMENT)
        author = self._author[children]
        yield ((author[:, None] == self._owner[None, :]) & (author >= 0)[:, None]).astype(np.float32)
        known = sparse.diags((author >= 0).astype(np.float32))
        rows, lately, last = (known @ each[author] for each in (self._built, self._lately, self._last))
        yield np.log1p(dense(rows))
        yield np.log1p(dense(lately))
        yield dense(last)
        yield np.log1p(dense(rows @ self._held @ self._held.T))
        yield np.log1p(dense(rows @ self._parents))
        yield np.log1p(dense(rows @ self._parents.T))
        titles = [title(self._names[child]) for child in children.tolist()]
        spelt = self._letters.transform(titles)
        alike = dense(spelt @ self._letters_of.T)
        yield alike
        words = self._words.transform(titles)
        yield dense(words @ self._words_of.T)
        said = (words > 0).astype(np.float32)
        inside = dense(said @ self._shares.T)
        yield inside
        yield np.array([[name in mine for name in self._titles] for mine in titles], np.float32)
        yield dense(words @ self._word_profiles.T)
        yield from (self._texts[children] @ profile.T for profile in self._text_profiles)
        facts = self._facts[children]
        yield from (dense(facts @ profile.T) for profile in self._fact_profiles)
        yield from (dense(each[children] @ each[self._candidates].T) for each in self._kinds)
        yield self._likely_facts.of(facts > 0)
        yield self._likely_words.of(self._all_words.transform(titles))
        yield from (places(each) for each in (alike, inside))
        yield from self._witnessed(self._texts[children] @ self._texts[self._witnesses].T)
        yield from self._witnessed(dense(spelt @ self._letters_of_witnesses.T))
        yield from self._witnessed(dense(facts @ self._facts[self._witnesses].T))

    def _witnessed(self, alike: FloatArray) -> Iterator[FloatArray]:
        """`alike` (children, witnesses) -> (children, candidates): how much the most like speak for each candidate
        together, and the most like alone."""
        count = min(_WITNESSES, alike.shape[1])
        best = np.argpartition(-alike, count - 1, axis=1)[:, :count] if count else np.zeros((len(alike), 0), np.int64)
        values = np.take_along_axis(alike, best, axis=1)
        rows = np.repeat(np.arange(len(alike)), count), self._witnessed_base[best].ravel()
        for add, how in ((np.add, values**2), (np.maximum, values)):
            found = np.zeros((len(alike), len(self._candidates)), np.float32)
            add.at(found, rows, how.ravel())
            yield found

    def _read_names(self, known: set[str]) -> None:
        """Vocabularies are of names that were there before the cut."""
        self._titles = [title(self._names[row]) for row in self._candidates.tolist()]
        rows = self._candidates.tolist()
        before = [text for text, row in zip(self._titles, rows, strict=True) if self._names[row] in known]
        self._letters = letters()
        self._letters.fit(before)
        self._letters_of = self._letters.transform(self._titles)
        self._letters_of_witnesses = self._letters.transform([title(self._names[m]) for m in self._witnesses.tolist()])
        self._words = TfidfVectorizer(token_pattern=WORD, dtype=np.float32)
        self._words.fit(before)
        self._words_of = self._words.transform(self._titles)
        sums = np.asarray(self._words_of.sum(axis=1)).ravel()
        self._shares = (sparse.diags((1 / np.maximum(sums, 1e-9)).astype(np.float32)) @ self._words_of).tocsr()
        models = np.unique(self._made.indices)
        spoken = self._words.transform([title(self._names[model]) for model in models.tolist()])
        self._word_profiles = units(self._made[:, models] @ spoken)

    def _counts(self, base: IntArray, age: Days, child: IntArray) -> FloatArray:
        count = len(self._candidates)
        month = np.bincount(base[age <= 30], minlength=count)
        signed = (age <= 30) & (self._author[child] >= 0)
        authors = np.unique(np.stack([base[signed], self._author[child[signed]]]), axis=1)[0]
        of_owner = np.bincount(self._owner + 1, month)[self._owner + 1] - month
        columns = counted(base, age, _WINDOWS, count)
        columns += [np.log1p(np.bincount(authors, minlength=count)), freshness(base, age, count)]
        columns += [np.log1p(np.where(self._owner >= 0, of_owner, 0)), np.log1p(np.diff(self._parents.indptr))]
        return np.stack(columns, axis=1).astype(np.float32)

    def _last_bases(self, author: IntArray, base: IntArray, age: Days, shape: tuple[int, int]) -> sparse.csr_matrix:
        """(authors, candidates): ones at the base of each author's newest model that has one."""
        order = np.lexsort((age, author))
        first = np.r_[True, np.diff(author[order]) > 0] if len(order) else np.zeros(0, bool)
        newest = order[first]
        return matrix(np.ones(len(newest)), author[newest], base[newest], shape)


class _Likelihood:
    """How much likelier things (facts, words) are among a candidate's children than among all: naive Bayes with a
    multinomial that is smoothed by what all children have (Jelinek and Mercer, 1980), of presence only. A candidate is
    a child of itself, so that one without children is not without all."""

    def __init__(self, children: sparse.csr_matrix, held: sparse.csr_matrix, candidates: IntArray) -> None:
        """`children` (candidates, models): ones; `held` (models, things): ones; `candidates`: their rows."""
        held = held.astype(np.float32)
        counts = (children @ held + held[candidates]).tocoo()
        everyone = np.asarray(children.sum(axis=0)).ravel() > 0
        usual = (np.asarray(held[everyone].sum(axis=0)).ravel() + 1.0) / (everyone.sum() + 2.0)
        gains = np.log1p(counts.data / (_PRIOR * usual[counts.col])).astype(np.float32)
        self._gains = sparse.csr_matrix((gains, (counts.row, counts.col)), shape=counts.shape)
        self._losses = np.log1p((np.asarray(children.sum(axis=1)).ravel() + 1.0) / _PRIOR).astype(np.float32)

    def of(self, held: sparse.csr_matrix) -> FloatArray:
        """`held` (queries, things) -> (queries, candidates)."""
        held = held.astype(np.float32)
        many = np.asarray(held.sum(axis=1), dtype=np.float32)
        return np.asarray(dense(held @ self._gains.T) - many * self._losses[None, :], dtype=np.float32)


TRACES = Numbers(NAMES, frozenset(CANDIDATE_FEATURES), Traces, _PROPOSE, _DEPTH)
