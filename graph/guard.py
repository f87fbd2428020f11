"""Refuses statements that are not plainly read-only.

Neo4j Community has no read-only users, so on it this list and the server's own EXPLAIN are what holds; on the other
engines they stand in front of a read-only user and give the better message.
"""

from __future__ import annotations

import re

from graph.errors import BadInput, Refused

#: How many rows of a typed statement come, and how many seconds it may take, where nobody says otherwise.
ROWS = 1000
SECONDS = 10.0

#: Before a statement that reads: how it would be run, and how it was.
PLANS = ("EXPLAIN", "PROFILE")

FIRST = ("MATCH", "OPTIONAL", "WITH", "UNWIND", "RETURN", "CALL")

#: Clauses that may stand inside a statement; what only begins one is kept out by `FIRST`.
WRITES = (
    "CREATE",
    "MERGE",
    "SET",
    "DELETE",
    "DETACH",
    "NODETACH",
    "REMOVE",
    "INSERT",
    "FOREACH",
    "LOAD",
    "DROP",
    "USE",
)

PROCEDURES = (
    "db.index.fulltext.queryNodes",
    "db.index.vector.queryNodes",
    "db.labels",
    "db.propertyKeys",
    "db.relationshipTypes",
    "db.schema.nodeTypeProperties",
    "db.schema.relTypeProperties",
    "db.schema.visualization",
)
_PROCEDURES = {name.lower() for name in PROCEDURES}

NAMESPACES = ("point", "vector", "date", "time", "datetime", "localtime", "localdatetime", "duration")

#: What a keyword may not be looked for in, and ends only where the engines say it ends.
OPAQUE = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`]|``)*`|/\*.*?\*/|//[^\n]*""", re.DOTALL)

_PLAN = re.compile(rf"(?:\s|/\*.*?\*/|//[^\n]*)*({'|'.join(PLANS)})\b", re.DOTALL | re.IGNORECASE)

_HINT = "Begin with MATCH, WITH, UNWIND, CALL or RETURN, and use no clause that writes."


def check(cypher: str) -> str:
    """The statement without a last `;`. Raises `Refused` where it might do more than read, `BadInput` where empty."""
    text = cypher.strip().removesuffix(";").rstrip()
    if re.search(r"\\u", text, re.IGNORECASE):
        raise Refused(
            "Escapes such as \\u0041 are not allowed in a statement.", "Type the character, or use a $parameter."
        )
    bare = OPAQUE.sub(_mask, text)
    if open_ := re.search(r"""['"`]|/\*""", bare.replace("''", "")):
        raise BadInput(f"The statement ends inside a text, name or comment that begins with {open_[0]}.", "Close it.")
    words = re.findall(r"\w+", bare)
    if not words:
        raise BadInput("There is no statement.", "For example: MATCH (m:Model) RETURN m.id LIMIT 10")
    if ";" in bare:
        raise Refused("Only one statement at a time is allowed.", "Remove what follows the first `;`.")
    if words[0].upper() in PLANS:
        words = words[1:] or [""]
    if words[0].upper() not in FIRST:
        raise Refused(f"A statement may not begin with {words[0].upper()}; only reading is allowed here.", _HINT)
    # A word after a dot, a colon or a dollar sign, or before a colon, is a name and no clause.
    for match in re.finditer(r"(?<![\w.:$])(\w+)(?!\w|\s*:)", bare):
        if match[1].upper() in WRITES:
            raise Refused(f"{match[1].upper()} is not allowed; only reading is.", _HINT)
    for match in re.finditer(r"\bCALL\b\s*([\w.\s]*?)\s*([({]|\bYIELD\b|$)", bare, re.IGNORECASE):
        name = re.sub(r"\s", "", match[1])
        if name and name.lower() not in _PROCEDURES:
            raise Refused(f"The procedure {name} is not allowed.", f"Allowed are: {', '.join(PROCEDURES)}.")
    for match in re.finditer(r"(?<![\w.])(\w+)((?:\s*\.\s*\w+)+)\s*\(", bare):
        name = re.sub(r"\s", "", match[1] + match[2])
        if match[1].lower() not in NAMESPACES and name.lower() not in _PROCEDURES:
            raise Refused(f"The function {name} is not allowed.", "Use the functions of Cypher itself.")
    return text


def plans(cypher: str) -> str:
    """EXPLAIN or PROFILE where a statement asks for its plan instead of its rows, else nothing."""
    found = _PLAN.match(cypher)
    return found[1].upper() if found else ""


def unplanned(cypher: str) -> str:
    """A statement without EXPLAIN or PROFILE, everything else in its place."""
    found = _PLAN.match(cypher)
    return cypher[: found.start(1)] + " " * len(found[1]) + cypher[found.end(1) :] if found else cypher


def _mask(match: re.Match[str]) -> str:
    """Texts become an empty text, quoted names a name that is no clause and no procedure, comments a space."""
    start = match[0][0]
    return "_" if start == "`" else " " if start == "/" else "''"
