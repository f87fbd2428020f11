"""The networks learn what is planted, see nothing of the future, and give results that add up."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from planted import planted

from gnn import store
from gnn.messages import MessageGraphs
from gnn.network import Network
from gnn.placing import place
from gnn.tasks import TERMS
from gnn.training import Trained, Trainer, TrainingFailed, TrainingSettings, train, weights_of
from graph.errors import BadInput, NotFound
from graph.score import Side, closeness, cosines, flows, score, term_shares
from graph.types import Subgraph

QUICK = TrainingSettings(size=16, heads=4, epochs=12, windows=6)


@pytest.fixture(scope="module", params=["gat", "gcn"])
def trained(request: pytest.FixtureRequest, data: Subgraph) -> Trained:
    return train(data, replace(QUICK, method=request.param))


def test_beats_popularity_where_there_is_something_to_learn(trained: Trained) -> None:
    mrr = trained.metrics["overall_mrr"]
    assert mrr[trained.method] > 1.5 * mrr["popularity"]
    curve = trained.metrics["curve"]
    assert curve[-1]["loss"] < 0.8 * curve[0]["loss"]


def test_what_a_query_has_anyway_is_no_negative(data: Subgraph) -> None:
    trainer = Trainer(data, QUICK)
    trainer.network.eval()
    moment = trainer.moments[-1]
    hidden = trainer.embed(moment.messages).hidden
    losses = []
    for kind, pairs in moment.window.pairs.items():
        if not len(pairs):
            continue
        queries, items = trainer.parts(hidden, moment.messages, kind)
        near = trainer.closeness(kind, pairs.query)
        scores = trainer.pairs(kind, queries[pairs.query], items, moment.counts[kind], near)
        own = []
        for row, query, item in zip(scores, pairs.query.tolist(), pairs.item.tolist(), strict=True):
            others = moment.present[kind].copy()
            others[pairs.item[pairs.query == query]] = False
            others[pairs.known.get(query, [])] = False
            others[item] = True
            own.append(row[others].logsumexp(0) - row[item])
        losses.append(torch.stack(own).mean())
    assert any(pairs.known for pairs in moment.window.pairs.values())
    loss = trainer.loss(moment)
    assert loss is not None
    assert loss.item() == pytest.approx(torch.stack(losses).mean().item(), abs=1e-5)


def test_the_same_seed_gives_the_same_run(data: Subgraph) -> None:
    first, second = (place(train(data, QUICK), data) for _ in range(2))
    other = place(train(data, replace(QUICK, seed=1)), data)
    np.testing.assert_array_equal(first.vectors["Model"].embedding, second.vectors["Model"].embedding)
    assert not np.allclose(first.vectors["Model"].embedding, other.vectors["Model"].embedding)


def test_embeddings_are_the_sum_of_attention_times_projected(trained: Trained, data: Subgraph) -> None:
    run = place(trained, data)
    projected = {
        (label, key): table.projected[i] for label, table in run.vectors.items() for i, key in enumerate(table.keys)
    }
    whole = 0
    for label in ("Model", "Author"):
        table = run.vectors[label]
        for i, facts in enumerate(table.neighbours):
            assert facts[0] == ("SELF", label, table.keys[i])
            if len(facts) == 64:
                continue
            whole += 1
            parts = np.stack([projected[fact[1:]] for fact in facts]).reshape(len(facts), run.heads, -1)
            summed = (parts * table.attention[i][:, :, None]).sum(0).ravel()
            np.testing.assert_allclose(summed, table.embedding[i], atol=1e-5)
            if run.method == "gat":
                np.testing.assert_allclose(table.attention[i].sum(0), 1.0, atol=1e-5)
    assert whole > 200


def test_flows_and_terms_add_up_to_the_score(trained: Trained, data: Subgraph) -> None:
    run = place(trained, data)
    table = run.vectors["Model"]
    projected = {
        (label, key): each.projected[i] for label, each in run.vectors.items() for i, key in enumerate(each.keys)
    }

    def side(i: int) -> Side:
        facts = table.neighbours[i]
        own = np.stack([projected[fact[1:]] for fact in facts])
        text = data.features["Model"][i]
        return Side("Model", table.keys[i], table.embedding[i], facts, table.attention[i], own, table.counts[i], text)

    weights = run.weights["model"]
    for a, b in ((0, 30), (40, 3), (100, 200)):
        near = closeness(side(a), side(b))
        expected = score(table.embedding[a], table.embedding[[b]], table.counts[[b]], near, run.terms, weights)[0]
        parts = flows(side(a), side(b), weights).sum() + sum(term_shares(side(b), run.terms, weights).values())
        parts += weights.text * near
        assert parts == pytest.approx(expected, abs=1e-4)


def test_scores_of_training_and_of_serving_are_the_same(data: Subgraph) -> None:
    trainer = Trainer(data, QUICK)
    random = np.random.default_rng(0)
    query, items = random.normal(size=16).astype(np.float32), random.normal(size=(5, 16)).astype(np.float32)
    counts = random.integers(0, 50, size=(5, len(TERMS))).astype(np.float32)
    near = random.normal(size=5).astype(np.float32)
    with torch.no_grad():
        theirs = trainer.pairs("model", *(torch.from_numpy(x) for x in (query[None], items, counts, near[None])))[
            0
        ].numpy()
    ours = score(query, items, counts, near, TERMS, weights_of(trainer, "model", ["model"]))
    np.testing.assert_allclose(theirs, ours, rtol=1e-4)


def test_nothing_after_the_moment_changes_what_is_seen(data: Subgraph) -> None:
    """Rewire and rename everything from day 400 on: the network's view of day 400 stays the same to the bit."""
    moment = 400.0
    late = data.times["Model"] >= moment
    random = np.random.default_rng(1)
    edges = {}
    for triple, pair in data.edges.items():
        changed = pair.copy()
        after = data.edge_times[triple] >= moment
        changed[1, after] = random.permutation(changed[1, after])
        edges[triple] = changed
    features = {**data.features, "Model": np.where(late[:, None], 9.0, data.features["Model"]).astype(np.float32)}
    other = replace(data, edges=edges, features=features)
    torch.manual_seed(0)
    graphs = MessageGraphs(data)
    network = Network("gat", graphs.labels, graphs.relations, inputs=16, size=16, heads=4, dropout=0.0).eval()
    seen = []
    for each in (data, other):
        messages = MessageGraphs(each).at(moment)
        stacked = {label: torch.from_numpy(each.features[label]) for label in messages.span}
        start, size = messages.span["Model"]
        seen.append(network(stacked, messages).hidden[start : start + size][torch.from_numpy(~late)])
    assert torch.equal(seen[0], seen[1])


def test_a_new_model_is_seen_without_its_bases(data: Subgraph) -> None:
    graphs = MessageGraphs(data)
    messages = graphs.at(400.0, 450.0)
    sources, targets = messages.graph.edges()
    names = [messages.relations[kind][1] for kind in messages.kind.tolist()]
    start, _ = messages.span["Model"]
    new = {start + i for i in np.flatnonzero((data.times["Model"] >= 400.0) & (data.times["Model"] < 450.0)).tolist()}
    heard = {name for name, target in zip(names, targets.tolist(), strict=True) if target in new}
    told = {name for name, source in zip(names, sources.tolist(), strict=True) if source in new}
    assert heard == {"SELF", "HAS_TAG", "PUBLISHED_BY"}
    assert told == {"SELF"}


def test_a_node_listens_to_its_newest_neighbours_only(data: Subgraph) -> None:
    messages = MessageGraphs(data, cap=5).at(1000.0)
    degrees = messages.graph.in_degrees()
    start, size = messages.span["Tag"]
    assert degrees[start : start + size].tolist() == [6] * size  # five models and itself
    sources, targets = messages.graph.edges()
    heard = sources[(targets == start) & (sources != start)] - messages.span["Model"][0]
    member = data.edges["Model", "HAS_TAG", "Tag"]
    newest = np.sort(member[0][member[1] == 0])[-5:]
    assert sorted(heard.tolist()) == newest.tolist()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (replace(QUICK, learning_rate=1e9, epochs=3), "loss became|did not fall|worse than popularity"),
        (replace(QUICK, learning_rate=1e-12, dropout=0.0, weight_decay=0.0, epochs=2), "did not fall|worse than"),
    ],
)
def test_a_network_that_does_not_learn_is_refused(data: Subgraph, settings: TrainingSettings, message: str) -> None:
    with pytest.raises(TrainingFailed, match=message):
        train(data, settings)


def test_a_loss_that_is_not_a_number_is_refused(data: Subgraph) -> None:
    broken = {**data.features, "Model": np.full_like(data.features["Model"], np.nan)}
    with pytest.raises(TrainingFailed, match="loss became nan"):
        train(replace(data, features=broken), QUICK)


def test_worse_than_popularity_is_refused() -> None:
    """Where the truth is drawn by chance, an overfitted network cannot beat counting."""
    with pytest.raises(TrainingFailed, match="worse than popularity"):
        train(planted(3, noise=True), replace(QUICK, epochs=1, learning_rate=1e-5))


def test_too_little_to_learn_from_is_refused(data: Subgraph) -> None:
    few = {triple: pair[:, :10] for triple, pair in data.edges.items()}
    times = {triple: day[:10] for triple, day in data.edge_times.items()}
    with pytest.raises(TrainingFailed, match="at least 40"):
        train(replace(data, edges=few, edge_times=times), QUICK)


def test_a_stored_network_comes_back_whole(trained: Trained, data: Subgraph, tmp_path: Path) -> None:
    path = store.save(trained, tmp_path)
    again = store.load(path)
    assert replace(again, state={}) == replace(trained, state={})
    mine, theirs = place(again, data), place(trained, data)
    for label, table in theirs.vectors.items():
        assert mine.vectors[label].keys == table.keys
        assert list(mine.vectors[label].neighbours) == list(table.neighbours)
        for name in ("embedding", "projected", "counts"):
            np.testing.assert_array_equal(getattr(mine.vectors[label], name), getattr(table, name))
        for a, b in zip(mine.vectors[label].attention, table.attention, strict=True):
            np.testing.assert_array_equal(a, b)
    with pytest.raises(NotFound, match="no run"):
        store.load(tmp_path / "nothing")
    with pytest.raises(BadInput, match="do not fit"):
        place(replace(trained, state={**trained.state, "network.norm.weight": torch.zeros(3)}), data)
    (path / "weights.safetensors").write_bytes(b"torn")
    with pytest.raises(BadInput, match="cannot be read"):
        store.load(path)


def _without_newest(data: Subgraph, share: float) -> tuple[Subgraph, np.ndarray]:
    """The graph before its newest models came, and a mark for each model that was there."""
    times = data.times["Model"]
    there = times < np.quantile(times, 1 - share)
    row = np.cumsum(there) - 1
    edges, edge_times = {}, {}
    for triple, pair in data.edges.items():
        kept = there[pair[0]] & (there[pair[1]] if triple[2] == "Model" else True)
        target = row[pair[1]] if triple[2] == "Model" else pair[1]
        edges[triple] = np.stack([row[pair[0]], target])[:, kept]
        edge_times[triple] = data.edge_times[triple][kept]
    older = replace(
        data,
        nodes={**data.nodes, "Model": tuple(key for key, kept in zip(data.nodes["Model"], there, strict=True) if kept)},
        edges=edges,
        edge_times=edge_times,
        features={**data.features, "Model": data.features["Model"][there]},
        times={"Model": times[there]},
    )
    return older, there


def test_newcomers_are_placed_beside_what_is_there(trained: Trained, data: Subgraph) -> None:
    """What the others send stays as it is, and the newcomers' embeddings are still the sum of what they hear."""
    older, there = _without_newest(data, 0.05)
    before = place(trained, older)
    placed = {label: (np.arange(len(t.keys)), t.projected) for label, t in before.vectors.items() if len(t.keys)}
    placed["Model"] = (np.flatnonzero(there), before.vectors["Model"].projected)
    run = place(trained, data, id="later", placed=placed)
    table = run.vectors["Model"]
    assert table.keys == tuple(key for key, old in zip(data.nodes["Model"], there, strict=True) if not old)
    assert all(not run.vectors[label].keys for label in run.vectors if label != "Model")
    sends = {(label, key): t.projected[i] for r in (before, run) for label, t in r.vectors.items() for i, key in
             enumerate(t.keys)}  # fmt: skip
    for i, facts in enumerate(table.neighbours):
        assert facts[0] == ("SELF", "Model", table.keys[i])
        parts = np.stack([sends[fact[1:]] for fact in facts]).reshape(len(facts), run.heads, -1)
        np.testing.assert_allclose(
            (parts * table.attention[i][:, :, None]).sum(0).ravel(), table.embedding[i], atol=1e-5
        )
    # Placed with all the others at once they would stand at nearly the same place.
    whole = place(trained, data).vectors["Model"]
    row = {key: i for i, key in enumerate(whole.keys)}
    near = [cosines(table.embedding[i], whole.embedding[[row[key]]])[0] for i, key in enumerate(table.keys)]
    assert np.median(near) > 0.95
