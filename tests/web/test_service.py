"""What the requests of one process share."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph import recommend
from graph.database import Database
from hfmrs.settings import load
from web import WebSettings
from web.service import Service


def test_a_warm_server_has_read_every_index_and_kept_no_answer(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    indexes: set[str] = set()
    read, recommended = Database.read, recommend.recommend
    methods: list[str] = []

    def noted(db: Database, name: str, **params: object) -> list[dict[str, object]]:
        if name == "recommend/candidates":
            indexes.add(str(params["index"])[:-1])
        return read(db, name, **params)

    def asked(*arguments: object, **named: object) -> object:
        methods.append(str(named["method"]))
        return recommended(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Database, "read", noted)
    monkeypatch.setattr(recommend, "recommend", asked)
    service = Service(WebSettings(built, load(built).db or None))
    try:
        service.warm()
        assert indexes >= {"model_gatEmbedding", "model_gcnEmbedding"}
        assert set(methods) == set(recommend.METHODS)
        methods.clear()
        popular = service.popular()[0].id
        service.recommend((popular,), "gat", 20, "score", recommend.Filters())
        assert methods == ["gat"]
    finally:
        service.close()


def test_nothing_to_warm_is_no_error(db: Database, embedded_home: Path) -> None:
    uri = None if db.engine.name == "arcadedb" else db.uri
    service = Service(WebSettings(embedded_home, uri, database=db.name))
    try:
        service.warm()
        assert set(service.counts().values()) <= {0}
    finally:
        service.close()
