"""Which models can be recommended beside another at all."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from small import comparable as expected
from small import fill, records

from graph import comparable
from graph.comparable import Kinds
from graph.database import Database


def row(*tasks: str, languages: tuple[str, ...] = (), name: str = "", author: str = "", packed: bool = False) -> Any:
    relation = "quantized" if packed else None
    return {"tasks": tasks, "languages": languages, "title": name, "nameKey": name.lower(), "author": author,
            "relation": relation, "downloads": None, "likes": 0}  # fmt: skip


READS, WRITES, UNKNOWN = row("fill-mask"), row("text-generation"), row()
GERMAN, FRENCH, ENGLISH = row(languages=("de",)), row(languages=("fr", "code")), row(languages=("en",))
MANY, MULTILINGUAL = row(languages=("es", "it", "pt", "ca")), row(languages=("multilingual", "de"))


@pytest.mark.parametrize(
    ("a", "b", "there", "back"),
    [
        (READS, row("text-classification"), True, True),
        (READS, WRITES, False, False),
        (READS, row("text-generation", "feature-extraction"), True, True),
        (READS, UNKNOWN, False, True),
        (READS, row("a-task-of-tomorrow"), False, True),
        (GERMAN, FRENCH, False, False),
        (GERMAN, row(languages=("fr", "de")), True, True),
        (FRENCH, row(languages=("code",)), False, True),
        (GERMAN, MANY, True, True),
        (FRENCH, MULTILINGUAL, True, True),
        (GERMAN, UNKNOWN, False, True),
        (ENGLISH, UNKNOWN, True, True),
        (ENGLISH, GERMAN, False, False),
        (row(languages=("en", "de")), UNKNOWN, False, True),
        (row(name="gemma-2-9b-it", author="o", packed=True), row(name="Gemma-7b", author="o", packed=True), True, True),
        (
            row(name="gemma-chat", author="o", packed=True),
            row(name="phi-2-chat", author="o", packed=True),
            False,
            False,
        ),
        (row(name="gemma-chat", author="o", packed=True), row(name="phi-2-chat", author="p", packed=True), True, True),
        (row(name="gemma-chat", author="o", packed=True), row(name="phi-2-chat", author="o"), True, True),
        (
            row(name="gemma", author="o", packed=True),
            {**row(name="phi", author="o"), "title": "phi-GGUF"},
            False,
            False,
        ),
    ],
)
def test_what_a_model_says_the_other_says_too(a: Any, b: Any, there: bool, back: bool) -> None:
    kinds = Kinds([a, b])
    assert kinds.comparable(np.array([0, 1]), np.array([1, 0])).tolist() == [there, back]


@pytest.mark.parametrize(
    ("downloads", "likes", "used"), [(None, None, True), (0, 0, False), (49, 0, False), (50, 0, True), (0, 1, True)]
)
def test_what_hardly_anybody_uses_is_not_recommended(downloads: int | None, likes: int | None, used: bool) -> None:
    kinds = Kinds([UNKNOWN, {**UNKNOWN, "downloads": downloads, "likes": likes}])
    assert kinds.used.tolist() == [True, used]
    assert kinds.comparable(np.array([0, 1]), np.array([1, 0])).tolist() == [used, True]
    assert kinds.obstacle(0, 1) == (None if used else "unused")


def test_the_obstacle_is_named() -> None:
    packed = [row(name=name, author="o", packed=True) for name in ("gemma", "phi")]
    kinds = Kinds([READS, WRITES, GERMAN, FRENCH, *packed, UNKNOWN])
    assert [kinds.obstacle(*pair) for pair in ((0, 1), (2, 3), (4, 5), (6, 0))] == ["sort", "language", "packed", None]


def test_more_languages_than_fit_one_number() -> None:
    kinds = Kinds([row(languages=(f"l{n}",)) for n in range(200)] + [row(languages=("l199",))])
    others = np.arange(200)
    assert np.flatnonzero(kinds.comparable(np.full(200, 200), others)).tolist() == [199]


def test_the_graph_says_the_same_of_all_and_of_some(module_any_db: Database) -> None:
    fill(module_any_db, stored_models=1)
    ids = [each.id for each in records()]
    kinds = comparable.of_all(module_any_db, [*ids, "no/where"])
    for id in ("st/MiniLM-L6", "google/bert-base", "other/vision", "bloke/Mistral-7B-AWQ"):
        others = [each for each in ids if each != id]
        rows = np.array([ids.index(each) for each in others])
        whole = kinds.comparable(np.full(len(rows), ids.index(id)), rows)
        assert {each for each, yes in zip(others, whole, strict=True) if yes} == set(expected([id]))
        assert comparable.beside(module_any_db, [id], others) == set(expected([id]))
    assert comparable.beside(module_any_db, ["no/where"], ids) == set(ids)
