"""Keys of services: who may ask more often. Only a hash is kept, so that what the store holds opens nothing."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from graph.errors import BadInput, NotFound
from web.store import tables
from web.store.connection import Connections
from web.store.values import moment, now

PREFIX = "hfmrs_"


@dataclass(frozen=True, slots=True)
class ServiceKey:
    name: str
    created_at: datetime


class Keys:
    """The keys of one installation. A key has 256 random bits: one round of SHA-256 suffices."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add(self, name: str) -> str:
        """A new key, told this once. Raises `BadInput` where the name is taken."""
        table, key = tables.service_key, PREFIX + secrets.token_urlsafe(32)
        with self._connections.writing() as connection:
            if connection.execute(select(table.c.name).where(table.c.name == name)).one_or_none():
                raise BadInput(f"There is a key {name!r} already.", f"Take it away first: hfmrs keys remove {name}")
            connection.execute(insert(table).values(name=name, digest=_digest(key), created_at=now()))
        return key

    def all(self) -> list[ServiceKey]:
        """By name."""
        table = tables.service_key
        with self._connections.reading() as connection:
            rows = connection.execute(select(table.c.name, table.c.created_at).order_by(table.c.name))
            return [ServiceKey(name, moment(at)) for name, at in rows]

    def remove(self, name: str) -> None:
        """From here on it opens nothing. Raises `NotFound`."""
        table = tables.service_key
        with self._connections.writing() as connection:
            if not connection.execute(delete(table).where(table.c.name == name)).rowcount:
                raise NotFound(f"There is no key {name!r}.", "See which there are: hfmrs keys list")

    def name_of(self, key: str) -> str | None:
        """Whose key it is, None where it is nobody's."""
        table = tables.service_key
        with self._connections.reading() as connection:
            found: str | None = connection.execute(
                select(table.c.name).where(table.c.digest == _digest(key))
            ).scalar_one_or_none()
        return found


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
