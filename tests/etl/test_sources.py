"""Reading files: every format, and what is wrong in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
import zstandard

from etl import sources
from etl.reading import read_datasets, read_models
from etl.sources import Rejected
from graph.errors import BadInput

MODELS: list[dict[str, Any]] = [
    {"id": "a/one", "tags": ["bert", "de"], "pipeline_tag": "fill-mask", "downloads": 3},
    {"id": "b/two", "tags": [], "createdAt": "2023-05-01T00:00:00.000Z"},
]


def write(folder: Path, ending: str, rows: list[dict[str, Any]] = MODELS) -> Path:
    path = folder / f"models{ending}"
    lines = "\n".join(json.dumps(row) for row in rows).encode()
    if ending == ".jsonl":
        path.write_bytes(lines)
    elif ending == ".jsonl.zst":
        half = len(lines) // 2  # two frames: what `cat a.zst b.zst` makes
        path.write_bytes(b"".join(zstandard.compress(part) for part in (lines[:half], lines[half:])))
    elif ending == ".json":
        path.write_text(json.dumps(rows))
    elif ending == ".parquet":
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), path)
    else:
        cells = [f'{row["id"]},"{row["tags"]}",{row.get("pipeline_tag", "")}' for row in rows]
        path.write_text("modelId,tags,pipeline_tag\n" + "\n".join(cells) + "\n")
    return path


@pytest.mark.parametrize("ending", sources.ENDINGS)
def test_every_format_gives_the_same_models(tmp_path: Path, ending: str) -> None:
    records = list(read_models(write(tmp_path, ending), on_rejected=pytest.fail))
    assert [record.id for record in records] == ["a/one", "b/two"]
    assert records[0].languages == ("de",)
    assert records[0].tags == ("bert",)
    assert records[0].task == "fill-mask"
    assert records[1].tags == ()


def test_a_bad_line_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    good = [b'{"id": "a/one"}', b'{"id": "a/two"}', b'{"id": "a/three"}']
    bad = [
        b'{"id": "a/cut',
        b'{"id": "\xff\xfe"}',
        b"[1, 2]",
        b'{"id": 7}',
        b"{}",
        b'{"id": "a/x", "tags": "[\'cut"}',
    ]
    path.write_bytes(b"\n".join([good[0], *bad, b"", good[1], good[2]]) + b"\n")
    rejected: list[Rejected] = []
    assert [record.id for record in read_models(path, on_rejected=rejected.append)] == ["a/one", "a/two", "a/three"]
    assert [each.line for each in rejected] == list(range(2, 2 + len(bad)))
    assert str(rejected[3]) == f"{path}, line 5: id is '7', not a text"
    assert rejected[3].kind == sources.NO_RECORD


def test_a_damaged_archive_keeps_what_comes_before(tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl.zst"
    path.write_bytes(zstandard.compress(b'{"id": "a/one"}\n') + b"no zstandard frame")
    rejected: list[Rejected] = []
    assert [record.id for record in read_models(path, on_rejected=rejected.append)] == ["a/one"]
    assert "damaged" in rejected[0].reason


def test_a_cut_json_list_keeps_what_comes_before(tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    path.write_text('[{"id": "a/one"}, {"id": "a/tw')
    rejected: list[Rejected] = []
    assert [record.id for record in read_models(path, on_rejected=rejected.append)] == ["a/one"]
    assert rejected[0].line == 2


def test_csv_rows_with_wrong_cells_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_bytes(b"modelId,tags\na/one,\"['x']\"\na/two\na/thr\xffee,[]\na/four,\"['x'\"\na/five,[]\n")
    rejected: list[Rejected] = []
    assert [record.id for record in read_models(path, on_rejected=rejected.append)] == ["a/one", "a/five"]
    assert [each.line for each in rejected] == [3, 4, 5]


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("m.txt", b"", "no known format"),
        ("m.parquet", b"no", "no Parquet"),
        ("m.json", b"no", "no JSON"),
        ("m.csv", b"a,b\n1,2\n", "no column id or modelId"),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, name: str, content: bytes, problem: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput, match=problem):
        list(sources.rows(tmp_path / name))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no file"):
        sources.rows(tmp_path / "m.jsonl")


def test_limit_and_until(tmp_path: Path) -> None:
    from datetime import datetime, timezone

    path = write(tmp_path, ".jsonl")
    assert [record.id for record in read_models(path, limit=1)] == ["a/one"]
    cut = datetime(2023, 5, 1, tzinfo=timezone.utc)
    assert [record.id for record in read_models(path, until=cut)] == ["a/one"]


def test_datasets_are_told_from_models(tmp_path: Path) -> None:
    rows = [{"id": "c/three", "tags": ["task_categories:translation", "language:en"], "description": "Three\nlines"}]
    path = write(tmp_path, ".jsonl", rows)
    assert sources.kind_of(path) == "dataset"
    assert sources.kind_of(write(tmp_path, ".json")) == "model"
    assert next(read_datasets(path)).description == "Three lines"


def test_the_files_of_the_hub_are_read_whole(shared_data: Path) -> None:
    assert sources.kind_of(shared_data / "hub-2024-07/datasets.jsonl.zst") == "dataset"
    for name in ("hub-2024-07/models_full.jsonl.zst", "hfmrs-2023-03/top10k.csv"):
        assert sources.kind_of(shared_data / name) == "model"
        assert sum(1 for _ in read_models(shared_data / name, limit=2_000, on_rejected=pytest.fail)) == 2_000
