"""Serving the page: which port, and what the web application is told."""

from __future__ import annotations

import errno
import socket
import sys

from graph.errors import BadInput
from hfmrs.settings import Settings

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


def serve(settings: Settings, *, host: str | None = None, port: int | None = None, open_browser: bool = False) -> None:
    """Serves until it is stopped; `host` and `port` win over the settings."""
    from web import WebSettings
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
    )
    run_server(web, address, chosen, settings.workers, open_browser)
