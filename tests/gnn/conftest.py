"""Shared by the tests of the networks."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from graph.types import Subgraph

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def data() -> Subgraph:
    from planted import planted

    return planted()
