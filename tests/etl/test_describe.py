"""The stage describe over a real graph: places, names, the report's numbers."""

from __future__ import annotations

import gzip
import itertools
import json
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from etl import describe, reuse
from graph import growth, models, report, tiles
from graph.database import Database
from graph.deletions import mark_deleted
from graph.errors import NotBuilt
from graph.load import load_models
from graph.text import DIMENSIONS
from graph.tiles import SPAN
from graph.types import FACT_LABELS, ModelRecord, Relation
from graph.vectors import stored
from hfmrs.build import STAGES
from hfmrs.settings import load

KINDS = (
    ("fill-mask", "bert", "BertForMaskedLM", "de"),
    ("image-classification", "vit", "ViTForImageClassification", None),
    ("text-to-image", "lora", None, None),
)
#: Models of each kind.
EACH = 50


def records() -> list[ModelRecord]:
    made = []
    for kind, (task, tag, architecture, language) in enumerate(KINDS):
        for n in range(EACH):
            made.append(
                ModelRecord(
                    f"lab{kind}/{tag}-{n}",
                    author=f"lab{kind}",
                    task=task,
                    library="transformers",
                    license="mit" if n % 2 else None,
                    model_type=tag,
                    tags=(tag, "common"),
                    architectures=(architecture,) if architecture else (),
                    languages=(language,) if language else (),
                    downloads=10_000 if n == 0 else n % 3,
                    created_at=datetime(2023 + kind, 1 + n % 12, 1, tzinfo=timezone.utc),
                    bases=((f"lab{kind}/{tag}-{n - 1}", "finetune"),) if 0 < n < 4 else (),
                )
            )
    return made


def fill(db: Database, *, vectors: bool = True) -> None:
    made = records()
    load_models(db, made)
    random = np.random.default_rng(0)
    centres = random.normal(size=(len(KINDS), DIMENSIONS))
    texts = np.repeat(centres, EACH, axis=0) + 0.1 * random.normal(size=(len(made), DIMENSIONS))
    rows = [
        {"key": each.id, "properties": {"textEmbedding": text.tolist()}} for each, text in zip(made, texts, strict=True)
    ]
    if vectors:
        db.write_rows("publish/vectors/Model", rows)
    for method in ("cosine", "jaccard"):
        links = [{"id": "lab0/bert-1", "links": [{"id": other, "score": 0.5, "rank": 1}]} for other in
                 ("lab0/bert-2", "lab1/vit-1")]  # fmt: skip
        db.write_rows("similar/link", links, method=method)


def rows_of(db: Database, id_: str) -> list[dict[str, Any]]:
    return list(next(each for each in report.read(db) if each.id == id_).rows)


@pytest.fixture(scope="module")
def described(module_db: Database) -> Database:
    fill(module_db)
    with module_db.driver.session(database=module_db.name) as session:
        session.run("MATCH (m:Model {id: 'lab2/lora-49'}) SET m.deletedAt = datetime()").consume()
    told: list[str] = []
    done = describe.run(module_db, on_progress=lambda done, total, text: told.append(text))
    assert (done.models, done.clusters) == (3 * EACH - 1, 3)
    assert "placing" in told
    return module_db


def test_every_model_gets_its_cluster_and_its_place(described: Database) -> None:
    table = described.ask("MATCH (m:Model) RETURN m.author, m.cluster, m.x, m.y, m.deletedAt IS NULL")
    there = [row for row in table.rows if row[4]]
    assert len(there) == 3 * EACH - 1
    assert len({(author, cluster) for author, cluster, *_ in there}) == 3
    assert all(0 <= x <= 1 and 0 <= y <= 1 for _, _, x, y, _ in there)
    assert [row[1:4] for row in table.rows if not row[4]] == [(None, None, None)]


def test_clusters_are_named_by_their_facts_and_not_by_common_ones(described: Database) -> None:
    names = {row["most_used"]: row for row in rows_of(described, "clusters")}
    assert set(names) == {"lab0/bert-0", "lab1/vit-0", "lab2/lora-0"}
    assert ["Tag", "vit"] in names["lab1/vit-0"]["facts"]
    assert ["Task", "text-to-image"] in names["lab2/lora-0"]["facts"]
    assert not any("common" in row["name"] or "transformers" in row["name"] for row in names.values())
    assert (names["lab2/lora-0"]["models"], names["lab0/bert-0"]["models"]) == (EACH - 1, EACH)


def test_the_tables_count_what_is_there(described: Database) -> None:
    tasks = {row["name"]: row["models"] for row in rows_of(described, "tasks")}
    assert tasks == {"fill-mask": EACH, "image-classification": EACH, "text-to-image": EACH - 1}
    assert {row["name"]: row["models"] for row in rows_of(described, "languages")} == {"de": EACH}
    assert {row["year"]: row["models"] for row in rows_of(described, "years")} == {2023: 50, 2024: 50, 2025: 49}
    assert sum(row["models"] for row in rows_of(described, "growth")) == 149
    assert sum(row["models"] for row in rows_of(described, "downloads")) == 149
    fields = {row["field"]: row["models"] for row in rows_of(described, "completeness")}
    assert (fields["task"], fields["licence"], fields["languages"], fields["papers"]) == (149, 74, EACH, 0)
    assert {row["depth"]: row["models"] for row in rows_of(described, "depths")} == {0: 140, 1: 3, 2: 3, 3: 3}
    assert {row["base"]: row["family"] for row in rows_of(described, "families")} == {
        "lab0/bert-0": 3, "lab1/vit-0": 3, "lab2/lora-0": 3,
    }  # fmt: skip
    top = next(row["value"] for row in rows_of(described, "summary") if row["what"] == "downloads of the top 1 %")
    assert top == pytest.approx(10_000 / (30_000 + 3 * 49 - 1), abs=0.01)
    assert len(rows_of(described, "picture")) == 149


def test_the_most_used_of_many_children_are_listed_with_their_base(
    new_database: Callable[[], AbstractContextManager[Database]], monkeypatch: pytest.MonkeyPatch
) -> None:
    child = {"author": "lab", "created_at": datetime(2024, 1, 1, tzinfo=timezone.utc)}
    made = [ModelRecord("lab/base", **child), ModelRecord("lab/other", **child)]
    for n in range(7):
        bases = (("lab/base" if n < 5 else "lab/other", "finetune"),)
        made.append(ModelRecord(f"lab/child-{n}", bases=bases, downloads=100 * (n % 3), **child))  # type: ignore[arg-type]
    made.append(ModelRecord("lab/packed", library="gguf", bases=(("lab/other", "quantized"),), **child))  # type: ignore[arg-type]
    for module in (describe, models):
        monkeypatch.setattr(module, "MANY", 4)
    monkeypatch.setattr(describe, "_LISTED", 3)
    with new_database() as db:
        load_models(db, made)
        random = np.random.default_rng(0)
        vectors = random.normal(size=(len(made), DIMENSIONS)).tolist()
        rows = [{"key": each.id, "properties": {"textEmbedding": v}} for each, v in zip(made, vectors, strict=True)]
        db.write_rows("publish/vectors/Model", rows)
        before = models.get(db, "lab/base", children=3).children
        describe.run(db)
        found = dict(
            db.ask("MATCH (m:Model) WHERE m.mostUsedChildren IS NOT NULL RETURN m.id, m.mostUsedChildren").rows
        )
        assert found == {"lab/base": ["lab/child-2", "lab/child-1", "lab/child-4"]}
        page = models.get(db, "lab/base", children=3)
        assert (page.children, page.kinds, page.children_total) == (before, {"finetune": 5}, 5)
        packed = db.ask("MATCH (m:Model) WHERE m.gguf = true RETURN m.id ORDER BY m.id").rows
        assert [id for (id,) in packed] == ["lab/other", "lab/packed"]
        assert models.cards(db, ["lab/other"])["lab/other"].gguf
        assert len(models.get(db, "lab/base", children=4).children) == 4
        mark_deleted(db, "Model", ["lab/child-1", "lab/packed"], datetime(2024, 2, 1, tzinfo=timezone.utc))
        left = [each.id for each in models.get(db, "lab/base", children=3).children]
        assert left == ["lab/child-2", "lab/child-4"]


def by_month(db: Database, label: str) -> dict[str, list[tuple[int, int]]]:
    """What is stored of each fact of a label: (month, models), without the months in which there were none."""
    found = {}
    for row in db.stream("describe/grown", label=label, key=FACT_LABELS[label][1]):
        since = row["since"] // 100 * 12 + row["since"] % 100 - 1
        months = ((at // 12 * 100 + at % 12 + 1, models) for at, models in enumerate(row["models"], since))
        found[row["key"]] = [each for each in months if each[1]]
    return found


def test_of_each_fact_the_models_of_each_month_are_counted(described: Database) -> None:
    for label in growth.LABELS:
        relationship, key = FACT_LABELS[label]
        counted = described.ask(
            f"MATCH (m:Model)-[:{relationship}]->(n:{label}) WHERE m.deletedAt IS NULL WITH n.{key} AS name, "
            "m.createdAt.year * 100 + m.createdAt.month AS month, count(*) AS models ORDER BY month "
            "RETURN name, collect([month, models])"
        ).rows
        assert by_month(described, label) == {name: [tuple(each) for each in months] for name, months in counted}
    assert growth.read(described, "Language", "de")[-1] == growth.Month("2023-12", 4, 1.0)
    assert growth.read(described, "Author", "nobody") == ()


def test_what_is_left_with_few_models_loses_its_months(db: Database) -> None:
    fill(db)
    describe.run(db)
    mark_deleted(db, "Model", [f"lab0/bert-{n}" for n in range(growth.LEAST - 1, EACH)], datetime.now(timezone.utc))
    describe.run(db)
    assert by_month(db, "Author").keys() == {"lab1", "lab2"}
    assert sum(models for _, models in by_month(db, "License")["mit"]) == EACH + 2


def test_who_builds_on_what_is_counted_anew_and_goes_with_the_models(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reuse, "_LINKED", 2)

    def counted() -> tuple[Any, ...]:
        reuse.write(db, describe.read(db, None, lambda done, total, text: None)[0])
        links = "MATCH (a:Author)-[r:BUILDS_ON_MODELS_OF]->(b:Author) RETURN a.name, b.name, r.models, r.bases"
        base = "MATCH (m:Model {id: 'lab/base'}) RETURN m.otherTasks, m.otherTaskChildren, m.lastBuiltOn, "
        made = "m.childRelations, m.childDownloads"
        merges = "MATCH (m:Model) WHERE m.mergedFrom >= 1 RETURN m.id, m.mergedFrom"
        return *db.ask(links).rows, db.ask(base + made).rows[0], *db.ask(merges).rows

    def made(number: int, *bases: str, task: str = "fill-mask") -> ModelRecord:
        at = datetime(2025, number, 1, tzinfo=timezone.utc)
        how: Relation = "finetune" if len(bases) < 2 else "merge"
        made = tuple((base, how) for base in bases)
        return ModelRecord(f"fan/{number}", author="fan", task=task, created_at=at, downloads=10 * number, bases=made)

    base = ModelRecord("lab/base", author="lab", task="text-generation")
    other = ModelRecord("lab/other", author="lab", task="text-generation", bases=(("lab/base", "finetune"),))
    load_models(db, [base, other, made(1, "lab/base"), made(2, "lab/base", "lab/other", task="image-to-text"),
                     made(3, "lab/base")])  # fmt: skip
    assert counted() == (("fan", "lab", 3, 2), (2, 3, "2025-03-01T00:00:00Z", ["finetune", "merge"], 60), ("fan/2", 2))
    assert not list(reuse._bases(describe.read(db, None, lambda done, total, text: None)[0]))  # nothing is other now
    mark_deleted(db, "Model", ["fan/3"], datetime(2025, 4, 1, tzinfo=timezone.utc))
    assert counted() == (("fan", "lab", 2, 2), (2, 2, "2025-02-01T00:00:00Z", ["finetune", "merge"], 30), ("fan/2", 2))
    load_models(db, [made(2, task="image-to-text")])
    assert counted() == ((1, 1, "2025-01-01T00:00:00Z", ["finetune"], 10),)
    mark_deleted(db, "Model", ["fan/1"], datetime(2025, 4, 1, tzinfo=timezone.utc))
    assert counted() == ((None, None, None, ["finetune"], 0),)
    load_models(db, [made(1, "lab/base")])
    assert counted() == ((1, 1, "2025-01-01T00:00:00Z", ["finetune"], 10),)
    mark_deleted(db, "Model", ["lab/base"], datetime(2025, 4, 1, tzinfo=timezone.utc))
    assert counted() == ((None,) * 5,)


def test_similar_models_are_counted_by_task_and_language(described: Database) -> None:
    (mask,) = (row for row in rows_of(described, "similar_tasks") if row["name"] == "fill-mask")
    assert mask == {
        "name": "fill-mask", "models": EACH, "cosine linked": 1 / EACH, "cosine long": 0.0, "cosine within": 0.5,
        "jaccard linked": 1 / EACH, "jaccard long": 0.0, "jaccard within": 0.5,
    }  # fmt: skip
    assert [row["cosine within"] for row in rows_of(described, "similar_languages")] == [0.5]


def test_newcomers_are_put_beside_those_most_like_them(db: Database) -> None:
    fill(db)
    describe.run(db)
    before = dict(row for row in places(db))
    drawn = rows_of(db, "picture")
    load_models(db, [ModelRecord("new/vit", task="image-classification"), ModelRecord("new/alone")])
    vectors = [{"key": name, "properties": {"textEmbedding": [1.0] * DIMENSIONS}} for name in ("new/vit", "new/alone")]
    db.write_rows("publish/vectors/Model", vectors)
    links = [{"id": f"lab1/vit-{n}", "score": 0.9 - n / 100, "rank": n} for n in (1, 2, 3)]
    db.write_rows("similar/link", [{"id": "new/vit", "links": links}], method="cosine")
    done = describe.run(db)
    assert (done.placed, done.models) == (1, 3 * EACH + 2)
    assert str(done).startswith("1 new of 152 models in 3 clusters")
    after = dict(row for row in places(db))
    assert {key: after[key] for key in before} == before
    cluster, x, y = after["new/vit"]
    beside = [before[f"lab1/vit-{n}"] for n in (1, 2, 3)]
    assert cluster == beside[0][0]
    assert (x, y) == pytest.approx(np.mean([each[1:] for each in beside], axis=0), abs=1e-3)
    assert after["new/alone"] == (None, None, None)
    assert rows_of(db, "picture") == drawn
    assert {row["name"]: row["models"] for row in rows_of(db, "tasks")}["image-classification"] == EACH + 1
    assert max(row["models"] for row in rows_of(db, "clusters")) == EACH + 1


def test_many_newcomers_have_the_map_drawn_anew(db: Database) -> None:
    fill(db)
    describe.run(db)
    more = [f"lab1/vit-more-{n}" for n in range(20)]
    load_models(db, [ModelRecord(name) for name in more])
    ((_, vector),) = next(stored(db, "Model", "textEmbedding", ["lab1/vit-0"]))
    db.write_rows("publish/vectors/Model", ({"key": name, "properties": {"textEmbedding": vector}} for name in more))
    assert describe.run(db).placed == 3 * EACH + 20
    assert len(rows_of(db, "picture")) == 3 * EACH + 20


@pytest.mark.parametrize("at", ["describe/children", "describe/place", "describe/write"])
def test_what_broke_off_is_made_up_for(db: Database, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    fill(db)
    describe.run(db)
    drawn = places(db)
    assert report.whole(db)
    ((_, vector),) = next(stored(db, "Model", "textEmbedding", ["lab1/vit-0"]))
    gone = [f"lab2/lora-{n}" for n in range(30, EACH)]
    mark_deleted(db, "Model", gone, datetime(2025, 1, 1, tzinfo=timezone.utc))
    more = [f"lab1/vit-more-{n}" for n in range(20)]  # so many newcomers that the map is drawn anew
    load_models(
        db, [ModelRecord(name, task="image-classification", bases=(("lab0/bert-5", "merge"),)) for name in more]
    )
    db.write_rows("publish/vectors/Model", ({"key": name, "properties": {"textEmbedding": vector}} for name in more))

    class Stopped(BaseException):
        pass

    def write(name: str, rows: Iterable[Any] = (), /, **more: Any) -> Any:
        if name == at:
            if rows:  # some of it was written
                written(name, itertools.islice(rows, 140), **more)  # half of the newcomers have a place then
            raise Stopped
        return (written if rows else single)(name, *((rows,) if rows else ()), **more)

    written, single = db.write_rows, db.write
    with monkeypatch.context() as broken:
        broken.setattr(db, "write_rows", write)
        broken.setattr(db, "write", write)
        with pytest.raises(Stopped):
            describe.run(db)
    assert not report.whole(db)
    done = describe.run(db)
    assert report.whole(db)
    assert done.placed == len(places(db)) == len(drawn) - len(gone) + len(more)
    assert len(rows_of(db, "picture")) == done.placed
    (reused,) = db.ask("MATCH (m:Model {id: 'lab0/bert-5'}) RETURN m.otherTaskChildren").rows
    assert reused == (len(more),)


def test_a_stage_that_broke_off_is_out_of_date(db: Database, tmp_path: Path) -> None:
    fill(db)
    describe.run(db, tmp_path)
    (stage,) = (each for each in STAGES if each.name == "describe")
    settings = load(tmp_path)
    assert stage.kept(db, settings)
    for state in (report.COUNTING, report.DRAWING):
        report.note(db, state)
        assert not stage.kept(db, settings)


def test_the_map_holds_every_model_that_has_a_place_where_the_graph_says(db: Database, tmp_path: Path) -> None:
    fill(db)
    mark_deleted(db, "Model", ["lab2/lora-49"], datetime(2024, 2, 1, tzinfo=timezone.utc))
    describe.run(db, tmp_path)
    assert tiles.read(tmp_path)["unplaced"] == 0
    load_models(db, [ModelRecord("new/alone")])
    db.write_rows("publish/vectors/Model", [{"key": "new/alone", "properties": {"textEmbedding": [1.0] * DIMENSIONS}}])
    describe.run(db, tmp_path)
    index = tiles.read(tmp_path)
    assert (index["models"], index["unplaced"], len(index["tiles"])) == (3 * EACH - 1, 1, 1)
    columns = tiles.unpacked(gzip.decompress(tiles.points(tmp_path, index["version"], 0)))
    ids = json.loads(gzip.decompress(tiles.names(tmp_path, index["version"], 0, 0)))["ids"]
    stored = dict(places(db))
    assert {*ids} == {id for id, (cluster, _, _) in stored.items() if cluster is not None}
    for n, id in enumerate(ids):
        cluster, x, y = stored[id]
        assert (columns["x"][n] / SPAN, columns["y"][n] / SPAN) == pytest.approx((x, y), abs=2 / SPAN)
        assert columns["cluster"][n] == cluster


def places(db: Database) -> list[tuple[str, tuple[int, float, float]]]:
    return [(row["id"], (row["cluster"], row["x"], row["y"])) for row in db.read("describe/models")]


def test_a_new_report_replaces_the_old_one_whole(db: Database) -> None:
    rows = ({"name": "a", "models": 1},)
    report.write(db, [report.Section("old", "Old", "Of before.", rows), report.Section("kept", "Kept", "1.", rows)])
    report.write(db, [report.Section("kept", "Kept", "2.", rows), report.Section("new", "New", "Now.", ())])
    assert [(each.id, each.text, each.columns) for each in report.read(db)] == [
        ("kept", "2.", ("name", "models")),
        ("new", "Now.", ()),
    ]


def test_what_is_missing_is_said(db: Database) -> None:
    with pytest.raises(NotBuilt, match="not been described"):
        report.read(db)
    with pytest.raises(NotBuilt, match="no models"):
        describe.run(db)
    fill(db, vectors=False)
    with pytest.raises(NotBuilt, match="no text vector"):
        describe.run(db)


def test_one_model_without_anything_is_described(db: Database, tmp_path: Path) -> None:
    load_models(db, [ModelRecord("only/one")])
    db.write_rows("publish/vectors/Model", [{"key": "only/one", "properties": {"textEmbedding": [1.0] * DIMENSIONS}}])
    assert describe.run(db, tmp_path).clusters == 1
    (region,) = tiles.read(tmp_path)["legends"]["cluster"]
    assert (region["name"], region["facts"]) == ("little in common (1)", [])
    assert rows_of(db, "growth") == []
    assert rows_of(db, "trials") == []


def test_a_section_has_the_same_columns_in_each_row() -> None:
    with pytest.raises(ValueError, match="different columns"):
        report.Section("a", "A", "a.", ({"x": 1}, {"y": 2}))
