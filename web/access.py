"""Who may ask the API, from which other sites' pages, and how often anybody may ask for anything."""

from __future__ import annotations

import hashlib
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from apiflask import APIFlask
from flask import Response, g, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from graph.errors import BadInput
from web import api, around, around_api, atlas, console, keeping, kinds, me, signin, you
from web.account import WrongKey, people
from web.kept import program
from web.service import service
from web.settings import WebSettings

#: What another site's page may send and read.
_ASKED = "Accept, Accept-Language, If-None-Match"
_TOLD = "ETag, Link, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset"
#: Seconds for which a browser may remember that it is allowed.
_REMEMBERED = "3600"
_METHODS = "GET, HEAD, OPTIONS"
#: What takes little and is asked for often: parts of the map, which lie in the home as they are sent, what is typed,
#: and badges, which a few other sites ask for on behalf of all their visitors.
_LIGHT = ("map.points", "map.names", "pages.suggestions", "pages.robots", "around.badge")
#: How the limiter says how often one may ask.
_COUNTERS = ("Retry-After", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
#: What comes with a body.
_SENDING = ("POST", "PATCH")


def key_name() -> str | None:
    """The service whose key this request carries. Raises `WrongKey` for one that is nobody's, and for what is none."""
    if "key_name" not in g:
        given = request.headers.get("Authorization")
        scheme, _, key = (given or "").partition(" ")
        name = people().store.keys.name_of(key.strip()) if scheme.lower() == "bearer" and key.strip() else None
        if given is not None and name is None:
            raise WrongKey("There is no such key.", "Send Authorization: Bearer KEY, or no key at all.")
        g.key_name = name
    found: str | None = g.key_name
    return found


def _caller() -> str:
    """Whose requests are counted together: a service's, or those from one address or, of IPv6, from the network of 64
    bits that a subscriber has whole."""
    try:
        name = key_name()
    except WrongKey:
        name = None
    return f"key {name}" if name else _subscriber()


def _subscriber() -> str:
    """The address that asks, or of IPv6 its network."""
    address, found = get_remote_address(), _address()
    return str(ip_network(f"{address}/64", strict=False)) if isinstance(found, IPv6Address) else address


def _address() -> IPv4Address | IPv6Address | None:
    """The address that asks; None for a socket's, or for what a proxy made up."""
    try:
        found = ip_address(request.remote_addr or "")
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


def _from_here() -> bool:
    """Whether this computer asks: somebody before it, a benchmark, or the process that makes pages ahead."""
    found = _address()
    return found is not None and found.is_loopback


def register(app: APIFlask, settings: WebSettings) -> None:
    """The checks of every request to the API, in their order; before the blueprints are registered."""

    def limit() -> str:
        return settings.key_rate_limit if _caller().startswith("key ") else settings.rate_limit

    pages = (kinds.pages, around.around, atlas.atlas)

    @app.after_request  # the last: before the limiter's own
    def uncounted(response: Response) -> Response:
        """Pages are for everybody's caches, and say nothing of who asked for them."""
        if response.status_code != 429 and request.blueprint in {each.name for each in pages}:
            for each in _COUNTERS:
                response.headers.pop(each, None)
        return response

    limiter = Limiter(_caller, app=app, storage_uri="memory://")
    if settings.rate_limit:
        for part in (
            api.api,
            around_api.around_api,
            atlas.atlas_api,
            console.console,
            you.you,
            me.me_api,
            signin.signin,
        ):
            limiter.limit(limit)(part)
    if settings.page_rate_limit:
        made = limiter.shared_limit(
            settings.page_rate_limit,
            "pages",
            key_func=_subscriber,
            exempt_when=lambda: _from_here() or request.endpoint in _LIGHT or keeping.there() is not None,
        )
        for blueprint in pages:
            made(blueprint)

    @app.before_request
    def read_whole() -> None:
        """Refuse a body that says it is JSON and cannot be read, be it for a number of ten thousand digits."""
        if request.method in _SENDING and request.path.startswith("/api/v1/") and request.is_json:
            try:
                request.get_json(silent=not request.get_data())
            except RecursionError:
                problem = "The request has more brackets in brackets than can be read."
                raise BadInput(problem, "Send what is inside by itself.") from None

    @app.before_request
    def answer_early() -> Response | None:
        if not request.path.startswith("/api/v1/") or _private():
            return None
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            return Response(status=204)
        key_name()
        if _tagged() and request.if_none_match.contains_weak(_tag()) and not request.if_none_match.star_tag:
            return Response(status=304)
        return None

    @app.after_request
    def tell(response: Response) -> Response:
        if request.path.startswith("/api/v1/") and not _private():
            _allow(response, settings.cors_origins)
            if _tagged() and response.status_code in (200, 304):
                response.set_etag(_tag(), weak=True)
                response.headers["Cache-Control"] = "no-cache"
        return response


def _private() -> bool:
    return request.path == "/api/v1/me" or request.path.startswith("/api/v1/me/")


def _tagged() -> bool:
    """Whether the answer is settled by the address and by what the graph holds."""
    return (
        request.method in ("GET", "HEAD")
        and request.blueprint in ("api", "around_api")
        and request.endpoint != "api.health"
    )


def _tag() -> str:
    """One tag for every state of the graph, address and version of the program: it needs no answer to be made."""
    if "tag" not in g:
        whole = f"{program()} {service().state()} {request.full_path} {request.url_root}"
        g.tag = hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()[:24]
    return str(g.tag)


def _allow(response: Response, origins: tuple[str, ...]) -> None:
    """Let pages of these origins read the answer, without cookies; only what asks and changes nothing."""
    if not origins:
        return
    everybody = "*" in origins
    if not everybody:
        response.vary.add("Origin")
    origin = request.headers.get("Origin")
    if not origin or not (everybody or origin in origins):
        return
    wanted = request.headers.get("Access-Control-Request-Method", request.method)
    if wanted not in _METHODS.split(", "):
        return
    response.headers["Access-Control-Allow-Origin"] = "*" if everybody else origin
    response.headers["Access-Control-Expose-Headers"] = _TOLD
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = _METHODS
        response.headers["Access-Control-Allow-Headers"] = _ASKED
        response.headers["Access-Control-Max-Age"] = _REMEMBERED
