"""A model's page from a server that has just started: every page once, then some again, timed."""

from __future__ import annotations

import json
import time
import urllib.request
from pathlib import Path

import click

from benchmarks.build import CSV
from benchmarks.common import built_home, quantiles, run, shared
from benchmarks.server import serving

#: The most used, for which recommendations are stored; and some of all, answered on demand.
MOST_USED = "MATCH (m:Model) WHERE m.downloads > 0 RETURN m.id AS id ORDER BY m.downloads DESC LIMIT 500"
OF_ALL = "MATCH (m:Model) WHERE m.deletedAt IS NULL RETURN m.id AS id ORDER BY reverse(m.id) LIMIT 500"
#: A client may ask the API 120 times a minute.
OTHERS = "MATCH (m:Model) WHERE m.deletedAt IS NULL RETURN m.id AS id ORDER BY reverse(m.id) DESC LIMIT 100"
#: So many pages are looked at again; the server keeps 500 answers, of which a page needs several.
AGAIN = 50
#: Methods that need no run.
SIMILAR = ("cosine", "jaccard")


@click.command("page")
@click.option("--home", type=click.Path(exists=True, file_okay=False, path_type=Path), help="A home that is built.")
def main(home: Path | None) -> None:
    """The pages of two times 500 models, by a server on the same machine."""
    if home is not None:
        with serving(home, "serve") as address:
            _measure(home, address)
        return
    file = shared(CSV)
    with built_home() as made:
        if file is None:
            with serving(made, "demo", "--no-open"):
                pass
        else:
            run(made, "load", str(file))
            run(made, "build")
        with serving(made, "serve") as address:
            _measure(made, address)


def _measure(home: Path, address: str) -> None:
    with urllib.request.urlopen(f"{address}/api/v1/methods", timeout=60) as answer:
        methods = [each["method"] for each in json.load(answer)["methods"] if each["run"] or each["method"] in SIMILAR]
    for name, statement in (("most used", MOST_USED), ("of all", OF_ALL)):
        ids = _ids(home, statement)
        for method in methods:
            times = [_seconds(f"{address}/model/{id_}?method={method}") for id_ in ids]
            print(f"page of a model, {name}, {method}, first visit ({len(times)}): {quantiles(times)}", flush=True)
        times = [_seconds(f"{address}/model/{id_}?method={method}") for id_ in ids[-AGAIN:]]
        print(f"page of a model, {name}, {method}, again ({len(times)}): {quantiles(times)}", flush=True)
    times = [_seconds(f"{address}/api/v1/models/{id_}") for id_ in _ids(home, OTHERS)]
    print(f"facts of a model from the API ({len(times)}): {quantiles(times)}", flush=True)


def _ids(home: Path, statement: str) -> list[str]:
    return [row["id"] for row in json.loads(run(home, "query", statement, "--format", "json")[1])]


def _seconds(address: str) -> float:
    begun = time.perf_counter()
    with urllib.request.urlopen(address, timeout=60) as answer:
        answer.read()
    return time.perf_counter() - begun
