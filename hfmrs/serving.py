"""Serving the page: which port, and what the web application is told."""

from __future__ import annotations

import errno
import ipaddress
import socket
import sys

from graph.errors import BadInput
from hfmrs.settings import Settings, variable

#: How many ports after a taken one are tried.
TRIES = 20


def free_port(host: str, port: int) -> int:
    """`port`, or the next free one after it; any free one for 0. Raises `BadInput` where none can be had on `host`."""
    for candidate in range(port, min(port + TRIES, 65536)):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, candidate))
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    continue
                raise BadInput(
                    f"Cannot listen on {host}:{candidate}: {error.strerror or error}.",
                    "Choose another --host or --port.",
                ) from None
            return int(probe.getsockname()[1])
    raise BadInput(f"Ports {port} to {port + TRIES - 1} of {host} are all taken.", "Choose another: --port 9000")


def people(settings: Settings, host: str) -> str:
    """Whom the page keeps something for: `sign-in`, `local` or `none`. Raises `BadInput` for settings that do not
    fit."""
    if settings.people == "sign-in" and not settings.oidc_client_id:
        raise BadInput(
            f"{variable('people')} is sign-in, and {variable('oidc_client_id')} is empty.",
            "See docs/you.md for what to set.",
        )
    if settings.people or settings.oidc_client_id:
        return settings.people or "sign-in"
    return "local" if _loopback(host) else "none"


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def serve(settings: Settings, *, host: str | None = None, port: int | None = None, open_browser: bool = False) -> None:
    """Serves until it is stopped; `host` and `port` win over the settings.

    Raises `NotBuilt` where there is no graph.
    """
    settings.need_graph()
    from web import Oidc, WebSettings
    from web.server import serve as run_server

    address = host or settings.host
    wanted = settings.port if port is None else port
    chosen = free_port(address, wanted)
    if wanted not in (0, chosen):
        print(f"Port {wanted} is taken; using {chosen}.", file=sys.stderr)
    web = WebSettings(
        home=settings.home,
        uri=settings.db or None,
        user=settings.db_user,
        password=settings.db_password.get_secret_value(),
        database=settings.db_name or None,
        reader=settings.reader,
        heap=settings.heap,
        analysts_heap=settings.analysts_heap,
        query_seconds=settings.query_seconds,
        query_rows=settings.query_rows,
        rate_limit="" if settings.rate_limit == "none" else settings.rate_limit,
        key_rate_limit=settings.key_rate_limit,
        page_rate_limit="" if settings.page_rate_limit == "none" else settings.page_rate_limit,
        cors_origins=tuple(each.strip() for each in settings.cors_origins.split(",") if each.strip()),
        proxies=settings.proxies,
        pages_ahead=settings.pages_ahead,
        people=people(settings, address),
        store=settings.store.get_secret_value(),
        secret_key=settings.secret_key.get_secret_value(),
        oidc=Oidc(
            settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret.get_secret_value() or None
        ),
    )
    run_server(web, address, chosen, settings.workers, open_browser)
