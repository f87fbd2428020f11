"""The map of all models as the page loads it: which models lie in which tile, and what the legends say.

Tiles form a quadtree in which every model lies once. A tile holds the models that are used most in each of its regions
and leaves the others to its four quarters, so that the first tile shows something of everywhere, and each level more.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from etl.sections import Facts, Map
from graph import tiles
from graph.neighbours import places
from graph.tiles import NONE, SPAN, Tile
from graph.types import FloatArray, IntArray

#: Models of a tile at most, unless it lies at the deepest level, where a point is hardly told from the next.
MOST = 16_384
_DEEPEST = 8
#: A tile has a region for so many of its models.
_EACH = 4
#: How many most used models the index tells of each cluster, and how fine a grid finds where it is densest.
_TOLD, _GRID = 8, 48
#: Such a share of the models, at each side, need not be seen when the map opens.
_OUT = 0.004
_GOLDEN = np.pi * (3 - 5**0.5)

Places = npt.NDArray[np.int64]


def write(home: Path, facts: Facts, mapped: Map, at: FloatArray, *, most: int = MOST) -> str:
    """Writes the map of all models that have a cluster; `at` (models, 2) is where they lie, 0 to 1. Returns its
    version. `most`: models of a tile."""
    shown = np.flatnonzero(mapped.labels >= 0)
    codes, legends = _coded(facts, mapped, shown)
    xy = np.rint(np.clip(at[shown], 0, 1) * SPAN).astype(np.int64)
    downloads = [facts.columns["downloads"][i] for i in shown.tolist()]
    used = np.log1p(np.array([each or 0 for each in downloads], dtype=np.float64))
    popularity = np.rint(255 * used / (used.max(initial=0) or 1.0)).astype(np.int64)
    for cluster in legends["cluster"]:
        _describe(cluster, np.flatnonzero(codes["cluster"] == cluster["code"]), facts, shown, xy, used)
    columns = {"x": xy[:, 0], "y": xy[:, 1], **codes, "popularity": popularity}
    made = [
        Tile(
            level,
            column,
            row,
            {name: values[models] for name, values in columns.items()},
            [facts.ids[i] for i in shown[models].tolist()],
            [downloads[i] for i in models.tolist()],
        )
        for level, column, row, models in quadtree(xy, used, most)
    ]
    box = np.quantile(xy, (_OUT, 1 - _OUT), axis=0).ravel() / SPAN if len(xy) else np.array([0.0, 0.0, 1.0, 1.0])
    index = {
        "models": len(shown),
        "unplaced": len(facts.ids) - len(shown),
        "box": box.round(4).tolist(),
        "legends": legends,
    }
    return tiles.write(home, index, made)


def spread(at: FloatArray) -> FloatArray:
    """(n, 2): the places `at` (n, 2), 0 to 1, with points that lie on one another laid out as the seeds of a sunflower
    around it: models with the same text would otherwise be one point that nobody can tell apart."""
    _, same = np.unique(np.rint(at * 10_000).astype(np.int64), axis=0, return_inverse=True)
    same = same.reshape(-1)
    order = np.argsort(same, kind="stable")
    number = np.empty(len(at), dtype=np.int64)
    number[order] = places(same[order])
    out = 1.2e-4 * np.sqrt(number)
    turned = np.stack([np.cos(number * _GOLDEN), np.sin(number * _GOLDEN)], axis=1)
    return np.asarray(np.clip(at + out[:, None] * turned, 0, 1), dtype=np.float32)


def quadtree(xy: Places, used: FloatArray, most: int) -> Iterator[tuple[int, int, int, IntArray]]:
    """(level, column, row, models) of every tile, the upper levels first; models in the order of a curve that keeps
    near ones together (Morton 1966). `xy` (n, 2): 0 to `SPAN`; `used` (n,): the larger, the sooner shown."""
    waiting = deque([(0, 0, 0, np.arange(len(xy)))])
    while waiting:
        level, column, row, models = waiting.popleft()
        first = models
        if len(models) > most and level < _DEEPEST:
            taken = _first(xy[models], used[models], level, most)
            first, rest = models[taken], models[~taken]
            quarters = (xy[rest] >> (15 - level)) & 1
            for down in (0, 1):
                for right in (0, 1):
                    part = rest[(quarters[:, 0] == right) & (quarters[:, 1] == down)]
                    if len(part):
                        waiting.append((level + 1, 2 * column + right, 2 * row + down, part))
        yield level, column, row, first[np.argsort(_along(xy[first]), kind="stable")]


def _first(xy: Places, used: FloatArray, level: int, most: int) -> npt.NDArray[np.bool_]:
    """Which `most` of a tile's models it holds: of each region the most used, the more the denser it is, but of dense
    ones a smaller share: as many as the root of their number says."""
    step = max((SPAN + 1 >> level) // max(int((most / _EACH) ** 0.5), 1), 1)
    cell = (xy[:, 0] // step) * (SPAN + 1) + xy[:, 1] // step
    order = np.lexsort((-used, cell))
    _, counts = np.unique(cell, return_counts=True)
    turn = (places(cell[order]) + 0.5) / np.sqrt(np.repeat(counts, counts))
    taken = np.zeros(len(cell), dtype=bool)
    taken[order[np.lexsort((-used[order], turn))[:most]]] = True
    return taken


def _along(xy: Places) -> Places:
    """(n,): the bits of x and y in turn."""
    bits = xy.astype(np.int64)
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        bits = (bits | (bits << shift)) & mask
    return np.asarray(bits[:, 0] | (bits[:, 1] << 1))


def _coded(facts: Facts, mapped: Map, shown: IntArray) -> tuple[dict[str, IntArray], dict[str, list[dict[str, Any]]]]:
    """Of each field the models' codes, and the legend: names and how many models, the most first; years and clusters
    in their order."""
    years = [created and created // 100 for created in facts.columns["created"]]
    codes: dict[str, IntArray] = {}
    legends: dict[str, list[dict[str, Any]]] = {}
    for name, column in (("task", facts.columns["task"]), ("library", facts.columns["library"]), ("year", years)):
        values = [column[i] for i in shown.tolist()]
        counts = Counter(each for each in values if each is not None)
        named: Sequence[Any] = [value for value, _ in counts.most_common(NONE)]
        if name == "year":
            named = sorted(named)
        known = {value: code for code, value in enumerate(named)}
        codes[name] = np.array([known.get(value, NONE) for value in values], dtype=np.int64)
        legends[name] = [{"code": code, "name": str(value), "models": counts[value]} for value, code in known.items()]
    codes["cluster"] = mapped.labels[shown]
    sizes = np.bincount(codes["cluster"], minlength=len(mapped.names))
    legends["cluster"] = [
        {"code": number, "name": name, "models": int(sizes[number])}
        for number, name in enumerate(mapped.names)
        if sizes[number]
    ]
    for row in legends["cluster"]:
        row["facts"] = [list(fact) for fact in mapped.naming[row["code"]]]
    return codes, legends


def _describe(
    row: dict[str, Any], models: IntArray, facts: Facts, shown: IntArray, xy: Places, used: FloatArray
) -> None:
    """Adds to a cluster's `row` of the legend where it is densest, 0 to 1, and its most used models."""
    grid = np.minimum(xy[models] * _GRID // (SPAN + 1), _GRID - 1)
    counts = np.zeros((_GRID + 2, _GRID + 2))
    np.add.at(counts, (grid[:, 0] + 1, grid[:, 1] + 1), 1)
    around = sum(np.roll(counts, (x, y), (0, 1)) for x in (-1, 0, 1) for y in (-1, 0, 1))
    middle = np.array(np.unravel_index(np.argmax(around), counts.shape)) - 1
    near = (np.abs(grid - middle) <= 1).all(axis=1)
    row["x"], row["y"] = (round(float(each) / SPAN, 4) for each in xy[models][near].mean(axis=0))
    best = models[np.lexsort((models, -used[models]))[:_TOLD]]
    row["most_used"] = [facts.ids[i] for i in shown[best].tolist()]
