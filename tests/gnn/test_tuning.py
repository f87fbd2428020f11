"""The search of settings: on the earlier cut only, kept trial by trial, and gone on with where it was broken off."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from optuna.distributions import CategoricalDistribution, FloatDistribution
from planted import planted

from benchmarks import tune
from benchmarks.searching import Trial, best, record, run, trials
from benchmarks.spaces import Search, searches
from gnn.ranking.linear import EASE, Blend
from gnn.ranking.methods import Popularity
from gnn.ranking.task import BuiltNext, Leak
from graph.errors import BadInput
from graph.export import days
from graph.types import IntArray, Subgraph

MIXED = Search(
    "mixed",
    lambda strength, share: Blend(EASE(strength), Popularity(30), share),
    {"strength": FloatDistribution(1.0, 1_000.0, log=True), "share": CategoricalDistribution((0.1, 1.0))},
    {"strength": 300.0, "share": 1.0},
)
LISTS = Search("mixed lists", MIXED.make, {"share": CategoricalDistribution((0.2, 0.4, 0.8))}, after="mixed")


def dated() -> Subgraph:
    """The planted graph, so that the cut of the search is on its day 330; without what is younger than its end."""
    from gnn.ranking.past import as_of

    data, shift = planted(), days(tune.CUT) - 330.0
    moved = replace(
        data,
        times={label: each + shift for label, each in data.times.items()},
        edge_times={triple: each + shift for triple, each in data.edge_times.items()},
    )
    return as_of(moved, tune.UNTIL)


@pytest.fixture(scope="module")
def asked() -> BuiltNext:
    found = tune.question("built-next", dated())
    assert isinstance(found, BuiltNext)
    return found


def tried(file: Path, asked: BuiltNext, search: Search, count: int, tell: Callable[..., Any] = print) -> list[Trial]:
    run(record(file), "built-next", search, asked, count, seed=3, end=math.inf, tell=tell)
    return trials(record(file), "built-next", search.name)


def test_nothing_that_is_reported_on_can_be_looked_at(asked: BuiltNext) -> None:
    assert (days(tune.CUT), days(tune.UNTIL)) == (asked.history.cut, asked.until)
    late = dated()
    times = late.times["Model"].copy()
    times[-1] = days(tune.UNTIL)
    for task in tune.TASKS:
        with pytest.raises(Leak, match="created after the cut"):
            tune.question(task, replace(late, times={"Model": times}))


def test_the_settings_in_use_come_first_and_then_others_are_drawn(tmp_path: Path, asked: BuiltNext) -> None:
    told: list[int] = []
    found = tried(tmp_path / "record", asked, MIXED, 5, lambda search, number, trial: told.append(number))
    assert told == [1, 2, 3, 4, 5]
    assert found[0].settings == MIXED.first
    assert len({each.settings["strength"] for each in found}) == 5
    assert all(1 <= each.settings["strength"] <= 1_000 and each.seconds > 0 for each in found)
    judged = [each.measures["warm ndcg@20"] for each in found]
    top = best(found, "warm ndcg@20")
    assert top is not None
    assert top.measures["warm ndcg@20"] == max(judged) > min(judged)
    assert len(tried(tmp_path / "record", asked, MIXED, 5)) == 5


def test_a_search_that_was_broken_off_goes_on_as_if_it_were_not(tmp_path: Path, asked: BuiltNext) -> None:
    """Also while a trial is made, which is begun again. More trials than are drawn without looking at the others."""
    whole = tried(tmp_path / "whole", asked, MIXED, 14)

    @dataclass
    class Broken:
        seeded = False

        def fit(self, past: object, seed: int) -> None:
            raise KeyboardInterrupt

        def scores(self, authors: IntArray) -> Any:
            raise NotImplementedError

    for count in (4, 12):
        assert len(tried(tmp_path / "parts", asked, MIXED, count)) == count
        with pytest.raises(KeyboardInterrupt):
            tried(tmp_path / "parts", asked, replace(MIXED, make=lambda **settings: Broken()), 14)
        assert len(trials(record(tmp_path / "parts"), "built-next", "mixed")) == count
    parts = tried(tmp_path / "parts", asked, MIXED, 14)
    assert [each.settings for each in parts] == [each.settings for each in whole]
    assert [each.measures for each in parts] == [each.measures for each in whole]


def test_of_lists_every_combination_is_tried_once_with_the_best_of_the_search_before(
    tmp_path: Path, asked: BuiltNext
) -> None:
    file = tmp_path / "record"
    top = best(tried(file, asked, MIXED, 3), "warm ndcg@20")
    assert top is not None
    assert len(tried(file, asked, LISTS, 2)) == 2
    found = tried(file, asked, LISTS, 10)
    assert {each.settings["share"] for each in found} == {0.2, 0.4, 0.8}
    assert len(found) == 3
    assert {each.settings["strength"] for each in found} == {top.settings["strength"]}


def test_no_trial_is_begun_when_the_time_is_over(tmp_path: Path, asked: BuiltNext) -> None:
    run(record(tmp_path / "record"), "built-next", MIXED, asked, 5, seed=0, end=0.0, tell=print)
    assert trials(record(tmp_path / "record"), "built-next", "mixed") == []


def test_a_record_is_of_one_graph(tmp_path: Path, asked: BuiltNext) -> None:
    tried(tmp_path / "record", asked, MIXED, 1)
    fewer = replace(asked, queries=asked.queries[:-1], truths=asked.truths[:-1])
    with pytest.raises(BadInput, match="on another graph"):
        tried(tmp_path / "record", fewer, MIXED, 2)


@pytest.mark.parametrize("task", tune.TASKS)
def test_settings_in_use_are_among_those_that_are_searched(task: str) -> None:
    known = {each.name: each for each in searches(task)}
    assert {"gat", "gcn", "no-messages", "reranker"} <= {each.method for each in known.values()}
    for each in known.values():
        assert each.after is None or each.after in known
        for settings in (each.grid() or [each.first or {}])[:2]:
            each.make(**settings)
        for name, value in (each.first or {}).items():
            assert each.knobs[name]._contains(each.knobs[name].to_internal_repr(value)), name


@pytest.mark.parametrize(("task", "only"), [("built-next", "item-knn"), ("lineage", "no-messages")])
def test_what_was_tried_is_shown(task: str, only: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "record.jsonl"
    chosen = [each for each in searches(task) if each.name == only]
    tune.search(record(file), task, chosen, dated(), 2, 0, math.inf)
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 3
    assert told[1].startswith(f"{only}, trial 1 of at most 2, ")
    arguments = ["--task", task, "--only", only, "--record", str(file), "--format"]
    lines = CliRunner().invoke(tune.main, [*arguments, "jsonl"]).stdout.splitlines()
    rows = [json.loads(line) for line in lines]
    assert [row["trial"] for row in rows] == [1, 2]
    assert rows[0]["settings"] == chosen[0].first or rows[0]["settings"] in (chosen[0].grid() or ())
    by = tune.TASKS[task].best_by
    assert [row["best"] for row in rows].index("best") == int(np.argmax([row[by] for row in rows]))
    table = CliRunner().invoke(tune.main, [*arguments, "markdown"]).stdout.splitlines()
    assert table[0].startswith("| search | trial | settings | ")
    assert table[0].endswith(" | seconds | best |")
    assert len(table) == 4
    assert f"| {only} | 1 | " in table[2]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Say where the models are"),
        (("--record", "nothing-there"), "There is no nothing-there"),
        (("--record", __file__, "--only", "magic"), "Nothing of 'magic' is searched for built-next"),
    ],
)
def test_what_cannot_be_shown_is_said(arguments: tuple[str, ...], message: str) -> None:
    result = CliRunner().invoke(tune.main, list(arguments))
    assert result.exit_code == 2
    assert message in result.output
