"""A day later: new and changed models find their place in what is built, without training."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from etl.sample import expand
from graph import embedded
from hfmrs.cli import cli
from hfmrs.loading import load_sample
from hfmrs.session import Session

NEW = {
    "id": "somebody/bert-for-dogs",
    "pipeline_tag": "fill-mask",
    "library_name": "transformers",
    "tags": ["transformers", "bert", "fill-mask", "en", "base_model:google-bert/bert-base-uncased"],
    "createdAt": "2025-06-01T00:00:00.000Z",
    "downloads": 5,
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("updated")
    (folder / "hfmrs.toml").write_text('heap = "1g"\nnetworks = "gat"\ntransformer_limit = 0\n', encoding="utf-8")
    with Session(folder, debug=True).database(create=True) as db:
        db.prepare("keys")
        load_sample(db, expand(), lambda done, total, text: None)
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
    assert first["publish"].startswith(f"in service for {len(expand()):,} models: gat-")
    (tmp_path / "new.jsonl").write_text(json.dumps(NEW) + "\n", encoding="utf-8")
    run(home, "load", str(tmp_path / "new.jsonl"))
    then = build(home)
    assert then["embed"].startswith("1 models")
    assert then["train"] == f"unchanged: {first['train']}"
    assert then["publish"] == f"placed 1 changed models by {first['train']}"
    answer = json.loads(run(home, "recommend", NEW["id"], "--format", "json"))
    assert len(answer["recommendations"]) == 20
    for each in answer["recommendations"]:
        assert sum(reason["contribution"] or 0.0 for reason in each["reasons"]) == pytest.approx(
            each["score"], abs=1e-4
        )
    kin = json.loads(run(home, "recommend", NEW["id"], "--method", "cosine", "--format", "json"))
    assert kin["recommendations"]
    assert all(done.startswith("unchanged") for done in build(home).values())
