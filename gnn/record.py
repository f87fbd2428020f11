"""What is said of a trained network beside its weights: `run.json`, which is read without PyTorch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from graph.errors import BadInput, NotFound
from graph.types import ScoreWeights

FILE = "run.json"
_VERSION = 2


@dataclass(frozen=True, slots=True)
class Record:
    """A trained network without its weights.

    `scores[query]`: how pairs are scored, for query kind "model" and "author". `settings` and `metrics` are
    JSON-ready.
    """

    id: str
    method: str
    created_at: datetime
    scores: Mapping[str, ScoreWeights]
    settings: Mapping[str, Any]
    metrics: Mapping[str, Any]


def write(record: Record, folder: Path) -> None:
    """Writes `record` into `folder`, which is there."""
    about = {
        "version": _VERSION,
        "id": record.id,
        "method": record.method,
        "created_at": record.created_at.isoformat(),
        "scores": {kind: asdict(each) for kind, each in record.scores.items()},
        "settings": dict(record.settings),
        "metrics": dict(record.metrics),
    }
    (folder / FILE).write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")


def read(folder: Path) -> Record:
    """The record in `folder`.

    Raises `NotFound` where there is none and `BadInput` where it cannot be read or is that of another run.
    """
    if not (folder / FILE).is_file():
        raise NotFound(f"There is no run in {folder}.", "Train one: hfmrs build --only train")
    try:
        about = json.loads((folder / FILE).read_text(encoding="utf-8"))
        if about["id"] != folder.name:  # a copy: whoever names the run means the other folder
            raise ValueError(f"it is of {about['id']}")
        return Record(
            id=about["id"],
            method=about["method"],
            created_at=datetime.fromisoformat(about["created_at"]),
            scores={kind: ScoreWeights(**each) for kind, each in about["scores"].items()},
            settings=about["settings"],
            metrics=about["metrics"],
        )
    except (KeyError, TypeError, ValueError, OSError) as error:
        raise unreadable(folder, error) from error


def unreadable(folder: Path, error: Exception) -> BadInput:
    """What to raise where a file of the run in `folder` is damaged."""
    return BadInput(f"The run in {folder} cannot be read: {error}.", "Train anew: hfmrs build --only train")
