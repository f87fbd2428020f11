"""What is stored of a run: who may go by it, and how much of it is read."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from graph import candidates
from graph.database import Database
from graph.errors import NotBuilt
from graph.pairs import why
from graph.recommend import recommend
from graph.slots import FORM
from graph.types import Run

STORED, UNSTORED = "google/bert-base", "other/vision"


def test_a_run_that_another_version_published_says_to_build(small: Database, run: Run) -> None:
    small.write("publish/run", id=run.id, properties={"form": 1})
    try:
        for ask in (partial(recommend, small, [UNSTORED]), partial(why, small, UNSTORED, STORED)):
            with pytest.raises(NotBuilt, match="published by another version"):
                ask()
    finally:
        small.write("publish/run", id=run.id, properties={"form": FORM})


def test_all_that_is_stored_is_read_where_models_have_come_since(
    small: Database, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, counts = small.read, []

    def counted(name: str, **params: Any) -> list[dict[str, Any]]:
        rows = read(name, **params)
        if name == "recommend/nearest":
            counts.append(len(rows))
        return rows

    monkeypatch.setattr(small, "read", counted)
    try:
        for extended in (None, True):
            small.write("publish/run", id=run.id, properties={"extended": extended})
            recommend(small, [UNSTORED], k=3)
    finally:
        small.write("publish/run", id=run.id, properties={"extended": None})
    assert counts[0] == 3 + candidates._SPARE < counts[1]
