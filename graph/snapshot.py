"""Arrays of the graph in files of the home, each named after the state of the graph that it was read from.

What was read from the database once is read from there as long as that state stands, and anew from the database
afterwards, or where there is no home.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Arrays = Mapping[str, npt.NDArray[Any]]


def save(home: Path | None, name: str, state: str, arrays: Mapping[str, npt.NDArray[Any] | Sequence[str]]) -> None:
    """Keeps `arrays`, lists of names among them, in place of what was kept as `name` before."""
    if home is None:
        return
    folder = home / "cache" / "graph"
    folder.mkdir(parents=True, exist_ok=True)
    packed: dict[str, Any] = {
        key: each if isinstance(each, np.ndarray) else _packed(each) for key, each in arrays.items()
    }
    draft = folder / f"{name}.{os.getpid()}.part"
    with draft.open("wb") as file:
        np.savez(file, state=np.array(state), **packed)
    draft.replace(folder / f"{name}.npz")


def load(home: Path | None, name: str, state: str) -> Arrays | None:
    """What was kept as `name` of this state of the graph; None where it was another one, or nothing can be read."""
    if home is None:
        return None
    try:
        with np.load(home / "cache" / "graph" / f"{name}.npz", allow_pickle=False) as file:
            return dict(file) if str(file["state"]) == state else None
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return None


def names(array: npt.NDArray[Any]) -> list[str]:
    """A list of names as it was saved."""
    found: list[str] = json.loads(array.tobytes())
    return found


def _packed(texts: Sequence[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer(json.dumps(list(texts)).encode(), dtype=np.uint8)
