"""Networks learn on the device that they are told, and say so where there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import numpy as np
import pytest
import torch
from elsewhere import DEVICE, Misplaced, elsewhere
from planted import planted

from gnn import device
from gnn.ranking import lessons, tracing
from gnn.ranking.lineage import Lineage, lineage
from gnn.ranking.network import GraphNetwork
from gnn.ranking.past import as_of, moment_of
from gnn.ranking.served import Served
from gnn.ranking.task import History, history
from gnn.ranking.traces import TRACES
from gnn.ranking.tracing import TraceNetwork
from gnn.training import TrainingSettings, train
from graph.types import FloatArray, Subgraph

#: Two fits in one process differ in their last digits, and with them in what all candidates have in common.
ALMOST = 1e-3
QUICK = TrainingSettings(size=16, heads=4, epochs=3, windows=4)
CUT = 330.0


@pytest.fixture(scope="module")
def past() -> History:
    return history(as_of(planted(), moment_of(CUT)))


@pytest.fixture(scope="module")
def traced(past: History) -> Lineage:
    return lineage(planted(), past, datetime(2100, 1, 1, tzinfo=timezone.utc))


def check_lists(usual: FloatArray, there: FloatArray) -> None:
    """Lists that are alike: what all candidates have in common, which no list holds, may differ."""
    usual, there = (each - np.median(each, axis=1, keepdims=True) for each in (usual, there))
    np.testing.assert_allclose(usual, there, rtol=0, atol=ALMOST)


def test_what_is_left_behind_is_noticed() -> None:
    with elsewhere():
        there, here = torch.ones(3, device=DEVICE), torch.ones(3)
        assert (there * there.sum()).tolist() == (here.to(DEVICE) * 3).tolist() == [3, 3, 3]
        assert (there + torch.tensor(1.0)).cpu().numpy().tolist() == [2, 2, 2]
        moved = torch.nn.Linear(3, 1).to(DEVICE)
        moved(there).backward()
        for wrong in (
            lambda: there + here,
            lambda: there + torch.from_numpy(np.ones(3, np.float32)),
            lambda: there[torch.zeros(3, dtype=torch.bool)],
            lambda: torch.nn.Linear(3, 1)(there),
            lambda: moved(here),
            lambda: moved.weight.grad @ here,
            lambda: there.numpy(),
            lambda: np.asarray(there * 2),
        ):
            with pytest.raises(Misplaced):
                wrong()


@pytest.mark.parametrize("method", ["gat", "gcn"])
@pytest.mark.parametrize("negatives", [4096, 20])
def test_what_is_in_service_learns_on_its_device(data: Subgraph, method: str, negatives: int) -> None:
    settings = replace(QUICK, method=method, negatives=negatives, device=str(DEVICE))
    usual = train(data, settings)
    with elsewhere():
        there = train(data, settings)
    assert [each["loss"] for each in there.metrics["curve"]] == pytest.approx(
        [each["loss"] for each in usual.metrics["curve"]], abs=ALMOST
    )
    assert there.settings["device"] == "cpu"


@pytest.mark.parametrize("without", [(), ("messages",), ("time", "text"), ("HAS_TAG",)], ids=" ".join)
def test_networks_that_rank_learn_and_score_on_their_device(past: History, without: tuple[str, ...]) -> None:
    def found() -> tuple[FloatArray, FloatArray]:
        lessons.prepare.cache_clear()
        network = GraphNetwork(moments=2, step=60.0, epochs=2, without=frozenset(without), device=str(DEVICE))
        network.fit(past, 0)
        return network.scores(np.array([2, 0])), network.shares(np.array([2]), np.array([[3, 1]]))

    usual = found()
    with elsewhere():
        there = found()
    check_lists(usual[0], there[0])
    np.testing.assert_allclose(usual[1], there[1], rtol=0, atol=ALMOST)


def test_networks_that_trace_learn_and_score_on_their_device(traced: Lineage) -> None:
    def found() -> FloatArray:
        tracing.prepare.cache_clear()
        network = TraceNetwork(TRACES, epochs=2, device=str(DEVICE))
        network.fit(traced, 0)
        return network.scores(traced.children[:5])

    usual = found()
    with elsewhere():
        there = found()
    check_lists(usual, there)


def test_what_is_in_service_is_judged_on_its_device(past: History, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gnn.ranking.served.TrainingSettings", lambda **named: replace(QUICK, **named))

    def found() -> FloatArray:
        network = Served(device=str(DEVICE))
        network.fit(past, 0)
        return network.scores(np.array([2, 0]))

    usual = found()
    with elsewhere():
        there = found()
    check_lists(usual, there)


def test_a_gpu_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    device.check("cpu")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(device.NoDevice, match="PyTorch finds no NVIDIA GPU here") as refused:
        device.check("cuda")
    assert "install DGL's build for CUDA" in refused.value.hint


@pytest.mark.skipif(torch.cuda.is_available(), reason="DGL may be built for the GPU that is here")
def test_a_dgl_without_cuda_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    with pytest.raises(device.NoDevice, match="this DGL is built without CUDA") as refused:
        device.check("cuda")
    assert "Install DGL's build for CUDA" in refused.value.hint
