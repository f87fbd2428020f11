"""The stage embed over a real graph: what is new or changed is embedded, and nothing twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from etl import embed, transformer
from graph import stages
from graph.database import Database
from graph.errors import BadInput
from graph.load import load_models
from graph.types import ModelRecord
from graph.vectors import VectorCache, stored

RECORDS = [
    ModelRecord(f"lab/m{n}", task="fill-mask", downloads=100 - n, soup=f"{word} fill mask")
    for n, word in enumerate(("german", "french", "dogs", "cats"))
]
IDS = [each.id for each in RECORDS]


@pytest.fixture
def home(embedder: Path, tmp_path: Path) -> Path:
    (tmp_path / embed.FOLDER).symlink_to(embedder)
    return tmp_path


def written(db: Database, property: str) -> dict[str, list[float]]:
    return dict(pair for part in stored(db, "Model", property, IDS) for pair in part)


def test_only_what_has_changed_is_read_and_embedded(db: Database, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_models(db, RECORDS)
    assert embed.run(db, home, transformer_limit=0) == embed.EmbedReport(4, 1, 0)
    before = written(db, "textEmbedding")
    assert set(before) == set(IDS)
    asked: list[Any] = []
    real = Database.stream

    def stream(self: Database, name: str, /, **params: Any) -> Any:
        rows = list(real(self, name, **params))
        asked.append([row["key"] for row in rows])
        return rows

    monkeypatch.setattr(Database, "stream", stream)
    assert embed.run(db, home, transformer_limit=0) == embed.EmbedReport(0, 0, 0)
    assert asked == [[]]
    load_models(db, [replace(RECORDS[1], soup="paintings"), replace(RECORDS[2], task="text-generation")])
    assert embed.run(db, home, transformer_limit=0) == embed.EmbedReport(1, 1, 0)
    assert asked == [[], [IDS[1]]]
    after = written(db, "textEmbedding")
    assert {id_ for id_ in IDS if after[id_] != before[id_]} == {IDS[1]}
    hashes = [row["textHash"] for row in db.read("embed/model_texts")]
    found, there = VectorCache(home).gather(hashes)
    assert there.all()
    np.testing.assert_array_equal(
        found, np.array([after[row["key"]] for row in db.read("embed/model_texts")], np.float32)
    )


def test_vectors_of_another_embedder_are_made_anew(db: Database, home: Path) -> None:
    load_models(db, RECORDS)
    embed.run(db, home, transformer_limit=0)
    db.write_rows("embed/model", ({"key": id_, "vector": [1.0] * 256, "hash": "another's"} for id_ in IDS[:3]))
    stages.record(db, "text vectors", "another's", 0.0, "")
    assert embed.run(db, home, transformer_limit=0).models == 3


def test_the_most_used_of_a_large_graph_get_sentence_vectors(db: Database, home: Path) -> None:
    load_models(db, RECORDS)
    assert embed.run(db, home, transformer_limit=3).sentences == 0
    assert embed.run(db, home, transformer_limit=3, most_used=2).sentences == 2
    first = written(db, "sentenceEmbedding")
    assert set(first) == set(IDS[:2])
    assert {len(vector) for vector in first.values()} == {384}
    assert embed.run(db, home, transformer_limit=3, most_used=2).sentences == 0
    folder = str(transformer._source())
    assert embed.run(db, home, transformer_limit=4, name=folder).sentences == 4  # by another name
    again = written(db, "sentenceEmbedding")
    for id_ in IDS[:2]:
        np.testing.assert_allclose(again[id_], first[id_], atol=2e-2)  # other texts beside it, rounded to 16 bits


def test_a_transformer_that_cannot_be_loaded_is_named(db: Database, home: Path, tmp_path: Path) -> None:
    load_models(db, RECORDS)
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput, match=r"The sentence transformer .*empty cannot be loaded"):
        embed.run(db, home, name=str(tmp_path / "empty"))
    assert set(written(db, "textEmbedding")) == set(IDS)
