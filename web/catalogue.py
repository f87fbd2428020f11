"""The statements that the Cypher page offers, by folder and topic, and the search in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from graph.statements import Statement, statements
from graph.topics import TOPICS

#: The folders of the catalogue with their titles; the other folders hold what only the product itself needs.
FOLDERS = {
    "analysis": "Analysts' library",
    "explore": "Models and search",
    "recommend": "Recommendations",
    "why": "Reasons",
}


class Group(NamedTuple):
    """Some statements of one folder. `topic` is empty where the folder is not divided."""

    folder: str
    topic: str
    statements: tuple[Statement, ...]


def catalogue(find: str = "") -> list[Group]:
    """The statements in whose name, question or topic all words of `find` occur, without empty groups."""
    wanted = _spelt(find).split()
    groups = []
    for group in _groups():
        about = f"{FOLDERS[group.folder]} {group.topic}"
        found = tuple(each for each in group.statements if _matches(each, about, wanted))
        if found:
            groups.append(group._replace(statements=found))
    return groups


def _matches(each: Statement, about: str, wanted: list[str]) -> bool:
    text = f"{each.name} {each.name.replace('_', ' ')} {each.summary} {about}"
    return all(word in _spelt(text) for word in wanted)


def _spelt(text: str) -> str:
    """In small letters; the label is spelt license, the words licence, and people type either."""
    return text.casefold().replace("licence", "license")


def _groups() -> Iterator[Group]:
    for folder in FOLDERS:
        found = {each.name.partition("/")[2]: each for each in statements(folder)}
        if folder == "analysis":
            for topic, names in TOPICS.items():
                yield Group(folder, topic, tuple(found.pop(name) for name in names if name in found))
        if found:
            yield Group(folder, "", tuple(found.values()))
