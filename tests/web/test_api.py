"""The JSON API over the built sample."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from apiflask import APIFlask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from graph.filters import PERMISSIVE
from graph.recommend import METHODS
from graph.slots import ADVICE_METHOD
from web import WebSettings, create_app

BERT = "google-bert/bert-base-uncased"


def get(client: FlaskClient, address: str, **query: Any) -> dict[str, Any]:
    response = client.get(f"/api/v1/{address}", query_string=query)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.get_json()
    return body


def problem(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.mimetype == "application/problem+json"
    body: dict[str, Any] = response.get_json()
    assert body["status"] == status
    assert body["title"]
    assert body["detail"].endswith(".")
    return body


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("reasons", ["first", "all"])
def test_recommendations_carry_reasons_that_add_up(client: FlaskClient, method: str, reasons: str) -> None:
    answer = get(client, "recommendations", id=BERT, method=method, k=5, reasons=reasons)
    assert answer["method"] == method
    assert [each["rank"] for each in answer["recommendations"]] == [1, 2, 3, 4, 5]
    for each in answer["recommendations"]:
        assert each["reasons"][-1]["kind"] == "rest"
        total = sum(reason["contribution"] or 0 for reason in each["reasons"])
        assert total == pytest.approx(each["score"], abs=1e-4)


def test_an_old_id_finds_the_renamed_model(client: FlaskClient) -> None:
    assert get(client, "models/bert-base-uncased")["id"] == BERT
    old = get(client, "recommendations", id="bert-base-uncased", k=3)
    assert [each["id"] for each in old["recommendations"]] == [
        each["id"] for each in get(client, "recommendations", id=BERT, k=3)["recommendations"]
    ]


def test_filters_hold(client: FlaskClient) -> None:
    answer = get(
        client, "recommendations", id=BERT, method="cosine", k=10, permissive="true", max_parameters=200_000_000
    )
    assert answer["recommendations"]
    for each in answer["recommendations"]:
        facts = get(client, f"models/{each['id']}")
        assert facts["license"] in {"apache-2.0", "mit", "bsd-3-clause", "cc0-1.0", "unlicense", "cc-by-4.0"}
        assert facts["parameters"] <= 200_000_000


def test_search_finds_by_meaning_and_counts_facets(client: FlaskClient) -> None:
    found = get(client, "search", q="sentence similarity in German", limit=10)
    assert len(found["models"]) == 10
    assert sum(model["task"] in {"sentence-similarity", "feature-extraction"} for model in found["models"]) >= 5
    facet = found["facets"]["task"][0]
    narrowed = get(client, "search", q="sentence similarity in German", task=facet["value"])
    assert {model["task"] for model in narrowed["models"]} == {facet["value"]}


def test_a_query_filters_collapses_and_corrects(client: FlaskClient) -> None:
    found = get(client, "search", q="whispr task:automatic-speech-recognition kind:original", limit=5)
    assert (found["query"], found["corrected"]) == ("whisper task:automatic-speech-recognition kind:original", True)
    assert {(model["task"], model["relation"]) for model in found["models"]} == {("automatic-speech-recognition", None)}
    together, apart = (get(client, "search", q="mistral 7b", forms=str(apart).lower()) for apart in (False, True))
    assert any(model["forms"] for model in together["models"])
    assert not any(model["forms"] for model in apart["models"])
    nothing = get(client, "search", q="task:automatic-speech-recognition library:diffusers")
    assert nothing["models"] == []
    assert nothing["alternatives"][0]["count"] > 0
    assert get(client, "search", q="task:fil-mask")["notes"] == [
        "No model has task:fil-mask. Did you mean task:fill-mask?"
    ]
    wrong = problem(client.get("/api/v1/search?q=tusk:fill-mask"), 422)
    assert wrong["detail"].startswith("There is no field tusk:; known are task,")


def test_suggestions_complete_fields_and_names(client: FlaskClient) -> None:
    found = get(client, "suggestions", q="small license:ap")["suggestions"]
    assert found[0]["query"] == "small license:apache-2.0 "
    assert "google-bert/bert-base-uncased" in [
        each["value"] for each in get(client, "suggestions", q="bert-")["suggestions"]
    ]


def test_pages_of_a_search_do_not_overlap(client: FlaskClient) -> None:
    first, second = (get(client, "search", sort="downloads", limit=10, page=page)["models"] for page in (1, 2))
    assert not {each["id"] for each in first} & {each["id"] for each in second}
    downloads = [each["downloads"] or 0 for each in first + second]
    assert downloads == sorted(downloads, reverse=True)


def test_why_agrees_with_the_recommendation(client: FlaskClient) -> None:
    best = get(client, "recommendations", id=BERT, method="gat", k=1)["recommendations"][0]
    why = get(client, "why", a=BERT, b=best["id"], method="gat")["recommendations"][0]
    assert why["score"] == pytest.approx(best["score"], abs=1e-4)
    assert len(why["reasons"]) >= len(best["reasons"])


def test_why_tells_where_a_model_stands(client: FlaskClient) -> None:
    listed = get(client, "recommendations", id=BERT, method="gat", k=12)["recommendations"]
    for k in (3, 12):
        found = get(client, "why", a=BERT, b=listed[9]["id"], method="gat", k=k)
        stands = found["standing"]
        assert (stands["rank"], stands["k"], stands["recommended"]) == (10, k, k == 12)
        assert bool(stands["why_not"]) == (k == 3)
        kinds = {each["kind"] for each in found["recommendations"][0]["reasons"]}
        assert ("counterfactual" in kinds) == (k == 12)
    assert "standing" not in get(client, "why", a=BERT, b=listed[9]["id"], method="jaccard")
    filtered = get(client, "why", a=BERT, b="openai/whisper-small", method="gat", same_task=True)["standing"]
    assert filtered["place"] == "It is left out by the filter for the same task."


def test_the_link_of_a_reason_opens_the_page_that_runs_it(client: FlaskClient) -> None:
    for each in get(client, "why", a=BERT, b="FacebookAI/roberta-base", method="gat")["recommendations"][0]["reasons"]:
        assert bool(each["link"]) == bool(each["cypher"])
        if each["kind"] == "counterfactual":
            page = client.get(each["link"]).text
            assert "rows" in page
            assert "FacebookAI/roberta-base" in page


#: Words of English sentences that are no German ones.
ENGLISH = re.compile(
    r"\b(the|and|is|are|of|its|it|has|have|had|been|built|both|with|by|close|far|from|puts|which|speaks|share|would|among"
    r"|without|task|library|licence|tag|training|paper|publisher|base|made|runs?|carry|carries|works?|cites?|than|more|no"
    r"|models|say|said|their|description|number|first|question|nearer|gains|score|Everything|Because|you)\b"
)


def test_german_has_no_english_left(client: FlaskClient) -> None:
    pairs = [
        (BERT, None),
        ("openai/whisper-small", None),
        (BERT, "openai/whisper-small"),
        (BERT, "distilbert/distilgpt2"),
    ]
    kinds = set()
    for a, b in pairs:
        others = [b] if b else [each["id"] for each in get(client, "recommendations", id=a, k=12)["recommendations"]]
        for other in others:
            found = get(client, "why", a=a, b=other, method="gat", k=5, language="de")
            english = get(client, "why", a=a, b=other, method="gat", k=5)
            names: set[str] = set()
            for reason in found["recommendations"][0]["reasons"]:
                kinds.add(reason["kind"])
                for value in reason["params"].values():
                    names |= set(value) if isinstance(value, list) else {str(value)}
                names |= {end["id"] for step in reason["path"] for end in (step["from"], step["to"])}
            known = {text for name in names for text in (name, name.rsplit("/", 1)[-1])} | {other.rsplit("/", 1)[-1]}
            texts = [each["text"] for each in found["recommendations"][0]["reasons"]]
            quoted = re.compile("„[^“]*“")
            for text in [*texts, found["standing"]["place"], *found["standing"]["why_not"]]:
                said = re.sub(r"\S*[-/_]\S*", "", text)
                for name in sorted(known, key=len, reverse=True):
                    said = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "", said)
                if text not in texts:  # what is quoted of the last one recommended has names of its own
                    said = quoted.sub("", said)
                assert not ENGLISH.search(said), text
            before = [each["text"] for each in english["recommendations"][0]["reasons"]]
            assert not set(before) & set(texts)
    assert kinds == {"evidence", "attention", "counterfactual", "rest"}


def test_stored_and_asked_reasons_are_told_in_german(client: FlaskClient) -> None:
    for query in ({"id": BERT}, {"id": [BERT, "openai/whisper-small"]}, {"id": BERT, "method": "jaccard"}):
        for each in get(client, "recommendations", **query, k=3, language="de")["recommendations"]:
            assert each["reasons"][-1]["text"] == "Alles Kleinere, das die anderen Gründe auslassen."
            assert not any(reason["text"].startswith(("Both", "It ", "The ")) for reason in each["reasons"])


def test_every_shown_reason_can_be_run_again(client: FlaskClient) -> None:
    for each in get(client, "recommendations", id=BERT, method="gat", k=5)["recommendations"]:
        for reason in each["reasons"]:
            if reason["cypher"]:
                body = {"cypher": reason["cypher"], "params": reason["params"]}
                response = client.post("/api/v1/query", json=body)
                assert response.status_code == 200, (reason, response.text)
                assert response.get_json()["rows"], reason


def test_a_query_is_cut_at_its_limit(client: FlaskClient) -> None:
    body = {"cypher": "MATCH (m:Model) RETURN m.id AS id ORDER BY id", "limit": 3}
    table = client.post("/api/v1/query", json=body).get_json()
    assert table["columns"] == ["id"]
    assert len(table["rows"]) == 3
    assert table["truncated"] is True


@pytest.mark.parametrize(
    "cypher", ["CREATE (n:Model {id: 'x/y'}) RETURN n", "MATCH (n) DETACH DELETE n", "MATCH (m:Model) SET m.likes = 0"]
)
def test_writing_is_refused(client: FlaskClient, cypher: str) -> None:
    before = get(client, "health")["models"]
    assert problem(client.post("/api/v1/query", json={"cypher": cypher}), 403)["hint"]
    assert get(client, "health")["models"] == before


def test_mistakes_are_problems_with_one_sentence(client: FlaskClient) -> None:
    assert "no/such" in problem(client.get("/api/v1/models/no/such"), 404)["detail"]
    assert "k" in problem(client.get("/api/v1/recommendations", query_string={"id": BERT, "k": 0}), 422)["detail"]
    assert "id" in problem(client.get("/api/v1/recommendations"), 422)["detail"]
    problem(client.post("/api/v1/query", json={"cypher": "MATCH (n RETURN n"}), 422)
    problem(client.get("/api/v1/no-such-endpoint"), 404)
    problem(client.delete("/api/v1/search"), 405)
    problem(client.post("/api/v1/query", json={"cypher": "x" * 70_000}), 413)


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"liked": []}, 422, "liked"),
        ({}, 422, "liked"),
        ({"liked": [BERT] * 101}, 422, "liked"),
        ({"liked": [BERT, "no/such"]}, 404, "no/such"),
        ({"liked": [BERT], "k": "5"}, 422, "k"),
        ({"liked": [BERT], "novelty": "0.5"}, 422, "novelty"),
        ({"liked": [BERT], "novelty": 1.5}, 422, "novelty"),
        ({"liked": [BERT], "method": "gat-reranker"}, 422, "method"),
        ({"liked": [BERT], "permissive": "yes"}, 422, "permissive"),
        ({"liked": [BERT], "max_parameters": "3000000000"}, 422, "max_parameters"),
    ],
)
def test_what_cannot_be_answered_for_a_person_is_named(
    client: FlaskClient, body: dict[str, Any], status: int, said: str
) -> None:
    assert said in problem(client.post("/api/v1/recommendations", json=body), status)["detail"]


def test_what_suits_a_person_passes_their_filters(client: FlaskClient) -> None:
    given = {"permissive": True, "library": "transformers", "max_parameters": 200_000_000, "originals_only": True}
    body = {"liked": [BERT, "openai/whisper-small"], "k": 5, "sort": "downloads", **given}
    answer = client.post("/api/v1/recommendations", json=body).get_json()
    assert answer["query"]["filters"] == given
    assert answer["recommendations"]
    for each in answer["recommendations"]:
        model = get(client, f"models/{each['id']}")
        assert model["library"] == "transformers"
        assert model["parameters"] <= 200_000_000
        assert model["license"] in PERMISSIVE
        assert model["relation"] is None


def test_what_has_not_changed_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/api/v1/models/" + BERT)
    again = client.get("/api/v1/models/" + BERT, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert not again.data


def test_methods_name_their_runs(client: FlaskClient) -> None:
    methods = {each["method"]: each for each in get(client, "methods")["methods"]}
    assert set(methods) == {*METHODS, ADVICE_METHOD}
    assert methods["gat"]["run"]
    assert methods["gat"]["metrics"]
    assert methods["cosine"]["run"] is None


def test_too_many_requests_are_told_when_to_come_back(built: Path) -> None:
    limited = create_app(WebSettings(built, rate_limit="3 per minute")).test_client()
    answers = [limited.get("/api/v1/methods") for _ in range(4)]
    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    assert int(answers[3].headers["Retry-After"]) <= 60
    problem(answers[3], 429)
    assert limited.get("/").status_code == 200


def test_without_a_database_the_answer_says_so(tmp_path: Path) -> None:
    app = create_app(WebSettings(tmp_path, uri="bolt://127.0.0.1:1", user="x", password="y"))
    assert problem(app.test_client().get("/api/v1/health"), 503)["hint"]
    page = app.test_client().get("/")
    assert page.status_code == 503
    assert "does not answer" in page.text


CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
)


@pytest.fixture
def described(app: APIFlask) -> Any:
    described = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    # A body that is too large is refused before anybody reads what is wrong in it.
    described.config.checks.negative_data_rejection.expected_statuses += ["413"]
    return described


schema = schemathesis.pytest.from_fixture("described")


@schema.parametrize()
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_endpoint_keeps_to_its_description(case: schemathesis.Case) -> None:
    # A WSGI application's answer is not unpacked by Schemathesis, which says by itself that it takes gzip.
    case.call_and_validate(checks=CHECKS, headers={"Accept-Encoding": "identity"})
