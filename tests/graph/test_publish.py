"""From the database to a subgraph, to a run, back into the database: nothing lost, never half a run."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import numpy as np
import pytest

from gnn.training import TrainingSettings, train
from graph import publish as publishing
from graph.database import Database
from graph.errors import NotBuilt, NotFound
from graph.export import around, by_task, days, most_used, subgraph
from graph.load import load_models
from graph.publish import publish
from graph.score import cosines, score
from graph.text import DIMENSIONS
from graph.types import ModelRecord, Run, Subgraph

START = datetime(2023, 1, 1, tzinfo=timezone.utc)
LABELS = {"Model": "id", "Task": "name", "Tag": "name", "Author": "name", "Library": "name"}


def records() -> list[ModelRecord]:
    """Twelve bases of three kinds, and ninety models that thirty authors built on those of their kind."""
    made = []
    for n in range(12):
        made.append(_record(f"org{n % 3}/base-{n}", n, n % 3, ()))
    for n in range(90):
        kind = (n % 30) % 3
        base = f"org{kind}/base-{kind + 3 * ((n * 7 + n // 30) % 4)}"
        made.append(_record(f"maker{n % 30}/child-{n}", 30 + 5 * n, kind, ((base, "finetune"),)))
    return made


def _record(id_: str, day: int, kind: int, bases: tuple[tuple[str, str], ...]) -> ModelRecord:
    return ModelRecord(
        id=id_,
        author=id_.split("/")[0],
        task=("fill-mask", "image-classification", "text-to-speech")[kind],
        library="transformers",
        tags=(f"kind-{kind}",),
        downloads=1000 - day,
        created_at=START + timedelta(days=day),
        bases=bases,  # type: ignore[arg-type]
    )


@pytest.fixture(scope="module")
def filled(module_any_db: Database) -> Database:
    load_models(module_any_db, records())
    return module_any_db


@pytest.fixture(scope="module")
def built(filled: Database) -> Database:
    """The loaded graph with text vectors: the kind of a thing, and noise."""
    random = np.random.default_rng(0)
    for label, key in LABELS.items():
        rows = []
        for row in sorted(filled.read("publish/degrees", label=label, key=key), key=lambda r: str(r["key"])):
            vector = random.normal(size=DIMENSIONS)
            rows.append({"key": row["key"], "properties": {"textEmbedding": vector.tolist()}})
        filled.write_rows(f"publish/vectors/{label}", rows)
    # Links that a build stores between models are no facts: an export leaves them out.
    link = {
        "model": "org0/base-0",
        "recommended": "org1/base-1",
        "method": "gat",
        "run": "old",
        "score": 1.0,
        "rank": 1,
    }
    filled.write_rows("publish/recommends", [{**link, "reasons": "[]"}])
    similar = {"id": "org0/base-0", "links": [{"id": "org1/base-1", "score": 0.9, "rank": 1}]}
    filled.write_rows("similar/link", [similar], method="cosine")
    return filled


@pytest.fixture(scope="module")
def run(built: Database) -> Run:
    return train(subgraph(built), TrainingSettings(size=64, epochs=8, windows=5)).run


def test_export_without_text_vectors_says_what_to_run(new_database) -> None:  # type: ignore[no-untyped-def]
    with new_database() as db:
        with pytest.raises(NotFound, match="no models"):
            subgraph(db)
        load_models(db, records()[:3])
        with pytest.raises(NotBuilt, match="hfmrs build --only embed"):
            subgraph(db)


def test_export_holds_every_link_and_its_day(built: Database) -> None:
    data = subgraph(built)
    known = {record.id: record for record in records()}
    assert set(data.nodes["Model"]) == set(known)
    child, base = data.edges["Model", "BASED_ON", "Model"]
    pairs = {(data.nodes["Model"][c], data.nodes["Model"][b]) for c, b in zip(child, base, strict=True)}
    assert pairs == {(record.id, each) for record in known.values() for each, _ in record.bases}
    moments = data.edge_times["Model", "BASED_ON", "Model"]
    assert [data.nodes["Model"][c] for c in child[np.argsort(moments)]] == [
        f"maker{n % 30}/child-{n}" for n in range(90)
    ]
    source, target = data.edges["Model", "FOR_TASK", "Task"]
    tasks = {data.nodes["Model"][s]: data.nodes["Task"][t] for s, t in zip(source, target, strict=True)}
    assert tasks == {id_: record.task for id_, record in known.items()}
    sizes = {relationship: pair.shape[1] for (_, relationship, _), pair in data.edges.items()}
    assert {name: size for name, size in sizes.items() if size} == {
        "BASED_ON": 90,
        "FOR_TASK": 102,
        "USES_LIBRARY": 102,
        "HAS_TAG": 102,
        "PUBLISHED_BY": 102,
    }
    assert "102 Model" in repr(data)


def test_export_stops_at_the_cut(built: Database) -> None:
    cut = START + timedelta(days=100)
    data = subgraph(built, cut=cut)
    assert len(data.nodes["Model"]) == sum(record.created_at < cut for record in records() if record.created_at)
    assert all((times < days(cut)).all() for times in data.edge_times.values())


def test_a_part_of_the_graph(built: Database) -> None:
    seeds = ["org0/base-0"]
    near = around(built, seeds, hops=1, cap=3)
    assert seeds[0] in near
    assert 1 < len(near) < 20
    data = subgraph(built, ids=near)
    assert set(data.nodes["Model"]) == set(near)
    assert set(data.nodes["Task"]) <= {"fill-mask", "image-classification", "text-to-speech"}
    assert around(built, seeds, hops=0) == seeds
    used = most_used(built, 20)
    assert {"org0/base-0", "org1/base-1", "org2/base-2"} <= set(used)
    assert 10 <= len(used) <= 20
    assert set(subgraph(built, ids=used).nodes["Model"]) == set(used)
    balanced = subgraph(built, ids=by_task(built, 5))
    _, target = balanced.edges["Model", "FOR_TASK", "Task"]
    assert np.bincount(target).tolist() == [5, 5, 5]


def _vector(db: Database, label: str, key: str, name: str) -> list[float] | None:
    found = db.read("publish/keys_in_slot", label=label, key=LABELS[label], property=name)
    return [row["key"] for row in found if row["key"] == key] or None  # type: ignore[return-value]


def test_publish_switches_between_slots_and_forgets_what_was(built: Database, run: Run) -> None:
    first = publish(built, run)
    assert built.read("publish/current") == [{"method": "gat", "run": run.id, "slot": first.letter}]
    second_run = replace(run, id="gat-second")
    second = publish(built, second_run)
    assert {first.letter, second.letter} == {"A", "B"}
    assert built.read("publish/current") == [{"method": "gat", "run": "gat-second", "slot": second.letter}]
    assert _runs(built) == {"gat-second"}
    again = publish(built, run)  # going back is publishing again
    assert again == first
    assert _runs(built) == {run.id}
    assert publish(built, run) == first  # what is in service stays there


def _runs(db: Database) -> set[str]:
    table = db.ask("MATCH (:Model)-[r:RECOMMENDS]->(:Model) RETURN DISTINCT r.run AS run", {})
    return {row[0] for row in table.rows}


def test_stored_links_carry_the_score_of_the_scorer_and_three_reasons(built: Database, run: Run) -> None:
    publish(built, replace(run, id="gat-seven"), stored_models=7)
    table = built.ask(
        "MATCH (a:Model)-[r:RECOMMENDS]->(b:Model) RETURN a.id, b.id, r.score, r.rank, r.reasons ORDER BY a.id, r.rank",
        {},
    )
    assert len(table.rows) == 7 * publishing.STORED_LINKS
    models = run.vectors["Model"]
    index = {key: i for i, key in enumerate(models.keys)}
    found = built.read("similar/vectors", property="textEmbedding")
    texts = {row["id"]: np.array(row["vector"], np.float32) for row in found}
    ranks: dict[str, list[int]] = {}
    for a, b, value, rank, reasons in table.rows:
        i, j = index[a], index[b]
        near = cosines(texts[a], texts[b][None])
        expected = score(
            models.embedding[i], models.embedding[[j]], models.counts[[j]], near, run.terms, run.weights["model"]
        )
        assert value == pytest.approx(expected[0], abs=1e-6)
        assert a != b
        ranks.setdefault(a, []).append(rank)
        kinds = [reason["kind"] for reason in json.loads(reasons)]
        assert 1 <= len(kinds) <= 3
        assert "rest" not in kinds
    assert all(each == list(range(1, publishing.STORED_LINKS + 1)) for each in ranks.values())


def test_a_publish_that_breaks_off_leaves_the_run_before_in_service(
    built: Database, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(built, run)
    before = built.read("publish/current")
    links = publishing._links

    def torn(*arguments):  # type: ignore[no-untyped-def]
        rows = links(*arguments)
        yield next(rows)
        raise KeyboardInterrupt

    monkeypatch.setattr(publishing, "_links", torn)
    monkeypatch.setattr(publishing, "STORED_LINKS", 3)
    with pytest.raises(KeyboardInterrupt):
        publish(built, replace(run, id="gat-torn"))
    assert built.read("publish/current") == before
    monkeypatch.undo()
    publish(built, replace(run, id="gat-whole"))
    assert _runs(built) == {"gat-whole"}


def test_what_a_new_run_does_not_know_is_cleared(built: Database, run: Run) -> None:
    slot = publish(built, run)
    table = run.vectors["Model"]
    gone = table.keys[-1]
    smaller = replace(
        table,
        keys=table.keys[:-1],
        embedding=table.embedding[:-1],
        projected=table.projected[:-1],
        neighbours=table.neighbours[:-1],
        attention=table.attention[:-1],
        counts=table.counts[:-1],
    )
    facts = {
        key: tuple(tuple(n for n in facts if n[2] != gone) for facts in each.neighbours)
        for key, each in {"Model": smaller}.items()
    }
    attention = tuple(a[: len(f)] for a, f in zip(smaller.attention, facts["Model"], strict=True))
    small = replace(
        run,
        id="gat-small",
        vectors={**run.vectors, "Model": replace(smaller, neighbours=facts["Model"], attention=attention)},
    )
    publish(built, small)  # the other slot
    assert publish(built, replace(small, id="gat-small-too")) == slot
    assert _vector(built, "Model", gone, slot.embedding) is None
    assert _vector(built, "Model", table.keys[0], slot.embedding)


def test_a_subgraph_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="point outside"):
        Subgraph({"Model": ("a",)}, {("Model", "BASED_ON", "Model"): np.array([[0], [1]])}, {}, {}, {})
