"""How long a person waits for what suits them after a new like."""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from pathlib import Path

import click

from benchmarks.options import table
from web import WebSettings, create_app

#: How many models somebody likes, one after the other, and of how many of the most used they are drawn.
_LIKES, _FROM = 40, 2_000
_SHOWN = (1, 3, 10, 40)
IDS = "MATCH (m:Model) WHERE m.deletedAt IS NULL RETURN m.id AS id ORDER BY m.downloads DESC, m.id"


@click.command("person")
@click.option(
    "--home", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True, help="A home that is built."
)
@click.option("--repeats", type=click.IntRange(1), default=10, help="How often each is asked.")
@click.option("--seed", default=0, help="Another seed, other likes.")
def main(home: Path, repeats: int, seed: int) -> None:
    """A like and the page or the JSON that follows it, by how many models somebody likes. See docs/you.md."""
    with tempfile.TemporaryDirectory() as folder:
        store = f"sqlite:///{folder}/people.sqlite"
        app = create_app(WebSettings(home, rate_limit="", people="local", store=store, secret_key="benchmark"))
        service = app.extensions["hfmrs"]
        service.warm()
        ids = [str(row[0]) for row in service.db.ask(IDS, limit=_FROM, timeout=60.0).rows]
        liked = random.Random(seed).sample(ids, min(len(ids), _LIKES))
        client = app.test_client()
        token = client.get("/api/v1/me").get_json()["csrf_token"]
        rows = []
        for n, model in enumerate(liked, start=1):
            put = client.put(f"/api/v1/me/likes/{model}", headers={"X-CSRFToken": token})
            assert put.status_code == 200, put.text
            if n in _SHOWN:
                for address in ("/api/v1/me/recommendations", "/api/v1/me/new", "/you"):
                    seconds = []
                    for _ in range(repeats):
                        begun = time.perf_counter()
                        client.put(f"/api/v1/me/likes/{model}", headers={"X-CSRFToken": token})
                        assert client.get(address).status_code == 200
                        seconds.append(time.perf_counter() - begun)
                    rows.append((n, address, f"{statistics.median(seconds):.2f}", f"{max(seconds):.2f}"))
        app.extensions["people"].store.connections.close()
        service.close()
    table("A like and what follows it", ("liked", "address", "median s", "longest s"), rows)
