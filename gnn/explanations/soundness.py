"""Whether the reasons add up to the score, how much they leave, and how much there is to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gnn.explanations.computation import Computation
from gnn.explanations.fidelity import Measure
from gnn.explanations.naming import Pair, named, shown_first
from graph.reasons import explain

#: What sums may be off by, and the most that the rest may be of the spread of the scores.
EXACT, LEFT = 1e-4, 0.10


@dataclass(frozen=True, slots=True)
class Sound:
    """Of one pair: `score`, by the whole network; `gap`: how far the contributions of all reasons and the rest are from
    it; `rest` of all reasons; `left` by those shown first; of these `reasons`, `links` and `words` of each sentence;
    `of_both`: how much of the score goes where the model that was asked about loses what they name of it too."""

    score: float
    gap: float
    rest: float
    left: float
    reasons: int
    links: int
    words: tuple[int, ...]
    of_both: float


def sound(pair: Pair, computation: Computation) -> Sound:
    """The reasons of a pair against the whole network's score."""
    known, shown = pair.known, shown_first(pair)
    reasons = explain(
        pair.query,
        pair.item,
        terms=pair.terms,
        weights=pair.weights,
        degrees=known.degrees,
        models=known.models,
        relations=known.relations,
        as_of=known.as_of,
    )
    score = float(computation.scores()[0])
    return Sound(
        score=score,
        gap=abs(sum(reason.contribution or 0.0 for reason in reasons) - score),
        rest=reasons[-1].contribution or 0.0,
        left=score - sum(reason.contribution or 0.0 for reason in shown),
        reasons=len(shown),
        links=len(named(pair, shown)),
        words=tuple(len(reason.text.split()) for reason in shown),
        of_both=score - float(computation.scores({step for reason in shown for step in reason.path})[0]),
    )


def soundness(found: Sequence[Sound]) -> list[Measure]:
    """The figures over all pairs; the spread is the standard deviation of their scores."""
    spread = float(np.std([each.score for each in found])) or float("nan")
    gap = max(each.gap for each in found)
    rest, left = (
        float(np.median(np.abs(values))) / spread for values in ([e.rest for e in found], [e.left for e in found])
    )
    words = [number for each in found for number in each.words]
    return [
        Measure("largest difference between sum and score", gap, f"at most {EXACT:g}", gap <= EXACT),
        Measure("median rest of all reasons, of the spread of scores", rest, f"at most {LEFT:g}", rest <= LEFT),
        Measure("median left by the reasons shown first, of the spread of scores", left),
        Measure(
            "deletion where the model asked about loses what they name too", float(np.mean([e.of_both for e in found]))
        ),
        Measure("reasons shown first", float(np.mean([each.reasons for each in found]))),
        Measure("links that they name", float(np.mean([each.links for each in found]))),
        Measure("words a sentence", float(np.mean(words)) if words else 0.0),
    ]
