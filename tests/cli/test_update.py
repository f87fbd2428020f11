"""A day later: new and changed models find their place in what is built, without training."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from etl.sample import expand
from graph import embedded
from hfmrs.cli import cli

NEW = {
    "id": "somebody/bert-for-dogs",
    "pipeline_tag": "fill-mask",
    "library_name": "transformers",
    "tags": ["transformers", "bert", "fill-mask", "en", "base_model:google-bert/bert-base-uncased"],
    "createdAt": "2025-06-01T00:00:00.000Z",
    "downloads": 5,
}


@pytest.fixture
def home(built_files: Path, tmp_path: Path) -> Iterator[Path]:
    """A built home that may be changed."""
    folder = tmp_path / "updated"
    shutil.copytree(built_files, folder)
    yield folder
    embedded.stop(folder)


def run(home: Path, *arguments: str) -> str:
    result = CliRunner().invoke(cli, ["--home", str(home), *arguments], prog_name="hfmrs")
    assert result.exit_code == 0, result.output
    return result.stdout


def build(home: Path) -> dict[str, str]:
    return {row["stage"]: row["done"] for row in json.loads(run(home, "build", "--format", "json"))}


def test_a_new_model_is_placed_by_the_network_that_is_there(home: Path, tmp_path: Path) -> None:
    first = build(home)
    assert first["publish"].startswith(f"unchanged: in service for {len(expand()):,} models: gat-")
    (tmp_path / "new.jsonl").write_text(json.dumps(NEW) + "\n", encoding="utf-8")
    run(home, "load", str(tmp_path / "new.jsonl"))
    then = build(home)
    assert then["embed"].startswith("1 models")
    assert then["train"] == first["train"]
    assert then["publish"] == f"placed 1 changed models by {first['train'].removeprefix('unchanged: ')}"
    answer = json.loads(run(home, "recommend", NEW["id"], "--format", "json"))
    assert len(answer["recommendations"]) == 20
    for each in answer["recommendations"]:
        assert sum(reason["contribution"] or 0.0 for reason in each["reasons"]) == pytest.approx(
            each["score"], abs=1e-4
        )
    kin = json.loads(run(home, "recommend", NEW["id"], "--method", "cosine", "--format", "json"))
    assert kin["recommendations"]
    assert all(done.startswith("unchanged") for done in build(home).values())
