"""The index of words: names before descriptions, what is used before what is not, and only of the graph as it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from small import record

from graph import stages, words
from graph.database import Database
from graph.known import Known
from graph.load import load_models
from graph.search import search
from graph.text import DIMENSIONS


@pytest.fixture(scope="module")
def filled(module_any_db: Database) -> Database:
    load_models(
        module_any_db,
        [
            record("a/whisper-small", 0, downloads=1000, task="automatic-speech-recognition", languages=("en", "de")),
            record("b/whisper-small", 1, downloads=10, bases=(("a/whisper-small", "finetune"),)),
            record("c/about-others", 2, downloads=2000, tags=("whisper", "small")),
            record("d/whisperer", 3, downloads=1),
        ],
    )
    return module_any_db


def ids(rows: list[words.Row]) -> list[str]:
    return [row["id"] for row in rows]


@pytest.fixture
def index(filled: Database, tmp_path: Path) -> words.WordIndex:
    assert words.make(filled, tmp_path) == 4
    made = words.of(filled, tmp_path)
    assert made
    return made


def test_names_count_more_than_texts_and_use_more_than_none(index: words.WordIndex) -> None:
    assert ids(index.find(["whisper", "small"], None, 9)) == ["a/whisper-small", "b/whisper-small", "c/about-others"]
    assert ids(index.find(["whisper", "small"], None, 1)) == ["a/whisper-small"]
    assert index.find(["nothing"], None, 9) == []


def test_the_beginning_of_a_word(index: words.WordIndex) -> None:
    assert set(ids(index.find(["whispere"], "whispere", 9))) == {"d/whisperer"}
    assert len(index.find(["whisper"], "whisper", 9)) == 4


def test_what_is_shown_of_models_comes_in_the_order_asked_for(index: words.WordIndex) -> None:
    found = index.get(["b/whisper-small", "no/such", "a/whisper-small"])
    assert ids(found) == ["b/whisper-small", "a/whisper-small"]
    assert found[0]["bases"] == ["a/whisper-small"]
    assert sorted(found[1]["languages"]) == ["de", "en"]
    assert (found[1]["downloads"], found[1]["created"][:10]) == (1000, "2023-01-01")
    assert "text" not in found[0]
    assert index.get([]) == []


def test_filters_leave_their_models_and_are_counted(index: words.WordIndex) -> None:
    rows, total = index.select({}, "downloads", 2)
    assert (ids(rows), total) == (["c/about-others", "a/whisper-small"], 4)
    assert ids(index.select({}, "newest", 9)[0])[0] == "d/whisperer"
    assert ids(index.find(["whisper", "small"], None, 9, {"base": "a/whisper-small"})) == ["b/whisper-small"]
    for filters, count in (({"kind": "original"}, 3), ({"language": "de", "author": "a"}, 1), ({"size": "<1B"}, 0),
                           ({"created": ">2023-01-02"}, 2), ({"card": "yes"}, 1), ({"task": "none"}, 0)):  # fmt: skip
        assert index.count(filters) == count


def test_the_nearest_in_meaning(filled: Database, tmp_path: Path) -> None:
    models = ["a/whisper-small", "b/whisper-small", "d/whisperer"]
    vectors = dict(zip(models, np.eye(3, DIMENSIONS).tolist(), strict=True))
    rows = [{"key": id, "vector": vector, "hash": id} for id, vector in vectors.items()]
    filled.write_rows("embed/model", rows)
    words.make(filled, tmp_path)
    index = words.of(filled, tmp_path)
    assert index
    for id in models:
        assert ids(index.nearest(vectors[id], 1)) == [id]
    assert set(ids(index.nearest(vectors[models[0]], 9))) == {*models}
    assert ids(index.nearest(vectors[models[0]], 9, {"kind": "finetune"})) == ["b/whisper-small"]


def test_an_index_is_used_only_while_the_graph_is_as_it_was(filled: Database, tmp_path: Path) -> None:
    known = Known(filled, tmp_path)
    assert not words.there(filled, tmp_path)
    assert known.words is None
    words.make(filled, tmp_path)
    assert words.there(filled, tmp_path)
    assert known.words
    (first,) = (tmp_path / "words").iterdir()
    load_models(filled, [record("e/late-whisper", 4, downloads=5)])
    assert words.of(filled, tmp_path) is None
    assert "e/late-whisper" in {card.id for card in search(filled, "late", known=Known(filled, tmp_path)).cards}
    assert words.make(filled, tmp_path) == 5
    load_models(filled, [record("e/late-whisper", 4, downloads=6)])
    assert stages.get(filled, "counts")
    assert words.of(filled, tmp_path) is None
    words.make(filled, tmp_path)
    assert [each for each in (tmp_path / "words").iterdir() if each != first] == [*(tmp_path / "words").iterdir()]


def test_a_making_that_broke_off_leaves_nothing_in_use(
    filled: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def torn(done: int, total: int | None, what: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(words, "_TOLD_EVERY", 1)
    with pytest.raises(KeyboardInterrupt):
        words.make(filled, tmp_path, torn)
    assert not words.there(filled, tmp_path)
    monkeypatch.undo()
    words.make(filled, tmp_path)
    assert words.there(filled, tmp_path)
    assert len([*(tmp_path / "words").iterdir()]) == 1


@pytest.mark.parametrize("file", ["meta.json", "meanings.faiss"])
def test_a_damaged_index_is_none_and_is_made_anew(filled: Database, tmp_path: Path, file: str) -> None:
    words.make(filled, tmp_path)
    (folder,) = (tmp_path / "words").iterdir()
    (folder / file).write_text("{", encoding="utf-8")
    assert words.of(filled, tmp_path) is None
    assert not words.there(filled, tmp_path)
    words.make(filled, tmp_path)
    assert words.there(filled, tmp_path)
