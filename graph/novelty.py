"""The control of popularity: how far what is used much comes first, as one more additive part of every score.

A score less the strength times the logarithm of a model's downloads, each in units of its deviation over the models
that are compared. The control in the evaluation is the same but for its popularity, which is what was built of late:
most models have nothing built on them, while downloads tell all of them apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log1p

import numpy as np

from graph.languages import text
from graph.statements import statement
from graph.types import ModelCard, Reason, Said

#: How many times as many models are compared where popularity is to count otherwise: what is used little lies deeper.
WIDER = 3


@dataclass(frozen=True, slots=True)
class Control:
    """What popularity adds to a score: `unit` for each step of log1p(downloads) below `middle`."""

    middle: float
    unit: float

    def share(self, card: ModelCard) -> float:
        """What is added for a model; nothing where its downloads are not known."""
        return 0.0 if card.downloads is None else self.unit * (self.middle - log1p(card.downloads))

    def reasons(self, card: ModelCard) -> tuple[Reason, ...]:
        """The reason for that share; none where popularity does not count."""
        if not self.unit or card.downloads is None:
            return ()
        share = self.share(card)
        said = Said("sentence", (Said("popularity", (card.downloads, self.middle)), share))
        params = {"b": card.id, "middle": self.middle, "unit": self.unit}
        return (Reason("evidence", text(said), share, (), statement("why/downloads").text, params, said=said),)


def control(novelty: float, cards: Sequence[ModelCard], scores: Sequence[float]) -> Control:
    """The control over the models `cards` with `scores`, by a strength from -1, well-trodden, to 1, hidden gems."""
    known = [log1p(card.downloads) for card in cards if card.downloads is not None]
    deviation = float(np.std(known)) if known else 0.0
    if not novelty or not deviation:
        return Control(0.0, 0.0)
    return Control(float(np.mean(known)), novelty * float(np.std(scores)) / deviation)
