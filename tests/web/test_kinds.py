"""Pages of tasks, libraries, licences, languages and datasets."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient

ONE = {"task": "fill-mask", "library": "transformers", "license": "apache-2.0", "language": "de"}


def get(client: FlaskClient, address: str, **query: Any) -> dict[str, Any]:
    response = client.get(address, query_string=query)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.get_json()
    return body


@pytest.fixture
def dataset(client: FlaskClient) -> str:
    name: str = get(client, "/api/v1/datasets", limit=1)["names"][0]["name"]
    return name


@pytest.mark.parametrize("field", [*ONE, "dataset"])
def test_a_kind_tells_numbers_that_its_search_and_its_statements_find_too(
    client: FlaskClient, field: str, dataset: str
) -> None:
    name = ONE.get(field, dataset)
    plural = {"library": "libraries"}.get(field, f"{field}s")
    page = get(client, f"/api/v1/{plural}/{name}")
    found = get(client, "/api/v1/search", q=page["query"], sort="newest", forms="true", limit=100)
    assert page["models"] == found["total"] > 0
    assert {each["id"] for each in page["newest"]} <= {each["id"] for each in found["models"]}
    downloads = [each["downloads"] or 0 for each in page["most_used"]]
    assert downloads == sorted(downloads, reverse=True)
    assert page["name"] not in [each["name"] for each in page["beside"].get(field, ())]
    rows = {}
    for part, statement in page["statements"].items():
        table = client.post("/api/v1/query", json=statement | {"limit": 10_000}).get_json()
        rows[part] = [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]
    for part in ("most_used", "newest"):
        assert rows[part][0]["id"] == page[part][0]["id"]
    assert [(each["month"], each["models"]) for each in page["growth"]] == [(*row.values(),) for row in rows["growth"]]
    assert sum(each["models"] for each in page["growth"]) == page["models"]
    best = max(page["growth"], key=lambda each: each["models"])
    month = {"q": f"{page['query']} created:{best['month']}", "forms": "true"}
    assert get(client, "/api/v1/search", **month)["total"] == best["models"]
    everything = get(client, "/api/v1/search", q=f"created:{best['month']}", forms="true")["total"]
    assert best["share"] == pytest.approx(best["models"] / everything, abs=1e-6)
    counted = {(row["field"], row["value"]): row["models"] for row in rows["beside"]}
    for other, values in page["beside"].items():
        for each in values:
            assert counted[other, each["name"]] == each["models"]


@pytest.mark.parametrize("field", [*ONE, "dataset"])
def test_a_page_leads_to_its_search_and_to_what_goes_with_it(client: FlaskClient, field: str, dataset: str) -> None:
    name = ONE.get(field, dataset)
    page = client.get(f"/{field}/{name}").text
    links = {unescape(each) for each in re.findall(r'href="([^"]+)"', page)}
    searches = [link for link in links if link.startswith("/search?q=")]
    assert any("sort=newest" in link for link in searches)
    assert any("created:20" in link for link in searches)
    assert len([link for link in links if link.startswith("/query?cypher=")]) == 4
    asked = [dict(parse_qsl(urlsplit(link).query))["q"] for link in searches]
    assert any(
        query.count(f"{field}:") == 1 and query.count(":") == 2 and "created:" not in query for query in asked
    )  # for both together
    for link in searches:
        answer = client.get(link)
        assert answer.status_code == 200
        assert 'class="empty' not in answer.text, link
    assert "https://huggingface.co/" in page


def test_chips_and_charts_lead_to_the_pages(client: FlaskClient) -> None:
    page = client.get("/model/google-bert/bert-base-uncased").text
    for wanted in ("/task/fill-mask", "/library/transformers", "/license/apache-2.0", "/language/en", "/dataset/"):
        assert f'href="{wanted}' in page, wanted


def test_what_no_model_has_is_not_found_with_one_that_is_nearly_so(client: FlaskClient) -> None:
    answer = client.get("/api/v1/tasks/fil-mask")
    assert (answer.status_code, answer.get_json()["hint"]) == (404, "Did you mean fill-mask?")
    for address in ("/dataset/no/such", "/library/no%20such", '/task/"><script>alert(1)</script>'):
        page = client.get(address)
        assert page.status_code == 404
        assert "<script>alert" not in page.text


def test_lists_of_names_come_in_pages(client: FlaskClient) -> None:
    whole = get(client, "/api/v1/licenses", limit=1000)
    address, names = "/api/v1/licenses?limit=7", []
    while address:
        response = client.get(address)
        body = response.get_json()
        names += body["names"]
        assert ('rel="next"' in response.headers.get("Link", "")) == bool(body["next"])
        address = body["next"]
    assert names == whole["names"]
    assert len(names) == whole["total"] > 7
    assert whole["next"] is whole["prev"] is None
    assert get(client, "/api/v1/licenses", limit=7, page=2)["prev"].endswith("limit=7&page=1")


def test_a_dataset_is_a_filter_of_the_search(client: FlaskClient, dataset: str) -> None:
    with_words = get(client, "/api/v1/search", q=f"bert dataset:{dataset}")
    alone = get(client, "/api/v1/search", q=f"dataset:{dataset}", forms="true", limit=100)
    assert alone["total"] == len(alone["models"]) > 0
    assert {each["id"] for each in with_words["models"]} <= {each["id"] for each in alone["models"]}
    for each in alone["models"][:5]:
        assert dataset in get(client, f"/api/v1/models/{each['id']}")["facts"]["Dataset"]
    assert get(client, "/api/v1/search", q="dataset:no/such")["notes"] == [
        "There is no dataset no/such. Case matters in their ids."
    ]
