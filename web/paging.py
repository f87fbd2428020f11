"""Pages of lists, in one way: `page` and `limit` in the address, `next` and `prev` in the body and in `Link`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from apiflask import Schema
from apiflask.fields import Integer
from apiflask.validators import Range
from flask import Response, request

LAST = 500


class PageQuery(Schema):
    """Which part of a list."""

    page = Integer(load_default=1, validate=Range(1, LAST), metadata={"description": "Which page"})
    limit = Integer(load_default=100, validate=Range(1, 1000), metadata={"description": "How many on a page"})


def around(page: int, more: bool) -> dict[str, str | None]:
    """The addresses of the next and of the previous page, for a body; None where there is none."""

    def address(number: int) -> str:
        given = [(key, value) for key, value in request.args.items(multi=True) if key != "page"]
        return f"{request.base_url}?{urlencode([*given, ('page', number)])}"

    return {
        "next": address(page + 1) if more and page < LAST else None,
        "prev": address(page - 1) if page > 1 else None,
    }


def linked(response: Response, links: dict[str, str | None]) -> Response:
    """The response with these addresses in its `Link` header."""
    said = [f'<{address}>; rel="{name}"' for name, address in links.items() if address]
    if said:
        response.headers["Link"] = ", ".join(said)
    return response


def paged(
    query: dict[str, Any], name: str, rows: Sequence[Any], answer: Callable[[dict[str, Any]], Response]
) -> Response:
    """One page of a whole list, under `name`, with its `total`."""
    begin = (query["page"] - 1) * query["limit"]
    part = rows[begin : begin + query["limit"]]
    links = around(query["page"], begin + len(part) < len(rows) and bool(part))
    return linked(answer({name: list(part), "total": len(rows), **links}), links)
