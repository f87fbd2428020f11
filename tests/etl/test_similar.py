"""The stage similar over a real graph: what a run over a few changed models leaves is what a whole run makes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from etl import similar
from graph import linking, neighbours, stages
from graph.database import Database
from graph.deletions import mark_deleted
from graph.load import load_models
from graph.text import DIMENSIONS
from graph.types import ModelRecord

COUNT = 240
GONE = {"lab/m012", "lab/m044"}
Stored = dict[tuple[str, str], list[tuple[str, float, int]]]


def record(number: int) -> ModelRecord:
    random = np.random.default_rng(number)
    return ModelRecord(
        f"lab/m{number:03}",
        author="lab",
        task=("fill-mask", "image-classification", None)[number % 3],
        library="transformers",
        tags=tuple(f"tag-{t}" for t in sorted(random.choice(30, 3, replace=False))),
        downloads=10_000 - number,
    )


def vector(number: int, version: int = 0) -> list[float]:
    random = np.random.default_rng((number, version))
    centre = np.random.default_rng(10_000 + number % 12).normal(size=DIMENSIONS)
    made: list[float] = (centre + 0.7 * random.normal(size=DIMENSIONS)).tolist()
    return made


def embed(db: Database, numbers: range | list[int], version: int = 0) -> None:
    rows = [{"key": f"lab/m{n:03}", "vector": vector(n, version), "hash": f"{n} {version}"} for n in numbers]
    db.write_rows("embed/model", rows)


def run(db: Database, **more: Any) -> similar.SimilarReport:
    return similar.run(db, small=0, **more)


def stored(db: Database) -> Stored:
    """By model and method, the links best first."""
    found: Stored = {}
    with db.driver.session(database=db.name) as session:
        for row in session.run(
            "MATCH (m:Model)-[r:SIMILAR_TO]->(o:Model) "
            "RETURN m.id AS id, r.method AS method, o.id AS other, r.score AS score, r.rank AS rank"
        ):
            found.setdefault((row["id"], row["method"]), []).append((row["other"], row["score"], row["rank"]))
    return {key: sorted(links, key=lambda link: link[2]) for key, links in found.items()}


def records_of(db: Database) -> dict[str, str | None]:
    return {row["id"]: row["record"] for row in db.read("similar/models")}


def anew(db: Database) -> Stored:
    """What a whole run makes of the present graph."""
    stages.record(db, "similar links", "begun", 0.0, "all of it")
    assert run(db).changed is None
    return stored(db)


def change(db: Database) -> int:
    """New models, changed texts, changed facts and a deleted model; says how many models are concerned."""
    load_models(db, [record(n) for n in range(COUNT, COUNT + 6)])
    embed(db, range(COUNT, COUNT + 6))
    embed(db, [3, 15, 27], version=1)
    load_models(db, [replace(record(8), tags=("tag-1", "tag-2")), replace(record(20), tags=record(21).tags)])
    mark_deleted(db, "Model", sorted(GONE), datetime.now(timezone.utc))
    return 6 + 3 + 2 + 2


@pytest.fixture
def linked(db: Database) -> Database:
    load_models(db, [record(n) for n in range(COUNT)])
    embed(db, range(COUNT))
    done = run(db)
    assert done.changed is None
    assert done.cosine == COUNT * similar.NEIGHBOURS
    return db


def same_links(one: Stored, other: Stored, method: str, atol: float) -> None:
    """Scores by rank are the same; links may differ where two models are as near."""
    one = {key: links for key, links in one.items() if key[1] == method}
    other = {key: links for key, links in other.items() if key[1] == method}
    assert set(one) == set(other)
    for key, links in one.items():
        assert [link[2] for link in links] == list(range(1, len(links) + 1))
        assert len({link[0] for link in links}) == len(links) == len(other[key]), key
        np.testing.assert_allclose([s for _, s, _ in links], [s for _, s, _ in other[key]], atol=atol, err_msg=str(key))


def test_a_few_changed_models_end_in_the_links_of_a_whole_run(linked: Database) -> None:
    before = stored(linked)
    concerned = change(linked)
    done = run(linked)
    assert done.changed == concerned
    assert str(done).startswith(f"{concerned} changed: ")
    assert 0 < done.cosine < COUNT * similar.NEIGHBOURS
    joined = stored(linked)
    assert joined != before
    assert not GONE & {id_ for id_, _ in joined}
    assert not GONE & {other for links in joined.values() for other, _, _ in links}
    assert run(linked).changed == 0
    assert stored(linked) == joined
    whole = anew(linked)
    same_links(joined, whole, "cosine", 2e-6)
    # The weights of facts in lists that stay are those of the run before.
    same_links(joined, whole, "jaccard", 0.03)


def test_what_was_killed_ends_in_the_same_links(linked: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    change(linked)
    monkeypatch.setattr(linking, "_LINKS", 20)
    real, left = Database.write_rows, 0

    class Killed(Exception):
        pass

    def dying(self: Database, name: str, *args: Any, **more: Any) -> int:
        nonlocal left
        left -= 1
        if left < 0:
            raise Killed
        return real(self, name, *args, **more)

    monkeypatch.setattr(Database, "write_rows", dying)
    for left in (0, 1, 3, 7, 12):  # noqa: B007
        with pytest.raises(Killed):
            run(linked)
    monkeypatch.setattr(Database, "write_rows", real)
    assert run(linked).changed == 13
    joined = stored(linked)
    assert run(linked).changed == 0
    same_links(joined, anew(linked), "cosine", 2e-6)


def test_a_whole_run_that_was_killed_is_made_whole(linked: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = stored(linked)
    embed(linked, range(0, COUNT, 2), version=2)  # more than a tenth
    monkeypatch.setattr(similar, "_record", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run(linked)
    monkeypatch.undo()
    embed(linked, range(0, COUNT, 2))  # as they were: by their records nothing has changed
    assert run(linked).changed is None
    same_links(stored(linked), whole, "cosine", 2e-6)
    assert None not in records_of(linked).values()


def test_what_the_home_keeps_is_what_the_database_says(linked: Database, tmp_path: Path) -> None:
    """Changed again and again, killed once: the links in the file are the stored ones, and only while nothing else
    wrote."""
    names = [row["id"] for row in linked.read("similar/models")]

    def as_dict(there: linking.Stored) -> dict[tuple[str, str, str, int], Any]:
        """Scores, which are written again only where they differ by more than their rounding."""
        return {
            (method, there.names[links.source[i]], there.names[links.target[i]], int(links.rank[i])):
                pytest.approx(float(links.score[i]), abs=3e-6)
            for method, links in there.links.items() for i in range(len(links))
        }  # fmt: skip

    def same() -> bool:
        kept, there = linking.stored(linked, names, tmp_path), linking.stored(linked, names)
        assert {name: kept.place[i] for i, name in enumerate(kept.names)} == {
            name: there.place[i] for i, name in enumerate(there.names)
        }
        return as_dict(kept) == as_dict(there)

    stages.record(linked, linking.STAGE, linking.BEGUN, 0.0, "all of it")
    similar.run(linked, tmp_path, small=0)
    assert same()
    file = tmp_path / "cache" / "graph" / "similar.npz"
    change(linked)
    assert similar.run(linked, tmp_path, small=0).changed == 13
    kept, there = linking.stored(linked, names, tmp_path), linking.stored(linked, names)
    assert as_dict(kept) == as_dict(there)
    assert set(there.names) == set(kept.names)
    before = file.read_bytes()
    embed(linked, [5], version=4)
    run(linked)  # elsewhere, without this home
    assert as_dict(linking.stored(linked, names, tmp_path)) == as_dict(linking.stored(linked, names)) != as_dict(kept)
    assert file.read_bytes() == before
    file.write_bytes(before[:1000])
    assert as_dict(linking.stored(linked, names, tmp_path)) == as_dict(linking.stored(linked, names))


def test_a_killed_run_leaves_no_file_that_anyone_believes(
    linked: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [row["id"] for row in linked.read("similar/models")]
    stages.record(linked, linking.STAGE, linking.BEGUN, 0.0, "all of it")
    similar.run(linked, tmp_path, small=0)
    change(linked)
    monkeypatch.setattr(similar, "_record", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        similar.run(linked, tmp_path, small=0)
    kept, there = linking.stored(linked, names, tmp_path), linking.stored(linked, names)
    for method in similar.METHODS:
        np.testing.assert_array_equal(kept.by(method).target, there.by(method).target)
    monkeypatch.undo()
    assert similar.run(linked, tmp_path, small=0).changed == 13
    same_links(stored(linked), anew(linked), "cosine", 2e-6)


def test_counts_change_no_links(linked: Database) -> None:
    load_models(linked, [replace(record(n), downloads=5) for n in range(40)])
    assert run(linked).changed == 0


def test_all_is_made_anew_where_a_method_is_missing_or_much_has_changed(linked: Database) -> None:
    with linked.driver.session(database=linked.name) as session:
        session.run("MATCH (:Model)-[r:SIMILAR_TO {method: 'jaccard'}]->() DELETE r").consume()
    assert run(linked).changed is None
    embed(linked, range(25), version=3)
    assert run(linked).changed is None
    assert similar.run(linked).changed is None  # a small graph, always


@pytest.mark.parametrize(("probes", "share"), [(40, 0.97), (1, 0.7)])
def test_an_inverted_file_fills_lists_and_changed_models_enter_them_all_the_same(
    linked: Database, monkeypatch: pytest.MonkeyPatch, probes: int, share: float
) -> None:
    before = stored(linked)
    change(linked)
    monkeypatch.setattr(neighbours, "_PROBES", probes)
    assert run(linked, exact_limit=0).changed == 13
    joined, whole = stored(linked), anew(linked)
    cosine = [key for key in whole if key[1] == "cosine"]
    names = {key: ({o for o, _, _ in joined[key]}, {o for o, _, _ in whole[key]}) for key in cosine}
    assert sum(len(mine & all_) for mine, all_ in names.values()) / sum(len(all_) for _, all_ in names.values()) > share
    changed = {f"lab/m{n:03}" for n in (*range(COUNT, COUNT + 6), 3, 15, 27, 8, 20)}
    kept = [key for key in cosine if key in before and not {o for o, _, _ in before[key]} & (changed | GONE)]
    entered = [(names[key][1] & changed, names[key][0]) for key in kept if key[0] not in changed]
    assert any(new for new, _ in entered)
    assert all(new <= mine for new, mine in entered)


def test_links_become_what_they_should_be_on_both_engines(any_db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Taken away, rescored, added and left alone, block by block; the other method stays."""
    random = np.random.default_rng(0)
    names = [f"lab/m{n:03}" for n in range(60)]
    load_models(any_db, [ModelRecord(name) for name in names])
    monkeypatch.setattr(linking, "_LINKS", 8)

    def some(share: float) -> linking.Links:
        lists = []
        for model in range(len(names)):
            others = np.flatnonzero(random.random(len(names)) < share)
            others = random.permutation(others[others != model])
            lists.append((model, others, np.sort(random.random(len(others)).astype(np.float32))[::-1]))
        return linking.Links.of(iter(lists))

    def as_stored(links: linking.Links, method: str) -> Stored:
        found: Stored = {}
        for i in range(len(links)):
            key = names[links.source[i]], method
            found.setdefault(key, []).append((names[links.target[i]], links.score[i], int(links.rank[i])))
        return found

    told: list[tuple[int, int]] = []
    kept, first, second = some(0.1), some(0.2), some(0.2)
    for method, links in (("jaccard", kept), ("cosine", first), ("cosine", second)):
        there = linking.stored(any_db, names)
        told.clear()
        linking.replace(any_db, method, there, links, lambda done, total: told.append((done, total)))
        assert told[-1][0] == told[-1][1]
        assert len(told) > 5
    found = stored(any_db)
    for key, links in (as_stored(second, "cosine") | as_stored(kept, "jaccard")).items():
        assert [(other, rank) for other, _, rank in found[key]] == [(other, rank) for other, _, rank in links]
        np.testing.assert_allclose([s for _, s, _ in found[key]], [s for _, s, _ in links], atol=2e-6)
    assert set(found) == set(as_stored(second, "cosine") | as_stored(kept, "jaccard"))
    assert linking.replace(any_db, "cosine", linking.stored(any_db, names), second, lambda done, total: None) == 0


def test_each_task_and_language_gives_its_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similar, "MOST_USED", 1_000)
    count = similar.SMALL + 10_000
    large, small, tiny = np.arange(20_000), np.arange(20_000, 21_000), np.arange(29_990, count)
    kept = similar.how_many(count, [large, small, tiny])
    long = kept == similar.MOST_USED_NEIGHBOURS
    assert set(kept.tolist()) == {similar.MOST_USED_NEIGHBOURS, similar.OTHER_NEIGHBOURS}
    assert long.sum() == 1_000
    assert long[tiny].all()
    # 990 for three: a large and a small one, and the models of none.
    assert (long[large].sum(), long[small].sum(), long[21_000:29_990].sum()) == (330, 330, 330)
    assert long[large[:330]].all()
    assert (similar.how_many(count, [large[::-1], small, tiny]) == kept).all()
