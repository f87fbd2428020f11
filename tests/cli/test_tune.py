"""The search of settings by its command, on the built sample."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks import tune


def test_settings_are_searched_and_shown_again(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = ("--record", str(tmp_path / "record"), "--only", "ease", "--format", "json")
    search = ("--home", str(built), *record, "--trials", "2")
    result = CliRunner().invoke(tune.main, search)
    assert result.exit_code == 0, result.output
    rows = json.loads(result.stdout)
    assert [(row["search"], row["trial"]) for row in rows] == [("ease", 1), ("ease", 2)]
    assert rows[0]["settings"] != rows[1]["settings"]
    assert all(0 <= row["strict recall@20"] <= 1 for row in rows)
    assert "ease, trial 2 of at most 2" in result.stderr
    assert CliRunner().invoke(tune.main, record).stdout == result.stdout
    with monkeypatch.context() as broken:
        broken.setattr("gnn.ranking.linear.EASE.fit", interrupt)
        result = CliRunner().invoke(tune.main, (*search[:-1], "3"))
    assert result.exit_code == 130
    assert "the same command goes on" in result.output
    assert len(json.loads(CliRunner().invoke(tune.main, (*search[:-1], "3")).stdout)) == 3


def interrupt(*given: object) -> None:
    raise KeyboardInterrupt
