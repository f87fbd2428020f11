"""What the tests of the ETL share."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl import transformer


@pytest.fixture(scope="session")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a static embedder, distilled once for all tests."""
    folder = tmp_path_factory.mktemp("distilled") / "embedder"
    transformer.distil(folder)
    return folder
