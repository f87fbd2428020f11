"""Two ways to run the command: in this process on the built sample, and as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hfmrs.cli import cli
from hfmrs.settings import Settings, variable

Run = Callable[..., Result]
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def run(built: Path) -> Run:
    """Runs `hfmrs ARGUMENTS` on the built home in this process; what it wrote to stderr is apart."""

    def call(*arguments: str, home: Path = built, input: str | None = None) -> Result:
        return CliRunner().invoke(cli, ["--home", str(home), *arguments], input=input, prog_name="hfmrs")

    return call


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Networks learn for one epoch, and masks for few: for tests of everything but how well they answer."""
    from gnn import training
    from gnn.explanations import naming
    from gnn.ranking import network, served, tracing

    def once(*parts: Any, epochs: int, **given: Any) -> None:
        network_learn(*parts, epochs=1, **given)

    network_learn = network.learn
    for module in (network, tracing):
        monkeypatch.setattr(module, "learn", once)
    settings = partial(training.TrainingSettings, epochs=1)
    for module in (training, served):
        monkeypatch.setattr(module, "TrainingSettings", settings)
    monkeypatch.setattr(naming, "GNNExplainer", partial(naming.GNNExplainer, num_epochs=5))


def without_links(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer of the API as the command gives it: reasons have no addresses of pages there."""
    for each in answer["recommendations"]:
        for reason in each["reasons"]:
            assert reason.pop("link").startswith("/query?" if reason["cypher"] else "")
    return answer


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts `python -m hfmrs ARGUMENTS` as a process of its own, or Python that runs `code` with them; what still runs
    at the end is killed."""
    processes: list[subprocess.Popen[str]] = []
    clean = {name: value for name, value in os.environ.items() if name not in map(variable, Settings.model_fields)}

    def call(home: Path, *arguments: str, code: str = "") -> subprocess.Popen[str]:
        python = [sys.executable, *(("-c", code) if code else ("-m", "hfmrs"))]
        process = subprocess.Popen(
            [*python, "--home", str(home), *arguments],
            env={**clean, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,  # a process group of its own, as in a terminal
        )
        processes.append(process)
        return process

    yield call
    for process in processes:
        process.kill()
        process.communicate()
