"""The device that networks learn on, from the command line to the networks."""

from __future__ import annotations

import pytest
import torch

from tests.cli.conftest import Run

CUT = ("--cut", "2023-09-01")
NO_GPU = pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
ASKED = [
    ("build", "--only", "train"),
    ("evaluate",),
    ("evaluate", "built-next", *CUT, "--methods", "gat"),
    ("evaluate", "built-next", *CUT, "--methods", "gat without text"),
    ("evaluate", "lineage", *CUT, "--methods", "gat"),
    ("evaluate", "for-model", *CUT, "--methods", "gat"),
]


@NO_GPU
@pytest.mark.parametrize("asked", [("build",), *ASKED], ids=" ".join)
def test_without_a_gpu_nothing_is_begun(run: Run, monkeypatch: pytest.MonkeyPatch, asked: tuple[str, ...]) -> None:
    monkeypatch.setattr("hfmrs.build._run", None)
    monkeypatch.setattr("graph.export.subgraph", None)
    result = run(*asked, "--device", "cuda")
    assert result.exit_code == 1
    assert "Networks cannot learn on cuda: PyTorch finds no NVIDIA GPU here." in result.output
    assert "DGL's build for CUDA" in result.output
    monkeypatch.setenv("HFMRS_DEVICE", "cuda")
    assert "cannot learn on cuda" in run(*asked).output


@NO_GPU
@pytest.mark.parametrize("asked", ASKED, ids=" ".join)
def test_the_device_comes_to_the_networks(run: Run, monkeypatch: pytest.MonkeyPatch, asked: tuple[str, ...]) -> None:
    """Where nobody looks before, it is PyTorch that says that there is none."""
    monkeypatch.setattr("gnn.device.check", lambda device: None)
    result = run(*asked, "--device", "cuda")
    assert result.exit_code == 1
    assert "Found no NVIDIA driver" in result.output or "CUDA" in result.output


def test_the_command_line_goes_before_the_setting(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HFMRS_DEVICE", "cuda")
    assert run("evaluate", "built-next", *CUT, "--methods", "popularity", "--device", "cpu").exit_code == 0
    assert run("evaluate", "--device", "tpu").exit_code == 2
    monkeypatch.setenv("HFMRS_DEVICE", "tpu")
    result = run("evaluate", "built-next", *CUT, "--methods", "popularity")
    assert result.exit_code == 1
    assert "HFMRS_DEVICE cannot be used" in result.output
