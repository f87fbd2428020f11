"""Papers, collections, spaces and likes: from the Hub to links in the graph, on request only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from etl.listings import LOOKED_UP, Scope
from graph.database import Database
from graph.errors import HubUnavailable
from hfmrs.cli import cli
from hfmrs.estimating import estimate
from tests.hub.conftest import everything, model, stamp, value
from tests.hub.replay import Replay, Trouble

DAY = "2024-05-01T00:00:00.000Z"


def paper(id: str, **values: object) -> dict[str, object]:
    return {"id": id, "title": f"On {id}", "publishedAt": DAY, "upvotes": 3, "summary": "…", **values}


def collection(number: int, *models: str, **values: object) -> dict[str, object]:
    items = [{"_id": f"{place}", "id": id_, "type": "model", "position": place} for place, id_ in enumerate(models)]
    return {
        "slug": f"ann/shelf-{number}", "title": f"Shelf {number}", "owner": {"name": "ann", "type": "user"},
        "upvotes": number, "lastUpdated": f"2024-05-{1 + number:02}T00:00:00.000Z", "private": False, "items": items,
        **values,
    }  # fmt: skip


def space(number: int, *models: str, **values: object) -> dict[str, object]:
    day = f"2024-05-{1 + number:02}T00:00:00.000Z"
    return {
        "id": f"bob/app{number}", "author": "bob", "sdk": "gradio", "likes": number, "private": False,
        "createdAt": day, "lastModified": day, "models": list(models), "datasets": [], **values,
    }  # fmt: skip


def like(id: str, kind: str = "model") -> dict[str, object]:
    return {"createdAt": DAY, "repo": {"name": id, "type": kind}}


def links(db: Database, cypher: str) -> list[tuple[Any, ...]]:
    return sorted(db.ask(cypher).rows)


@pytest.fixture
def citing(serving: Replay) -> Replay:
    """Twelve papers, the first one cited by all models, the last one by the last few."""
    for number, row in enumerate(serving.models):
        row["tags"] = [*row["tags"], *(f"arxiv:2401.{place:05}" for place in range(min(number, 12)))]
    serving.rows["papers"] = [paper(f"2401.{place:05}") for place in range(12) if place != 5]
    return serving


def test_papers_that_models_cite_get_their_titles(db: Database, citing: Replay, again: Any) -> None:
    again()
    stamped = stamp(db)
    citing.rows["papers"].append(paper("2402.00001"))
    (done,) = again(Scope("papers"))
    assert (done.rows, done.loaded.report.changed, done.outdates) == (11, 11, False)
    assert len(citing.asked) == 12
    assert citing.asked[0] == "/api/papers/2401.00000"  # the one cited most
    assert value(db, "MATCH (p:Paper) WHERE p.title IS NOT NULL RETURN count(p)") == 11
    assert db.ask("MATCH (p:Paper {arxivId: '2401.00003'}) RETURN p.title, p.upvotes").rows == (("On 2401.00003", 3),)
    assert value(db, "MATCH (p:Paper {arxivId: '2401.00003'}) RETURN toString(p.publishedAt)").startswith("2024-05-01")
    assert stamp(db) == stamped
    assert again(Scope("papers")) == []  # nor is the unknown one asked for again
    assert citing.asked == []
    citing.models.append(model(40, tags=["arxiv:2402.00001"], lastModified="2024-06-02T00:00:00.000Z"))
    assert [each.rows for each in again(Scope(), Scope("papers"), counts=0)] == [1, 1]
    assert again(Scope("papers")) == []  # what was asked before that is still known
    citing.rows["papers"][0]["upvotes"] = 70
    assert [each.rows for each in again(Scope("papers"), full=True)] == [12]
    assert value(db, "MATCH (p:Paper {arxivId: '2401.00000'}) RETURN p.upvotes") == 70


def test_only_the_papers_cited_most_are_asked_for(db: Database, citing: Replay, again: Any) -> None:
    again()
    (done,) = again(Scope("papers", limit=2))
    assert (done.rows, citing.asked) == (2, ["/api/papers/2401.00000", "/api/papers/2401.00001"])


def test_papers_go_on_where_they_were(
    db: Database, citing: Replay, again: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    again()
    monkeypatch.setattr("etl.hub.LOOKED_UP", 5)
    citing.troubles = [None] * 7 + [Trouble(403)]
    with pytest.raises(HubUnavailable):
        again(Scope("papers"))
    (done,) = again(Scope("papers"))
    assert (done.pages, done.rows, citing.asked[0]) == (2, 11, "/api/papers/2401.00005")
    assert value(db, "MATCH (p:Paper) WHERE p.title IS NOT NULL RETURN count(p)") == 11


def test_collections_link_to_what_is_in_them(db: Database, serving: Replay, again: Any) -> None:
    long = collection(1, *(f"o/m{number}" for number in range(6)), "bert-base-uncased")
    long["items"] += [{"_id": "x", "id": "o/d1", "type": "dataset"}, {"_id": "y", "id": "b/a", "type": "space"}]  # type: ignore[operator]
    serving.rows["collections"] = [
        long,
        collection(2, "o/m3", "no/where"),
        collection(3, "no/where"),
        collection(4, "o/m1", private=True),
    ]
    again(Scope(), Scope("datasets"))
    stamped = stamp(db)
    (done,) = again(Scope("collections"))
    report = done.loaded.report
    assert (done.rows, report.new, report.unchanged, report.links) == (3, 2, 1, 8)
    assert serving.asked == ["/api/collections?sort=lastModified&limit=50", "/api/collections/ann/shelf-1"]
    held = links(db, "MATCH (c:Collection)-[:HOLDS_MODEL]->(m:Model) RETURN c.slug, m.id")
    assert held == [*(("ann/shelf-1", f"o/m{number}") for number in range(6)), ("ann/shelf-2", "o/m3")]
    assert links(db, "MATCH (c:Collection)-[:HOLDS_DATASET]->(d:Dataset) RETURN c.title, c.owner, d.id") == [
        ("Shelf 1", "ann", "o/d1")
    ]
    assert (stamp(db), done.outdates) == (stamped, False)


def test_a_changed_collection_is_linked_anew(db: Database, serving: Replay, again: Any) -> None:
    serving.rows["collections"] = [collection(number, "o/m1") for number in range(12)]
    again()
    assert [each.pages for each in again(Scope("collections"))] == [2]
    serving.rows["collections"][4] |= {**collection(4, "o/m2"), "lastUpdated": "2024-06-01T02:30:00.000Z"}
    (done,) = again(Scope("collections"))
    assert (done.listing.which, done.rows, done.loaded.report.changed) == ("changed", 1, 1)
    assert links(db, "MATCH (:Collection {slug: 'ann/shelf-4'})-[:HOLDS_MODEL]->(m) RETURN m.id") == [("o/m2",)]
    assert value(db, "MATCH (:Collection)-[r:HOLDS_MODEL]->() RETURN count(r)") == 12
    (top,) = again(Scope("collections", author="ann", limit=3))
    assert serving.asked == ["/api/collections?owner=ann&sort=upvotes&limit=3"]
    assert top.rows == 3


def test_spaces_link_to_what_they_use_and_vanish(db: Database, serving: Replay, again: Any) -> None:
    serving.rows["spaces"] = [space(number, f"o/m{number}", "no/where") for number in range(11)]
    serving.rows["spaces"][2]["datasets"] = ["o/d0", "o/d2"]
    again(Scope(), Scope("datasets"))
    stamped = stamp(db)
    (done,) = again(Scope("spaces"))
    assert (done.pages, done.loaded.report.new, done.loaded.report.links) == (2, 11, 13)
    assert {f"expand={name}" for name in ("models", "datasets", "likes")} <= set(serving.asked[0].split("&"))
    assert links(db, "MATCH (s:Space)-[:USES_DATASET]->(d) RETURN s.id, d.id") == [
        ("bob/app2", "o/d0"),
        ("bob/app2", "o/d2"),
    ]
    serving.rows["spaces"][3] |= {"models": ["o/m9"], "lastModified": "2024-06-01T02:30:00.000Z"}
    (changes,) = again(Scope("spaces"))
    assert (changes.rows, changes.loaded.report.changed) == (1, 1)
    assert links(db, "MATCH (:Space {id: 'bob/app3'})-[:USES_MODEL]->(m) RETURN m.id") == [("o/m9",)]
    del serving.rows["spaces"][7]
    (full,) = again(Scope("spaces"), full=True)
    assert full.deleted == 1
    assert value(db, "MATCH (s:Space) WHERE s.deletedAt IS NOT NULL RETURN s.id") == "bob/app7"
    assert (stamp(db), full.outdates) == (stamped, False)


def test_what_a_person_likes_and_no_longer_likes(db: Database, serving: Replay, again: Any) -> None:
    serving.likes["ann"] = [like(f"o/m{number}") for number in range(12)]
    serving.likes["ann"] += [like("o/d1", "dataset"), like("no/where")]
    again()
    (first,) = again(Scope("likes", author="ann"))
    assert (first.pages, first.rows, first.loaded.report.new) == (2, 14, 12)
    assert serving.asked[0] == "/api/users/ann/likes"
    at = "MATCH (:User {id: 'ann'})-[l:LIKED]->(:Model {id: 'o/m4'}) RETURN toString(l.at)"
    assert value(db, at).startswith("2024-05-01")
    serving.likes["ann"] = [*serving.likes["ann"][1:], like("o/m20")]
    (second,) = again(Scope("likes", author="ann"))
    assert (second.loaded.report.new, second.loaded.report.changed, second.outdates) == (1, 1, False)
    assert second.listing.which == "all"  # and makes the first one superfluous
    liked = {id_ for (id_,) in links(db, "MATCH (:User {id: 'ann'})-[:LIKED]->(m) RETURN m.id")}
    assert liked == {*(f"o/m{number}" for number in range(1, 12)), "o/m20"}
    assert not again(Scope("likes", author="ann"))[0].changed
    with pytest.raises(HubUnavailable, match="User not found"):
        again(Scope("likes", author="nobody"))


def test_interrupted_likes_take_nothing_away(db: Database, serving: Replay, again: Any) -> None:
    serving.likes["ann"] = [like(f"o/m{number}") for number in range(15)]
    again()
    again(Scope("likes", author="ann"))
    serving.troubles = [None, Trouble(403)]
    with pytest.raises(HubUnavailable):
        again(Scope("likes", author="ann"))
    assert value(db, "MATCH (:User)-[l:LIKED]->() RETURN count(l)") == 15
    (done,) = again(Scope("likes", author="ann"))
    assert (done.pages, done.changed) == (1, False)


def test_an_empty_graph_gets_them_back_without_the_hub(db: Database, citing: Replay, again: Any) -> None:
    citing.rows["collections"] = [collection(1, "o/m1", "o/m2")]
    citing.rows["spaces"] = [space(1, "o/m1")]
    citing.likes["ann"] = [like("o/m3")]
    scopes = (Scope(), Scope("papers"), Scope("collections"), Scope("spaces"), Scope("likes", author="ann"))
    again(*scopes)
    before = everything(db)
    assert value(db, "MATCH (:User)-[l:LIKED]->() RETURN count(l)") == 1
    with db.driver.session(database=db.name) as session:
        session.run("MATCH (n) DETACH DELETE n").consume()
    citing.troubles = [Trouble(403)]
    with pytest.raises(HubUnavailable):
        again()
    assert everything(db) == before


def test_a_row_that_cannot_be_read_is_listed(db: Database, tmp_path: Path, serving: Replay, again: Any) -> None:
    serving.rows["spaces"] = [space(1, "o/m1"), space(2, "o/m2", id="bob/bell\x07", likes=-1)]
    again()
    (done,) = again(Scope("spaces"))
    assert (done.loaded.report.new, len(done.loaded.rejected)) == (1, 1)
    (line,) = (tmp_path / "rejected/spaces-000001-all.jsonl").read_text().splitlines()
    assert "is no id" in json.loads(line)["reason"]


def test_the_estimate_counts_requests(tmp_path: Path, serving: Replay) -> None:
    scopes = [Scope("papers"), Scope("collections", limit=100), Scope("likes", author="ann")]
    papers, collections, likes = estimate(tmp_path, scopes, papers=[str(number) for number in range(1_000)])
    assert (papers["rows"], papers["pages"]) == (1_000, 1_000 / LOOKED_UP)
    assert papers["minutes"] == pytest.approx(10)  # 500 requests in five minutes
    assert (collections["pages"], collections["minutes"]) == (2, pytest.approx(2 * 51 / 100, abs=0.1))
    assert likes["rows"] is None
    assert serving.asked == []


def test_the_command_asks_for_them_by_name(home: Path, citing: Replay) -> None:
    def run(*arguments: str) -> Any:
        return CliRunner().invoke(cli, ["--home", str(home), "sync", *arguments], prog_name="hfmrs")

    citing.rows["spaces"] = [space(1, "o/m1")]
    citing.likes["ann"] = [like("o/m3")]
    assert run().exit_code == 0
    assert not any(path.startswith(("/api/papers", "/api/spaces", "/api/users")) for path in citing.asked)
    citing.forget()
    planned = run("--dry-run", "--kind", "papers", "--format", "json")
    assert (json.loads(planned.stdout)[0]["rows"], citing.asked) == (12, [])
    done = run("--kind", "spaces", "--kind", "papers", "--likes", "ann", "--format", "json")
    assert [row["listing"] for row in json.loads(done.stdout)] == [
        "papers: all",
        "spaces: all",
        "likes author ann: all",
    ]
    assert done.stderr.endswith("Nothing to build anew.\n")
    assert not any(path.startswith(("/api/models", "/api/datasets")) for path in citing.asked)


@pytest.mark.parametrize(
    "arguments",
    [("--kind", "papers", "--author", "o"), ("--likes", "ann", "--limit", "3"), ("--kind", "spaces", "--task", "x"),
     ("--kind", "collections", "--search", "x"), ("--kind", "likes")],
    ids=" ".join,
)  # fmt: skip
def test_restrictions_that_do_not_fit_are_refused(arguments: tuple[str, ...]) -> None:
    assert CliRunner().invoke(cli, ["sync", *arguments]).exit_code == 2
