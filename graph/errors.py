"""Errors that become one sentence and the next thing to do."""

from __future__ import annotations


class HfmrsError(Exception):
    """A problem a person can mend. `message` is one sentence; `hint` the next thing to type or do, or empty."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows instead of a traceback: IPython asks for it by this name."""
        return [f"{type(self).__name__}: {self}"]


class NotFound(HfmrsError):
    """No such model, author, statement or method."""


class NotBuilt(HfmrsError):
    """The graph has the models but not yet what was asked for (embeddings, a published run)."""


class BadInput(HfmrsError):
    """A file, line, field or argument that cannot be used."""


class DatabaseUnavailable(HfmrsError):
    """No database answers at the given place, or it refuses the credentials."""


class Refused(HfmrsError):
    """A statement that would do more than read."""


class TimedOut(HfmrsError):
    """A statement that ran past its time limit."""


class HubUnavailable(HfmrsError):
    """The Hugging Face Hub does not answer, or refuses what was asked of it."""
