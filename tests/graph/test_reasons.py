"""Reasons: they add up to a score computed apart, keep their kinds apart, and read like sentences."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timezone

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.drafts import Facts
from graph.reasons import explain, first, shown, together
from graph.score import Side, cosines, score, score_pair
from graph.types import FACT_LABELS, Neighbour, Reason, ScoreWeights

TERMS = ("built_on", "built_on_90d")
HEADS, WIDTH = 2, 8
AS_OF = datetime(2024, 4, 1, tzinfo=timezone.utc)


def make_side(
    key: str, facts: list[Neighbour], seed: int, *, lost: float = 0.0, counts: tuple[float, ...] = (3, 1)
) -> Side:
    """A side whose embedding is its attention's sum over its facts, plus `lost` that no kept fact carries."""
    rng = np.random.default_rng(seed)
    every = [("SELF", "Model", key), *facts]
    attention = rng.random((len(every), HEADS)).astype(np.float32)
    attention /= attention.sum(0)
    projected = rng.normal(size=(len(every), WIDTH)).astype(np.float32)
    weighed = projected.reshape(len(every), HEADS, -1) * attention[:, :, None]
    embedding = (weighed.reshape(len(every), WIDTH).sum(0) + lost).astype(np.float32)
    text = rng.normal(size=WIDTH).astype(np.float32)
    return Side("Model", key, embedding, tuple(every), attention, projected, np.array(counts, np.float32), text)


def dense_score(query: Side, item: Side, weights: ScoreWeights) -> float:
    """The score from the whole embeddings, without any facts."""
    a, b = query.embedding.astype(float), item.embedding.astype(float)
    cosine = a @ b / (np.linalg.norm(a) * np.linalg.norm(b))
    terms = sum(weights.terms.get(n, 0) * np.log1p(float(c)) for n, c in zip(TERMS, item.counts, strict=True))
    near = query.text.astype(float) @ item.text.astype(float) / np.linalg.norm(query.text) / np.linalg.norm(item.text)
    return float(weights.scale * cosine + weights.text * near + terms)


NODES: list[Neighbour] = [
    *(
        (relationship, label, f"{label.lower()}{i}")
        for label, (relationship, _) in FACT_LABELS.items()
        for i in range(2)
    ),
    *(("BASED_ON", "Model", f"org/base{i}") for i in range(2)),
    *(("<BASED_ON", "Model", f"org/base{i}") for i in range(2)),
    ("BASED_ON", "Model", "org/a"),
    ("<BASED_ON", "Model", "org/b"),
    ("<BUILDS_ON", "Author", "author0"),
    ("UNHEARD_OF", "Thing", "x"),
]
some_facts = st.lists(st.sampled_from(NODES), unique=True, max_size=12)


def assert_nothing_is_lost(reasons: tuple[Reason, ...]) -> None:
    """Where the kept facts carry the whole score, every cell is in a reason: the rest is what was folded."""
    assert abs(reasons[-1].contribution or 0) <= 0.021 * sum(abs(r.contribution or 0) for r in reasons) + 1e-4


@settings(max_examples=150, deadline=None)
@given(
    some_facts,
    some_facts,
    st.integers(0, 2**31),
    st.sampled_from([0.0, 0.0, 0.3]),
    st.floats(-3, 9),
    st.tuples(st.floats(-1, 1), st.floats(-1, 1)),
    st.sampled_from([0.0, 2.0]),
    st.dictionaries(st.sampled_from([node[1:] for node in NODES]), st.integers(1, 100)),
)
def test_contributions_add_up_to_the_score(
    a: list[Neighbour],
    b: list[Neighbour],
    seed: int,
    lost: float,
    scale: float,
    term_weights: tuple[float, float],
    text: float,
    degrees: dict[tuple[str, str], int],
) -> None:
    query = make_side("org/a", a, seed, lost=lost)
    item = make_side("org/b", b, seed + 1, counts=(1200, 12))
    weights = ScoreWeights(scale, dict(zip(TERMS, term_weights, strict=True)), text)
    reasons = explain(query, item, terms=TERMS, weights=weights, degrees=degrees, models=200)
    assert sum(r.contribution or 0.0 for r in reasons) == pytest.approx(dense_score(query, item, weights), abs=1e-4)
    assert [r.kind for r in reasons].count("rest") == 1
    assert reasons[-1].kind == "rest"
    assert {"evidence", "attention"} <= {r.kind for r in reasons}
    best = shown(reasons)
    assert reasons[: len(best)] == best
    weighed = [r.contribution for r in reasons[len(best) : -1] if r.contribution is not None]
    assert weighed == sorted(weighed, reverse=True)
    if lost == 0:
        assert_nothing_is_lost(reasons)
    for reason in reasons[:-1]:
        assert reason.cypher.startswith("MATCH")
        assert set(re.findall(r"\$(\w+)", reason.cypher)) == set(reason.params), reason
        assert re.fullmatch(r"([A-Z0-9]|a |base|author).*\.", reason.text), reason.text
        assert "{" not in reason.text
    assert 1 <= len(best) <= 3
    assert not any(r.common or r.kind == "rest" for r in best)
    assert len(best) == 1 or all((r.contribution or 0) > 0 for r in best)
    known = Facts(degrees, 200)
    assert first(query, item, terms=TERMS, weights=weights, known=known) == best


@settings(max_examples=30, deadline=None)
@given(some_facts, some_facts, some_facts, st.integers(0, 2**31))
def test_a_query_of_several_adds_up_too(a: list[Neighbour], a2: list[Neighbour], b: list[Neighbour], seed: int) -> None:
    sides = [make_side("org/a", a, seed), make_side("org/a2", a2, seed + 2)]
    item = make_side("org/b", b, seed + 1)
    weights = ScoreWeights(5.0, {"built_on": 0.3}, 2.0)
    query = together(sides)
    units = [side.embedding / np.linalg.norm(side.embedding) for side in sides]
    texts = [side.text / np.linalg.norm(side.text) for side in sides]
    near = cosines(np.mean(texts, axis=0), item.text[None])
    mean = score(np.mean(units, axis=0), item.embedding[None], item.counts[None], near, TERMS, weights)[0]
    reasons = explain(query, item, terms=TERMS, weights=weights, degrees={}, models=200)
    assert sum(r.contribution or 0.0 for r in reasons) == pytest.approx(mean, abs=1e-4)
    assert_nothing_is_lost(reasons)


def reasons_of(
    a: list[Neighbour],
    b: list[Neighbour],
    *,
    counts: tuple[float, ...] = (0, 0),
    terms: tuple[float, float] = (0.2, 0.1),
    **options: object,
) -> tuple[Reason, ...]:
    defaults = {"degrees": {}, "models": 4000, "as_of": AS_OF}
    weights = ScoreWeights(4.0, dict(zip(TERMS, terms, strict=True)))
    query, item = make_side("org/a", a, 1), make_side("org/b", b, 2, counts=counts)
    return explain(query, item, terms=TERMS, weights=weights, **{**defaults, **options})  # type: ignore[arg-type]


def texts(reasons: tuple[Reason, ...], kind: str) -> str:
    """What reasons of a kind say, whether it counts for the model or against it."""
    said = (r.text.replace(", which speaks against it", "") for r in reasons if r.kind == kind)
    return " | ".join(each.replace(", which the network does not count for it", "") for each in said)


MISTRAL: Neighbour = ("BASED_ON", "Model", "mistralai/Mistral-7B-v0.1")


def test_siblings_are_named_with_their_relation_and_rarity() -> None:
    base = "mistralai/Mistral-7B-v0.1"
    reasons = reasons_of(
        [MISTRAL],
        [MISTRAL],
        degrees={("Model", base): 10},
        relations={("org/a", base): "finetune", ("org/b", base): "finetune"},
    )
    assert "Both are fine-tunes of Mistral-7B-v0.1, as 1 in 400 models is." in texts(reasons, "evidence")
    (reason,) = (r for r in reasons if r.params.get("fact") == base)
    assert [step.as_json()["from"]["id"] for step in reason.path] == ["org/a", "org/b"]
    assert reason.params == {"a": "org/a", "b": "org/b", "fact": base}


@pytest.mark.parametrize(
    ("a", "b", "text"),
    [
        ([("BASED_ON", "Model", "org/b")], [], "a is built on it."),
        ([("<BASED_ON", "Model", "org/b")], [], "It is built on a."),
        ([], [("BASED_ON", "Model", "org/a")], "It is built on a."),
        ([], [("<BASED_ON", "Model", "org/a")], "a is built on it."),
        (
            [MISTRAL],
            [("<BASED_ON", *MISTRAL[1:])],
            "a is built on Mistral-7B-v0.1, which was made from it.",
        ),
        ([("TRAINED_ON", "Dataset", "snli")], [("TRAINED_ON", "Dataset", "snli")], "Both are trained on snli."),
        ([("IN_LANGUAGE", "Language", "de")], [("IN_LANGUAGE", "Language", "de")], "Both work in German."),
        ([("<BUILDS_ON", "Author", "x")], [("<BUILDS_ON", "Author", "x")], "x has built on both."),
    ],
)
def test_evidence_reads_like_a_sentence(a: list[Neighbour], b: list[Neighbour], text: str) -> None:
    assert text in texts(reasons_of(a, b), "evidence")


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        ((1, 0), "One model has been built on it."),
        ((1, 1), "One model has been built on it, in the last 90 days."),
        ((1234, 12), "1,234 models have been built on it, 12 of them in the last 90 days."),
        ((5, 5), "5 models have been built on it, all in the last 90 days."),
        ((0, 0), "No model has been built on it yet."),
    ],
)
def test_terms_say_their_number(counts: tuple[float, ...], text: str) -> None:
    assert text in texts(reasons_of([], [], counts=counts, terms=(1.0, 1.0)), "evidence")


def test_a_term_that_counts_against_says_so() -> None:
    reasons = reasons_of([], [], counts=(50, 0), terms=(-0.5, 0.0))
    assert "50 models have been built on it, which speaks against it." in [r.text for r in reasons]


def test_a_term_carries_its_window() -> None:
    (reason,) = (r for r in reasons_of([], [], counts=(9, 5)) if "90 days" in r.text)
    assert reason.params == {"b": "org/b", "since": "2024-01-02T00:00:00+00:00", "until": "2024-04-01T00:00:00+00:00"}


def test_widespread_facts_are_one_common_reason_never_shown() -> None:
    wide: list[Neighbour] = [("IN_LANGUAGE", "Language", "en"), ("LICENSED_UNDER", "License", "mit")]
    degrees = {("Language", "en"): 201, ("License", "mit"): 900}
    reasons = reasons_of(wide, wide, degrees=degrees)
    (evidence,) = (r for r in reasons if r.common and r.kind == "evidence")
    assert set(evidence.params["facts"]) == {"en", "mit"}
    assert "English" in evidence.text
    assert not any(r.common for r in shown(reasons))
    assert not any("English" in r.text or " mit" in r.text for r in shown(reasons))
    below = reasons_of(wide, wide, degrees={("Language", "en"): 200, ("License", "mit"): 200})
    assert not any(r.common for r in below)


def test_the_same_thing_under_two_labels_is_said_once() -> None:
    twice: list[Neighbour] = [("TRAINED_ON", "Dataset", "stanfordnlp/snli"), ("HAS_TAG", "Tag", "SNLI")]
    reasons = reasons_of(twice, twice)
    assert sum("snli" in r.text.lower() for r in reasons if r.kind == "evidence") == 1
    named = [r for r in reasons if r.kind == "attention" and "snli" in r.text.split(" a’s ")[0].lower()]
    assert all(len(r.params["its_facts"]) == 1 for r in named)


def test_what_is_shown_first_is_what_the_score_would_fall_without() -> None:
    """Of three facts that both have, told apart by what the last layer makes of the model without each."""
    facts: list[Neighbour] = [("HAS_TAG", "Tag", f"t{i}") for i in range(3)]
    weights = ScoreWeights(4.0, {})
    for seed in range(20):
        query, item = make_side("org/a", facts, seed), make_side("org/b", facts, seed + 100)
        reasons = explain(query, item, terms=TERMS, weights=weights, degrees={}, models=4000)
        shared = {r.params["fact"]: r for r in reasons if r.kind == "evidence" and "fact" in r.params}
        best, *_ = (r for r in shown(reasons))
        if best.kind != "evidence" or (best.contribution or 0) <= 0:
            continue
        speaking = [key for key, r in shared.items() if (r.contribution or 0) > 0]
        left = {key: score_pair(query, without(item, key), TERMS, weights) for key in speaking}
        assert best.params["fact"] == min(left, key=lambda key: left[key])


def without(side: Side, key: str) -> Side:
    """The side as the last layer makes it without one fact, from all of the rest: worked out apart."""
    kept = [i for i, fact in enumerate(side.facts) if fact[2] != key]
    attention = side.attention[kept] / side.attention[kept].sum(0)
    sent = side.projected[kept].reshape(len(kept), HEADS, -1)
    return replace(side, embedding=(sent * attention[:, :, None]).sum(0).reshape(-1).astype(np.float32))


def test_different_texts_are_no_reason() -> None:
    """Whatever they add: the one text is turned away from the other, and only then would it come first."""
    query, item = make_side("org/a", [MISTRAL], 1), make_side("org/b", [MISTRAL], 2)
    weights = ScoreWeights(0.5, {}, 9.0)
    for share, said in ((0.4, False), (0.8, True)):
        away = np.zeros_like(query.text)
        away[np.argmin(np.abs(query.text))] = 1.0
        away -= query.text * (away @ query.text) / (query.text @ query.text)
        unit = query.text / np.linalg.norm(query.text)
        text = share * unit + np.sqrt(1 - share**2) * away / np.linalg.norm(away)
        best = first(query, replace(item, text=text), terms=TERMS, weights=weights, known=Facts({}, 4000))
        assert any(r.text.startswith("Their names, tags and descriptions say") for r in best) == said


def test_what_both_have_comes_before_what_differs_where_they_matter_alike() -> None:
    """Two facts of the item that send the same: one that both have, and one that only it has."""
    shared, own = ("HAS_TAG", "Tag", "x"), ("HAS_TAG", "Tag", "y")
    query, item = make_side("org/a", [shared], 1), make_side("org/b", [own, shared], 2)
    query.projected[1] = 1.0
    item.projected[1:] = query.projected[1]
    item.attention[1:] = item.attention[1:].mean(0)
    query, item = (
        replace(side, embedding=(side.projected.reshape(len(side.facts), HEADS, -1) * side.attention[:, :, None])
                .sum(0).reshape(-1).astype(np.float32))
        for side in (query, item)
    )  # fmt: skip
    best, *_ = first(query, item, terms=TERMS, weights=ScoreWeights(4.0, {}), known=Facts({}, 4000))
    assert best.text == "Both carry the tag “x”."


def test_shown_says_nothing_twice() -> None:
    facts: list[Neighbour] = [("HAS_TAG", "Tag", f"t{i}") for i in range(6)]
    best = shown(reasons_of(facts, facts, counts=(100, 20)))
    assert 1 <= len(best) <= 3
    subjects = [key for r in best for key in (r.params.get("fact"), *r.params.get("its_facts", ())) if key]
    assert len({key.rsplit("|", 1)[-1] for key in subjects}) == len(subjects)


def test_texts_are_told_once() -> None:
    """By the texts themselves and by what the network makes of them, which here count about alike."""
    query = make_side("org/a", [], 1)
    item = replace(query, key="org/b", facts=(("SELF", "Model", "org/b"),))
    best = first(query, item, terms=TERMS, weights=ScoreWeights(4.0, {}, 2.0), known=Facts({}, 4000))
    assert [r.kind for r in best] == ["evidence"]
    several = explain(query, item, terms=TERMS, weights=ScoreWeights(4.0, {}, 2.0), degrees={}, models=4000)
    assert [r.kind for r in several] == ["evidence", "attention", "rest"]


def test_what_the_network_makes_of_one_fact_of_the_model_asked_about_is_one_sentence() -> None:
    own: list[Neighbour] = [("HAS_TAG", "Tag", f"t{i}") for i in range(8)]
    reasons = [r for r in reasons_of([MISTRAL], own) if r.kind == "attention" and not r.common]
    anchors = [(r.params["facts"][0], "apart" in r.text) for r in reasons]
    assert len({*anchors}) == len(anchors)
    assert any(len(r.params["its_facts"]) == 2 and "its tags “t" in r.text for r in reasons)


def test_what_both_have_is_no_objection() -> None:
    facts: list[Neighbour] = [("HAS_TAG", "Tag", f"t{i}") for i in range(6)]
    against = [r for r in reasons_of(facts, facts) if (r.contribution or 0) < 0 and r.text.startswith("Both")]
    assert against
    assert all("speaks against" not in r.text and "does not count for it" in r.text for r in against)


def test_facts_beside_the_kept_ones_have_no_contribution() -> None:
    extra: Neighbour = ("LICENSED_UNDER", "License", "mit")
    reasons = reasons_of([MISTRAL], [MISTRAL], facts=[extra, MISTRAL])
    (reason,) = (r for r in reasons if r.contribution is None)
    assert reason.text == "Both have the licence mit."
    assert reasons[-2] == reason


def test_the_rest_stays_small() -> None:
    facts: list[Neighbour] = [("HAS_TAG", "Tag", f"t{i}") for i in range(40)]
    reasons = reasons_of(facts[:30], facts[10:], counts=(100, 20))
    assert_nothing_is_lost(reasons)
    assert len(reasons) < 60


def test_that_one_was_made_from_the_other_is_said_however_little_it_counts() -> None:
    tags: list[Neighbour] = [("HAS_TAG", "Tag", f"t{i}") for i in range(12)]
    a, b = make_side("org/a", tags, 1), make_side("org/b", [*tags, ("BASED_ON", "Model", "org/a")], 2)
    attention = b.attention.copy()
    attention[-1] = 1e-5
    b = replace(b, attention=attention)
    reasons = explain(a, b, terms=TERMS, weights=ScoreWeights(4.0, {}), degrees={}, models=100)
    (made,) = (each for each in reasons if each.text.startswith("It is built on a"))
    assert made.contribution is not None
    assert 0 < abs(made.contribution) < 1e-3
