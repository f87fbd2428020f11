"""Judging the reasons of the network in service, on the built sample."""

from __future__ import annotations

import json

import pytest

from graph.database import Database
from graph.errors import NotBuilt
from hfmrs.explaining import explanations
from hfmrs.settings import Settings
from tests.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("quick")

ASKED = ("evaluate", "--explanations", "--pairs", "2")


def test_the_tables_hold_every_method_and_what_is_asked_of_the_reasons(run: Run) -> None:
    told = run(*ASKED, "--format", "markdown")
    assert told.exit_code == 0, told.output
    first, second = told.stdout.split("\n\n")
    header, _, *rows = first.splitlines()
    columns = ("deletion", "Δ deletion", "× random", "of the item's", "Δ of the item's", "× random, item's")
    more = ("sufficiency", "Δ sufficiency", "stability", "facts", "most frequent", "ms")
    assert header == f"| method | {' | '.join((*columns, *more))} |"
    methods = [row.split(" | ")[0].strip("| ") for row in rows]
    assert methods[0] == "reasons"
    assert {*methods} == {"reasons", "effect", "gnn-explainer", "overlap", "random"}
    header, _, *rows = second.strip().splitlines()
    assert header == "| of the reasons | value | goal | met |"
    told_of = {row.split(" | ")[0].strip("| "): row for row in rows}
    assert told_of["largest difference between sum and score"].endswith("| at most 0.0001 | yes |")
    assert "| at least 3 |" in told_of["deletion, times that of random links"]
    assert "2 recommendations by gat-" in told.stderr


def test_programs_get_every_figure_and_the_same_ones_again(run: Run) -> None:
    found = [json.loads(run(*ASKED, "--methods", "gcn", "--format", "json").stdout) for _ in range(2)]
    for each in found:
        for method in each["methods"]:
            assert method["dropped"]["low"] <= method["dropped"]["mean"] <= method["dropped"]["high"]
            assert method.pop("seconds") >= 0
        assert all(method["stability"] is None for method in each["methods"])
        each["measures"] = [row for row in each["measures"] if "fast" not in row["name"]]
    assert found[0] == found[1]


def test_where_no_network_is_in_service_the_sentence_says_so(db: Database, home: object) -> None:
    with pytest.raises(NotBuilt, match="No gat network has been published yet"):
        explanations(db, Settings())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("built-next", "--explanations"), "leave out built-next"),
        (("--explanations", "--cut", "2024-01-01"), "leave out --cut"),
        (("--explanations", "--methods", "ease"), "--methods gat or gcn"),
        (("--pairs", "5"), "--pairs is for reasons"),
    ],
)
def test_what_does_not_go_together_is_refused(run: Run, arguments: tuple[str, ...], sentence: str) -> None:
    told = run("evaluate", *arguments)
    assert told.exit_code == 2
    assert sentence in told.stderr
