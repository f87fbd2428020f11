"""The map's page, its tiles and its JSON over the built sample."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from graph import tiles
from graph.database import Database
from web import WebSettings, create_app
from web.assets import STATIC

HOSTILE = '"><img src=x onerror=alert(1)>\u202e'


def index_of(client: FlaskClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/v1/map").get_json()
    return found


def test_the_tiles_hold_every_model_of_the_graph_once(client: FlaskClient) -> None:
    index = index_of(client)
    ids: list[str] = []
    for number, tile in enumerate(index["tiles"]):
        answer = client.get(index["points"].replace("{tile}", str(number)))
        columns = tiles.unpacked(answer.data)
        assert len(columns["x"]) == tile["models"]
        for block in range(tile["blocks"]):
            names = index["names"].replace("{tile}", str(number)).replace("{block}", str(block))
            ids += client.get(names).get_json()["ids"]
    total = client.get("/api/v1/report").get_json()["sections"][0]["rows"][0]["value"]
    assert len(ids) == len({*ids}) == index["models"] == total
    assert "google-bert/bert-base-uncased" in ids
    assert {row["name"]: row["models"] for row in index["legends"]["task"]}["fill-mask"] == client.get(
        "/api/v1/search?task=fill-mask"
    ).get_json()["total"]


def test_every_part_of_the_script_may_be_kept_for_good(client: FlaskClient) -> None:
    page = client.get("/map").text
    found = re.search(r'<script type="importmap" nonce="[^"]+">(.+?)</script>', page)
    assert found
    imports = json.loads(found[1])["imports"]
    assert {f"map-{name.removeprefix('map/')}.js" for name in imports} == {
        file.name for file in STATIC.glob("map-*.js")
    }
    for name, address in imports.items():
        assert f'<link rel="modulepreload" href="{address}"' in page
        answer = client.get(address)
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert set(re.findall(r'from "([^"]+)"', answer.text)) <= set(imports), name


def test_tiles_may_be_kept_for_good_and_come_compressed(client: FlaskClient) -> None:
    index = index_of(client)
    for kind, address in (("octet-stream", "points"), ("json", "names")):
        place = index[address].replace("{tile}", "0").replace("{block}", "0")
        packed = client.get(place, headers={"Accept-Encoding": "gzip"})
        plain = client.get(place)
        assert gzip.decompress(packed.data) == plain.data
        assert packed.headers["Content-Encoding"] == "gzip"
        assert "Content-Encoding" not in plain.headers
        assert packed.headers["Vary"] == "Accept-Encoding"
        assert packed.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert packed.mimetype == f"application/{kind}"
        again = client.get(place, headers={"If-None-Match": packed.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        other = place.replace(index["version"], "0" * 12)
        assert client.get(other).status_code == 404
        assert "drawn anew" in client.get(other).text
    assert client.get("/map/tiles/../0").status_code == 404
    assert (
        client.get("/api/v1/map", headers={"If-None-Match": client.get("/api/v1/map").headers["ETag"]}).status_code
        == 304
    )


def test_what_a_search_finds_lies_where_its_tile_says(client: FlaskClient) -> None:
    found = client.get("/api/v1/map/found", query_string={"q": "whispr task:automatic-speech-recognition"}).get_json()
    assert found["corrected"]
    assert found["query"] == "whisper task:automatic-speech-recognition"
    places = {each["id"]: each for each in found["models"]}
    assert "openai/whisper-small" in places
    assert len(places) == len(found["models"]) <= found["total"]
    index = index_of(client)
    columns = tiles.unpacked(client.get(index["points"].replace("{tile}", "0")).data)
    address = index["names"].replace("{tile}", "0")
    names = [client.get(address.replace("{block}", str(n))).get_json() for n in range(index["tiles"][0]["blocks"])]
    ids, downloads = ([value for block in names for value in block[what]] for what in ("ids", "downloads"))
    assert "openai/whisper-small" in ids
    for n, place in ((n, places[id]) for n, id in enumerate(ids) if id in places):
        assert columns["x"][n] / tiles.SPAN == pytest.approx(place["x"], abs=1e-4)
        assert (columns["cluster"][n], downloads[n]) == (place["cluster"], place["downloads"])
    wrong = client.get("/api/v1/map/found", query_string={"q": "tusk:fill-mask"})
    assert (wrong.status_code, wrong.mimetype) == (422, "application/problem+json")


def test_the_page_tells_the_regions_and_what_was_found_without_scripts(client: FlaskClient) -> None:
    page = client.get("/map", query_string={"q": "whisper", "colour": "task"}).text
    index = index_of(client)
    for row in index["legends"]["cluster"]:
        assert f'href="/model/{row["most_used"][0]}"' in page
        assert f'<span class="number">{row["models"]:,}</span> models' in page
    assert page.count('<li class="panel">') == len(index["legends"]["cluster"])
    assert "openai/</span>whisper-small" in page
    assert '<img class="still" src="/map/picture.svg"' in page
    assert "style=" not in page
    searched = [unescape(each) for each in re.findall(r'<a href="(/search\?[^"]*)">Search</a>', page)]
    assert searched
    assert all("cannot be searched" not in client.get(each).text for each in searched[:4])
    wrong = client.get("/map?q=tusk:fill-mask&colour=nonsense&x=y")
    assert wrong.status_code == 200
    assert "There is no field tusk:" in wrong.text


def test_the_picture_needs_no_style(client: FlaskClient) -> None:
    light, dark = client.get("/map/picture.svg"), client.get("/map/picture.svg?dark=1")
    assert light.mimetype == "image/svg+xml"
    assert len(re.findall("h0", light.text)) > 1_900
    assert "#4338ca" in light.text
    assert "#a5a0ff" in dark.text
    assert "style" not in light.text
    assert client.get("/map/picture.svg", headers={"If-None-Match": light.headers["ETag"]}).status_code == 304


@pytest.fixture
def fresh(db: Database, embedded_home: Path) -> Iterator[Callable[[], FlaskClient]]:
    """A client of an application over `db`, whose home has no map but the one a test writes."""
    uri = None if db.engine.name == "arcadedb" else db.uri
    yield create_app(WebSettings(embedded_home, uri, database=db.name, rate_limit="")).test_client
    shutil.rmtree(embedded_home / "map", ignore_errors=True)


def test_without_a_map_it_is_said_what_to_do(fresh: Callable[[], FlaskClient]) -> None:
    page = fresh().get("/map")
    assert page.status_code == 409
    assert "hfmrs build" in page.text
    assert fresh().get("/api/v1/map").get_json()["hint"] == "Run: hfmrs build"


def test_a_new_map_is_served_at_once_and_hostile_names_stay_text(
    fresh: Callable[[], FlaskClient], client: FlaskClient, embedded_home: Path
) -> None:
    index = {name: each for name, each in index_of(client).items() if name not in ("tiles", "points", "names")}
    tiles.write(embedded_home, index, [])
    asking = fresh()
    assert asking.get("/map").status_code == 200
    for row in index["legends"]["cluster"]:
        row.update(name=HOSTILE, facts=[["Tag", HOSTILE], ["Word", HOSTILE]], most_used=[HOSTILE])
    tiles.write(embedded_home, index, [])
    page = asking.get("/map").text
    assert "<img src=x" not in page
    assert "\u202e" not in page
    assert page.count("&lt;img src=x") > 20
    assert json.loads(asking.get("/api/v1/map").text)["legends"]["cluster"][0]["name"] == HOSTILE
