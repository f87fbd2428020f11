"""Neighbours against brute force: the same scores, the first among equals, none of a model itself."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from etl.jaccard import by_jaccard, nearer_by_jaccard
from etl.similar import how_many
from graph.neighbours import Best, Joined, by_cosine, candidates_by_cosine, nearest_by_cosine


def clustered(rows: int, seed: int = 0) -> np.ndarray:  # type: ignore[type-arg]
    random = np.random.default_rng(seed)
    centres = random.normal(size=(40, 32))
    points = centres[random.integers(0, 40, rows)] + 0.4 * random.normal(size=(rows, 32))
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("exact_limit", [10_000, 0])
def test_cosine_finds_what_all_pairs_find(exact_limit: int) -> None:
    units = clustered(3_000)
    kept = np.where(np.arange(3_000) < 1_000, 10, 3)
    scores = units @ units.T
    np.fill_diagonal(scores, -1)
    hits = wanted = 0
    for row, others, found in by_cosine(units, kept, exact_limit):
        assert row not in others
        assert len(set(others.tolist())) == len(others) == kept[row]
        np.testing.assert_allclose(found, scores[row][others], atol=1e-5)
        assert (np.diff(found) <= 1e-6).all()
        limit = np.sort(scores[row])[-kept[row]]
        hits += int((found >= limit - 1e-6).sum())
        wanted += int(kept[row])
    assert hits / wanted >= (0.999 if exact_limit else 0.95)


@pytest.mark.parametrize("exact_limit", [10_000, 0])
def test_rows_that_are_joined_when_asked_for_are_rows(exact_limit: int) -> None:
    """Long and short vectors, one of no length, with weights that do not add up to 1."""
    random = np.random.default_rng(2)
    one = clustered(800) * random.uniform(0.1, 9.0, (800, 1)).astype(np.float32)
    other = clustered(800, seed=3)[:, :20].copy()
    other[7] = 0.0
    joined = Joined((one, 6.0), (other, 2.0))

    def cosines(vectors: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
        units = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return units @ units.T  # type: ignore[no-any-return]

    expected = 0.75 * cosines(one) + 0.25 * cosines(other)
    assert joined.shape == (800, 52)
    np.testing.assert_allclose(joined[np.arange(800)] @ joined[10:20].T, expected[:, 10:20], atol=1e-5)
    kept = np.full(800, 5)
    found = {row: (others, scores) for row, others, scores in by_cosine(joined, kept, exact_limit)}
    hits = 0
    for row, (others, scores) in found.items():
        np.testing.assert_allclose(scores, expected[row][others], atol=1e-5)
        hits += int((scores >= np.sort(np.delete(expected[row], row))[-5] - 1e-5).sum())
    assert hits >= 0.95 * 4_000


@pytest.mark.parametrize("exact_limit", [10_000, 0])
def test_neighbours_among_some_are_only_these(exact_limit: int) -> None:
    units = clustered(2_000)
    among = np.random.default_rng(4).random(2_000) < 0.3
    scores = np.where(among[None, :], units @ units.T, -1.0)
    np.fill_diagonal(scores, -1.0)
    best = candidates_by_cosine(units, np.arange(2_000), 10, exact_limit, among=among)
    assert among[best.others[best.others >= 0]].all()
    expected = np.sort(scores, axis=1)[:, :-11:-1]
    found = np.isclose(best.scores, np.maximum(expected, 0.0), atol=1e-5).mean()
    assert found == 1.0 if exact_limit else found > 0.9


def test_a_row_of_its_own_has_no_neighbour_below_nought() -> None:
    units = np.array([[1.0, 0.0], [-1.0, 0.0], [0.6, 0.8]], dtype=np.float32)
    found = {row: others.tolist() for row, others, _ in by_cosine(units, np.full(3, 2))}
    assert found == {0: [2], 1: [], 2: [0]}


def test_jaccard_is_exact_and_takes_the_first_among_equals() -> None:
    random = np.random.default_rng(1)
    facts = sparse.csr_matrix((random.random((400, 12)) < 0.15).astype(np.float32))
    weights = random.random(12).astype(np.float32) + 0.1
    kept = np.where(np.arange(400) < 100, 10, 3)
    dense = facts.toarray()
    shared = (dense * weights) @ dense.T
    either = (dense @ weights)[:, None] + (dense @ weights)[None, :] - shared
    scores = np.where(either > 0, shared / np.maximum(either, 1e-9), 0.0)
    np.fill_diagonal(scores, 0.0)
    for row, others, found in by_jaccard(facts, weights, kept):
        best = np.lexsort((np.arange(400), -scores[row].round(5)))[: kept[row]]
        best = best[scores[row][best] > 0]
        if not dense[row].any():
            assert len(others) == 0
            continue
        np.testing.assert_allclose(found, scores[row][best], atol=1e-5)
        np.testing.assert_allclose(scores[row][others], found, atol=1e-5)
        assert row not in others


def test_a_few_rows_are_compared_with_all_and_say_whose_lists_they_enter() -> None:
    units = clustered(2_000)
    rows, limits = np.array([5, 300, 1_999]), np.random.default_rng(2).uniform(0.5, 1, 2_000).astype(np.float32)
    scores = units @ units.T
    np.fill_diagonal(scores, -1)
    best, (near, who, found) = nearest_by_cosine(units, rows, 10, limits)
    np.testing.assert_allclose(best.scores, np.sort(scores[rows])[:, :-11:-1], atol=1e-5)
    np.testing.assert_allclose(found, scores[near, who], atol=1e-5)
    sure = {(i, int(row)) for row in rows for i in np.flatnonzero(scores[row] > limits + 1e-5).tolist()}
    assert sure <= set(zip(near.tolist(), who.tolist(), strict=True))
    assert (scores[near, who] > limits[near] - 1e-5).all()
    some = {row: found for row, _, found in by_cosine(units, np.full(2_000, 10), 0, rows)}
    assert sorted(some) == rows.tolist()


def test_whom_changed_facts_concern_is_exact() -> None:
    random = np.random.default_rng(3)
    facts = sparse.csr_matrix((random.random((300, 12)) < 0.2).astype(np.float32))
    weights, limits = random.random(12).astype(np.float32) + 0.1, random.random(300).astype(np.float32)
    rows = np.array([0, 17, 203])
    dense = facts.toarray()
    shared = (dense * weights) @ dense[rows].T
    either = (dense @ weights)[:, None] + (dense[rows] @ weights)[None, :] - shared
    scores = np.where(either > 0, shared / np.maximum(either, 1e-9), 0.0).max(axis=1)
    near = set(nearer_by_jaccard(facts, weights, rows, limits).tolist())
    others = set(range(300)) - set(rows.tolist())
    assert near & others == set(np.flatnonzero(scores > limits).tolist()) & others


def test_the_first_among_equals_stays_and_none_is_taken_twice() -> None:
    best = Best.empty(2, 2)
    best.offer(np.array([1]), np.array([4, 7, 9]), np.array([[0.5, 0.5, 0.5]], dtype=np.float32))
    assert best.others.tolist() == [[-1, -1], [4, 7]]
    best.offer(np.array([0, 1]), np.array([11, 12]), np.array([[0.2, -1.0], [0.5, 0.9]], dtype=np.float32))
    assert best.others.tolist() == [[11, -1], [12, 4]]
    best.add((np.array([1, 1]), np.array([12, 3]), np.array([0.9, 0.7], dtype=np.float32)))
    assert best.others.tolist() == [[11, -1], [12, 3]]


def test_small_graphs_keep_more_neighbours() -> None:
    assert set(how_many(500).tolist()) == {20}
    many = how_many(150_000)
    assert (many[0], many[99_999], many[100_000], many[-1]) == (10, 10, 3, 3)
