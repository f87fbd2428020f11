"""Which models an answer may hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from graph.errors import BadInput
from graph.types import ModelCard

#: Licences that allow use, change and sale without more than naming the authors.
PERMISSIVE = frozenset(
    {
        "afl-3.0",
        "apache-2.0",
        "artistic-2.0",
        "bsd",
        "bsd-2-clause",
        "bsd-3-clause",
        "bsd-3-clause-clear",
        "bsl-1.0",
        "cc-by-2.0",
        "cc-by-2.5",
        "cc-by-3.0",
        "cc-by-4.0",
        "cc0-1.0",
        "cdla-permissive-1.0",
        "cdla-permissive-2.0",
        "ecl-2.0",
        "isc",
        "mit",
        "ms-pl",
        "ncsa",
        "odc-by",
        "pddl",
        "postgresql",
        "unlicense",
        "wtfpl",
        "zlib",
    }
)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which models an answer may hold.

    `same_library`, `same_task`: as (one of) the models asked about. `permissive`: licences of `PERMISSIVE`.
    `max_parameters`: models of known size up to this. `originals_only`: only models made from no other.
    `has_gguf`: models that are in GGUF or have a quantisation that is, as far as the graph knows.
    """

    same_library: bool = False
    same_task: bool = False
    permissive: bool = False
    max_parameters: int | None = None
    task: str | None = None
    library: str | None = None
    license: str | None = None
    originals_only: bool = False
    has_gguf: bool = False

    def __post_init__(self) -> None:
        if self.max_parameters is not None and self.max_parameters < 0:
            raise BadInput(
                f"max_parameters is {self.max_parameters}; a size is 0 or more.", "Give a number such as 7000000000."
            )

    def given(self) -> dict[str, Any]:
        """Those that are set."""
        return {name: value for name, value in asdict(self).items() if value}

    def allows(self, card: ModelCard, asked: Sequence[ModelCard] = ()) -> bool:
        """Whether an answer to a question about the models `asked` may hold `card`."""
        return (
            (not self.same_library or card.library in {each.library for each in asked})
            and (not self.same_task or card.task in {each.task for each in asked})
            and (not self.permissive or card.license in PERMISSIVE)
            and (
                self.max_parameters is None or (card.parameters is not None and card.parameters <= self.max_parameters)
            )
            and (self.task is None or card.task == self.task)
            and (self.library is None or card.library == self.library)
            and (self.license is None or card.license == self.license)
            and (not self.originals_only or card.relation is None)
            and (not self.has_gguf or bool(card.gguf))
        )

    def conditions(self, asked: Sequence[ModelCard]) -> dict[str, Any]:
        """Those that the database can apply, as parameters of `recommend/scan`; the rest are applied to what it
        finds."""
        tasks, libraries = {each.task for each in asked}, {each.library for each in asked}
        return {
            "task": self.task or (tasks.pop() if self.same_task and len(tasks) == 1 else None),
            "library": self.library or (libraries.pop() if self.same_library and len(libraries) == 1 else None),
            "license": self.license,
            "licenses": sorted(PERMISSIVE) if self.permissive else None,
            "max_parameters": self.max_parameters,
            "originals_only": self.originals_only,
            "has_gguf": self.has_gguf,
        }
