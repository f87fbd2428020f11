"""Trained networks on disk: one folder each, with safetensors and JSON, so that an older one can be published again."""

from __future__ import annotations

import shutil
from dataclasses import fields
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from gnn import record
from gnn.training import Trained


def save(trained: Trained, folder: Path) -> Path:
    """Writes the network to `folder`/<its id>, whole or not at all, and returns that path."""
    target = folder / trained.id
    draft = folder / f".{trained.id}.part"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    save_file({name: weight.contiguous() for name, weight in trained.state.items()}, draft / "weights.safetensors")
    record.write(trained, draft)
    shutil.rmtree(target, ignore_errors=True)
    return draft.rename(target)


def load(folder: Path) -> Trained:
    """The network in `folder`.

    Raises `NotFound` where there is none and `BadInput` where its files cannot be read.
    """
    about = record.read(folder)
    try:
        state = load_file(folder / "weights.safetensors")
    except (OSError, SafetensorError) as error:
        raise record.unreadable(folder, error) from error
    return Trained(**{each.name: getattr(about, each.name) for each in fields(about)}, state=state)
