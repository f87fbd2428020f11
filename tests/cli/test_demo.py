"""The demo's home, in the order in which it is made."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest

from etl import transformer
from graph.database import Database
from hfmrs import demo
from hfmrs.settings import Settings


def test_nothing_is_built_while_libraries_are_still_being_imported(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    building, order = Event(), list[str]()

    def import_slowly() -> None:
        building.wait(timeout=1)  # a build that does not wait begins meanwhile
        order.append("imported")

    def build(*_: object) -> list[object]:
        building.set()
        order.append("built")
        return []

    monkeypatch.setattr(transformer, "warm_up", import_slowly)
    monkeypatch.setattr(demo, "load_sample", lambda *_: None)
    monkeypatch.setattr(demo, "build", build)
    demo.prepare(db, Settings(home=tmp_path))
    assert order == ["imported", "built"]
