"""Links models to their bases, once both are in the graph; a base that comes later is found then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.database import Database

_ASK = 10_000


@dataclass(frozen=True, slots=True)
class Resolved:
    """`links` that were made, the bases `touched` by them, and the rows of `load/waiting` that are left."""

    links: int
    touched: set[str]
    waiting: list[dict[str, Any]]


def entry(relation: str, base: str) -> str:
    """A base that is not linked yet, as the property `unresolvedBases` holds it."""
    return f"{relation} {base}"


def resolve(db: Database, waiting: Sequence[Mapping[str, Any]]) -> Resolved:
    """Links the models of `load/waiting` to those of their bases that are in the graph under an id or an alias.

    A link that would make a model its own ancestor is refused, and stays with the ones that wait.
    """
    wanted = {row["id"]: [tuple(each.split(" ", 1)) for each in row["bases"]] for row in waiting}
    ids = known_ids(db, {base for bases in wanted.values() for _, base in bases})
    parents = _ancestry(db, [*wanted, *ids.values()] if ids else [])
    rows, left = [], []
    for row in waiting:
        links: dict[str, dict[str, Any]] = {}
        missing = []
        mine = parents.setdefault(row["id"], set())
        for relation, name in wanted[row["id"]]:
            base = ids.get(name)
            if base is None or base == row["id"] or _reaches(parents, base, row["id"]):
                missing.append(entry(relation, name))
            elif base not in mine:
                mine.add(base)
                links[base] = {
                    "base": base,
                    "relation": relation,
                    "inferred": bool(row["inferred"]),
                    "confidence": row["confidence"],
                }
        if len(missing) < len(wanted[row["id"]]):
            rows.append({"id": row["id"], "links": list(links.values()), "left": missing or None})
        if missing:
            left.append({**row, "bases": missing})
    db.write_rows("load/link_base", rows)
    touched = {link["base"] for row in rows for link in row["links"]}
    return Resolved(sum(len(row["links"]) for row in rows), touched, left)


def known_ids(db: Database, names: set[str]) -> dict[str, str]:
    """The ids of those models among `names` that are in the graph, by their own id or by an alias."""
    found = {row["id"]: row["id"] for part in _parts(names) for row in db.read("load/known", ids=part)}
    for part in _parts(names - found.keys()):
        found.update({row["alias"]: row["id"] for row in db.read("load/aliases", ids=part)})
    return found


def _ancestry(db: Database, ids: Iterable[str]) -> dict[str, set[str]]:
    """The bases of `ids`, and theirs, up to the roots."""
    parents: dict[str, set[str]] = {}
    frontier = set(ids)
    while frontier:
        reached: set[str] = set()
        for part in _parts(frontier):
            for row in db.read("load/bases", ids=part):
                parents[row["id"]] = set(row["bases"])
                reached.update(row["bases"])
        frontier = reached - parents.keys()
    return parents


def _reaches(parents: Mapping[str, set[str]], start: str, goal: str) -> bool:
    """Whether `goal` is `start` or among its ancestors."""
    seen, stack = {start}, [start]
    while stack:
        current = stack.pop()
        if current == goal:
            return True
        for parent in parents.get(current, ()):
            if parent not in seen:
                seen.add(parent)
                stack.append(parent)
    return False


def _parts(names: Iterable[str]) -> Iterable[list[str]]:
    everything = sorted(names)
    return (everything[start : start + _ASK] for start in range(0, len(everything), _ASK))
