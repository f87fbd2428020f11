"""Answers for analysts: a statement's rows as a pandas DataFrame and as a drawing."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graph import things
from graph.database import Database
from graph.errors import BadInput
from graph.guard import ROWS, SECONDS
from hfmrs.asking import columns, named_or_typed

if TYPE_CHECKING:
    import pandas as pd

Node = tuple[str, str]  # (label, key)


@dataclass(frozen=True, slots=True)
class Drawing:
    """What `Answer.draw` gives: notebooks show it, and `svg` is the text of a file. `says` is it in words."""

    svg: str
    says: str

    def __str__(self) -> str:
        return self.says

    __repr__ = __str__

    def _repr_svg_(self) -> str:
        return self.svg

    #: In the page itself names appear on hover; a picture of its own has none.
    _repr_html_ = _repr_svg_


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """The answer to a statement.

    `rows` holds plain values: datetimes in UTC; a node as `{id, labels, properties}`, a relationship as
    `{id, type, start, end, properties}`, a path as `{nodes, relationships}`. `truncated`: there were more rows;
    `limited`: than the caller had asked for. `notes`: what the statement names and the graph does not have.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    truncated: bool
    limited: bool = False
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"Answer({self._size()} of {', '.join(self.columns) or 'no columns'}; see .frame() and .draw())"

    def _size(self) -> str:
        rows = f"{len(self)} row{'' if len(self) == 1 else 's'}"
        return f"the first {rows}" if self.truncated else rows

    def frame(self) -> pd.DataFrame:
        """A row for each row. Datetimes are datetimes; whole numbers stay whole where some are missing; a node is its
        key, such as a model's id, a relationship its type, a path its steps as text.

        Warns where a limit cut rows off that the caller did not set. Raises `BadInput` where pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError:
            raise BadInput("pandas is not installed.", "Install it: pip install 'hfmrs[analysts]'") from None
        if self.truncated and not self.limited:
            warnings.warn(f"These are {self._size()}; there are more. Give a larger limit.", stacklevel=2)
        table = zip(*self.rows, strict=True) if self.rows else ((),) * len(self.columns)
        columns = {
            name: pd.Series([things.readable(value) for value in values], dtype=_dtype(values))
            for name, values in zip(self.columns, table, strict=True)
        }
        frame: pd.DataFrame = pd.DataFrame(columns, columns=list(self.columns))
        return frame

    def draw(self) -> Drawing:
        """The nodes, relationships and paths in the rows as a drawing, relationships from left to right.

        Where there are none the drawing says so. A relationship is drawn where both its nodes are in the answer.
        """
        found = things.drawable(self.rows)
        nodes = {each["id"]: (things.label(each), things.key(each)) for each in found.nodes}
        steps = [(nodes[each["start"]], each["type"], nodes[each["end"]]) for each in found.links]
        if not nodes:
            return draw([], note=things.NOTHING if self.rows else "The answer has no rows.")
        return draw(steps, nodes.values(), f"Of {self._size()}; there are more." if self.truncated else "")


def draw(steps: Iterable[tuple[Node, str, Node]], nodes: Iterable[Node] = (), note: str = "") -> Drawing:
    """A drawing of what any client has read: `steps` are (node, relationship, node), a node is (label, key).

    `nodes` are those that may stand alone, or are to come first; `note` is a line below. Up to 60 nodes are drawn, and
    the drawing says when there are more.
    """
    from web import picture

    steps = list(steps)
    place: dict[Node, int] = {}
    for node in (*nodes, *(end for start, _, other in steps for end in (start, other))):
        place.setdefault((str(node[0]), str(node[1])), len(place))
    links = dict.fromkeys((place[start], place[end], kind) for start, kind, end in steps)
    says = f"Nodes: {len(place)}, relationships: {len(links)}. {note}" if place else note
    return Drawing(picture.svg(list(place), list(links), note), says.strip())


def query(
    db: Database,
    statement: str,
    params: Mapping[str, Any] | None = None,
    /,
    *,
    limit: int | None = None,
    timeout: float = SECONDS,
    **named: Any,
) -> Answer:
    """The answer to `statement`: the name of one (`hfmrs.catalogue()` lists them), or Cypher that reads.

    Parameters by name, or as a mapping. Those of a named statement that are not given take the value of its example.
    At most `limit` rows come (without one 1,000); a statement with a parameter `$limit` gets it too. `timeout` is in
    seconds. Warns of labels, types and properties that the graph does not have.

    Raises `NotFound` for an unknown name, `BadInput` for a missing or unknown parameter and for Cypher that the
    database cannot run, `Refused` where the statement would write, `TimedOut`.
    """
    asked = named_or_typed(statement.strip())
    given = {**(params or {}), **named}
    if limit is not None and any(param.name == "limit" for param in asked.params):
        given.setdefault("limit", limit)
    table = db.fetch(asked.text, asked.fill(given), limit=ROWS if limit is None else limit, timeout=timeout)
    for note in table.notes:
        warnings.warn(note, stacklevel=2)
    return Answer(columns(asked, table), table.rows, table.truncated, limit is not None, table.notes)


def _dtype(values: tuple[Any, ...]) -> str | None:
    """pandas' own guess, except for whole numbers and truth values of which some are missing: these would change."""
    kinds = {type(value) for value in values}
    if type(None) not in kinds:
        return None
    return {frozenset({int}): "Int64", frozenset({bool}): "boolean"}.get(frozenset(kinds - {type(None)}))
