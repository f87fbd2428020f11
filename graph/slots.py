"""Names of what a published run is stored under: each method has two slots, A and B, and one of them is in service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Letter = Literal["A", "B"]

#: What a run is stored as. One that was stored as something else is published anew by the next build.
FORM = 2

#: Methods with a trained network behind them.
NETWORK_METHODS: tuple[str, ...] = ("gat", "gcn")

#: The method whose lists are stored for authors.
ADVICE_METHOD = "gat-reranker"


@dataclass(frozen=True, slots=True)
class Slot:
    """The property and index names of one method's slot."""

    method: str
    letter: Letter

    def __post_init__(self) -> None:
        if self.method not in NETWORK_METHODS or self.letter not in ("A", "B"):
            raise ValueError(f"No slot {self.letter!r} of {self.method!r}; methods: {', '.join(NETWORK_METHODS)}.")

    @property
    def embedding(self) -> str:
        return f"{self.method}Embedding{self.letter}"

    @property
    def projected(self) -> str:
        return f"{self.method}Projected{self.letter}"

    @property
    def neighbours(self) -> str:
        return f"{self.method}Neighbours{self.letter}"

    @property
    def attention(self) -> str:
        return f"{self.method}Attention{self.letter}"

    @property
    def incoming(self) -> str:
        """Of models: what those of `neighbours` send that link to it, such as the models made from it."""
        return f"{self.method}Incoming{self.letter}"

    @property
    def counts(self) -> str:
        return f"{self.method}Counts{self.letter}"

    @property
    def nearest(self) -> str:
        """Of models: the ids of those nearest to it, the best by score first."""
        return f"{self.method}Nearest{self.letter}"

    @property
    def index(self) -> str:
        """The vector index over `embedding`."""
        return f"model_{self.embedding}"

    @property
    def other(self) -> Slot:
        """The slot that is free while this one is in service."""
        return Slot(self.method, "B" if self.letter == "A" else "A")
