"""The task of a model that says none, where its bases or its name tell it."""

from __future__ import annotations

from typing import Any

import pytest

from graph.sorts import likely_tasks


def row(name: str, *tasks: str, author: str = "a", bases: tuple[str, ...] = (), **fields: str) -> dict[str, Any]:
    said = {"library": None, "modelType": None, **fields}
    return {"tasks": tasks, "title": name, "nameKey": name.lower(), "author": author, "baseTasks": bases, **said}


def many(name: str, task: str, authors: int) -> list[dict[str, Any]]:
    return [row(f"{name}-{n}", task, author=f"{task}-{n}") for n in range(authors)]


def told(name: str, *said: dict[str, Any], bases: tuple[str, ...] = ()) -> str | None:
    return likely_tasks([*said, row(name, bases=bases)])[-1]


@pytest.mark.parametrize(
    ("authors", "others", "task"), [(9, 0, None), (10, 0, "fill-mask"), (16, 3, "fill-mask"), (16, 4, None)]
)
def test_a_word_tells_what_most_who_use_it_say(authors: int, others: int, task: str | None) -> None:
    said = [*many("robin", "fill-mask", authors), *many("Robin", "text-generation", others)]
    assert told("Robin_7", *said) == task
    assert told("thrush", *said) is None


def test_an_author_counts_once() -> None:
    assert told("robin", *(row(f"robin-{n}", "fill-mask") for n in range(50))) is None


def test_the_most_telling_word_and_its_most_frequent_task_win() -> None:
    said = [
        *many("robin", "fill-mask", 10),
        *many("robin", "token-classification", 20),
        *many("wren", "text-to-video", 99),
    ]
    assert told("robin-2", *said) == "token-classification"
    assert told("robin-wren", *said) == "text-to-video"


def test_bases_tell_before_words() -> None:
    said = many("robin", "fill-mask", 10)
    assert (
        told("robin", *said, bases=("text-generation", "text2text-generation", "text-generation")) == "text-generation"
    )
    assert told("robin", *said, bases=("text-generation", "text-to-video")) == "fill-mask"


def test_who_says_a_task_is_not_guessed_about() -> None:
    said = many("robin", "fill-mask", 10)
    assert likely_tasks([*said, row("robin", "text-to-video"), row("robin", "any-to-any")])[-2:] == [None, None]
    assert told("robin", *said) == likely_tasks([*said, row("robin", "a-task-of-tomorrow")])[-1] == "fill-mask"


def test_the_type_of_the_network_and_the_library_tell_too() -> None:
    said = [row(f"m{n}", "fill-mask", author=str(n), modelType="robin", library="wren") for n in range(10)]
    assert likely_tasks([*said, row("x", modelType="robin"), row("y", library="wren"), row("robin-wren")])[-3:] == [
        "fill-mask", "fill-mask", None]  # fmt: skip
