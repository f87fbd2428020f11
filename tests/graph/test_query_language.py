"""The language of the search box, read and written again."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from graph.query_language import EXAMPLES, FIELDS, BadQuery, Query, parse, sizes, times


def day(*date: int) -> datetime:
    return datetime(*date, tzinfo=timezone.utc)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("text", "words", "filters"),
    [
        ("", (), {}),
        ("sentence similarity in German", ("sentence", "similarity", "in", "German"), {}),
        ("Task:Fill-Mask bert licence:MIT", ("bert",), {"task": "fill-mask", "license": "mit"}),
        ("size:<3b created:>2024-01 lang:de", (), {"size": "<3B", "created": ">2024-01", "language": "de"}),
        ('author:"Some One" base:google-bert/bert-base', (), {"author": "Some One", "base": "google-bert/bert-base"}),
        ("“two words” kind:quantised", ("two words",), {"kind": "quantized"}),
        ('"llama:7b" http://x.y/z a/b:c std::vector C++', ("llama:7b", "http://x.y/z", "a/b:c", "std::vector", "C++"),
         {}),
        ("re: mistral card:without", ("re:", "mistral"), {"card": "no"}),
        ("size:1B..3B", (), {"size": "1B..3B"}),
        ("task:a task:a", (), {"task": "a"}),
    ],
)  # fmt: skip
def test_texts_are_read(text: str, words: tuple[str, ...], filters: dict[str, str]) -> None:
    found = parse(text)
    assert (found.words, dict(found.filters)) == (words, filters)


@pytest.mark.parametrize(
    "text",
    [
        *(f"{name}:{EXAMPLES[name]} word" for name in FIELDS),
        'author:"a b" "c d" "llama:7b" http://x std::y',
        "« quoted » \\ ( [x] {y} ~ ^ *",
        '" \'" "" :: : a: "b',
        "\u202eevil <img src=x onerror=alert(1)> ünï 𝔘",
        "size:1.5B..3B created:2023..2024-02",
    ],
)
def test_what_is_written_reads_the_same(text: str) -> None:
    found = parse(text)
    assert parse(found.text) == found
    assert parse(found.text).text == found.text


@pytest.mark.parametrize(
    ("text", "message", "hint", "instead"),
    [
        (
            "tusk:fill-mask bert",
            "no field tusk:; known are task, library",
            "Did you mean task:?",
            "task:fill-mask bert",
        ),
        ("llama:7b", "no field llama:", 'write "llama:7b"', '"llama:7b"'),
        ("kind:orignal", "no kind:orignal; known are original,", "Did you mean kind:original?", ""),
        ("card:perhaps", "known are yes, no", "card:yes", ""),
        ("size:big", "size:BIG is no size", "size:7B", ""),
        ("size:1B..many", "is no size", "size:7B", ""),
        ("created:2024-13", "is no date", "created:2024", ""),
        ("created:soon", "is no date", "created:2024", ""),
        ("license:mit license:gpl", "license: is given twice, mit and gpl", "Keep one", ""),
        ('task:"', "task: has no value", "task:text-generation", ""),
        ("task: fill-mask", "task: has no value", "task:text-generation", ""),
    ],
)
def test_what_cannot_be_read_is_named(text: str, message: str, hint: str, instead: str) -> None:
    with pytest.raises(BadQuery) as problem:
        parse(text)
    assert message in problem.value.message
    assert hint in problem.value.hint
    assert problem.value.instead == instead
    assert problem.value.message.count(".") - problem.value.message.count("..") * 2 == 1


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [
        ("<3B", None, 3e9),
        ("<=3B", None, 3e9 + 1),
        (">500M", 5e8 + 1, None),
        (">=1.5B", 1.5e9, None),
        ("1B..3B", 1e9, 3e9),
        ("7B", 6.3e9, 7.7e9),
        ("100", 90, 110),
    ],
)
def test_sizes(value: str, low: float | None, high: float | None) -> None:
    assert sizes(value) == pytest.approx((low, high))


@pytest.mark.parametrize(
    ("value", "since", "until"),
    [
        ("2024", day(2024, 1, 1), day(2025, 1, 1)),
        ("2023-12", day(2023, 12, 1), day(2024, 1, 1)),
        ("2024-02-29", day(2024, 2, 29), day(2024, 3, 1)),
        (">2024-01", day(2024, 2, 1), None),
        (">=2024-01", day(2024, 1, 1), None),
        ("<2024", None, day(2024, 1, 1)),
        ("<=2024", None, day(2025, 1, 1)),
        ("2023..2024-02", day(2023, 1, 1), day(2024, 3, 1)),
    ],
)
def test_times(value: str, since: datetime | None, until: datetime | None) -> None:
    assert times(value) == (since, until)


def test_a_filter_is_set_changed_and_taken_away() -> None:
    query = parse("bert license:mit size:<3B")
    assert query.having("license", "apache-2.0").text == "bert license:apache-2.0 size:<3B"
    assert query.having("license", None).text == "bert size:<3B"
    assert query.having("task", "fill-mask").text == "bert license:mit size:<3B task:fill-mask"
    assert query.saying("roberta large").text == "roberta large license:mit size:<3B"
    assert Query().text == ""
