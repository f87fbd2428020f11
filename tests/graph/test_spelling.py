"""Words near a mistyped one."""

from __future__ import annotations

import pytest

from graph.spelling import Speller, distance

WORDS = {"mistral": 50, "minstrel": 1, "whisper": 9, "bert": 30, "best": 5, "german": 7, "similarity": 8, "stable": 3}


@pytest.mark.parametrize(
    ("a", "b", "edits"),
    [("", "ab", 2), ("bert", "bert", 0), ("bret", "bert", 1), ("mistrl", "mistral", 1), ("abcd", "badc", 2)],
)
def test_edits_are_counted_both_ways(a: str, b: str, edits: int) -> None:
    assert distance(a, b) == distance(b, a) == edits


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("mistrl", "mistral"),
        ("msitral", "mistral"),
        ("whispr", "whisper"),
        ("simliartiy", "similarity"),
        ("bett", "bert"),  # as near to best, which is rarer
        ("bat", None),  # too short
        ("beat", "bert"),
        ("brrr", None),
        ("completely", None),
        ("mistral", None),  # is one
    ],
)
def test_the_nearest_word_is_found(typed: str, meant: str | None) -> None:
    speller = Speller(WORDS)
    assert speller.near(typed) == meant
    assert ("mistral" in speller, "mistrl" in speller) == (True, False)
