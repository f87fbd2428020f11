"""Neo4j 5 of any edition: Community, Enterprise, Aura, a cluster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graph import bounds, guard
from graph.driver import READ_ACCESS, CypherSyntaxError, Driver, Query
from graph.engine import INDEX_SECONDS, Fetched, Part, fetch, schema
from graph.errors import Refused


class Neo4jEngine:
    """`Engine` over a Neo4j server. `reader`: a driver that logs in as a read-only user, where one is configured."""

    name = "neo4j"

    def __init__(self, driver: Driver, database: str | None, reader: Driver | None) -> None:
        self._driver = driver
        self._database = database
        self._reader = reader

    @property
    def read_only_user(self) -> bool:
        return self._reader is not None

    def prepare(self, parts: Sequence[Part]) -> None:
        with self._driver.session(database=self._database) as session:
            for text in schema(self.name, parts):
                session.run(text).consume()
            session.run("CALL db.awaitIndexes($seconds)", seconds=INDEX_SECONDS).consume()

    def drop_index(self, name: str) -> None:
        with self._driver.session(database=self._database) as session:
            session.run(f"DROP INDEX `{name}` IF EXISTS").consume()

    def fetch(self, cypher: str, params: Mapping[str, Any], rows: int, timeout: float) -> Fetched:
        """The server's planner says first what kind of statement it is, without running it."""
        bounds.check(cypher, params)
        driver, asked = self._reader or self._driver, "EXPLAIN " + guard.unplanned(cypher)
        with driver.session(database=self._database, default_access_mode=READ_ACCESS) as session:
            try:
                kind = session.run(Query(asked, timeout=timeout), dict(params)).consume().query_type
            except CypherSyntaxError:
                kind = "r"  # it fails again below, without a word before it that moves the place of the mistake
        if kind != "r":
            raise Refused("This statement would change the database; only reading is allowed here.")
        return fetch(driver, self._database, cypher, params, rows, timeout)

    def share(self) -> None:
        """What people type reads the graph itself."""

    def close(self) -> None:
        if self._reader:
            self._reader.close()
