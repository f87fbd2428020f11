"""The tables of the private store."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Index, Integer, MetaData, String, Table

metadata = MetaData()

#: Ids of people, collections and searches are random, so that none can be guessed from another.
_ID = String(32)


def _of_person(primary: bool = False) -> Column[str]:
    return Column(
        "person", _ID, ForeignKey("person.id", ondelete="CASCADE"), primary_key=primary, nullable=False, index=True
    )


version = Table("schema_version", metadata, Column("number", Integer, nullable=False))

person = Table(
    "person",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("hub_name", String(200)),
    Column("keeps_views", Boolean, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)

#: Who signs in as a person: the subject of a provider's ids, or the one person of a local page.
identity = Table(
    "identity",
    metadata,
    Column("issuer", String(400), primary_key=True),
    Column("subject", String(400), primary_key=True),
    _of_person(),
)

#: A model liked or dismissed: one of the two.
mark = Table(
    "mark",
    metadata,
    _of_person(primary=True),
    Column("model", String(400), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)

view = Table(
    "view",
    metadata,
    _of_person(primary=True),
    Column("model", String(400), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
)

collection = Table(
    "collection",
    metadata,
    Column("id", _ID, primary_key=True),
    _of_person(),
    Column("name", String(200), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)

collected = Table(
    "collected",
    metadata,
    Column("collection", _ID, ForeignKey("collection.id", ondelete="CASCADE"), primary_key=True),
    Column("model", String(400), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
)

#: `query`: what stands behind the `?` of the search page's address.
saved_search = Table(
    "saved_search",
    metadata,
    Column("id", _ID, primary_key=True),
    _of_person(),
    Column("name", String(200), nullable=False),
    Column("query", String(2000), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)

#: `digest`: the SHA-256 of a service's key, in hexadecimal.
service_key = Table(
    "service_key",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
)

Index("latest_marks", mark.c.person, mark.c.kind, mark.c.at)
