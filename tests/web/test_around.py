"""What is around a model, over the built sample: family, methods side by side, several together, comparison, badge."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from web.text import model_path

BERT, ROBERTA, WHISPER = "google-bert/bert-base-uncased", "FacebookAI/roberta-base", "openai/whisper-small"


def get(client: FlaskClient, address: str, **query: object) -> dict[str, object]:
    response = client.get(f"/api/v1/{address}", query_string=query)
    assert response.status_code == 200, response.text
    body: dict[str, object] = response.get_json()
    return body


@pytest.fixture(scope="module")
def base(app: object) -> dict[str, object]:
    """The family of the model of the sample from which most were made."""
    client = app.test_client()  # type: ignore[attr-defined]
    query = "MATCH (m:Model) WHERE m.builtOn > 2 RETURN m.id AS id ORDER BY m.builtOn DESC, id LIMIT 1"
    id = client.post("/api/v1/query", json={"cypher": query}).get_json()["rows"][0][0]
    return get(client, "family", id=id, limit=100)


def test_a_family_is_told_by_kind_and_in_pages(client: FlaskClient, base: dict[str, object]) -> None:
    kinds, children = base["kinds"], base["children"]
    assert isinstance(kinds, dict)
    assert isinstance(children, list)
    assert sum(kinds.values()) == base["children_total"] == len(children)
    id = base["id"]
    for kind, count in kinds.items():
        part = get(client, "family", id=id, kind=kind, limit=2)["children"]
        assert part == [each for each in children if each["relation"] == kind][:2]
        down = client.get(model_path(str(id)) + f"/family?kind={kind}").text.split('id="down"')[1]
        assert down.count('<li><a class="chip k-model"') == min(count, 50)
    second = client.get("/api/v1/family", query_string={"id": id, "limit": 2, "page": 2})
    assert second.get_json()["children"] == children[2:4]
    for rel, place in (("next", 3), ("prev", 1)):
        assert f"page={place}" in second.get_json()[rel]
        assert f'<{second.get_json()[rel]}>; rel="{rel}"' in second.headers["Link"]
    up = get(client, "family", id=children[0]["id"])["ancestry"]
    assert id in [each["base"] for each in up if each["generation"] == 1]  # type: ignore[attr-defined]


def test_a_part_of_a_tree_is_all_that_htmx_gets(client: FlaskClient, base: dict[str, object]) -> None:
    address = model_path(str(base["id"])) + "/family"
    part = client.get(address + "?at=mark-1", headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith('<details class="opened" open><summary id="mark-1">')
    assert "<html" not in part
    children = base["children"]
    assert isinstance(children, list)
    up = client.get(model_path(children[0]["id"]) + "/family?up=1", headers={"HX-Request": "true"}).text
    assert "up to its roots" in up
    assert str(base["id"]) in up


def test_methods_stand_side_by_side_and_say_what_several_find(client: FlaskClient) -> None:
    answer = get(client, "side-by-side", id=BERT, k=20)
    methods = {each["method"]: each["models"] for each in answer["methods"]}  # type: ignore[attr-defined]
    assert list(methods) == ["gat", "gcn", "cosine", "jaccard"]
    times = {one["id"]: one["in"] for models in methods.values() for one in models}
    listed = Counter(one["id"] for models in methods.values() for one in models)
    assert max(listed.values()) > 1
    assert [id for id, count in listed.items() if times[id] < count] == []  # more where other forms of it stand
    page = client.get(model_path(BERT) + "/methods?k=20").text
    assert page.count("<section aria-labelledby=") == 4
    assert page.count('class="often"') == sum(one["in"] > 1 for models in methods.values() for one in models)
    assert f"in {max(times.values())} of 4" in page
    filtered = client.get(model_path(BERT) + "/methods?license=mit").text
    assert "Take the filters away" in filtered
    assert re.search(r'<input type="hidden" name="license" value="mit">', filtered)


def test_more_like_this_gathers_models(client: FlaskClient) -> None:
    page = client.get(model_path(BERT)).text
    link = unescape(re.search(r'href="(/together\?[^"]*)"', page)[1])  # type: ignore[index]
    both = client.get(link).text
    assert both.count('class="off"') == 2
    other = re.search(r'id="by-cosine" href="([^"]*)"', both)
    assert other
    assert client.get(unescape(other[1])).text.count('class="off"') == 2
    links = [unescape(each) for each in re.findall(r'href="(/together\?[^"]*)"', both)]
    third = next(each for each in links if each.count("id=") == 3)
    assert client.get(third).text.count('class="off"') == 3
    without = unescape(re.search(r'class="off" href="([^"]*)"', both)[1])  # type: ignore[index]
    back = client.get(without)
    assert back.status_code == 302
    assert back.location.startswith("/model/")
    assert client.get("/together?id=no/such&id=" + BERT).status_code == 404


def test_models_are_compared_in_rows_with_what_differs_said(client: FlaskClient) -> None:
    answer = get(client, "compare", a="bert-base-uncased", b=ROBERTA)
    assert answer["models"] == [BERT, ROBERTA]
    rows = {row["field"]: row for row in answer["rows"]}  # type: ignore[attr-defined]
    assert not rows["task"]["differs"]
    assert rows["license"]["differs"]
    assert rows["license"]["values"] == [["apache-2.0"], ["mit"]]
    assert set(rows["tags"]["shared"]) == set(rows["tags"]["values"][0]) & set(rows["tags"]["values"][1])
    (pair,) = answer["pairs"]  # type: ignore[misc]
    assert [(each["for"], each["id"]) for each in pair["places"]] == [(BERT, ROBERTA), (ROBERTA, BERT)]
    why = get(client, "why", a=BERT, b=ROBERTA)
    assert pair["places"][0]["standing"] == why["standing"]
    assert pair["places"][0]["score"] == why["recommendations"][0]["score"]  # type: ignore[index]
    page = client.get(f"/compare?a={BERT}&b={ROBERTA}").text
    row = page[page.index(">Licence ") : page.index("</tr>", page.index(">Licence "))]
    assert "differs</span>" in row
    assert "the same" not in row
    assert pair["places"][1]["standing"]["place"] in page


def test_a_descendant_is_compared_with_what_it_was_made_from(client: FlaskClient, base: dict[str, object]) -> None:
    first, other = [each["id"] for each in base["children"]][:2]  # type: ignore[attr-defined]
    pairs = get(client, "compare", a=base["id"], b=first, c=other)["pairs"]
    made = {(pair["a"], pair["b"]): pair for pair in pairs}  # type: ignore[attr-defined]
    assert made[base["id"], first]["ancestor"] == base["id"]
    assert made[first, other]["ancestor"] == base["id"]
    steps = made[first, other]["descent"]
    assert [(step["from"]["id"], step["to"]["id"]) for step in steps] == [(first, base["id"]), (other, base["id"])]
    assert "Both descend from" in client.get(f"/compare?a={first}&b={other}").text


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("", 200, "Name two to four models"),
        (f"a={BERT}", 200, "Name two to four models"),
        (f"a={BERT}&b=bert-base-uncased", 422, f"{BERT} was given twice."),
        (f"a={BERT}&b={ROBERTA}&c={WHISPER}&d=x/y&e=y/z", 422, "5 models were given; two to four can be compared."),
        (f"a={BERT}&b=no/roberta-bas", 404, "There is no model"),
    ],
)
def test_what_cannot_be_compared_is_said(client: FlaskClient, query: str, status: int, said: str) -> None:
    page = client.get(f"/compare?{query}")
    assert page.status_code == status
    assert said in page.text
    assert '<input type="text" id="model-a" name="a"' in page.text
    assert (f'value="{BERT}"' in page.text) == bool(query)
    answer = client.get(f"/api/v1/compare?{query}")
    assert answer.status_code == max(status, 422 if status == 200 else 0)
    if status == 404:  # what it may have been, in its place
        links = [unescape(each) for each in re.findall(r'href="(/compare\?[^"]*)"', page.text)]
        assert links
        assert client.get(links[0]).status_code == 200


def test_a_badge_tells_how_many_are_similar_and_may_stand_anywhere(client: FlaskClient) -> None:
    badge = client.get(f"/badge/{BERT}.svg")
    assert badge.mimetype == "image/svg+xml"
    picture = ElementTree.fromstring(badge.text)
    said = re.fullmatch(r"HFMRS: (\d+) similar models", str(picture.get("aria-label")))
    assert said
    assert int(said[1]) > 0
    assert badge.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "max-age" in badge.headers["Cache-Control"]
    again = client.get(f"/badge/{BERT}.svg", headers={"If-None-Match": badge.headers["ETag"]})
    assert (again.status_code, again.text) == (304, "")
    assert client.get("/badge/bert-base-uncased.svg").text == badge.text
    unknown = client.get("/badge/no/such.svg")
    assert unknown.status_code == 404
    assert "unknown model" in unknown.text
    page = unescape(client.get(model_path(BERT)).text)
    assert (
        f"[![HFMRS: similar models](http://localhost/badge/{BERT}.svg)](http://localhost/model/{BERT}/methods)" in page
    )


def test_the_cypher_behind_each_block_runs(client: FlaskClient) -> None:
    pages = [model_path(BERT), model_path(WHISPER) + "?method=cosine", model_path(BERT) + "/methods"]
    links = {each for page in pages for each in re.findall(r'class="behind" href="([^"]*)"', client.get(page).text)}
    assert len(links) > 5
    for link in links:
        result = client.get(unescape(link).replace("/query?", "/query.json?", 1))
        assert result.status_code == 200, link
        assert result.get_json()["rows"], link


def test_suggestions_for_a_field_are_models(client: FlaskClient) -> None:
    every = client.get("/search/suggestions?q=whisper").text
    models = client.get("/search/suggestions?q=whisper&only=model").text
    assert models.count("<li") == models.count("data-model=") > 0
    assert f'data-model="{WHISPER}"' in every


def test_filters_that_leave_too_few_say_so_with_a_way_back(client: FlaskClient) -> None:
    page = client.get(model_path(BERT) + "?k=50&license=mit&has_gguf=1").text
    assert "None of the models that come into question pass the filters for the licence and a GGUF form" in page
    assert f'href="{model_path(BERT)}?k=50">Take' in page
    few = get(client, "recommendations", id=BERT, k=100, license="mit", max_parameters=90_000_000)
    assert 0 < len(few["recommendations"]) < 100  # type: ignore[arg-type]
    assert few["shortage"] in client.get(model_path(BERT) + "?k=100&license=mit&max_parameters=90000000").text
    odd = client.get(model_path(BERT) + "?max_parameters=123000000").text
    assert '<option value="123000000" selected>At most 123' in odd
