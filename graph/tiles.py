"""The map of all models as files of the home: an index, tiles of points, and the names of the points in blocks.

A tile holds nine bytes a model, field after field and little-endian: x and y (uint16, 0 to 65,535 over the whole map),
then a code each of its task, library, cluster and year, and its popularity (uint8). A code is a place in the legend of
the index; `NONE` stands for what no legend names. A tile is kept compressed, as it is sent.

`<home>/map/index.json` names the folder beside it that holds the rest, and is replaced last: what it names is there.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.errors import NotBuilt, NotFound

#: What a point's place is counted in: from 0 up to so much, both ways.
SPAN = 65_535
FIELDS = ("task", "library", "cluster", "year")
#: The code of what has no name in the legend, and so how many names a legend may have.
NONE = 255
#: Models whose names come together.
BLOCK = 1_024

_COLUMNS = ("x", "y", *FIELDS, "popularity")
_TYPES = {name: "<u2" if name in "xy" else "u1" for name in _COLUMNS}
_BYTES = sum(np.dtype(each).itemsize for each in _TYPES.values())

Columns = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Tile:
    """A square of the map: `column` and `row` of the 2^`level` each way. `columns[name]` (models,): as in a tile;
    `ids` and `downloads` (None where unknown) in the same order."""

    level: int
    column: int
    row: int
    columns: Columns
    ids: Sequence[str]
    downloads: Sequence[int | None]


def packed(columns: Columns) -> bytes:
    """A tile's bytes, not compressed."""
    return b"".join(np.asarray(columns[name]).astype(_TYPES[name]).tobytes() for name in _COLUMNS)


def unpacked(tile: bytes) -> Columns:
    """The columns (models,) of a tile that is not compressed. Raises `ValueError` where it is none."""
    count, left = divmod(len(tile), _BYTES)
    if left:
        raise ValueError(f"{len(tile)} bytes are no tile of {_BYTES} bytes a model.")
    found: Columns = {}
    start = 0
    for name, kind in _TYPES.items():
        found[name] = np.frombuffer(tile, kind, count, start)
        start += found[name].nbytes
    return found


def write(home: Path, index: dict[str, Any], tiles: Sequence[Tile]) -> str:
    """Replaces the map of `home`; readers see the one before until all is there. Returns its version, which is made
    from its content."""
    folder = home / "map"
    draft = folder / f"{os.getpid()}.part"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    told, seen = [], hashlib.sha256()
    for number, tile in enumerate(tiles):
        points = gzip.compress(packed(tile.columns), 9, mtime=0)
        (draft / f"{number}.points.gz").write_bytes(points)
        seen.update(points)
        blocks = range(0, len(tile.ids), BLOCK)
        for block, start in enumerate(blocks):
            part = slice(start, start + BLOCK)
            names = {"ids": list(tile.ids[part]), "downloads": list(tile.downloads[part])}
            text = json.dumps(names, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
            (draft / f"{number}.{block}.names.gz").write_bytes(gzip.compress(text, 9, mtime=0))
            seen.update(text)
        told.append({
            "level": tile.level, "column": tile.column, "row": tile.row,
            "models": len(tile.ids), "blocks": len(blocks), "bytes": len(points),
        })  # fmt: skip
    seen.update(json.dumps(index, sort_keys=True, default=str).encode())
    version = seen.hexdigest()[:12]
    shutil.rmtree(folder / version, ignore_errors=True)
    draft.rename(folder / version)
    draft = folder / f"index.{os.getpid()}.part"
    draft.write_text(json.dumps({"version": version, **index, "tiles": told}, ensure_ascii=False), encoding="utf-8")
    draft.replace(folder / "index.json")
    for each in folder.iterdir():  # the map before, and what a run that was killed has left
        if each.is_dir() and each.name != version:
            shutil.rmtree(each, ignore_errors=True)
    return version


def there(home: Path) -> bool:
    """Whether there is a whole map."""
    try:
        return (home / "map" / str(read(home)["version"])).is_dir()
    except NotBuilt:
        return False


def changed(home: Path) -> int:
    """A number that changes whenever the map is written; 0 where there is none."""
    try:
        return (home / "map" / "index.json").stat().st_mtime_ns
    except OSError:
        return 0


def read(home: Path) -> dict[str, Any]:
    """The index. Raises `NotBuilt` where there is no map yet."""
    try:
        found: dict[str, Any] = json.loads((home / "map" / "index.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise NotBuilt("There is no map of these models yet.", "Run: hfmrs build") from None
    return found


def points(home: Path, version: str, tile: int) -> bytes:
    """A tile, compressed by gzip. Raises `NotFound` where the map is another one by now, or has no such tile."""
    return _file(home, version, f"{tile}.points.gz")


def names(home: Path, version: str, tile: int, block: int) -> bytes:
    """Ids and downloads of a tile's models from `block` · `BLOCK` on, as JSON compressed by gzip. Raises `NotFound`."""
    return _file(home, version, f"{tile}.{block}.names.gz")


def _file(home: Path, version: str, name: str) -> bytes:
    try:
        if not version.isalnum():
            raise FileNotFoundError(version)
        return (home / "map" / version / name).read_bytes()
    except (OSError, ValueError):
        raise NotFound("The map has been drawn anew, or has no such part.", "Load the page again.") from None
