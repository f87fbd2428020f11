"""Nodes, relationships and paths in an answer, as `graph.values.plain` makes them: found, named, ready to be drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from graph.schema import INNER

#: The properties that are keys, of whatever label (docs/architecture.md).
_KEYS = ("id", "name", "arxivId", "slug")
_NODE = {"id", "labels", "properties"}
_LINK = {"id", "type", "start", "end", "properties"}
_PATH = {"nodes", "relationships"}

#: What to say of an answer that cannot be drawn.
NOTHING = "The statement returns no nodes and no paths. To see some: MATCH path = (:Model)-[:BASED_ON]->() RETURN path"


class Drawable(NamedTuple):
    """The distinct nodes of an answer, and its relationships both of whose nodes are among them."""

    nodes: list[dict[str, Any]]
    links: list[dict[str, Any]]


def drawable(rows: Iterable[Sequence[Any]]) -> Drawable:
    """What can be drawn of an answer's rows, in order of appearance."""
    found = [thing for row in rows for value in row for thing in _things(value)]
    nodes = {each["id"]: each for each in found if "labels" in each}
    links = {each["id"]: each for each in found if "type" in each and {each["start"], each["end"]} <= nodes.keys()}
    return Drawable(list(nodes.values()), list(links.values()))


def kind(value: Any) -> str:
    """`node`, `relationship` or `path`; nothing for any other value."""
    if not isinstance(value, dict):
        return ""
    shapes = {"node": _NODE, "relationship": _LINK, "path": _PATH}
    return next((name for name, keys in shapes.items() if value.keys() == keys), "")


def label(node: Mapping[str, Any]) -> str:
    """The first label of a node."""
    return str(node["labels"][0]) if node["labels"] else ""


def key(node: Mapping[str, Any]) -> str:
    """What a node is known by, such as a model's id."""
    return next((str(node["properties"][name]) for name in _KEYS if name in node["properties"]), str(node["id"]))


def readable(value: Any) -> Any:
    """A value for a cell: nodes, relationships and paths as short texts, also inside lists and maps."""
    if isinstance(value, list):
        return [readable(each) for each in value]
    if not isinstance(value, dict):
        return value
    if kind(value) == "node":
        return key(value)
    if kind(value) == "relationship":
        return value["type"]
    if kind(value) == "path":
        return _steps(value)
    return {name: readable(each) for name, each in value.items()}


def outer(value: Any) -> Any:
    """A value in which nodes are without vectors, hashes and what the networks store, which nobody reads."""
    if isinstance(value, list):
        return [outer(each) for each in value]
    if not isinstance(value, dict):
        return value
    if kind(value) == "node":
        return {**value, "properties": {n: v for n, v in value["properties"].items() if not INNER.search(n)}}
    return {name: outer(each) for name, each in value.items()}


def _steps(path: Mapping[str, Any]) -> str:
    """a -[BASED_ON]-> b"""
    text = key(path["nodes"][0]) if path["nodes"] else ""
    for link, node in zip(path["relationships"], path["nodes"][1:], strict=True):
        arrow = ("-[{}]->" if link["end"] == node["id"] else "<-[{}]-").format(link["type"])
        text += f" {arrow} {key(node)}"
    return text


def _things(value: Any) -> Iterator[dict[str, Any]]:
    """The nodes and relationships in a value, however deep."""
    if isinstance(value, list):
        for each in value:
            yield from _things(each)
    elif isinstance(value, dict):
        if kind(value) in ("node", "relationship"):
            yield value
        else:
            for each in value.values():
                yield from _things(each)
