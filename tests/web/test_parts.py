"""The parts of the pages that need no database."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime, timedelta, timezone
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.statements import parameters
from graph.types import Reason, Step
from web import text
from web.console import as_csv
from web.drawing import NARROW, WIDE, Node, draw
from web.links import read, written
from web.measures import judged, spark
from web.paths import Hop, walk
from web.service import RunInfo

STATIC = Path(text.__file__).with_name("static")
A, B = ("Model", "org/a"), ("Model", "org/b")
DATASET, TASK, TAG = ("Dataset", "squad"), ("Task", "fill-mask"), ("Tag", "biology")
SHARED = Reason("evidence", "Both use it.", 0.6, (Step(A, "TRAINED_ON", DATASET), Step(B, "TRAINED_ON", DATASET)))
LEARNED = Reason("attention", "They go together.", 0.3, (Step(A, "FOR_TASK", TASK), Step(B, "HAS_TAG", TAG)))
LINEAGE = Reason("evidence", "It was made from it.", 0.1, (Step(B, "BASED_ON", A),))
REST = Reason("rest", "The rest.", 0.1)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (None, ""),
        (0, "0"),
        (999, "999"),
        (999.6, "1 k"),
        (1000, "1 k"),
        (1234567, "1.2 M"),
        (999_960, "1 M"),
        (7_241_732_096, "7.2 B"),
        (123_456, "123 k"),
        (0.25, "0.25"),
    ],
)
def test_numbers_are_short(number: float | None, shown: str) -> None:
    assert text.humane(number).replace("\u00a0", " ") == shown


@pytest.mark.parametrize(
    ("days", "shown"),
    [(0.01, "just now"), (0.1, "2 hours ago"), (1.2, "1 day ago"), (20, "2 weeks ago"), (400, "1 year ago")],
)
def test_dates_are_relative(days: float, shown: str) -> None:
    now = datetime(2026, 1, 31, tzinfo=timezone.utc)
    assert text.ago(now - timedelta(days=days), now) == shown


def test_invisible_characters_become_visible() -> None:
    assert text.visible("a\u202eb\u200bc\x00d") == "a\ufffdb\ufffdc\ufffdd"
    assert text.visible("Müller 模型 \U0001f917") == "Müller 模型 \U0001f917"


@given(st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text() | st.integers(), max_size=3))
def test_a_parameter_survives_the_form(value: object) -> None:
    assert read(written(value)) == value


def test_parameters_are_found_outside_text_and_comments() -> None:
    quoted = 'WHERE m.x = \'$not\' AND m.y = "\\"$nor" /* $never */'
    cypher = f"MATCH (m {{id: $id}}) // $no\n{quoted} RETURN m, `$neither` LIMIT $k + $id"
    assert parameters(cypher) == ["id", "k"]


def test_csv_is_safe_in_a_spreadsheet() -> None:
    cells = ["=1+1", "+1", "-1", "@sum", "\tx", "plain", -1, 2.5, None, 'quote " and, comma', ["=1"]]
    rows = list(csv.reader(io.StringIO(as_csv(["=column"], [[cell] for cell in cells]))))
    flat = [row[0] if row else "" for row in rows]
    assert flat == [
        "'=column",
        "'=1+1",
        "'+1",
        "'-1",
        "'@sum",
        "'\tx",
        "plain",
        "-1",
        "2.5",
        "",
        'quote " and, comma',
        '["=1"]',
    ]


def test_a_path_reads_from_the_start() -> None:
    assert walk(A, SHARED.path) == [
        Hop(None, True, *A),
        Hop("TRAINED_ON", True, *DATASET),
        Hop("TRAINED_ON", False, *B),
    ]
    assert walk(A, LINEAGE.path) == [Hop(None, True, *A), Hop("BASED_ON", False, *B)]


def test_the_ends_of_an_attention_reason_stand_on_two_lines() -> None:
    assert walk(A, LEARNED.path) == [
        Hop(None, True, *A),
        Hop("FOR_TASK", True, *TASK),
        Hop(None, True, *B),
        Hop("HAS_TAG", True, *TAG),
    ]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_drawing_holds_every_fact_once_and_nothing_overlaps(width: int) -> None:
    drawing = draw("org/a", "org/b", [SHARED, LEARNED, LINEAGE, SHARED, REST], width=width)
    assert drawing is not None
    assert sorted((box.label, box.key) for box in drawing.boxes) == sorted([A, B, DATASET, TASK, TAG])
    for one, other in product(drawing.boxes, drawing.boxes):
        beside = one.x + one.width <= other.x or other.x + other.width <= one.x
        above = one.y + one.height <= other.y or other.y + other.height <= one.y
        assert one is other or beside or above
    for box in drawing.boxes:
        assert box.x >= 0
        assert box.x + box.width <= drawing.width
        assert box.y >= 0
        assert box.y + box.height <= drawing.height
    assert [line.kind for line in drawing.lines].count("TRAINED_ON") == 2
    assert [line.kind for line in drawing.lines].count("attention") == 1
    assert [line.kind for line in drawing.lines].count("BASED_ON") == 1
    thickest = max(drawing.lines, key=lambda line: line.strength)
    assert thickest.kind == "TRAINED_ON"


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("near", [(TASK,), ()], ids=["a fact of a", "a itself"])
def test_both_facts_of_a_reason_are_drawn(width: int, near: tuple[Node, ...]) -> None:
    links = [Step(A, "FOR_TASK", each) for each in near] + [Step(B, "HAS_TAG", each) for each in (TAG, DATASET)]
    drawing = draw("org/a", "org/b", [Reason("attention", "Both.", 1.0, tuple(links)), SHARED], width=width)
    assert drawing is not None
    assert sorted((box.label, box.key) for box in drawing.boxes) == sorted([A, B, DATASET, DATASET, TAG, *near])
    assert sorted(line.kind for line in drawing.lines) == sorted(
        ["attention", "attention", "HAS_TAG", "HAS_TAG", "TRAINED_ON", "TRAINED_ON", *(["FOR_TASK"] if near else [])]
    )
    assert len({line.path for line in drawing.lines}) == len(drawing.lines)
    rows = [box.y for box in drawing.boxes[2:] if (box.label, box.key) not in near]
    assert len(set(rows)) == 3
    assert max(rows) + 30 <= drawing.height


def test_reasons_without_a_path_are_not_drawn() -> None:
    assert draw("org/a", "org/b", [REST, Reason("evidence", "It is new.", 1.0)]) is None


def test_every_colour_comes_from_the_tokens_and_is_written_down() -> None:
    for sheet in ("base.css", "parts.css"):
        assert re.findall(r"#[0-9a-f]{3,8}\b|rgb\(|oklch\(", (STATIC / sheet).read_text(encoding="utf-8")) == []
    tokens = (STATIC / "tokens.css").read_text(encoding="utf-8")
    page = (STATIC.parents[1] / "docs/design-language.md").read_text(encoding="utf-8")
    kinds = re.findall(r"--k-\w+: (#[0-9a-f]{6})", tokens)
    assert len(set(kinds)) == 20
    assert [colour for colour in kinds if colour not in page] == []
    system, chosen = re.findall(r'(?:not\(\[data-theme="light"\]\)|\[data-theme="dark"\]) \{([^}]*)\}', tokens)
    strip = "color-scheme: dark;"
    assert system.split() == chosen.replace(strip, "").split()


def measured(method: str, mrr: float, links: int = 10) -> RunInfo:
    """A run as training leaves it, judged beside a baseline."""
    rows = {"pairs": float(links), "mrr": mrr, "hits@10": 0.5}
    found = {"popularity": {"model": {**rows, "mrr": 0.1}}, method: {"model": rows}}
    curve = [{"epoch": 1, "mrr": 0.1}, {"epoch": 2, "mrr": 0.3}, {"epoch": 3, "mrr": 0.2}]
    return RunInfo(method, "run", None, {"held_out": found, "held_out_from_day": 19_933.1, "curve": curve})


def test_networks_stand_side_by_side_where_the_same_links_judged_them() -> None:
    (table,) = judged([measured("gat", 0.3), measured("gcn", 0.2), RunInfo("cosine", None, None, {})])
    assert f"{table.since:%Y-%m-%d}" == "2024-07-29"
    assert table.methods == ["gat", "gcn", "popularity"]
    (row,) = table.rows
    assert (row.links, [values[0] for values in row.values]) == (10, [0.3, 0.2, 0.1])
    assert [row.is_best(method, 0) for method in range(3)] == [True, False, False]
    assert not row.is_best(0, 2)
    assert len(judged([measured("gat", 0.3), measured("gcn", 0.2, links=11)])) == 2


def test_training_is_a_line_with_a_point_at_its_best() -> None:
    line = spark(measured("gat", 0.3), width=106, height=36)
    assert line is not None
    assert (line.path, line.x, line.y) == ("M3.0,33.0 53.0,3.0 103.0,18.0", 53.0, 3.0)
    assert (line.best, line.rounds) == (0.3, 3)
    assert spark(RunInfo("gat", "run", None, {})) is None
