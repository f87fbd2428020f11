"""What Neo4j Browser is given to show the graph well: a guide, a style and saved statements, made from `cypher/`.

Browser itself is not part of HFMRS. It takes texts alone, so that statements get their parameters' defaults written in:
after `:param` lines before a statement it would show neither a graph nor a table.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import jinja2

from graph.statements import ROOT, Param, Statement, replaced, statement, statements
from graph.topics import TOPICS
from web.picture import colours

FOLDER = ROOT / "browser"

#: Zip files hold a date; the same statements give the same file.
_DATE = (2020, 1, 1, 0, 0, 0)


def files(address: str) -> dict[str, bytes]:
    """Every file by its name; `address` is where they are served, such as `http://localhost:8001`."""
    return {
        "guide.html": _render("guide.html", address=address).encode(),
        "style.grass": _render("style.grass").encode(),
        "favourites.zip": _zip(),
    }


def inlined(each: Statement) -> str:
    """A statement that runs as it is: its parameters' defaults as literals of Cypher, to be edited in place."""
    literals = {param.name: _literal(param) for param in each.params}
    return replaced(each.text, literals)


def _literal(param: Param) -> str:
    value = param.default
    return f"datetime({_quoted(value)})" if param.type == "datetime" else _written(value)


def _written(value: Any) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    return json.dumps(value)


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _render(name: str, **values: Any) -> str:
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=name.endswith(".html"),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    text = env.get_template(name).render(
        colour=colours(), statement=statement, inlined=lambda name: inlined(statement(name)), **values
    )
    return text.lstrip()


def favourites() -> Iterator[tuple[str, str]]:
    """The path in the archive and the text of every saved statement; Browser takes the first comment as its name."""
    for each in statements("browser"):
        yield _favourite("Graphs", each)
    for kind, names in TOPICS.items():
        for name in names:
            yield _favourite(kind, statement(f"analysis/{name}"))


def _favourite(folder: str, each: Statement) -> tuple[str, str]:
    return f"{folder}/{each.name.rpartition('/')[2]}.cypher", f"// {each.summary}\n{inlined(each)}\n"


def _zip() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in favourites():
            archive.writestr(zipfile.ZipInfo(path, _DATE), text, zipfile.ZIP_DEFLATED)
    return held.getvalue()
