"""The statements under `cypher/`: their text, and their comment headers as data (docs/architecture.md shows one)."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from graph.errors import BadInput, NotFound

ROOT = Path(str(files("cypher")))

TYPES = ("string", "integer", "float", "boolean", "datetime", "list", "map", "node", "relationship", "path", "any")

#: Quoted text and comments are passed over, so that a $ in them is no parameter.
_PARAMETER = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`[^`]*`|//[^\n]*|/\*.*?\*/|\$(\w+)""", re.DOTALL)

#: The properties that hold a moment in time, of whatever label or type.
MOMENTS = ("createdAt", "lastModified", "lastUpdated", "deletedAt", "publishedAt", "finishedAt", "lastBuiltOn", "at")

_MOMENT = rf"\w\.(?:{'|'.join(MOMENTS)})\b"
_COMPARED = r"\s*(?:<=|>=|<>|=|<|>)\s*"
#: A parameter that is compared with a moment as it is, without a function around it.
_DATED = re.compile(rf"{_MOMENT}{_COMPARED}\$(\w+)|\$(\w+){_COMPARED}{_MOMENT}")

_LINE = re.compile(r"(?P<name>\w+): (?P<type>\w+)(?: = (?P<default>.+?))?(?: - (?P<text>.+))?")


@dataclass(frozen=True, slots=True)
class Param:
    """One `$name` of a statement. `default` is its JSON value; it counts only where `optional`."""

    name: str
    type: str
    text: str
    optional: bool
    default: Any = None

    def value(self, given: Any) -> Any:
        """`given` as the statement takes it: a text for a datetime is read, because only a datetime finds its way by
        an index. One without a time zone is in UTC. Raises `BadInput`."""
        if self.type != "datetime" or not isinstance(given, str):
            return given
        try:
            moment = datetime.fromisoformat(given.replace("Z", "+00:00"))
        except ValueError:
            raise BadInput(f"{self.name} is no date: {given!r}.", "It looks like 2024-01-31T00:00:00+00:00.") from None
        return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a statement's answer."""

    name: str
    type: str
    text: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One file under `cypher/`: `name` is its path without the ending, `text` the Cypher without the header."""

    name: str
    text: str
    summary: str
    params: tuple[Param, ...]
    returns: tuple[Column, ...]

    def missing(self, given: Container[str]) -> list[Param]:
        """The parameters that need a value and are not among the names `given`."""
        return [param for param in self.params if not param.optional and param.name not in given]

    def fill(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """`given` with the defaults of the rest. Raises `BadInput` for unknown or missing parameters."""
        known = [param.name for param in self.params]
        for name in given:
            if name not in known:
                raise BadInput(f"{self.name} has no parameter {name!r}.", f"It takes: {', '.join(known) or 'none'}.")
        if missing := self.missing(given):
            raise BadInput(f"{self.name} needs the parameter {missing[0].name!r}.", f"It takes: {', '.join(known)}.")
        return {param.name: param.value(given.get(param.name, param.default)) for param in self.params}


@cache
def statement(name: str) -> Statement:
    """The statement of that name, such as `"recommend/links"`. Raises `NotFound`, or `BadInput` for a wrong header."""
    path = ROOT / f"{name}.cypher"
    if not re.fullmatch(r"[\w/]+", name) or not path.is_file():
        raise NotFound(f"There is no statement {name!r}.", f"{_near(name)}List them: hfmrs query --list")
    return parse(name, path.read_text(encoding="utf-8"))


def _near(name: str) -> str:
    """A sentence with the statements that somebody may have meant, in whatever folder; or nothing."""
    last = {each.name: each.name.rpartition("/")[2] for each in statements()}
    close = get_close_matches(name.rpartition("/")[2], set(last.values()), cutoff=0.75)
    near = [known for known in last if last[known] in close][:3]
    return f"Did you mean {' or '.join(near)}? " if near else ""


def documented(cypher: str) -> Statement | None:
    """The shared statement whose text this is, with or without its header and a last `;`; else None."""
    return _by_text().get(_bare(cypher))


@cache
def _by_text() -> dict[str, Statement]:
    return {_bare(each.text): each for each in statements()}


def _bare(cypher: str) -> str:
    """The text of a statement without what may differ between two copies of it."""
    body = cypher.replace("\r\n", "\n").strip().removesuffix(";").rstrip().split("\n")
    while body and body[0].startswith("//"):
        body.pop(0)
    return "\n".join(line.rstrip() for line in body)


def typed(cypher: str) -> Statement:
    """Cypher that somebody typed, as a statement that needs each of its parameters; those are dates that are compared
    with a moment in time and nowhere given to a function."""
    dated = {name for found in _DATED.findall(cypher) for name in found}
    dated -= set(re.findall(r"\w\(\s*\$(\w+)", cypher))
    params = tuple(
        Param(name, "datetime" if name in dated else "any", "", optional=False) for name in parameters(cypher)
    )
    return Statement("The statement", cypher, "", params, ())


def parameters(cypher: str) -> list[str]:
    """The names of a statement's parameters, in order of appearance."""
    return list(dict.fromkeys(name for name in _PARAMETER.findall(cypher) if name))


def replaced(cypher: str, literals: Mapping[str, str]) -> str:
    """A statement's text with literals in place of its parameters: for people's editors, never to be run from here."""
    return _PARAMETER.sub(lambda found: literals[found[1]] if found[1] else found[0], cypher)


def statements(folder: str | None = None) -> tuple[Statement, ...]:
    """Every shared statement, or those of one folder (`"recommend"`), in order of their names."""
    base = ROOT / folder if folder else ROOT
    names = (path.relative_to(ROOT).with_suffix("").as_posix() for path in base.rglob("*.cypher"))
    return tuple(statement(name) for name in sorted(names) if not name.startswith("schema/"))


def parse(name: str, source: str) -> Statement:
    """A statement from the text of its file."""
    lines = source.splitlines()
    header = [line for line in lines if line.startswith("//")]
    if lines[: len(header)] != header:
        raise BadInput(f"{name}.cypher has comments below its header.", "Move them into the header.")
    summary: list[str] = []
    params: list[Param] = []
    returns: list[Column] = []
    section = ""
    for number, line in enumerate(header, start=1):
        text = line[2:].strip()
        if text in ("params:", "returns:"):
            section = text
        elif not section:
            summary.append(text)
        elif text:
            match = _LINE.fullmatch(text)
            if match is None or match["type"] not in TYPES:
                raise BadInput(f"{name}.cypher, line {number}: {text!r} is not `name: type = default - text`.")
            if section == "params:":
                params.append(_param(f"{name}.cypher, line {number}", match))
            else:
                returns.append(Column(match["name"], match["type"], match["text"] or ""))
    body = "\n".join(lines[len(header) :]).strip()
    if not body or not summary:
        raise BadInput(f"{name}.cypher lacks its statement or the sentence that says what it answers.")
    return Statement(name, body, " ".join(summary).strip(), tuple(params), tuple(returns))


def _param(place: str, match: re.Match[str]) -> Param:
    optional = match["default"] is not None
    try:
        default = json.loads(match["default"]) if optional else None
    except json.JSONDecodeError:
        raise BadInput(f"{place}: the default {match['default']!r} is not JSON.") from None
    return Param(match["name"], match["type"], match["text"] or "", optional, default)
