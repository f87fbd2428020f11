"""A client that meets only the replay, and never really waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from huggingface_hub import constants
from huggingface_hub.utils import _http

from etl.hub import Hub
from etl.listings import Scope
from graph import stages
from graph.database import Database
from hfmrs.syncing import Synced, sync
from tests.hub.replay import Replay

Row = dict[str, object]


def model(number: int, **values: object) -> Row:
    """A model as the Hub lists it: made from the one before it."""
    tags = ["pytorch", f"base_model:o/m{number - 1}"] if number else ["pytorch"]
    day = f"2024-{1 + number // 28 % 5:02}-{1 + number % 28:02}T00:00:00.000Z"
    return {
        "_id": f"{number:024}",
        "id": f"o/m{number}",
        "author": "o",
        "tags": tags,
        "pipeline_tag": "text-classification",
        "downloads": 1000 - number,
        "likes": number,
        "createdAt": day,
        "lastModified": day,
        **values,
    }


def dataset(number: int, **values: object) -> Row:
    day = f"2024-02-{1 + number % 28:02}T00:00:00.000Z"
    return {"id": f"o/d{number}", "author": "o", "tags": [], "createdAt": day, "lastModified": day, **values}


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[float]:
    """How long the client would have waited each time. Neither token nor proxy of this machine are used."""
    slept: list[float] = []
    monkeypatch.setattr(_http, "time", SimpleNamespace(sleep=slept.append))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "token"))
    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    _http.close_session()  # one that was made before would still have the proxy
    return slept


@pytest.fixture
def told() -> list[str]:
    """What the client said of its waiting."""
    return []


@pytest.fixture
def replay(waits: list[float], monkeypatch: pytest.MonkeyPatch) -> Replay:
    """A replay with 25 models in pages of ten; start it with `with`."""
    server = Replay([model(number) for number in range(25)], [dataset(number) for number in range(3)], page=10)
    monkeypatch.setenv("HF_ENDPOINT", server.endpoint)
    return server


@pytest.fixture
def hub(replay: Replay, told: list[str]) -> Hub:
    return Hub(told.append, timeout=5.0)


@pytest.fixture
def serving(replay: Replay) -> Iterator[Replay]:
    with replay:
        yield replay


@pytest.fixture
def again(db: Database, tmp_path: Path, hub: Hub, serving: Replay) -> Any:
    """Syncs and returns what was done."""

    def call(*scopes: Scope, **options: Any) -> list[Synced]:
        serving.forget()
        serving.now += timedelta(hours=1)
        return list(sync(db, tmp_path, hub, scopes or (Scope(),), **options))

    return call


def everything(db: Database) -> list[dict[str, Any]]:
    """Every node and link that a load makes, in order."""
    nodes = "MATCH (n) WHERE n.id IS NULL OR n.id <> 'load' RETURN labels(n) AS labels, properties(n) AS properties"
    links = "MATCH (a)-[r]->(b) RETURN a.id AS a, type(r) AS r, coalesce(b.id, b.name) AS b"
    with db.driver.session(database=db.name) as session:
        found = [record.data() for query in (nodes, links) for record in session.run(query)]
    return sorted(found, key=repr)


def value(db: Database, cypher: str) -> Any:
    return db.ask(cypher).rows[0][0]


def stamp(db: Database) -> str:
    stage = stages.get(db, "load")
    assert stage
    return stage.fingerprint
