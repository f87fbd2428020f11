"""Which models can be recommended beside another at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from small import comparable as expected
from small import fill, make_run, records

from graph import comparable
from graph.comparable import Kinds
from graph.database import Database
from graph.load import load_models
from graph.models import get
from graph.publish import publish


def row(*tasks: str, languages: tuple[str, ...] = (), name: str = "", author: str = "", packed: bool = False) -> Any:
    relation = "quantized" if packed else None
    return {"tasks": tasks, "languages": languages, "title": name, "nameKey": name.lower(), "author": author,
            "relation": relation, "downloads": None, "likes": 0, "likelyTask": None}  # fmt: skip


def says(*languages: str, **named: Any) -> Any:
    return row("fill-mask", languages=languages, **named)


READS, WRITES, UNKNOWN = row("fill-mask"), row("text-generation"), row()
GERMAN, FRENCH, ENGLISH = says("de"), says("fr", "code"), says("en")
MANY, MULTILINGUAL = says("es", "it", "pt", "ca"), says("multilingual", "de")


@pytest.mark.parametrize(
    ("a", "b", "there", "back"),
    [
        (READS, row("text-classification"), True, True),
        (READS, WRITES, False, False),
        (READS, row("text-generation", "feature-extraction"), True, True),
        (READS, UNKNOWN, False, False),
        (READS, {**UNKNOWN, "likelyTask": "token-classification"}, True, True),
        (WRITES, {**UNKNOWN, "likelyTask": "token-classification"}, False, False),
        (UNKNOWN, UNKNOWN, False, False),
        (READS, row("a-task-of-tomorrow"), False, False),
        (GERMAN, FRENCH, False, False),
        (GERMAN, says("fr", "de"), True, True),
        (FRENCH, says("code"), False, True),
        (GERMAN, MANY, True, True),
        (FRENCH, MULTILINGUAL, True, True),
        (GERMAN, READS, False, True),
        (ENGLISH, READS, True, True),
        (ENGLISH, GERMAN, False, False),
        (says("en", "de"), READS, False, True),
        (
            says(name="gemma-2-9b-it", author="o", packed=True),
            says(name="Gemma-7b", author="o", packed=True),
            True,
            True,
        ),
        (
            says(name="gemma-chat", author="o", packed=True),
            says(name="phi-2-chat", author="o", packed=True),
            False,
            False,
        ),
        (
            says(name="gemma-chat", author="o", packed=True),
            says(name="phi-2-chat", author="p", packed=True),
            True,
            True,
        ),
        (says(name="gemma-chat", author="o", packed=True), says(name="phi-2-chat", author="o"), True, True),
        (
            says(name="gemma", author="o", packed=True),
            {**says(name="phi", author="o"), "title": "phi-GGUF"},
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
    kinds = Kinds([READS, {**READS, "downloads": downloads, "likes": likes}])
    assert kinds.used.tolist() == [True, used]
    assert kinds.comparable(np.array([0, 1]), np.array([1, 0])).tolist() == [used, True]
    assert kinds.obstacle(0, 1) == (None if used else "unused")


def test_the_obstacle_is_named() -> None:
    packed = [says(name=name, author="o", packed=True) for name in ("gemma", "phi")]
    kinds = Kinds([READS, WRITES, GERMAN, FRENCH, *packed, UNKNOWN])
    assert [kinds.obstacle(*pair) for pair in ((0, 1), (2, 3), (4, 5), (6, 0), (0, 0))] == [
        "sort", "language", "packed", "silent", None]  # fmt: skip


def test_more_languages_than_fit_one_number() -> None:
    kinds = Kinds([says(f"l{n}") for n in range(200)] + [says("l199")])
    others = np.arange(200)
    assert np.flatnonzero(kinds.comparable(np.full(200, 200), others)).tolist() == [199]


def test_the_graph_says_the_same_of_all_and_of_some(module_any_db: Database) -> None:
    fill(module_any_db, stored_models=1)
    ids = [each.id for each in records()]
    kinds, likely = comparable.of_all(module_any_db, [*ids, "no/where"])
    assert not any(likely)
    for id in ("st/MiniLM-L6", "google/bert-base", "other/vision", "bloke/Mistral-7B-AWQ", "other/Twin"):
        others = [each for each in ids if each != id]
        rows = np.array([ids.index(each) for each in others])
        whole = kinds.comparable(np.full(len(rows), ids.index(id)), rows)
        assert {each for each, yes in zip(others, whole, strict=True) if yes} == set(expected([id]))
        assert comparable.beside(module_any_db, [id], others) == set(expected([id]))
    assert comparable.beside(module_any_db, ["no/where"], ids) == set()
    assert comparable.silent(module_any_db, ["st/mpnet", "other/Twin", "no/where"]) == ["other/Twin", "no/where"]


def test_all_models_are_read_only_for_one_that_says_no_task(
    module_any_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(module_any_db, stored_models=1)
    read: list[str] = []
    stream = module_any_db.stream
    monkeypatch.setattr(Database, "stream", lambda self, name, **params: (read.append(name), stream(name, **params))[1])
    assert comparable.likely_of(module_any_db, ["st/mpnet", "google/bert-base"]) == [None, None]
    assert read == []
    ids = ["st/mpnet", "other/Twin"]
    assert comparable.likely_of(module_any_db, ids) == comparable.of_all(module_any_db, ids)[1]
    assert read == ["publish/kinds"] * 2


def test_a_model_without_a_task_is_for_what_its_base_is_for(module_any_db: Database) -> None:
    made = [replace(each, bases=(("st/mpnet", "finetune"),)) if each.id == "other/Twin" else each for each in records()]
    load_models(module_any_db, made)
    run = make_run(made)
    publish(module_any_db, replace(run, id="with-silent"), stored_models=1)
    assert comparable.of_all(module_any_db, ["st/mpnet", "other/Twin"])[1] == [None, "sentence-similarity"]
    assert get(module_any_db, "other/Twin").likely_task == "sentence-similarity"
    assert get(module_any_db, "st/mpnet").likely_task is None
    assert comparable.silent(module_any_db, ["other/Twin"]) == []
    assert comparable.beside(module_any_db, ["other/Twin"], ["google/bert-base", "meta/Llama-8B"]) == {
        "google/bert-base"
    }
