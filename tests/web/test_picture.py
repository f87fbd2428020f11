"""Answers as drawings: where things lie, what they are called, and that nothing else is needed to show them."""

from __future__ import annotations

import re
from itertools import product
from xml.etree import ElementTree

from web import picture
from web.assets import STATIC

BASE, CHILD, TASK = ("Model", "org/base"), ("Model", "org/child"), ("Task", "fill-mask")


def test_relationships_lead_from_left_to_right() -> None:
    laid = picture.lay_out([BASE, CHILD, TASK], [(1, 0, "BASED_ON"), (0, 2, "FOR_TASK")])
    base, child, task = laid.boxes
    assert child.x + child.width < base.x
    assert base.x + base.width < task.x
    assert {arrow.type: arrow.label is not None for arrow in laid.arrows} == {"BASED_ON": True, "FOR_TASK": True}
    for arrow, end in zip(laid.arrows, (base, task), strict=True):
        assert arrow.head.startswith(f"M{end.x} {end.middle}l-")


def test_nothing_overlaps_and_parts_lie_below_each_other() -> None:
    nodes = [("Model", f"org/{'long-' * (i % 9)}{i}") for i in range(30)]
    links = [(i, i % 7, "BASED_ON") for i in range(7, 30) if i % 7 != 3] + [(0, 1, "SIMILAR_TO"), (1, 0, "SIMILAR_TO")]
    laid = picture.lay_out(nodes, links)
    assert len(laid.boxes) == 30
    for one, other in product(laid.boxes, laid.boxes):
        assert one is other or one.x + one.width <= other.x or other.x + other.width <= one.x or one.y != other.y
    for box in laid.boxes:
        assert box.x + box.width <= laid.width
        assert box.y + box.height <= laid.height


def test_a_type_that_all_lines_between_two_columns_have_is_written_once() -> None:
    laid = picture.lay_out([TASK, BASE, CHILD], [(1, 0, "FOR_TASK"), (2, 0, "FOR_TASK")])
    assert [arrow.label is not None for arrow in laid.arrows] == [True, False]


def test_names_of_relationships_lie_beside_their_ends_and_apart() -> None:
    nodes = [("Model", "org/hub"), *[("Tag", f"tag{i}") for i in range(12)]]
    kinds = ("CITES", "HAS_ARCHITECTURE", "IN_LANGUAGE")
    for links in (
        [(0, i, kinds[i % 3]) for i in range(1, 13)],
        [(i, 0, kinds[i % 3]) for i in range(1, 13)],
    ):
        laid = picture.lay_out(nodes, links)
        labels = [(arrow.type, *arrow.label) for arrow in laid.arrows if arrow.label]
        assert len(labels) == 12
        assert sorted(y for _, _, y in labels) == sorted(box.middle for box in laid.boxes[1:])
        for kind, x, _ in labels:
            half = picture.LETTER * len(kind) / 2
            for box in laid.boxes:
                assert x + half < box.x or box.x + box.width < x - half


def test_loops_cycles_and_lines_within_a_column_can_be_drawn() -> None:
    nodes = [("Model", name) for name in "abc"]
    links = [(0, 0, "X"), (0, 1, "X"), (1, 0, "Y"), (0, 2, "X"), (1, 2, "Z")]
    text = picture.svg(nodes, links)
    assert text.count('class="line"') == 4
    assert re.search(r'aria-label="3 nodes and 4 relationships"', text)


def test_more_nodes_than_anyone_reads_are_cut_and_said() -> None:
    nodes = [("Tag", str(i)) for i in range(70)]
    text = picture.svg(nodes, [(0, 1, "X"), (0, 69, "Y")], "Of the first 70 rows; there are more.")
    assert text.count('class="node k-tag"><title>') == picture.MOST_NODES
    assert "The first 60 of 70 nodes." in text
    assert "Of the first 70 rows; there are more." in text
    assert text.count('class="line"') == 1


def test_names_are_only_text_and_it_needs_nothing_else() -> None:
    evil = '"><script>alert(1)</script>\u202e'
    text = picture.svg([("Model", evil), (evil, "b")], [(0, 1, evil)], evil)
    root = ElementTree.fromstring(text)
    assert not [each for each in root.iter() if each.tag.endswith("script")]
    assert "\u202e" not in text
    assert re.findall(r"https?://[^\"]+", text) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"url\(|href|@import|src=", text)


def test_its_colours_are_those_of_the_pages_light_and_dark() -> None:
    tokens = (STATIC / "tokens.css").read_text("utf-8")
    text = picture.svg([TASK], [])
    light, dark = re.findall(r"--k-task: (#\w+);", tokens)[:2]
    assert light != dark
    default, rest = text.split("@media (prefers-color-scheme: dark)")
    assert f"--k-task:{light};" in default
    assert f"--k-task:{dark};" not in default
    assert '[data-jp-theme-light="true"] .hfmrs-picture, .vscode-light .hfmrs-picture { --ground:#faf9f6;' in rest
    assert rest.count(f"--k-task:{dark};") == 2
