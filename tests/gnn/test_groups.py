"""Methods by group of authors and of models, against sums worked out apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timezone

import numpy as np
import pytest
from planted import planted

from gnn.ranking import groups
from gnn.ranking.contest import Ranking, rank
from gnn.ranking.groups import OTHER, SEVERAL, UNKNOWN, YOUNGER, Grouping, InGroup, by_group, grouping
from gnn.ranking.lineage import lineage
from gnn.ranking.linear import EASE
from gnn.ranking.methods import Popularity
from gnn.ranking.past import as_of, moment_of, owner
from gnn.ranking.task import BuiltNext, History, built_next, history
from graph.errors import BadInput
from graph.types import Subgraph

CUT = 330.0
FAR = datetime(2100, 1, 1, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def past() -> History:
    return history(as_of(planted(), moment_of(CUT)))


@pytest.fixture(scope="module")
def asked(past: History) -> BuiltNext:
    return built_next(planted(), past, FAR)


@pytest.fixture(scope="module")
def rankings(asked: BuiltNext) -> list[Ranking]:
    return [rank("ease", EASE(), asked, 0), rank("popularity", Popularity(), asked, 0)]


def of(found: Sequence[InGroup], method: str) -> dict[str, InGroup]:
    return {each.group: each for each in found if each.method == method}


def test_authors_are_told_apart_by_their_models_before_the_cut(
    asked: BuiltNext, rankings: list[Ranking], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups, "FEWEST", 1)
    data = planted()
    before = [owner(name) for name, day in zip(data.nodes["Model"], data.times["Model"], strict=True) if day < CUT]
    sizes = {name: before.count(name) for name in asked.names}
    named = grouping(asked, asked.history, "author-size")
    for name, group in named.of.items():
        low, high = {"1": (1, 1), "2-4": (2, 4), "5-19": (5, 19)}[group]
        assert low <= sizes[name] <= high
    found = of(by_group(asked, rankings, named, "popularity"), "ease")
    assert list(found) == [group for group in ("1", "2-4", "5-19") if group in named.of.values()]
    assert len(found) > 1
    for group, each in found.items():
        rows = [row for row, name in enumerate(asked.names) if named.of[name] == group]
        recalls = [len({*asked.truths[row]} & {*rankings[0].ranked[row][:20]}) / len(asked.truths[row]) for row in rows]
        assert each.queries == len(rows)
        assert each.items == len(asked.items)
        assert each.intervals["warm recall@20"].mean == pytest.approx(np.mean(recalls))
        assert each.exposure is None
        shown = {item for row in rows for item in rankings[0].ranked[row][:20]}
        assert each.coverage == pytest.approx(len(shown) / len(asked.items))


def test_a_query_counts_with_its_truths_of_the_group(
    asked: BuiltNext, rankings: list[Ranking], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups, "FEWEST", 1)
    half = {item: "even" if int(item[-1]) % 2 == 0 else "odd" for item in asked.items}
    cut = [replace(each, ranked=tuple(row[:5] for row in each.ranked)) for each in rankings]
    found = by_group(asked, cut, Grouping(half), "popularity")
    ease, popularity = of(found, "ease"), of(found, "popularity")
    assert set(ease) == {"even", "odd"}
    for group, each in ease.items():
        recalls: dict[str, list[float]] = {"ease": [], "popularity": []}
        for row, truth in enumerate(asked.truths):
            right = {item for item in truth if half[item] == group}
            for ranking in cut if right else ():
                recalls[ranking.method].append(len(right & {*ranking.ranked[row]}) / len(right))
        assert each.queries == len(recalls["ease"])
        assert each.queries < len(asked.names)
        assert each.intervals["warm recall@20"].mean == pytest.approx(np.mean(recalls["ease"]))
        difference = np.mean(recalls["ease"]) - np.mean(recalls["popularity"])
        assert each.against["warm recall@20"].mean == pytest.approx(difference)
        assert not popularity[group].against
        shown = [item for row in cut[0].ranked for item in row]
        assert each.exposure == pytest.approx(np.mean([half[item] == group for item in shown]))
        mine = {item for item in shown if half[item] == group}
        assert each.items == list(half.values()).count(group)
        assert each.coverage == pytest.approx(len(mine) / each.items)
    assert sum(each.exposure or 0 for each in ease.values()) == pytest.approx(1)


def test_means_are_over_seeds(asked: BuiltNext, rankings: list[Ranking], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "FEWEST", 1)
    half = Grouping({item: item[-1] for item in asked.items})
    apart = [of(by_group(asked, [each], half, each.method), each.method) for each in rankings]
    two = [replace(each, method="both", seed=seed) for seed, each in enumerate(rankings)]
    both = of(by_group(asked, two, half, "both"), "both")
    for group, each in both.items():
        for measure, found in each.intervals.items():
            assert found.mean == pytest.approx(np.mean([part[group].intervals[measure].mean for part in apart]))
        assert each.exposure == pytest.approx(np.mean([part[group].exposure for part in apart]))
        assert each.gini == pytest.approx(np.mean([part[group].gini for part in apart]))


def test_small_groups_are_one(asked: BuiltNext, rankings: list[Ranking]) -> None:
    some = Grouping({item: "large" if i > 3 else f"small {i}" for i, item in enumerate(sorted(asked.items))})
    found = of(by_group(asked, rankings, some, "ease"), "ease")
    assert list(found) == ["large", OTHER]
    assert found[OTHER].items == 4
    assert found[OTHER].queries == sum(any(some.of[each] != "large" for each in truth) for truth in asked.truths)
    assert found[OTHER].queries < groups.FEWEST <= found["large"].queries
    shown = [some.of[item] for row in rankings[0].ranked for item in row[:20]]
    assert found["large"].exposure == pytest.approx(shown.count("large") / len(shown))


@pytest.mark.parametrize(("count", "parts"), [(99, 4), (100, 10)])
def test_equally_popular_models_share_a_group(past: History, count: int, parts: int) -> None:
    builds = np.maximum(np.arange(count) - count // 2, 1)  # half of them were built upon once
    items = tuple(f"org/{i}" for i in range(count))
    named = groups._popularity(items, replace(past, items=items, item=np.repeat(np.arange(count), builds)))
    once = {named.of[each] for each, number in zip(items, builds.tolist(), strict=True) if number == 1}
    assert once == {"quarter 3: built upon by 1" if parts == 4 else "decile 8: built upon by 1"}  # by their middle
    sizes = [list(named.of.values()).count(group) for group in named.order]
    assert sizes[0] == pytest.approx(count / parts, abs=1)
    assert named.order[0].endswith(f"to {count - 1 - count // 2}")
    assert named.of[items[-1]] == named.order[0]


def _with_languages(data: Subgraph) -> Subgraph:
    """The bases of family 0 are of one language, of family 1 of two, of the others of none; what is made after the cut
    from a base of family 2 is of a third."""
    triple = ("Model", "IN_LANGUAGE", "Language")
    links = [(base, 0) for base in range(12)] + [(base, 1) for base in range(6, 12)]
    links += [(row, 2) for row in range(len(data.nodes["Model"])) if data.times["Model"][row] >= CUT]
    pair = np.array(links, dtype=np.int64).T
    return replace(
        data,
        nodes={**data.nodes, "Language": ("de", "en", "la")},
        edges={**data.edges, triple: pair},
        edge_times={**data.edge_times, triple: data.times["Model"][pair[0]]},
        features={**data.features, "Language": np.zeros((3, 16), np.float32)},
    )


def test_models_are_told_apart_by_a_fact_that_was_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "FEWEST", 1)
    data = _with_languages(planted())
    past = history(as_of(data, moment_of(CUT)))
    asked = built_next(data, past, FAR)
    named = grouping(asked, past, "language").of
    wanted = {"0": "de", "1": SEVERAL, "2": UNKNOWN, "3": UNKNOWN}
    assert named == {item: wanted[item.split("-")[1]] for item in asked.items}
    found = of(by_group(asked, [rank("ease", EASE(), asked, 0)], Grouping(named), "ease"), "ease")
    assert set(found) == {"de", SEVERAL, UNKNOWN}
    assert next(iter(found)) == UNKNOWN  # the largest first


def test_a_base_that_was_not_there_yet_is_younger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "FEWEST", 1)
    data = planted()
    triple = ("Model", "BASED_ON", "Model")
    late = [row for row in range(24, len(data.nodes["Model"])) if data.times["Model"][row] >= CUT]
    pair = data.edges[triple].copy()
    pair[1, pair[0] == late[-1]] = late[0]
    data = replace(data, edges={**data.edges, triple: pair})
    past = history(as_of(data, moment_of(CUT)))
    asked = lineage(data, past, FAR)
    ranking = Ranking("all", 0, (asked.items,) * len(asked.names), ((0.0,) * len(asked.items),) * len(asked.names))
    for by in ("popularity", "task", "library", "language"):
        found = of(by_group(asked, [ranking], grouping(asked, past, by), "all"), "all")
        assert found[YOUNGER].queries == found[YOUNGER].items == 1


def test_what_is_no_model_has_no_task(asked: BuiltNext) -> None:
    strange = replace(asked, history=replace(asked.history, items=tuple(f"data-{i}" for i in range(24))))
    with pytest.raises(BadInput, match="has no task"):
        grouping(strange, asked.history, "task")
