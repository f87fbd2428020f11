"""What the home keeps beside the database: vectors by the hash of their text, and links of one state of the graph."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from graph import linked, snapshot, stages
from graph.database import Database
from graph.errors import NotBuilt
from graph.load import load_models
from graph.types import ModelRecord
from graph.vectors import VectorCache, stored, vectors_of

IDS = [f"lab/m{n}" for n in range(6)]
HASHES = ["a", "b", "a", "c", "", "d"]


def vectors(seed: int, count: int, width: int = 256) -> np.ndarray:
    made: np.ndarray = np.random.default_rng(seed).normal(size=(count, width)).astype(np.float32)
    return made


def test_vectors_come_back_by_hash(tmp_path: Path) -> None:
    cache, made = VectorCache(tmp_path), vectors(0, 3)
    assert cache.gather(HASHES)[1].tolist() == [False] * 6
    cache.add(["a", "c"], made[:2])
    cache.add(["x" * 32, "d"], made[[0, 2]])
    found, there = VectorCache(tmp_path).gather(HASHES)
    assert there.tolist() == [True, False, True, True, False, True]
    np.testing.assert_array_equal(found[there], made[[0, 0, 1, 2]])
    assert not found[~there].any()
    assert VectorCache(tmp_path, "sentenceEmbedding").gather(["a"])[1].tolist() == [False]
    assert VectorCache(tmp_path).gather([])[0].shape == (0, 0)


def test_a_damaged_file_is_dropped_and_too_many_go(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path)
    cache.add(["a"], vectors(0, 1))
    cache.add(["b"], vectors(1, 1))
    first, second = sorted((tmp_path / "cache" / "texts").glob("*.npz"))
    first.write_bytes(first.read_bytes()[:100])
    assert cache.gather(["a", "b"])[1].sum() == 1
    assert not first.exists()
    cache.tidy(1)
    assert second.exists()
    cache.add(["c"], vectors(2, 1))
    cache.tidy(1)
    assert not list(second.parent.glob("*.npz"))


def test_without_a_home_nothing_is_kept() -> None:
    cache = VectorCache(None)
    cache.add(["a"], vectors(0, 1))
    cache.tidy(0)
    assert cache.gather(["a"])[1].tolist() == [False]
    snapshot.save(None, "x", "state", {"a": vectors(0, 1)})
    assert snapshot.load(None, "x", "state") is None


def test_what_the_files_lack_is_read_from_the_database(db: Database, tmp_path: Path) -> None:
    load_models(db, [ModelRecord(id_) for id_ in IDS])
    made = vectors(0, 6)
    made[2] = made[0]
    rows = [{"key": IDS[i], "vector": made[i].tolist(), "hash": HASHES[i] or None} for i in range(5)]
    db.write_rows("embed/model", rows)
    cache = VectorCache(tmp_path)
    with pytest.raises(NotBuilt, match="1 of 6 models have no text vector"):
        vectors_of(db, cache, IDS, HASHES)
    np.testing.assert_array_equal(vectors_of(db, cache, IDS[4::-1], HASHES[4::-1]), made[4::-1])
    db.write_rows("embed/model", [{**row, "vector": [0.0] * 256} for row in rows])
    # Only the one without a hash is read again.
    np.testing.assert_array_equal(vectors_of(db, cache, IDS[:5], HASHES[:5]), [*made[:4], np.zeros(256)])
    assert [key for part in stored(db, "Model", "textEmbedding", IDS) for key, _ in part] == IDS[:5]


def test_links_are_read_once_for_a_load(db: Database, tmp_path: Path) -> None:
    def record(n: int, tags: tuple[str, ...]) -> ModelRecord:
        return ModelRecord(f"lab/m{n}", author="lab", tags=tags, bases=((f"lab/m{n - 1}", "finetune"),) if n else ())

    load_models(db, [record(0, ("b", "a")), record(1, ("a",)), record(2, ())])

    def links(home: Path | None) -> dict[str, list[tuple[str, list[int]]]]:
        found = linked.read(db, home).among(["lab/m2", "lab/m1", "lab/gone", "lab/m0"])
        return {label: [(key, models.tolist()) for key, models in each] for label, each in found.items() if each.keys}

    said = {
        "Tag": [("a", [1, 3]), ("b", [3])],
        "Author": [("lab", [0, 1, 3])],
        "Model": [("lab/m0", [1]), ("lab/m1", [0])],
    }
    assert links(tmp_path) == links(None) == said
    with db.driver.session(database=db.name) as session:
        session.run("MATCH (:Model {id: 'lab/m1'})-[r:HAS_TAG]->() DELETE r").consume()
    assert links(tmp_path) == said  # of this load
    assert links(None)["Tag"] == [("a", [3]), ("b", [3])]
    load_models(db, [record(3, ("c",))])
    assert links(tmp_path) == links(None) == {**said, "Tag": [("a", [3]), ("b", [3])]}
    owners = linked.read(db, tmp_path).among(["lab/m0", "lab/m3"])["Tag"]
    assert (owners.keys, owners.owners.tolist(), owners.models.tolist()) == (["a", "b", "c"], [0, 1, 2], [0, 0, 1])


def test_a_graph_without_models_has_no_links(db: Database, tmp_path: Path) -> None:
    assert not any(each.keys for each in linked.read(db, tmp_path).among([]).values())


def test_arrays_stand_for_one_state_of_the_graph(tmp_path: Path) -> None:
    names = ["plain", "new\nline", "\U0010ffff", "\ud800"]
    snapshot.save(tmp_path, "x", "one", {"a": vectors(0, 2), "names": names})
    kept = snapshot.load(tmp_path, "x", "one")
    assert kept is not None
    np.testing.assert_array_equal(kept["a"], vectors(0, 2))
    assert snapshot.names(kept["names"]) == names
    assert snapshot.load(tmp_path, "x", "two") is None
    assert snapshot.load(tmp_path, "y", "one") is None
    file = tmp_path / "cache" / "graph" / "x.npz"
    file.write_bytes(file.read_bytes()[:200])
    assert snapshot.load(tmp_path, "x", "one") is None


def test_a_load_takes_away_the_hash_of_a_text_that_it_changes(any_db: Database) -> None:
    records = [ModelRecord(id_, soup=f"soup of {id_}", tags=("a",)) for id_ in IDS[:3]]
    load_models(any_db, records)
    any_db.write_rows("embed/model", ({"key": id_, "vector": [1.0] * 256, "hash": "h"} for id_ in IDS[:3]))
    changed = [
        ModelRecord(IDS[0], soup="another", tags=("a",)),
        ModelRecord(IDS[1], soup=f"soup of {IDS[1]}", tags=("b",)),
        ModelRecord(IDS[3], soup="new"),
    ]
    load_models(any_db, changed)
    rows = any_db.read("embed/model_texts", all=False)
    assert sorted((row["key"], row["text"]) for row in rows) == [(IDS[0], "another"), (IDS[3], "new")]
    assert {row["key"]: row["textHash"] for row in any_db.read("embed/model_texts")} == {
        IDS[0]: None, IDS[1]: "h", IDS[2]: "h", IDS[3]: None,
    }  # fmt: skip
    assert stages.get(any_db, "load") is not None


def test_a_load_writes_only_the_links_that_are_new_or_gone(any_db: Database) -> None:
    base = ModelRecord("lab/base")
    before = ModelRecord(
        "lab/m", author="lab", task="fill-mask", tags=("a", "b"), languages=("de",), bases=(("lab/base", "finetune"),)
    )
    other = ModelRecord("lab/other", author="lab", tags=("a",))
    assert load_models(any_db, [base, before, other]).links == 8
    after = replace(before, author="new", tags=("b", "c"), bases=(("lab/base", "merge"),))
    assert load_models(any_db, [after]).links == 3  # the author, a tag, and the base, whose relation is another one
    text = (
        "MATCH (m:Model {id: 'lab/m'})-[r]->(f) "
        "RETURN type(r) + ' ' + coalesce(f.id, f.name) + ' ' + coalesce(r.relation, '') AS link ORDER BY link"
    )
    with any_db.driver.session(database=any_db.name) as session:
        links = [row["link"] for row in session.run(text)]
        tags = {row["name"]: row["n"] for row in session.run("MATCH (t:Tag) RETURN t.name AS name, t.degree AS n")}
    assert links == [
        "BASED_ON lab/base merge", "FOR_TASK fill-mask ", "HAS_TAG b ", "HAS_TAG c ", "IN_LANGUAGE de ",
        "PUBLISHED_BY new ",
    ]  # fmt: skip
    assert tags == {"a": 1, "b": 1, "c": 1}
    assert load_models(any_db, [after]).links == 0
