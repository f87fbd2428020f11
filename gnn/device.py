"""Where networks learn: on the processor or, by the same code, on a GPU."""

from __future__ import annotations

import os

os.environ.setdefault("DGLBACKEND", "pytorch")

import dgl
import torch

from graph.errors import HfmrsError


class NoDevice(HfmrsError):
    """Networks cannot learn on a GPU here."""


def check(device: str) -> None:
    """Raises `NoDevice` where networks cannot learn on `device`, "cpu" or "cuda"."""
    if device == "cpu":
        return
    if not torch.cuda.is_available():
        raise NoDevice(
            f"Networks cannot learn on {device}: PyTorch finds no NVIDIA GPU here.",
            "Where there is one, install DGL's build for CUDA, see its installation page, or choose the device cpu.",
        )
    try:
        dgl.graph(([0], [0])).to(torch.device(device, 0))
    except dgl.DGLError as error:
        raise NoDevice(
            f"Networks cannot learn on {device}: this DGL is built without CUDA.",
            "Install DGL's build for CUDA, see its installation page, or choose the device cpu.",
        ) from error
