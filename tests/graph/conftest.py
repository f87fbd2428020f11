"""The small graph that several modules ask, filled and with its run in service."""

from __future__ import annotations

import pytest
from small import fill

from graph.database import Database
from graph.types import Run


@pytest.fixture(scope="module")
def run(module_any_db: Database) -> Run:
    return fill(module_any_db)


@pytest.fixture(scope="module")
def small(module_any_db: Database, run: Run) -> Database:
    return module_any_db
