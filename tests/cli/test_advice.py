"""Lists of authors on the built sample, by the command and by the API alike."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

import hfmrs
from hfmrs.build import STAGES
from hfmrs.settings import load
from tests.cli.conftest import Run, without_links
from web import WebSettings, create_app


@pytest.fixture(scope="module")
def client(built: Path) -> Any:
    app = create_app(WebSettings(built, load(built).db or None, rate_limit=""))
    yield app.test_client()
    app.extensions["hfmrs"].close()


def rows(run: Run, cypher: str, **params: Any) -> list[dict[str, Any]]:
    given = [word for name, value in params.items() for word in ("-p", f"{name}={json.dumps(value)}")]
    result = run("query", cypher, *given, "--format", "json")
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def asked(run: Run, author: str, *arguments: str) -> dict[str, Any]:
    result = run("recommend", "--author", author, *arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


BUILDERS = (
    "MATCH (a:Author)<-[:PUBLISHED_BY]-(:Model)-[:BASED_ON]->(b:Model) WHERE b.author <> a.name "
    "RETURN DISTINCT a.name AS name ORDER BY name"
)
LISTS = "MATCH (a:Author)-[r:RECOMMENDS]->(:Model) RETURN a.name AS name, r.run AS run, count(r) AS links ORDER BY name"


@pytest.fixture
def authors(run: Run) -> list[str]:
    """Some who have built on a base of somebody else."""
    return [row["name"] for row in rows(run, BUILDERS)][::40]


def test_every_author_who_built_on_something_has_a_list(run: Run) -> None:
    found = rows(run, LISTS)
    assert [row["name"] for row in found] == [row["name"] for row in rows(run, BUILDERS)]
    assert len(found) > 300
    assert {row["links"] for row in found} == {40}
    assert len({row["run"] for row in found}) == 1


def test_the_command_and_the_api_answer_alike_with_reasons_that_add_up(
    run: Run, client: FlaskClient, authors: list[str]
) -> None:
    for author in authors:
        found = asked(run, author, "-k", "10")
        assert found["method"] == "gat-reranker"
        assert found["run"].startswith("gat-reranker-")
        theirs = client.get(f"/api/v1/authors/{author}/recommendations", query_string={"k": 10}).get_json()
        assert found == without_links(theirs)
        had = {row["id"] for row in rows(run, "recommend/bases_of", author=author)}
        assert had
        for each in found["recommendations"]:
            assert each["id"] not in had
            assert not each["id"].startswith(f"{author}/")
            assert sum(reason["contribution"] for reason in each["reasons"]) == pytest.approx(each["score"], abs=1e-4)
            assert [reason["kind"] for reason in each["reasons"]].count("attention") == 1
            assert each["reasons"][-1]["kind"] == "rest"
            assert len(each["reasons"]) <= 4


def test_sentences_tell_the_numbers_that_their_statements_find(run: Run, authors: list[str]) -> None:
    told = 0
    for author in authors:
        for each in asked(run, author, "-k", "3", "--reasons", "all")["recommendations"]:
            for reason in each["reasons"][:-1]:
                found = rows(run, reason["cypher"], **reason["params"])
                words = reason["text"].replace(",", "").split()
                if "have built on it; " in reason["text"]:
                    (row,) = found
                    lately = (
                        {"all": row["authors"], "none": 0}.get(words[6]) if not words[6].isdigit() else int(words[6])
                    )
                    assert (int(words[0]), lately) == (row["authors"], row["recently"])
                    told += 1
                elif reason["text"].startswith("Where every list"):
                    number = words[words.index("built") + 2]
                    assert int(number) == len(found)
                    told += 1
                elif " by " in reason["text"] and " has built on " in reason["text"]:
                    number = words[words.index("built") + 2]
                    assert (0 if number == "no" else int(number)) == len(found)
                    told += 1
    assert told > 3 * len(authors)


def test_what_the_list_does_not_hold_is_answered_by_the_network(run: Run, authors: list[str]) -> None:
    result = run("recommend", "--author", authors[0], "-k", "60", "--format", "jsonl")
    assert f"gat-reranker has stored for {authors[0]} fits; this is by gat." in result.stderr
    found = json.loads(result.stdout)
    assert (found["method"], len(found["recommendations"])) == ("gat", 60)
    assert asked(run, authors[0], "--method", "gcn", "-k", "2")["method"] == "gcn"


def test_a_second_build_makes_no_lists(run: Run) -> None:
    before = rows(run, "publish/current")
    done = {row["stage"]: row["done"] for row in json.loads(run("build", "--format", "json").stdout)}
    assert done["advise"].startswith("unchanged: lists for ")
    assert rows(run, "publish/current") == before


def test_the_page_of_an_author_shows_the_same(run: Run, client: FlaskClient, authors: list[str]) -> None:
    page = client.get(f"/author/{authors[0]}").text
    found = asked(run, authors[0], "-k", "10")
    assert found["run"] in page
    assert all(each["id"].split("/")[-1] in page for each in found["recommendations"])


def test_a_graph_of_more_models_than_the_limit_gets_no_lists(built: Path) -> None:
    settings = load(built).model_copy(update={"advise_limit": 1_000})
    (stage,) = (each for each in STAGES if each.name == "advise")
    with hfmrs.connect(settings) as db:
        before = db.read("publish/current")
        said = stage.work(db, settings, "", lambda done, total, text: None)
        assert db.read("publish/current") == before
    assert said == "no lists for authors of 1,912 models: HFMRS_ADVISE_LIMIT is 1,000"
