"""People: who they are, what they like, dismiss and view."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from graph.errors import BadInput
from web.store import tables
from web.store.connection import Connections
from web.store.keys import Keys
from web.store.shelves import Shelves
from web.store.values import moment, new_id, now

#: How many models a person may have liked and dismissed, and how many of the latest views are kept.
KEPT = {"like": 2000, "dismissal": 5000, "view": 200}


@dataclass(frozen=True, slots=True)
class Person:
    """`hub_name`: what they are called on the Hub, where it is known; `keeps_views`: whether they asked for it."""

    id: str
    name: str
    hub_name: str | None
    keeps_views: bool
    created_at: datetime


class Store:
    """Everything that is kept of people. Every method but the first three is about one person alone."""

    def __init__(self, home: Path, url: str = "") -> None:
        self.connections = Connections(home, url)
        self.shelves = Shelves(self.connections)
        self.keys = Keys(self.connections)

    def person(self, id: str) -> Person | None:
        """The person with an id, None where there is none (any more)."""
        with self.connections.reading() as connection:
            return _person(connection, id)

    def find(self, issuer: str, subject: str) -> Person | None:
        """Who signs in so, if they were here before."""
        with self.connections.reading() as connection:
            return _known(connection, issuer, subject)

    def meet(self, issuer: str, subject: str, name: str, hub_name: str | None = None) -> Person:
        """The same, made where they come for the first time."""
        with self.connections.writing() as connection:
            known = _known(connection, issuer, subject)
            if known:
                return known
            made = Person(new_id(), name[:200], hub_name and hub_name[:200], False, now())
            connection.execute(
                insert(tables.person).values(
                    id=made.id, name=made.name, hub_name=made.hub_name, keeps_views=False, created_at=made.created_at
                )
            )
            values = {"issuer": issuer, "subject": subject, "person": made.id}
            connection.execute(_upsert(connection, tables.identity, values))
            held = connection.execute(
                select(tables.identity.c.person).where(
                    tables.identity.c.issuer == issuer, tables.identity.c.subject == subject
                )
            ).scalar_one()
            if held != made.id:  # somebody was quicker: the same person, in another window
                connection.execute(delete(tables.person).where(tables.person.c.id == made.id))
            return _person(connection, held) or made

    def change(self, person: str, *, hub_name: str | None, keeps_views: bool) -> None:
        """Set both. Who no longer wants views kept has none kept."""
        with self.connections.writing() as connection:
            connection.execute(
                update(tables.person)
                .where(tables.person.c.id == person)
                .values(hub_name=hub_name, keeps_views=keeps_views)
            )
            if not keeps_views:
                connection.execute(delete(tables.view).where(tables.view.c.person == person))

    def mark(self, person: str, model: str, kind: str | None) -> None:
        """Keep that a model is liked ("like") or of no use ("dismissal"), the one instead of the other; None: neither.

        Raises `BadInput` where there are too many.
        """
        table = tables.mark
        with self.connections.writing() as connection:
            if kind is None:
                connection.execute(delete(table).where(table.c.person == person, table.c.model == model))
                return
            there = connection.execute(
                select(func.count()).where(table.c.person == person, table.c.kind == kind, table.c.model != model)
            ).scalar_one()
            if there >= KEPT[kind]:
                raise BadInput(f"There are {there:,} of them already.", "Take some away under /you/data.")
            values = {"person": person, "model": model, "kind": kind, "at": now()}
            connection.execute(_upsert(connection, table, values, "kind", "at"))

    def marked(self, person: str, kind: str) -> dict[str, datetime]:
        """What is liked or dismissed, the latest first, with when."""
        table = tables.mark
        query = select(table.c.model, table.c.at).where(table.c.person == person, table.c.kind == kind)
        with self.connections.reading() as connection:
            rows = connection.execute(query.order_by(table.c.at.desc(), table.c.model))
            return {model: moment(at) for model, at in rows}

    def view(self, person: str, model: str) -> None:
        """Keep that a model was viewed, where the person asked for it."""
        table = tables.view
        with self.connections.writing() as connection:
            known = _person(connection, person)
            if known is None or not known.keeps_views:
                return
            values = {"person": person, "model": model, "at": now()}
            connection.execute(_upsert(connection, table, values, "at"))
            of_person = table.c.person == person
            kept = select(table.c.model).where(of_person).order_by(table.c.at.desc()).limit(KEPT["view"])
            connection.execute(delete(table).where(of_person, table.c.model.not_in(kept)))

    def viewed(self, person: str) -> dict[str, datetime]:
        """What was viewed, the latest first, with when."""
        table = tables.view
        query = select(table.c.model, table.c.at).where(table.c.person == person)
        with self.connections.reading() as connection:
            rows = connection.execute(query.order_by(table.c.at.desc(), table.c.model))
            return {model: moment(at) for model, at in rows}

    def export(self, person: str) -> dict[str, Any]:
        """Everything that is kept of a person, JSON-ready."""
        with self.connections.reading() as connection:
            known = _person(connection, person)
            rows = connection.execute(
                select(tables.identity.c.issuer, tables.identity.c.subject).where(tables.identity.c.person == person)
            )
            signs_in = [{"issuer": issuer, "subject": subject} for issuer, subject in rows]
        if known is None:
            return {}

        inside = self.shelves.all_models(person)

        def listed(kept: dict[str, datetime]) -> list[dict[str, str]]:
            return [{"id": model, "at": at.isoformat()} for model, at in kept.items()]

        return {
            "name": known.name,
            "hub_name": known.hub_name,
            "keeps_views": known.keeps_views,
            "created_at": known.created_at.isoformat(),
            "signs_in_as": signs_in,
            "likes": listed(self.marked(person, "like")),
            "dismissals": listed(self.marked(person, "dismissal")),
            "views": listed(self.viewed(person)),
            "collections": [
                {
                    "id": each.id,
                    "name": each.name,
                    "created_at": each.created_at.isoformat(),
                    "models": listed(inside.get(each.id, {})),
                }
                for each in self.shelves.collections(person)
            ],
            "searches": [
                {"id": each.id, "name": each.name, "query": each.query, "created_at": each.created_at.isoformat()}
                for each in self.shelves.searches(person)
            ],
        }

    def forget(self, person: str) -> None:
        """Delete everything about a person, and who they are."""
        with self.connections.writing() as connection:
            connection.execute(delete(tables.person).where(tables.person.c.id == person))


def _person(connection: Connection, id: str) -> Person | None:
    table = tables.person
    row = connection.execute(select(table).where(table.c.id == id)).one_or_none()
    return None if row is None else Person(row.id, row.name, row.hub_name, row.keeps_views, moment(row.created_at))


def _known(connection: Connection, issuer: str, subject: str) -> Person | None:
    table = tables.identity
    query = select(table.c.person).where(table.c.issuer == issuer, table.c.subject == subject)
    id = connection.execute(query).scalar_one_or_none()
    return _person(connection, id) if id else None


def _upsert(connection: Connection, table: Table, values: dict[str, Any], *changed: str) -> Any:
    """Insert a row, or set what is `changed` of the one with its key; without any, leave that as it is."""
    made: Any = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table).values(**values)
    key = [column.name for column in table.primary_key]
    if not changed:
        return made.on_conflict_do_nothing(index_elements=key)
    return made.on_conflict_do_update(index_elements=key, set_={name: values[name] for name in changed})
