"""Pages kept as they were made, until a run or a load changes them: but for the nonce, and the site's own address
where they name it, they are the same for everybody, as what is somebody's own (`web.you`) is put into them by requests
of its own."""

from __future__ import annotations

import zlib
from urllib.parse import quote

from flask import Blueprint, Response, g, request
from markupsafe import escape

from graph.errors import HfmrsError
from web.account import looked_at_who_asks
from web.kept import Page
from web.security import PARTS, nonce
from web.service import service

#: What stands in a page for the address under which somebody reached this site: no name can hold it (`text.visible`).
SITE = "\ue000site\ue000"
#: Smaller ones are made as quickly, and a few larger ones would fill the memory.
_BYTES = range(4_000, 500_000)


def register(blueprint: Blueprint) -> None:
    """Keep the pages of `blueprint`, none of which may depend on who asks."""
    blueprint.before_request(_kept)
    blueprint.after_request(_keep)


def there() -> Page | None:
    """The page that was made before for this address, looked for once in a request."""
    if "page" not in g:
        g.page = _found()
    return g.page  # type: ignore[no-any-return]


def _found() -> Page | None:
    if request.method != "GET":
        return None
    asked = quote(request.path) + "?" + request.query_string.decode("latin-1")
    key = "\n".join((asked, *(request.headers.get(each, "") for each in PARTS)))
    try:
        page, g.as_of = service().page(key)
    except HfmrsError:  # the view says it with its own words
        return None
    if page is None:
        g.page_key = key
    return page


def _kept() -> Response | None:
    page = there()
    if page is None:
        return None
    body = zlib.decompress(page.packed)
    if page.nonce:
        body = body.replace(page.nonce.encode(), nonce(page.styles).encode())
    return Response(body, content_type=page.content_type)


def _of_here(body: bytes) -> bytes:
    """A page with the address under which it was asked for, where it names the site."""
    return body.replace(SITE.encode(), str(escape(request.host_url.rstrip("/"))).encode())


def _keep(response: Response) -> Response:
    key = g.pop("page_key", None)
    if response.direct_passthrough:
        return response
    body = response.get_data()
    response.set_data(_of_here(body))
    if key and response.status_code == 200 and len(body) in _BYTES and not looked_at_who_asks():
        page = Page(zlib.compress(body), response.content_type, g.get("nonce", ""), g.get("styles", False))
        service().keep_page(key, g.as_of, page)
    return response
