"""Bad input of every sort costs only itself, and is counted."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from etl import repairs
from etl.reading import read_models
from etl.records import dataset_record, model_record
from etl.repairs import Repairs
from etl.values import LIST_LIMIT, NAME_LIMIT
from graph.database import Database
from hfmrs.cli import cli
from hfmrs.loading import load_file, rejected_name

LATER = (datetime.now(timezone.utc) + timedelta(days=3)).isoformat()
MEGABYTE = "x" * 2**20


@pytest.mark.parametrize(
    ("raw", "reasons"),
    [
        ({"downloads": -1}, {repairs.COUNT: 1}),
        ({"downloads": 1.5}, {repairs.COUNT: 1}),
        ({"likes": math.nan}, {}),
        ({"likes": math.inf}, {repairs.COUNT: 1}),
        ({"likes": 10**400}, {repairs.COUNT: 1}),
        ({"likes": "10" * 400}, {repairs.COUNT: 1}),
        ({"likes": "many"}, {repairs.COUNT: 1}),
        ({"likes": "-inf"}, {repairs.COUNT: 1}),
        ({"likes": [3]}, {repairs.KIND: 1}),
        ({"likes": True}, {repairs.KIND: 1}),
        ({"trendingScore": {}, "downloads": {"x": 1}}, {repairs.KIND: 1}),
        ({"createdAt": LATER}, {repairs.DATE: 1}),
        ({"createdAt": "1999-12-31T23:59:59Z"}, {repairs.DATE: 1}),
        ({"createdAt": "0001-01-01T00:00:00+14:00"}, {repairs.DATE: 1}),
        ({"createdAt": "9999-12-31T23:59:59-14:00"}, {repairs.DATE: 1}),
        ({"createdAt": "yesterday", "lastModified": 1650000000}, {repairs.DATE: 1, repairs.KIND: 1}),
        ({"tags": ["fine", MEGABYTE, 7, None, {"a": 1}, ["b"]]}, {repairs.LONG: 1, repairs.KIND: 2}),
        ({"tags": {"a": 1}}, {repairs.KIND: 1}),
        ({"pipeline_tag": ["a"], "library_name": 7, "author": {"a": 1}}, {repairs.KIND: 3}),
        ({"pipeline_tag": MEGABYTE, "library_name": MEGABYTE}, {repairs.LONG: 2}),
        ({"cardData": "text", "config": [1], "gated": 7.5, "description": 3}, {repairs.KIND: 4}),
        ({"description": "word " * 1_000}, {repairs.CUT: 1}),
        ({"description": "a\u202eb"}, {repairs.UNSEEN: 1}),
        ({"siblings": "x", "safetensors": [], "authorData": 3, "gguf": {"total": "x"}}, {}),
        ({"architectures": ["A\x00B"], "model_type": "b\u200bert"}, {repairs.UNSEEN: 2}),
        ({"cardData": {"base_model": {"a": 1}, "datasets": 3.5, "language": [["en"]]}}, {repairs.KIND: 3}),
    ],
)
def test_a_bad_value_costs_only_itself(raw: dict[str, Any], reasons: dict[str, int]) -> None:
    repaired = Repairs()
    made = model_record({"id": "a/b", "library_name": "timm", **raw, "model-index": None}, repaired)
    assert repaired == reasons
    assert made.id == "a/b"
    assert made.downloads is None
    assert made.likes is None
    assert made.created_at is None


def test_numbers_written_as_text_are_read_and_counted() -> None:
    repaired = Repairs()
    made = model_record({"id": "a/b", "downloads": "12", "likes": " 3.0 ", "trendingScore": "1.5"}, repaired)
    assert (made.downloads, made.likes, made.trending_score) == (12, 3, 1.5)
    assert repaired == {repairs.NUMBER: 3}


def test_numbers_of_a_csv_are_no_repair(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text("modelId,downloads,likes\na/one,12,3.0\n123,,x\n")
    repaired = Repairs()
    one, two = read_models(path, repaired=repaired)
    assert (one.downloads, one.likes, two.id, two.downloads) == (12, 3, "123", None)
    assert repaired == {repairs.COUNT: 1}


def test_a_million_tags_are_capped() -> None:
    repaired = Repairs()
    made = model_record({"id": "a/b", "tags": [f"tag {number}" for number in range(1_000_000)]}, repaired)
    assert len(made.tags) == LIST_LIMIT
    assert repaired == {repairs.MANY: 1}
    assert model_record({"id": "a/b", "tags": str(["x"] * 2_000)}, repaired).tags == ("x",)


def test_the_longest_name_that_is_one() -> None:
    repaired = Repairs()
    assert model_record({"id": "a/b", "tags": ["x" * NAME_LIMIT]}, repaired).tags == ("x" * NAME_LIMIT,)
    assert model_record({"id": "a/b", "tags": ["x" * (NAME_LIMIT + 1)]}, repaired).tags == ()
    assert repaired == {repairs.LONG: 1}


def test_marks_that_nobody_sees_are_taken_out_and_letters_are_not() -> None:
    repaired = Repairs()
    made = model_record(
        {"id": "a/b", "tags": ["b\u200bert", "\u202etxet", "\ufeffbom", "می‌خواهم", "👩‍👧", "a\x07b"]}, repaired
    )
    assert made.tags == ("bert", "txet", "bom", "می‌خواهم", "👩‍👧", "a b")
    assert repaired == {repairs.UNSEEN: 4}
    assert model_record({"id": "a/b", "tags": [" a ", "b\n"]}, repaired).tags == ("a", "b")
    assert repaired == {repairs.UNSEEN: 4}, "outer space is no repair"


@pytest.mark.parametrize(
    "id_", ["a/b\u202ec", "a/\u200bb", "a/b\x00", "a\nb", "x" * 301, " ", "", None, 7, ["a/b"], True]
)
def test_what_is_no_id_costs_the_row(id_: Any) -> None:
    for make in (model_record, dataset_record):
        with pytest.raises(ValueError, match="id"):
            make({"id": id_})


def test_good_rows_are_not_repaired() -> None:
    repaired = Repairs()
    moment = "2024-05-01T10:00:00.000Z"
    raw = {
        "id": "a/b", "author": "a", "downloads": 3, "likes": 0, "createdAt": moment, "lastModified": moment,
        "gated": False, "pipeline_tag": "text-generation", "library_name": "transformers", "description": None,
        "tags": ["transformers", "Safetensors", "en", "license:mit", "arxiv:1810.04805", "dataset:allenai/c4",
                 "base_model:c/d", "base_model:finetune:c/d", "region:us"],
        "cardData": {"language": "en", "license": "mit", "base_model": ["c/d"]}, "config": {"model_type": "llama"},
    }  # fmt: skip
    model_record(raw, repaired)
    assert model_record({**raw, "cardData": None}, repaired).languages == ("en",)
    dataset_record({"id": "a/b", "author": "a", "downloads": 3, "createdAt": moment, "tags": []}, repaired)
    assert repaired == {}


def test_every_reason_is_explained(repo: Path) -> None:
    page = (repo / "docs/data.md").read_text(encoding="utf-8")
    reasons = [value for name, value in vars(repairs).items() if name.isupper() and isinstance(value, str)]
    assert len(reasons) > 20
    assert [reason for reason in reasons if reason not in page] == []


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
odd = st.sampled_from(
    [
        "arxiv:", "license:", "dataset:", "base_model:", "base_model:x:", "base_model:[", "base_model:https://hf.co/",
        "base_model:./a", "language:", "[", "['", "a/b/c", "/", "\u202e", "\x00", "\ud800", "1e999", "-0", "NaN",
        "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "{}", "https://huggingface.co/", "@", ":", ",",
    ]
)  # fmt: skip
FIELDS = [
    "id", "author", "authorData", "tags", "pipeline_tag", "library_name", "downloads", "likes", "trendingScore",
    "createdAt", "lastModified", "gated", "cardData", "config", "safetensors", "gguf", "datasets", "description",
    "architectures", "model_type", "siblings",
]  # fmt: skip
CARD = [
    "language", "languages", "license", "license_name", "library_name", "pipeline_tag", "datasets", "base_model",
    "base_model_relation", "summary", "description",
]  # fmt: skip
value = anything | odd | st.lists(odd, max_size=4)


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), value), st.dictionaries(st.sampled_from(CARD), value), st.booleans())
def test_no_row_gives_anything_but_a_record_or_a_value_error(
    raw: dict[str, Any], card: dict[str, Any], with_id: bool
) -> None:
    raw = {**raw, **({"id": "a/b", "cardData": card} if with_id else {})}
    for make in (model_record, dataset_record):
        repaired = Repairs()
        try:
            made = make(raw, repaired)
        except ValueError:
            continue
        assert made.id
        assert sum(repaired.values()) < 200
        # No lone surrogate: the database would refuse the whole batch.
        json.dumps(asdict(made), ensure_ascii=False, default=str).encode("utf-8")


GOOD = [b'{"id": "good/%d", "tags": ["bert", "de"], "downloads": %d}' % (number, number) for number in range(40)]
BAD_ROWS = [
    b'{"id": "bad/cut',
    b'{"id": "bad/\xff\xfe"}',
    b'{"id": "bad/bell\\u0007"}',
    b'{"id": "bad/\\u202eltr"}',
    b'{"id": "bad/\\ud800"}',
    b"[1]",
    b"null",
    b"{}",
    b'{"id": {"a": 1}}',
    b'{"id": "bad/list", "tags": "[\'cut"}',
    b"[" * 100_000,
    b'{"id": "bad/' + b"x" * 2**20 + b'"}',
]
ODD_ROWS = [
    b'{"id": "odd/types", "tags": 7, "downloads": [], "likes": {}, "createdAt": 5, "gated": [], "cardData": "x"}',
    b'{"id": "odd/tags", "tags": ["fine", "' + b"x" * 2**20 + b'", "a\\u0000b", "\\ud800", "\\u202erl", null, 5]}',
    b'{"id": "odd/many", "tags": [' + b",".join(b'"t%d"' % number for number in range(100_000)) + b"]}",
    b'{"id": "odd/dates", "createdAt": "2999-01-01T00:00:00Z", "lastModified": "1970-01-01T00:00:00Z"}',
    b'{"id": "odd/counts", "downloads": -5, "likes": NaN, "trendingScore": Infinity}',
    b'{"id": "odd/text", "downloads": "12", "likes": "3"}',
    b'{"id": "odd/<script>alert(1)</script>", "description": "<script>alert(1)</script>"}',
    b'{"id": "odd/\'}) DETACH DELETE n //", "tags": ["\'; MATCH (n) DETACH DELETE n //", "$rows", "`"]}',
    b'{"id": "odd/self", "tags": ["base_model:odd/self"]}',
    b'{"id": "odd/path", "tags": ["base_model:./checkpoint", "base_model:good/1"]}',
    b'{"id": "odd/a", "tags": ["base_model:odd/b"]}',
    b'{"id": "odd/b", "tags": ["base_model:odd/a"]}',
    b'{"id": "good/0", "tags": ["twice"]}',
]


def broken_file(folder: Path) -> Path:
    """Good rows with all the others between them."""
    lines = list(GOOD)
    for number, bad in enumerate([*BAD_ROWS, *ODD_ROWS]):
        lines.insert(2 * number + 1, bad)
    path = folder / "models.jsonl"
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


def asked(db: Database, cypher: str) -> Any:
    """The one value that a statement returns."""
    with db.driver.session(database=db.name) as session:
        return session.run(cypher).single(strict=True)[0]


def test_every_good_row_arrives_in_the_database(db: Database, tmp_path: Path) -> None:
    path = broken_file(tmp_path)
    loaded = load_file(db, path, home=tmp_path / "home", on_progress=lambda *_: None)
    known = {row["id"]: row for row in db.read("load/known", ids=[f"good/{number}" for number in range(40)])}
    assert len(known) == len(GOOD)
    assert asked(db, "MATCH (m:Model)-[:HAS_TAG]->(t:Tag {name: 'bert'}) RETURN count(m)") == len(GOOD)
    assert asked(db, "MATCH (m:Model) WHERE m.id STARTS WITH 'odd/' RETURN count(m)") == len(ODD_ROWS) - 1
    assert loaded.report.new == len(GOOD) + len(ODD_ROWS) - 1
    assert sum(loaded.rejections.counts.values()) == len(loaded.rejected) == len(BAD_ROWS)
    for reason in (
        repairs.KIND, repairs.LONG, repairs.MANY, repairs.UNSEEN, repairs.DATE, repairs.COUNT, repairs.NUMBER,
        repairs.SELF, repairs.NO_BASE, repairs.CIRCLE, repairs.TWICE,
    ):  # fmt: skip
        assert loaded.repaired[reason], reason

    listed = [json.loads(line) for line in (tmp_path / "home/rejected/models.jsonl").read_text().splitlines()]
    assert [row["line"] for row in listed] == [2 * number + 2 for number in range(len(BAD_ROWS))]
    assert {row["file"] for row in listed} == {str(path)}
    assert all(row["reason"] for row in listed)
    table = "\n".join(loaded.table())
    assert "         2  rows that are no object" in table
    assert f"Every row left out, with its line and the reason: {tmp_path}/home/rejected/models.jsonl" in table

    path.write_bytes(GOOD[0] + b"\n")
    loaded = load_file(db, path, home=tmp_path / "home", on_progress=lambda *_: None)
    assert loaded.table() == []
    assert not (tmp_path / "home/rejected/models.jsonl").exists(), "what an earlier load left out"


@pytest.mark.parametrize("name", ["models.jsonl", "models.jsonl.zst", "models.json", "models.CSV", "models.parquet"])
def test_the_list_of_rejected_rows_has_the_name_of_the_file(name: str) -> None:
    assert rejected_name(Path("folder") / name) == "models.jsonl"


def test_the_command_says_what_was_repaired_and_left_out(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    path.write_text('{"id": "a/b", "tags": ["license:Apache 2.0"]}\n{"id": "a/c"\n{"id": "a/d", "tags": []}\n')
    result = CliRunner().invoke(cli, ["load", str(path)])
    assert result.exit_code == 0, result.output
    assert "2 read: 2 new" in result.output
    assert "Repaired:\n         1  licences spelt otherwise\n" in result.output
    assert "Left out:\n         1  rows that are no JSON\n" in result.output
    assert f"Every row left out, with its line and the reason: {home}/rejected/m.jsonl\n" in result.output
