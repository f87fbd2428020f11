"""Runs on disk: one folder a run, with safetensors and JSON, so that an older run can be published again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file
from safetensors.torch import save_file as save_weights

from gnn.training import Trained
from graph.errors import BadInput, NotFound
from graph.types import Neighbour, NodeVectors, Run, ScoreWeights

_VERSION = 1


def save(trained: Trained, folder: Path) -> Path:
    """Writes the run to `folder`/<run id>, whole or not at all, and returns that path."""
    run = trained.run
    target = folder / run.id
    draft = folder / f".{run.id}.part"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    save_weights(trained.weights, draft / "weights.safetensors")
    names = _Names()
    arrays: dict[str, Any] = {}
    for label, table in run.vectors.items():
        arrays[f"{label}.embedding"] = table.embedding
        arrays[f"{label}.projected"] = table.projected
        arrays[f"{label}.counts"] = table.counts
        arrays[f"{label}.sizes"] = np.array([len(each) for each in table.neighbours], dtype=np.int64)
        arrays[f"{label}.attention"] = np.concatenate([*table.attention, np.zeros((0, run.heads), np.float32)])
        arrays[f"{label}.neighbours"] = names.encode(fact for facts in table.neighbours for fact in facts)
    save_file({name: np.ascontiguousarray(array) for name, array in arrays.items()}, draft / "vectors.safetensors")
    about = {
        "version": _VERSION,
        "id": run.id,
        "method": run.method,
        "created_at": run.created_at.isoformat(),
        "as_of": run.as_of.isoformat(),
        "heads": run.heads,
        "terms": list(run.terms),
        "weights": {kind: asdict(w) for kind, w in run.weights.items()},
        "settings": dict(run.settings),
        "metrics": dict(run.metrics),
    }
    (draft / "run.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    keys = {"nodes": {label: list(table.keys) for label, table in run.vectors.items()}, "names": names.rows()}
    (draft / "keys.json").write_text(json.dumps(keys), encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    return draft.rename(target)


def load(folder: Path) -> Run:
    """The run in `folder`.

    Raises `NotFound` where there is none and `BadInput` where its files cannot be read.
    """
    if not (folder / "run.json").is_file():
        raise NotFound(f"There is no run in {folder}.", "Train one: hfmrs build --only train")
    try:
        about = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        keys = json.loads((folder / "keys.json").read_text(encoding="utf-8"))
        arrays = load_file(folder / "vectors.safetensors")
        names: list[Neighbour] = [(row[0], row[1], row[2]) for row in keys["names"]]
        vectors = {}
        for label, ids in keys["nodes"].items():
            bounds = list(pairwise(accumulate(arrays[f"{label}.sizes"].tolist(), initial=0)))
            codes, attention = arrays[f"{label}.neighbours"].tolist(), arrays[f"{label}.attention"]
            vectors[label] = NodeVectors(
                keys=tuple(ids),
                embedding=arrays[f"{label}.embedding"],
                projected=arrays[f"{label}.projected"],
                neighbours=tuple(tuple(names[code] for code in codes[a:b]) for a, b in bounds),
                attention=tuple(attention[a:b] for a, b in bounds),
                counts=arrays[f"{label}.counts"],
            )
        return Run(
            id=about["id"],
            method=about["method"],
            created_at=datetime.fromisoformat(about["created_at"]),
            as_of=datetime.fromisoformat(about["as_of"]),
            heads=about["heads"],
            terms=tuple(about["terms"]),
            weights={kind: ScoreWeights(**w) for kind, w in about["weights"].items()},
            vectors=vectors,
            settings=about["settings"],
            metrics=about["metrics"],
        )
    except (KeyError, ValueError, OSError, SafetensorError) as error:
        raise BadInput(
            f"The run in {folder} cannot be read: {error}.", "Train anew: hfmrs build --only train"
        ) from error


class _Names:
    """Numbers for neighbours, so that a table of them is an array."""

    def __init__(self) -> None:
        self._codes: dict[Neighbour, int] = {}

    def encode(self, facts: Iterable[Neighbour]) -> np.ndarray[Any, np.dtype[np.int64]]:
        return np.array([self._codes.setdefault(fact, len(self._codes)) for fact in facts], dtype=np.int64)

    def rows(self) -> list[Neighbour]:
        return list(self._codes)
