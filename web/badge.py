"""A small picture for other people's pages: how many models are known to be similar to one."""

from __future__ import annotations

import re
from urllib.parse import quote

from flask import Response, render_template, request

from graph import similarity
from graph.errors import NotBuilt, NotFound
from graph.filters import Filters
from web.keeping import SITE
from web.service import service

#: For how long others may keep one.
_SECONDS = 3600
#: Pixels of a letter and beside a text; what XML cannot hold.
_LETTER, _BESIDE = 6.3, 7
_NO_XML = re.compile("[\ufffe\uffff]")
#: More than are stored of any model.
_ALL = 100


def badge_address(model_id: str) -> str:
    """The badge's whole address. Its signs are such that it can stand in Markdown and HTML as it is."""
    return SITE + "/badge/" + quote(model_id, safe="/") + ".svg"


def badge(model_id: str) -> Response:
    """The badge of a model, by its id or an old one; of an unknown one it says so, with status 404."""
    found = service()
    status, text = 200, "models like this"
    try:
        known = found.resolve(model_id)
        count = _similar(known)
        text = f"{count} similar model{'s' * (count != 1)}"
    except NotFound:
        status, text, known = 404, "unknown model", ""
    except NotBuilt:
        pass
    picture = render_template(
        "badge.svg",
        name=_NO_XML.sub("\ufffd", known),
        text=text,
        left=round(len("HFMRS") * _LETTER * 1.15 + 2 * _BESIDE),
        right=round(len(text) * _LETTER + 2 * _BESIDE),
    )
    response = Response(picture, status, content_type="image/svg+xml; charset=utf-8")
    response.headers["Cache-Control"] = f"public, max-age={_SECONDS}"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.add_etag()
    return response if status == 404 else _conditional(response)


def _conditional(response: Response) -> Response:
    response.make_conditional(request)
    return response


def _similar(id: str) -> int:
    """How many models are linked to a model as similar, by text or by facts."""
    answers = [
        service().recommend((id,), method, _ALL, "score", Filters(), reasons="none") for method in similarity.METHODS
    ]
    return len(
        {other for answer in answers for each in answer.recommendations for other in (each.model.id, *each.variants)}
    )
