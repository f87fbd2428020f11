"""Counts and shares on numbers that can be worked out by hand."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from etl import tallies


def numbers(*values: int) -> tallies.Numbers:
    return np.array(values, dtype=np.int64)


@pytest.mark.parametrize(
    ("values", "expected"),
    [((5, 5, 5, 5), 0.0), ((0, 0, 0, 8), 0.75), ((1, 2, 3, 4), 0.25), ((3, 1, 4, 2), 0.25), ((0, 0), 0.0), ((), 0.0)],
)
def test_gini_of_known_values(values: tuple[int, ...], expected: float) -> None:
    assert tallies.gini(numbers(*values)) == pytest.approx(expected)


def test_the_largest_part_has_its_share() -> None:
    assert tallies.top_share(numbers(*range(1, 101)), 0.1) == pytest.approx(sum(range(91, 101)) / 5050)
    assert tallies.top_share(numbers(1, 9), 0.01) == 0.9
    assert tallies.top_share(numbers(0, 0), 0.01) == 0


def test_the_lorenz_curve_goes_from_nothing_to_all_below_the_diagonal() -> None:
    rows = tallies.lorenz(numbers(*[0] * 5, *range(5)))
    assert (rows[0], rows[-1]) == ({"models": 0.0, "downloads": 0.0}, {"models": 1.0, "downloads": 1.0})
    assert next(row["downloads"] for row in rows if row["models"] == 0.9) == pytest.approx(0.6)
    assert all(row["downloads"] <= row["models"] for row in rows)


def test_bins_hold_every_number_once() -> None:
    values = [0, 0, 1, 2, 3, 9, 10, 29, 30, 99, 100, 299, 300, 999, 1000, 54321]
    rows = tallies.histogram(numbers(*values))
    assert sum(row["models"] for row in rows) == len(values)
    assert [row["from"] for row in rows][:7] == [0, 1, 3, 10, 30, 100, 300]
    assert all(before["to"] + 1 == after["from"] for before, after in pairwise(rows))
    assert [row["models"] for row in rows][:4] == [2, 2, 2, 2]


def test_values_are_counted_with_the_most_first_and_ties_by_name() -> None:
    rows, total = tallies.counted(["b", "a", None, "c", "c"], numbers(1, 2, 4, 8, 16), limit=2)
    assert rows == [
        {"name": "c", "models": 2, "share": 0.4, "downloads": 24},
        {"name": "a", "models": 1, "share": 0.2, "downloads": 2},
    ]
    assert total == 3
    assert tallies.linked({"c": [3, 4], "a": [1], "none": []}, numbers(1, 2, 4, 8, 16), limit=2) == (rows, 2)


def test_months_have_no_gap() -> None:
    assert tallies.months([202311, 202402, None]) == [
        {"month": "2023-11", "models": 1, "total": 1},
        {"month": "2023-12", "models": 0, "total": 1},
        {"month": "2024-01", "models": 0, "total": 1},
        {"month": "2024-02", "models": 1, "total": 2},
    ]


def test_a_depth_is_the_longest_way_back_and_a_merge_is_in_two_families() -> None:
    # 0 ── 1 ── 2 ── 3, 0 ── 3, 4 ── 3, and 5 alone
    depths, families = tallies.lineage(6, {0: [1, 3], 1: [2], 2: [3], 4: [3]})
    assert depths == [0, 1, 2, 3, 0, 0]
    assert families == {0: 3, 4: 1}


def test_coverage_counts_links_within_the_group() -> None:
    groups = [("a",), ("a", "b"), ("b",), ()]
    links = {"cosine": [(0, [1, 2]), (1, [0]), (2, []), (3, [0])]}
    assert tallies.coverage(groups, links, 2) == [
        {"name": "a", "models": 2, "cosine linked": 1.0, "cosine long": 0.5, "cosine within": pytest.approx(2 / 3)},
        {"name": "b", "models": 2, "cosine linked": 0.5, "cosine long": 0.0, "cosine within": 0.0},
    ]
