"""From the database to a subgraph, to a run, back into the database: nothing lost, never half a run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import numpy as np
import pytest

from gnn.placing import place
from gnn.training import TrainingSettings, train
from graph import comparable
from graph import publish as publishing
from graph.database import Database
from graph.errors import NotBuilt, NotFound
from graph.export import around, by_task, days, most_used, sent, subgraph, with_kin
from graph.load import load_models
from graph.pairs import why
from graph.publish import extend, publish
from graph.recommend import recommend
from graph.score import CANDIDATES, cosines, score
from graph.sides import read_models
from graph.text import DIMENSIONS
from graph.types import ModelRecord, Run, Subgraph
from graph.vectors import stored

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
    _text_vectors(filled)
    # Links that a build stores between models are no facts: an export leaves them out.
    link = {
        "model": "org0/base-0",
        "recommended": "org1/base-1",
        "method": "gat",
        "run": "old",
        "score": 1.0,
        "rank": 1,
    }
    filled.write("publish/run", id="old", properties={"method": "gat", "storedFor": [link["model"]]})
    filled.write_rows("publish/recommends", [{**link, "reasons": "[]"}])
    similar = {"id": "org0/base-0", "links": [{"id": "org1/base-1", "score": 0.9, "rank": 1}]}
    filled.write_rows("similar/link", [similar], method="cosine")
    return filled


def _text_vectors(db: Database) -> None:
    random = np.random.default_rng(0)
    for label, key in LABELS.items():
        rows = []
        for row in sorted(db.read("publish/degrees", label=label, key=key), key=lambda r: str(r["key"])):
            vector = random.normal(size=DIMENSIONS)
            rows.append({"key": row["key"], "properties": {"textEmbedding": vector.tolist()}})
        db.write_rows(f"publish/vectors/{label}", rows)


@pytest.fixture(scope="module")
def run(built: Database) -> Run:
    data = subgraph(built)
    return place(train(data, TrainingSettings(size=64, epochs=8, windows=5)), data)


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
    assert _service(built) == (run.id, first.letter)
    second_run = replace(run, id="gat-second")
    second = publish(built, second_run)
    assert {first.letter, second.letter} == {"A", "B"}
    assert _service(built) == ("gat-second", second.letter)
    assert _runs(built) == {"gat-second"}
    again = publish(built, run)  # going back is publishing again
    assert again == first
    assert _runs(built) == {run.id}
    assert publish(built, run) == first  # what is in service stays there


def _service(db: Database) -> tuple[str, str]:
    (row,) = db.read("publish/current")
    return row["run"], row["slot"]


def _runs(db: Database) -> set[str]:
    table = db.ask("MATCH (:Model)-[r:RECOMMENDS]->(:Model) RETURN DISTINCT r.run AS run", {})
    return {row[0] for row in table.rows}


def test_what_is_built_upon_most_is_proposed_to_every_author(built: Database, run: Run) -> None:
    publish(built, run)
    columns = {"embedding": "gatEmbeddingA", "counts": "gatCountsA"}
    if built.read("publish/current")[0]["slot"] == "B":
        columns = {"embedding": "gatEmbeddingB", "counts": "gatCountsB"}
    found = built.read("recommend/built_upon", method="gat", **columns)
    counts = run.vectors["Model"].counts
    assert {row["card"]["id"] for row in found} == {run.vectors["Model"].keys[i] for i in np.flatnonzero(counts[:, 0])}
    assert all(row["embedding"] and row["counts"][0] >= 1 for row in found)
    assert len(found) == 12


@contextmanager
def _one_name(db: Database, *ids: str) -> Iterator[None]:
    """These models count as variants of one."""
    with db.driver.session(database=db.name) as session:
        rows = session.run("MATCH (m:Model) WHERE m.id IN $ids RETURN m.id AS id, m.nameKey AS name", ids=ids).data()
        session.run("MATCH (m:Model) WHERE m.id IN $ids SET m.nameKey = 'one'", ids=ids).consume()
        try:
            yield
        finally:
            text = "UNWIND $rows AS row MATCH (m:Model {id: row.id}) SET m.nameKey = row.name"
            session.run(text, rows=rows).consume()


def test_stored_links_carry_the_score_of_the_scorer_and_three_reasons(built: Database, run: Run) -> None:
    with _one_name(built, "org0/base-0", "org0/base-3", "org0/base-6"):
        publish(built, replace(run, id="gat-seven"), stored_models=7)
        table = built.ask(
            "MATCH (a:Model)-[r:RECOMMENDS]->(b:Model) "
            "RETURN a.id, b.id, r.score, r.rank, r.reasons, b.nameKey ORDER BY a.id, r.rank"
        )
    models = run.vectors["Model"]
    index = {key: i for i, key in enumerate(models.keys)}
    texts = {id_: np.array(vector, np.float32) for id_, vector in _sent(built, "Model", "textEmbedding").items()}
    ranks: dict[str, list[int]] = {}
    names: dict[str, list[str]] = {}
    for a, b, value, rank, reasons, name in table.rows:
        names.setdefault(a, []).append(name)
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
    assert len(ranks) == 7
    for a, each in names.items():  # variants of one model count once
        assert len(set(each)) == publishing.STORED_LINKS
        assert ranks[a] == list(range(1, len(each) + 1))
    assert max(map(len, names.values())) > publishing.STORED_LINKS


def test_the_nearest_by_network_and_text_are_stored_with_each_model_the_best_first(built: Database, run: Run) -> None:
    slot = publish(built, replace(run, id="gat-near"))
    models, weights = run.vectors["Model"], run.weights["model"]
    index = {key: i for i, key in enumerate(models.keys)}
    assert weights.scale > 0 < weights.text
    kept = _sent(built, "Model", "textEmbedding")
    texts = np.array([kept[key] for key in models.keys], np.float32)
    found = dict(built.ask(f"MATCH (m:Model) RETURN m.id, m.{slot.nearest}", {}).rows)
    task_of = {each.id: each.task for each in records()}
    assert set(found) == set(models.keys)
    for id_, near in found.items():
        i = index[id_]
        by = weights.scale * cosines(models.embedding[i], models.embedding) + weights.text * cosines(texts[i], texts)
        by[i] = -np.inf
        by[[task_of[other] != task_of[id_] for other in models.keys]] = -np.inf  # of another sort
        assert id_ not in near
        assert len(near) == len(set(near)) == min(CANDIDATES, int((by > 0).sum()))
        rows = [index[other] for other in near]
        assert np.sort(by[rows]) == pytest.approx(np.sort(by)[-len(near) :], abs=1e-4)
        scores = by[rows] + np.log1p(models.counts[rows]) @ [weights.terms[term] for term in run.terms]
        assert scores == pytest.approx(np.sort(scores)[::-1], abs=1e-4)  # the best first


def test_where_few_of_the_nearest_are_comparable_more_are_sought(
    built: Database, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = run.vectors["Model"]
    mixed = replace(models, embedding=np.random.default_rng(0).permutation(models.embedding), texts=models.texts[::-1])
    other = replace(run, vectors={**run.vectors, "Model": mixed})
    kinds, _ = comparable.of_all(built, models.keys)
    monkeypatch.setattr(publishing, "CANDIDATES", 10)
    found = {}
    for sought, deeper, wanted in ((1, 1, 0), (1, 100, 10), (100, 100, 0)):
        for name, value in (("_SOUGHT", sought), ("_DEEPER", deeper), ("STORED_LINKS", wanted)):
            monkeypatch.setattr(publishing, name, value)
        found[sought, deeper] = publishing.nearest(other, kinds, lambda done, total: None)
    assert (found[1, 1] < 0).any()
    assert (found[1, 100] == found[100, 100]).all()


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
        texts=table.texts[:-1],
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


def test_newcomers_join_the_run_in_service(new_database) -> None:  # type: ignore[no-untyped-def]
    """What was there keeps its place, the newcomers get theirs, their base's count grows, and all sums hold."""
    newcomers = [
        _record("maker1/late-1", 600, 1, (("org1/base-1", "finetune"),)),
        _record("nobody/late-2", 601, 1, (("maker1/late-1", "merge"),)),
    ]
    with new_database() as db:
        load_models(db, records())
        _text_vectors(db)
        data = subgraph(db)
        network = train(data, TrainingSettings(size=64, epochs=4, windows=5))
        run = place(network, data)
        slot = publish(db, run, made_from=dict.fromkeys(data.nodes["Model"], "old"), stored_models=102)
        before = _sent(db, "Model", slot.projected)
        built_on = _properties(db, "org1/base-1", slot.counts)[0][0]
        load_models(db, newcomers)
        _text_vectors(db)
        fresh = {record.id for record in newcomers}
        near = subgraph(db, ids=with_kin(db, sorted(fresh)))
        assert set(near.nodes["Model"]) == {*fresh, "org1/base-1"}
        later = place(network, near, id=run.id, as_of=run.as_of, placed=sent(db, near, slot, fresh))
        assert extend(db, later, made_from=dict.fromkeys(fresh, "new")) == slot
        after = _sent(db, "Model", slot.projected)
        assert {key: after[key] for key in before} == before
        assert set(after) - set(before) == fresh
        assert _properties(db, "org1/base-1", slot.counts)[0][0] == built_on + 1
        assert _properties(db, "maker1/late-1", "placedFrom", slot.counts) == ["new", [1.0, 1.0]]
        assert "nobody" in _sent(db, "Author", slot.projected)
        for other in ("maker1/late-1", "org1/base-4"):
            pair = why(db, "nobody/late-2", other).recommendations[0]
            assert sum(reason.contribution or 0.0 for reason in pair.reasons) == pytest.approx(pair.score, abs=1e-4)
        for side in read_models(db, "gat", sorted(fresh)).sides.values():
            parts = side.projected.reshape(len(side.facts), run.heads, -1) * side.attention[:, :, None]
            np.testing.assert_allclose(parts.sum(0).ravel(), side.embedding, atol=1e-5)
        assert _properties(db, "nobody/late-2", slot.nearest) == [None]
        assert len(_properties(db, "org1/base-4", slot.nearest)[0]) == 33  # type: ignore[arg-type] # all of its sort
        found = recommend(db, ["nobody/late-2"], k=100)  # the index knows the newcomers too
        assert "maker1/late-1" in {each.model.id for each in found.recommendations}


def test_nothing_is_extended_where_nothing_is_in_service(new_database, run: Run) -> None:  # type: ignore[no-untyped-def]
    with new_database() as db:
        load_models(db, records()[:3])
        assert extend(db, run, made_from={}) is None


def _sent(db: Database, label: str, property: str) -> dict[str, list[float]]:
    """The vectors of all nodes of a label that have one."""
    keys = [row["key"] for row in db.read("load/keys", label=label, key="id" if label == "Model" else "name")]
    return dict(pair for part in stored(db, label, property, keys) for pair in part)


def _properties(db: Database, id_: str, *names: str) -> list[object]:
    columns = ", ".join(f"m.{name}" for name in names)
    return list(db.ask(f"MATCH (m:Model {{id: $id}}) RETURN {columns}", {"id": id_}).rows[0])


def test_a_subgraph_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="point outside"):
        Subgraph({"Model": ("a",)}, {("Model", "BASED_ON", "Model"): np.array([[0], [1]])}, {}, {}, {})
