"""serve: the web page and the API."""

from __future__ import annotations

import click

from hfmrs.session import Session, pass_session


@click.command()
@click.option("--host", help="Address to listen on (HFMRS_HOST).")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on, 0 for any free one (HFMRS_PORT).")
@click.option("--open", "open_browser", is_flag=True, help="Open the browser.")
@pass_session
def serve(session: Session, host: str | None, port: int | None, open_browser: bool) -> None:
    """Serve the page and the API until Ctrl-C.

    Where the port is taken the next free one is used, and said.

    \b
    Example:
      hfmrs serve
      hfmrs serve --host 0.0.0.0 --port 80
    """
    from hfmrs.serving import serve as serve_pages

    serve_pages(session.settings, host=host, port=port, open_browser=open_browser)
