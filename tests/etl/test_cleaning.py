"""The cleaning steps, one by one."""

from __future__ import annotations

import math
from typing import Any

import pytest

from etl import cleaning


@pytest.mark.parametrize("value", [None, math.nan, "", " ", "[]", "None", "nan", "NaN", "null", [], {}, ()])
def test_what_says_nothing_is_missing(value: Any) -> None:
    assert cleaning.is_missing(value)


@pytest.mark.parametrize("value", [0, False, "no", ["None"], 0.0])
def test_what_says_something_is_not(value: Any) -> None:
    assert not cleaning.is_missing(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("['pytorch', \"it's\", 'a, b']", ["pytorch", "it's", "a, b"]),
        ("[]", []),
        (math.nan, []),
        ("mit", ["mit"]),
        (["a", None, "nan"], ["a"]),
        (7, [7]),
    ],
)
def test_lists_come_from_literals(value: Any, expected: list[Any]) -> None:
    assert cleaning.list_from_literal(value) == expected


@pytest.mark.parametrize("value", ["['pytorch', 'tf", "[a b]", "[__import__('os')]", "[" * 5000])
def test_a_cut_or_dangerous_literal_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="no complete list"):
        cleaning.list_from_literal(value)


def test_texts_are_clean_and_unique() -> None:
    assert cleaning.texts([" b ", "a\x00b", "b", 2, None, {"no": "text"}]) == ["b", "a b", "2"]


def test_lone_surrogates_do_not_reach_the_database() -> None:
    cleaned = cleaning.text("a\ud800b")
    assert cleaned is not None
    cleaned.encode("utf-8")


def test_one_line_is_cut_between_words() -> None:
    assert cleaning.one_line("one two\nthree  four", 12) == "one two …"
    assert cleaning.one_line("None", 12) is None


def test_lower_case_drops_what_repeats_then() -> None:
    assert cleaning.lower_case(["GGUF", "gguf", "Llama"]) == ["gguf", "llama"]


def test_plain_words() -> None:
    assert cleaning.plain("all-MiniLM_L6.v2 (C++), Größe!") == "all minilm l6 v2 c++ größe"
    assert cleaning.split_words("BertForMaskedLM") == "Bert For Masked LM"
    assert cleaning.split_words("Llama-3-70B") == "Llama-3-70B"


def test_limited() -> None:
    assert cleaning.limited(["a", "b", "c"], 2) == ["a", "b"]
