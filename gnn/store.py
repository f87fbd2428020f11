"""Trained networks on disk: one folder each, with safetensors and JSON, so that an older one can be published again."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from gnn.training import Trained
from graph.errors import BadInput, NotFound
from graph.types import ScoreWeights

_VERSION = 2


def save(trained: Trained, folder: Path) -> Path:
    """Writes the network to `folder`/<its id>, whole or not at all, and returns that path."""
    target = folder / trained.id
    draft = folder / f".{trained.id}.part"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    save_file({name: weight.contiguous() for name, weight in trained.state.items()}, draft / "weights.safetensors")
    about = {
        "version": _VERSION,
        "id": trained.id,
        "method": trained.method,
        "created_at": trained.created_at.isoformat(),
        "scores": {kind: asdict(each) for kind, each in trained.scores.items()},
        "settings": dict(trained.settings),
        "metrics": dict(trained.metrics),
    }
    (draft / "run.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    return draft.rename(target)


def load(folder: Path) -> Trained:
    """The network in `folder`.

    Raises `NotFound` where there is none and `BadInput` where its files cannot be read.
    """
    if not (folder / "run.json").is_file():
        raise NotFound(f"There is no run in {folder}.", "Train one: hfmrs build --only train")
    try:
        about = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        return Trained(
            id=about["id"],
            method=about["method"],
            created_at=datetime.fromisoformat(about["created_at"]),
            scores={kind: ScoreWeights(**each) for kind, each in about["scores"].items()},
            settings=about["settings"],
            metrics=about["metrics"],
            state=load_file(folder / "weights.safetensors"),
        )
    except (KeyError, TypeError, ValueError, OSError, SafetensorError) as error:
        raise BadInput(
            f"The run in {folder} cannot be read: {error}.", "Train anew: hfmrs build --only train"
        ) from error
