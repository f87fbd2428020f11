"""What people keep for themselves: collections of models and saved searches."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update

from graph.errors import BadInput, NotFound
from web.store import tables
from web.store.connection import Connections
from web.store.values import moment, new_id, now

#: How many of each a person may keep.
COLLECTIONS, MODELS, SEARCHES = 100, 500, 200


class Collection(NamedTuple):
    """`size`: how many models lie in it."""

    id: str
    name: str
    created_at: datetime
    size: int


class SavedSearch(NamedTuple):
    """`query`: what stands behind the `?` of the search page's address."""

    id: str
    name: str
    query: str
    created_at: datetime


class Shelves:
    """Collections and saved searches, each of one person: for anybody else there is no such thing (`NotFound`)."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def collections(self, person: str) -> list[Collection]:
        """All, by name."""
        table, inside = tables.collection, tables.collected
        query = (
            select(table.c.id, table.c.name, table.c.created_at, func.count(inside.c.model))
            .outerjoin(inside, inside.c.collection == table.c.id)
            .where(table.c.person == person)
            .group_by(table.c.id, table.c.name, table.c.created_at)
        )
        with self._connections.reading() as connection:
            found = [Collection(id, name, moment(at), size) for id, name, at, size in connection.execute(query)]
        return sorted(found, key=lambda each: (each.name.casefold(), each.id))

    def collection(self, person: str, id: str) -> Collection:
        """One of them."""
        found = next((each for each in self.collections(person) if each.id == id), None)
        if found is None:
            raise _no_collection()
        return found

    def models(self, person: str, id: str) -> dict[str, datetime]:
        """What lies in a collection, the latest first, with when it was put there."""
        with self._connections.reading() as connection:
            _owned(connection, person, id)
            table = tables.collected
            query = select(table.c.model, table.c.at).where(table.c.collection == id)
            rows = connection.execute(query.order_by(table.c.at.desc(), table.c.model))
            return {model: moment(at) for model, at in rows}

    def all_models(self, person: str) -> dict[str, dict[str, datetime]]:
        """What lies in each collection, by its id, as `models` gives it."""
        table, owned = tables.collected, tables.collection
        query = (
            select(table.c.collection, table.c.model, table.c.at)
            .join(owned, owned.c.id == table.c.collection)
            .where(owned.c.person == person)
            .order_by(table.c.at.desc(), table.c.model)
        )
        found: dict[str, dict[str, datetime]] = {}
        with self._connections.reading() as connection:
            for id, model, at in connection.execute(query):
                found.setdefault(id, {})[model] = moment(at)
        return found

    def make(self, person: str, name: str) -> Collection:
        """A new, empty collection. Raises `BadInput` where there are too many."""
        made = Collection(new_id(), name, now(), 0)
        table = tables.collection
        with self._connections.writing() as connection:
            there = connection.execute(select(func.count()).where(table.c.person == person)).scalar_one()
            _room(there, COLLECTIONS, "collections")
            values = {"id": made.id, "person": person, "name": name, "created_at": made.created_at}
            connection.execute(insert(table).values(**values))
        return made

    def rename(self, person: str, id: str, name: str) -> None:
        with self._connections.writing() as connection:
            _owned(connection, person, id)
            connection.execute(update(tables.collection).where(tables.collection.c.id == id).values(name=name))

    def remove(self, person: str, id: str) -> None:
        """Delete a collection; the models in it stay what they are."""
        with self._connections.writing() as connection:
            _owned(connection, person, id)
            connection.execute(delete(tables.collection).where(tables.collection.c.id == id))

    def put(self, person: str, id: str, model: str) -> None:
        """Put a model into a collection. Raises `BadInput` where it is full."""
        table = tables.collected
        with self._connections.writing() as connection:
            _owned(connection, person, id, lock=True)
            inside = set(connection.execute(select(table.c.model).where(table.c.collection == id)).scalars())
            if model not in inside:
                _room(len(inside), MODELS, "models in it")
                connection.execute(insert(table).values(collection=id, model=model, at=now()))

    def take(self, person: str, id: str, model: str) -> None:
        """Take a model out of a collection."""
        table = tables.collected
        with self._connections.writing() as connection:
            _owned(connection, person, id)
            connection.execute(delete(table).where(table.c.collection == id, table.c.model == model))

    def searches(self, person: str) -> list[SavedSearch]:
        """All, the latest first."""
        table = tables.saved_search
        query = select(table.c.id, table.c.name, table.c.query, table.c.created_at).where(table.c.person == person)
        with self._connections.reading() as connection:
            rows = connection.execute(query.order_by(table.c.created_at.desc(), table.c.id))
            return [SavedSearch(id, name, query, moment(at)) for id, name, query, at in rows]

    def save(self, person: str, name: str, query: str) -> SavedSearch:
        """Keep a search. Raises `BadInput` where there are too many."""
        made = SavedSearch(new_id(), name, query, now())
        table = tables.saved_search
        with self._connections.writing() as connection:
            there = connection.execute(select(func.count()).where(table.c.person == person)).scalar_one()
            _room(there, SEARCHES, "saved searches")
            values = {"id": made.id, "person": person, "name": name, "query": query, "created_at": made.created_at}
            connection.execute(insert(table).values(**values))
        return made

    def drop(self, person: str, id: str) -> None:
        """Delete a saved search."""
        table = tables.saved_search
        with self._connections.writing() as connection:
            gone = connection.execute(delete(table).where(table.c.id == id, table.c.person == person))
        if not gone.rowcount:
            raise NotFound("You have no such search.", "Yours are listed under /you/collections.")


def _owned(connection: Connection, person: str, id: str, lock: bool = False) -> None:
    table = tables.collection
    query = select(table.c.id).where(table.c.id == id, table.c.person == person)
    if connection.execute(query.with_for_update() if lock else query).one_or_none() is None:
        raise _no_collection()


def _no_collection() -> NotFound:
    return NotFound("You have no such collection.", "Yours are listed under /you/collections.")


def _room(there: int, most: int, what: str) -> None:
    if there >= most:
        raise BadInput(f"There are {there:,} {what} already.", "Take some away first.")
