"""Trees that rank, taken apart: each split's side once, as LightGBM does it row by row."""

from __future__ import annotations

import numpy as np
import pytest

from gnn.ranking.trees import Labelled, Trees


@pytest.fixture(scope="module")
def lists() -> list[Labelled]:
    """Lists in which a product and a sum of numbers tell what is true."""
    random = np.random.default_rng(0)
    found = []
    for _ in range(40):
        numbers = random.normal(size=(60, 5)).astype(np.float32)
        wanted = numbers[:, 0] * numbers[:, 1] + numbers[:, 2]
        found.append((numbers, (wanted >= np.sort(wanted)[-5]).astype(np.float32)))
    return found


def test_many_rows_have_the_shares_that_each_has_alone(lists: list[Labelled]) -> None:
    trees = Trees(rounds=30)
    trees.fit(lists, 0)
    # The second and the third block meet ways that are known, and new ones.
    for numbers, _ in lists[:3]:
        assert np.abs(trees.shares(numbers)[:, :5]).sum(axis=0).min() > 0
        assert trees.shares_of_many(numbers) == pytest.approx(trees.shares(numbers), abs=1e-12)


def test_learning_anew_forgets_the_trees_before(lists: list[Labelled]) -> None:
    trees = Trees(rounds=5)
    trees.fit(lists, 0)
    trees.shares_of_many(lists[0][0])
    trees.fit(lists[:20], 1)
    numbers = lists[0][0]
    assert trees.shares_of_many(numbers) == pytest.approx(trees.shares(numbers), abs=1e-12)
    assert trees.shares(numbers).sum(axis=1) == pytest.approx(
        trees.among(numbers, np.ones((1, len(numbers)), bool))[0], abs=1e-5
    )
