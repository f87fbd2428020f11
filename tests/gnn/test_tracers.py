"""Tracing lineage on a planted graph: facts and texts tell the family, and nothing tells a method the base itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import numpy as np
import pytest
from planted import BASES, planted

from gnn.ranking.contest import contest, measured, rank
from gnn.ranking.lineage import Lineage, lineage
from gnn.ranking.past import as_of, moment_of
from gnn.ranking.task import history
from gnn.ranking.tracers import Children, Facts, Names, Texts, tracers
from graph.types import Subgraph

CUT = 330.0
END = datetime(2100, 1, 1, tzinfo=timezone.utc)


def asked_of(data: Subgraph) -> Lineage:
    return lineage(data, history(as_of(data, moment_of(CUT))), END)


@pytest.fixture(scope="module")
def asked() -> Lineage:
    return asked_of(planted())


def test_questions_are_new_models_with_one_base_and_few_of_an_author(asked: Lineage) -> None:
    data = planted()
    base_of = dict(data.edges["Model", "BASED_ON", "Model"].T.tolist())
    assert len(asked.children) > 50
    assert (data.times["Model"][asked.children] >= CUT).all()
    assert [base_of[child] for child in asked.children.tolist()] == asked.bases.tolist()
    authors = [name.split("/")[0] for name in asked.names]
    assert max(map(authors.count, authors)) <= 5
    assert set(asked.candidates.tolist()) == set(base_of.values())
    assert asked.kinds()["foreign"] == asked.kinds()["all"]  # nobody builds on their own here
    two = {**data.edges}
    child = int(asked.children[0])
    two["Model", "BASED_ON", "Model"] = np.concatenate(
        [two["Model", "BASED_ON", "Model"], [[child], [(base_of[child] + 1) % 24]]], axis=1
    )
    moments = {triple: data.times["Model"][pair[0]] for triple, pair in two.items()}
    assert child not in asked_of(replace(data, edges=two, edge_times=moments)).children


def test_own_bases_are_told_apart(asked: Lineage) -> None:
    data = planted()
    names = list(data.nodes["Model"])
    chosen = next(i for i, base in enumerate(asked.bases.tolist()) if names[base].startswith("org2/"))
    names[int(asked.children[chosen])] = "org2/child-of-its-own"
    named = replace(asked, whole=replace(data, nodes={**data.nodes, "Model": tuple(names)}))
    foreign = named.kinds()["foreign"]
    assert [i for i, truth in enumerate(foreign) if not truth] == [chosen]


def test_fresh_bases_and_new_authors_are_told_apart(asked: Lineage) -> None:
    data, triple = planted(), ("Model", "BASED_ON", "Model")
    assert set(asked.kinds()) == {"all", "known", "foreign", "new author"}  # all bases had a child by then
    before = {name.split("/")[0] for name in asked.past.data.nodes["Model"]}
    new = [i for i, truth in enumerate(asked.kinds()["new author"]) if truth]
    assert new == [i for i, name in enumerate(asked.names) if name.split("/")[0] not in before]
    assert new
    base = int(asked.bases[0])
    kept = (data.edges[triple][1] != base) | (data.edge_times[triple] >= CUT)
    times = {**data.edge_times, triple: data.edge_times[triple][kept]}
    rare = asked_of(replace(data, edges={**data.edges, triple: data.edges[triple][:, kept]}, edge_times=times))
    kinds = rare.kinds()
    assert [known or fresh for known, fresh in zip(kinds["known"], kinds["fresh"], strict=True)] == list(kinds["all"])
    assert not any(known and fresh for known, fresh in zip(kinds["known"], kinds["fresh"], strict=True))
    for truth, row in zip(rare.kinds()["fresh"], rare.bases.tolist(), strict=True):
        assert truth == ((data.nodes["Model"][base],) if row == base else ())
    measures = contest(rare, {"texts": Texts})[0].measures
    assert 0 <= measures["fresh mrr"] <= 1
    assert not [name for name in rare.shown if "fresh" in name or "new" in name]


@pytest.mark.parametrize("name", tracers())
def test_no_tracer_hears_of_the_base(name: str, asked: Lineage) -> None:
    """Where the new models were made from others, every score stays as it is."""
    data = planted()
    lineages = data.edges["Model", "BASED_ON", "Model"].copy()
    late = data.times["Model"][lineages[0]] >= CUT
    lineages[1, late] = (lineages[1, late] + 7) % 24
    changed = replace(data, edges={**data.edges, ("Model", "BASED_ON", "Model"): lineages})
    other = replace(asked_of(changed), candidates=asked.candidates)
    scores = []
    for each in (asked, other):
        method = tracers()[name]()
        each.fit(method, 0)
        found = each.scores(method, slice(0, 30))
        # What all candidates have in common is nobody's: softmax does not hold it in its place.
        scores.append(found - np.median(found, axis=1, keepdims=True))
    np.testing.assert_array_equal(other.children[:30], asked.children[:30])
    np.testing.assert_allclose(*scores, atol=1e-3)


def test_candidates_are_older_than_the_child(asked: Lineage) -> None:
    times = planted().times["Model"].copy()
    times[asked.candidates[5]] = 400.0
    data = planted()
    later = replace(asked, whole=replace(data, times={"Model": times}))
    method = Children()
    later.fit(method, 0)
    scores = later.scores(method, slice(None))
    born = times[later.children]
    assert np.isneginf(scores[:, 5]).tolist() == (born <= 400.0).tolist()
    assert np.isfinite(np.delete(scores, 5, axis=1)).all()


def test_facts_and_texts_tell_the_family(asked: Lineage) -> None:
    judged = {each.method: each.measures for each in contest(asked, tracers())}
    assert set(judged) == set(tracers())
    within = np.mean(1 / np.arange(1, BASES + 1))  # the family known, the base guessed
    for name in ("facts", "texts", "mix", "transe", "complex"):
        assert judged[name]["all mrr"] > 0.8 * within
    for name in ("children", "names"):
        assert judged[name]["all mrr"] < 0.6 * within
    assert judged["mix"]["all hits@10"] > 0.95


def test_names_that_repeat_the_base_find_it(asked: Lineage) -> None:
    data = planted()
    names = list(data.nodes["Model"])
    for child, base in zip(asked.children.tolist(), asked.bases.tolist(), strict=True):
        names[child] = f"{names[child].split('/')[0]}/{names[base].split('/')[1]}-tuned"
    named = asked_of(replace(data, nodes={**data.nodes, "Model": tuple(names)}))
    assert measured(rank("names", Names(), named, 0), named)["all mrr"].mean() > 0.9


def test_rare_facts_weigh_more() -> None:
    data = planted()
    method = Facts()
    task = asked_of(data)
    method.fit(task, 0)
    scores = method.scores(task.children[:1])[0]
    tags = dict(data.edges["Model", "HAS_TAG", "Tag"].T.tolist())
    same = [tags[int(base)] == tags[int(task.children[0])] for base in task.candidates]
    assert scores[same] == pytest.approx(1.0)
    assert scores[~np.array(same)] == pytest.approx(0.0)
