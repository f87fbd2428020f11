"""The map's files: every model in one tile, what a tile says, and that a map is there whole or not at all."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from etl import tiling
from etl.sections import COLUMNS, Facts, Map
from graph import tiles
from graph.errors import NotBuilt, NotFound
from graph.report import Section
from graph.tiles import NONE, SPAN

#: Models, the last of which has no place, and models of a tile.
COUNT, MOST = 3_001, 200
EMPTY = Section("trials", "", "", ())


def models() -> tuple[Facts, Map, Any]:
    random = np.random.default_rng(0)
    at = np.concatenate([random.normal(0.3, 0.05, (COUNT // 2, 2)), random.random((COUNT - COUNT // 2, 2))])
    columns: dict[str, list[Any]] = {name: [None] * COUNT for name in COLUMNS}
    columns["downloads"] = [None if n % 7 == 0 else int(x) for n, x in enumerate(random.pareto(0.7, COUNT) * 10)]
    columns["task"] = [None if n % 5 == 0 else f"task-{n % 3}" for n in range(COUNT)]
    columns["library"] = [f"library-{n % 300}" for n in range(COUNT)]
    columns["created"] = [202_001 + 100 * (n % 4) for n in range(COUNT)]
    labels = np.arange(COUNT) % 3
    labels[-1] = -1
    facts = Facts([f"lab/<b>{n}\u202e" for n in range(COUNT)], columns, {}, {})
    return facts, Map(labels, [[("Task", "task-0")], [("Tag", "x")], []], EMPTY, EMPTY), np.clip(at, 0, 1)


def unpacked(home: Path, index: dict[str, Any], tile: int) -> tiles.Columns:
    return tiles.unpacked(gzip.decompress(tiles.points(home, index["version"], tile)))


def test_every_model_lies_in_one_tile_with_its_facts(tmp_path: Path) -> None:
    facts, mapped, at = models()
    tiling.write(tmp_path, facts, mapped, at, most=MOST)
    index = tiles.read(tmp_path)
    number = {id: n for n, id in enumerate(facts.ids)}
    names = {field: {row["code"]: row["name"] for row in rows} for field, rows in index["legends"].items()}
    found = []
    for tile, told in enumerate(index["tiles"]):
        columns = unpacked(tmp_path, index, tile)
        blocks = [
            json.loads(gzip.decompress(tiles.names(tmp_path, index["version"], tile, n))) for n in range(told["blocks"])
        ]
        ids = [number[id] for block in blocks for id in block["ids"]]
        assert [n for block in blocks for n in block["downloads"]] == [facts.columns["downloads"][n] for n in ids]
        found += ids
        assert told["models"] == len(ids) == len(columns["x"]) <= MOST
        size = (SPAN + 1) >> told["level"]
        for axis, name, place in ((0, "x", told["column"]), (1, "y", told["row"])):
            assert set(columns[name].astype(int) // size) <= {place}
            assert columns[name] / SPAN == pytest.approx(at[ids, axis], abs=1 / SPAN)
        for field in ("task", "library"):
            said = [names[field].get(code) for code in columns[field].tolist()]
            kept = [facts.columns[field][n] for n in ids]
            assert all(
                a == b or (a is None and b not in names[field].values()) for a, b in zip(said, kept, strict=True)
            )
        assert columns["cluster"].tolist() == [n % 3 for n in ids]
        assert [names["year"][code] for code in columns["year"].tolist()] == [str(2020 + n % 4) for n in ids]
    assert sorted(found) == list(range(COUNT - 1))
    assert (index["models"], index["unplaced"]) == (COUNT - 1, 1)


def test_the_first_tile_shows_what_is_used_most_everywhere(tmp_path: Path) -> None:
    facts, mapped, at = models()
    tiling.write(tmp_path, facts, mapped, at, most=MOST)
    index = tiles.read(tmp_path)
    first = unpacked(tmp_path, index, 0)
    assert index["tiles"][0] | {"bytes": 0} == {
        "level": 0, "column": 0, "row": 0, "models": MOST, "blocks": 1, "bytes": 0,
    }  # fmt: skip
    quarters = set(zip((first["x"] > SPAN / 2).tolist(), (first["y"] > SPAN / 2).tolist(), strict=True))
    assert len(quarters) == 4
    rest = [unpacked(tmp_path, index, tile)["popularity"] for tile in range(1, len(index["tiles"]))]
    assert first["popularity"].mean() > np.concatenate(rest).mean()
    assert first["popularity"].max() == 255


def test_legends_count_what_the_tiles_hold_and_have_room_for_a_byte(tmp_path: Path) -> None:
    facts, mapped, at = models()
    tiling.write(tmp_path, facts, mapped, at, most=MOST)
    index = tiles.read(tmp_path)
    for field, rows in index["legends"].items():
        codes = np.concatenate([unpacked(tmp_path, index, tile)[field] for tile in range(len(index["tiles"]))])
        counts = np.bincount(codes, minlength=256)
        assert {row["code"]: row["models"] for row in rows} == {
            code: count for code, count in enumerate(counts[:NONE].tolist()) if count
        }
    assert len(index["legends"]["library"]) == NONE
    assert [row["name"] for row in index["legends"]["year"]] == ["2020", "2021", "2022", "2023"]
    used = facts.columns["downloads"]
    for row in index["legends"]["cluster"]:
        inside = [n for n in range(COUNT - 1) if n % 3 == row["code"]]
        assert row["most_used"][0] == facts.ids[max(inside, key=lambda n: (used[n] or 0, -n))]
        assert np.hypot(row["x"] - 0.3, row["y"] - 0.3) < 0.1


def test_points_that_lie_on_one_another_are_spread() -> None:
    at = np.concatenate([np.full((100, 2), 0.5), np.array([[0.2, 0.7]])])
    spread = tiling.spread(at.astype(np.float32))
    assert len(np.unique(np.rint(spread * SPAN), axis=0)) == len(at)
    assert np.abs(spread - at).max() < 2e-3
    assert spread[-1].tolist() == pytest.approx([0.2, 0.7])


def test_a_map_is_replaced_whole(tmp_path: Path) -> None:
    with pytest.raises(NotBuilt):
        tiles.read(tmp_path)
    assert (tiles.there(tmp_path), tiles.changed(tmp_path)) == (False, 0)
    facts, mapped, at = models()
    before = tiling.write(tmp_path, facts, mapped, at, most=MOST)
    (tmp_path / "map" / "123.part").mkdir()  # of a run that was killed
    assert tiling.write(tmp_path, facts, mapped, at, most=MOST) == before
    assert tiles.there(tmp_path)
    facts.columns["task"][0] = "another"
    after = tiling.write(tmp_path, facts, mapped, at, most=MOST)
    assert after != before
    assert sorted(each.name for each in (tmp_path / "map").iterdir()) == sorted([after, "index.json"])
    with pytest.raises(NotFound):
        tiles.points(tmp_path, before, 0)
    for version, tile in ((after, 999), ("..", 0), (".", 0)):
        with pytest.raises(NotFound):
            tiles.points(tmp_path, version, tile)


def test_what_is_no_tile_is_refused() -> None:
    with pytest.raises(ValueError, match="no tile"):
        tiles.unpacked(bytes(10))
