"""The family of a model on both engines."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from graph import family, models
from graph.database import Database
from graph.deletions import mark_deleted
from graph.errors import BadInput
from graph.load import load_models
from graph.types import ModelRecord, Relation

MADE = datetime(2024, 1, 1, tzinfo=timezone.utc)


def record(id: str, downloads: int, relation: Relation = "finetune", *bases: str) -> ModelRecord:
    return ModelRecord(id, downloads=downloads, created_at=MADE, bases=tuple((base, relation) for base in bases))


def test_a_family_is_read_up_to_its_roots_and_down_by_kind(any_db: Database) -> None:
    db = any_db
    load_models(
        db,
        [
            record("x/root", 900),
            record("x/left", 80, "finetune", "x/root"),
            record("x/right", 90, "finetune", "x/root"),
            record("x/merged", 5, "merge", "x/left", "x/right"),
            record("x/packed", 700, "quantized", "x/root"),
            record("x/gone", 500, "adapter", "x/root"),
            record("x/last", 1, "quantized", "x/merged"),
        ],
    )
    mark_deleted(db, "Model", ["x/gone"], MADE)

    up = family.ancestry(db, "x/last")
    assert [(each.card.id, each.relation) for each in up] == [("x/merged", "quantized")]
    left, right = up[0].bases
    assert [(left.card.id, left.relation, left.again), (right.card.id, right.relation, right.again)] == [
        ("x/left", "merge", False),
        ("x/right", "merge", False),
    ]
    assert [each.card.id for each in left.bases] == [each.card.id for each in right.bases] == ["x/root"]
    assert [(child, base.card.id, generation) for child, base, generation in family.lines("x/last", up)] == [
        ("x/last", "x/merged", 1),
        ("x/merged", "x/left", 2),
        ("x/merged", "x/right", 2),
        ("x/left", "x/root", 3),
        ("x/right", "x/root", 3),
    ]
    assert family.ancestry(db, "x/root") == ()

    def children(*kind: str, **part: int) -> list[tuple[str, int]]:
        return [(each.card.id, each.built_on) for each in family.children(db, "x/root", *kind, **part)]

    assert children() == [("x/packed", 0), ("x/right", 1), ("x/left", 1)]
    assert children("finetune", skip=1, limit=1) == [("x/left", 1)]
    assert children("adapter") == children(skip=3) == []
    with pytest.raises(BadInput, match="no kind 'clone'"):
        children("clone")

    page = models.get(db, "x/root")
    assert page.kinds == {"finetune": 2, "quantized": 1}
    assert page.children_total == 3
