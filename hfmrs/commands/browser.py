"""browser: a way in for Neo4j Browser."""

from __future__ import annotations

from pathlib import Path

import click

from hfmrs.session import Session, pass_session


@click.command()
@click.option(
    "--jar",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Serve Neo4j Browser itself as well, from its jar.",
)
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="0 for any free one.")
@click.option("--open", "open_browser", is_flag=True, help="With --jar: open it.")
@pass_session
def browser(session: Session, jar: Path | None, port: int, open_browser: bool) -> None:
    """Show the graph in Neo4j Browser: a guide, colours and saved statements for it, until Ctrl-C.

    Browser is not part of HFMRS. Use that of a Neo4j server or Neo4j Desktop, or give its jar, which lies in the folder
    lib of any Neo4j 5. Prints where to connect and as whom, with the read-only password of the embedded database.

    \b
    Example:
      hfmrs browser
      hfmrs browser --jar neo4j-browser-5.24.0.jar --open
    """
    import webbrowser

    from hfmrs.browsing import BrowserServer, connection, link
    from hfmrs.serving import free_port

    if open_browser and not jar:
        raise click.UsageError("There is no Browser to open: give its jar with --jar.")
    connect = connection(session.settings)
    chosen = free_port("127.0.0.1", port)
    if port not in (0, chosen):
        click.echo(f"Port {port} is taken; using {chosen}.", err=True)
    with BrowserServer(chosen, jar) as server:
        there = link(connect, f"{server.address}/guide.html")
        facts = {
            "Open": f"{server.address}{there}"
            if jar
            else f"behind the address of your Neo4j Browser, such as http://localhost:7474: {there}",
            "Connect to": connect["address"],
            "User": connect["user"],
            "Password": connect["password"] or "the one you gave that user",
            "Guide": f":guide {server.address}/guide.html",
            "Colours": f":style {server.address}/style.grass",
            "Statements": f"{server.address}/favourites.zip (drop the file anywhere in Browser)",
        }
        for name, value in facts.items():
            click.echo(f"{name:<11}{value}")
        click.echo("Stop with Ctrl-C.")
        if open_browser:
            webbrowser.open(facts["Open"])
        server.serve_forever()
