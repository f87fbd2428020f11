"""The driver of both engines, without what it imports for others: it takes pandas and pyarrow wherever they are
installed, 65 MB and half a second, for conversions that nothing here asks for."""

import sys

_unused = [name for name in ("pandas", "pyarrow") if name not in sys.modules]
sys.modules.update(dict.fromkeys(_unused))  # type: ignore[arg-type]  # None: importing it fails
try:
    from neo4j import READ_ACCESS, Driver, GraphDatabase, ManagedTransaction, Query, Session
    from neo4j.exceptions import (
        AuthError,
        ClientError,
        ConfigurationError,
        CypherSyntaxError,
        DatabaseError,
        DriverError,
        Neo4jError,
        ServiceUnavailable,
        SessionExpired,
    )
    from neo4j.graph import Node, Path, Relationship
    from neo4j.spatial import Point
    from neo4j.time import Date, DateTime, Duration, Time
finally:
    for _name in _unused:
        del sys.modules[_name]

__all__ = [
    "READ_ACCESS",
    "AuthError",
    "ClientError",
    "ConfigurationError",
    "CypherSyntaxError",
    "DatabaseError",
    "Date",
    "DateTime",
    "Driver",
    "DriverError",
    "Duration",
    "GraphDatabase",
    "ManagedTransaction",
    "Neo4jError",
    "Node",
    "Path",
    "Point",
    "Query",
    "Relationship",
    "ServiceUnavailable",
    "Session",
    "SessionExpired",
    "Time",
]
