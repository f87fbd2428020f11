"""What is printed: JSON that parses, CSV that spreadsheets open safely, tables that lose nothing."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfmrs.output import as_csv, as_json, show
from hfmrs.progress import Pace


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\0")), min_size=1, max_size=5))
def test_csv_comes_back_as_it_was_but_for_the_mark_before_a_formula(texts: list[str]) -> None:
    columns = [f"c{i}" for i in range(len(texts))]
    rows = list(csv.reader(io.StringIO(as_csv([dict(zip(columns, texts, strict=True))], columns), newline="")))
    for text, found in zip(texts, rows[1] if len(rows) > 1 else [""], strict=True):
        assert found == ("'" + text if text[:1] in ("=", "+", "-", "@", "\t") else text)


def test_csv_keeps_negative_numbers_as_numbers() -> None:
    assert as_csv([{"score": -1.5, "id": "-x"}], ["score", "id"]).splitlines()[1] == "-1.5,'-x"


def test_json_keeps_letters_and_writes_moments() -> None:
    value = {"name": "Größe 模型", "at": datetime(2024, 7, 1, tzinfo=timezone.utc), "none": None}
    assert "Größe 模型" in as_json(value)
    assert json.loads(as_json(value)) == {"name": "Größe 模型", "at": "2024-07-01T00:00:00+00:00", "none": None}


def test_a_table_shows_long_ids_whole_and_takes_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    long = "author/" + "very-long-name-" * 7
    show("table", [{"id": long, "why": "[bold]not markup[/bold]"}], ["id", "why"])
    out = capsys.readouterr().out
    assert long in out
    assert "[bold]not markup[/bold]" in out


def test_json_lines_are_one_row_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    show("jsonl", [{"a": 1}, {"a": "two\nlines"}], ["a"])
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [{"a": 1}, {"a": "two\nlines"}]


def test_the_pace_says_how_fast_and_how_long_still(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr("hfmrs.progress.time.monotonic", lambda: clock[0])
    pace = Pace()
    assert re.fullmatch(r"[\d,]+ MB", pace.told(0, 1000))
    clock[0] = 104.0
    assert pace.told(200, 1000).startswith("50 a second, 16 s left, ")
    clock[0] = 108.0
    assert pace.told(10, 1000).endswith(" MB")  # begun again: nothing is known yet
    assert "a second" not in pace.told(12, 1000)
    clock[0] = 118.0
    assert pace.told(15, 1000).startswith("0.5 a second, 33 min left")
