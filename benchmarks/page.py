"""A model's page from a warm server: every page once, then all again, timed."""

from __future__ import annotations

import json
import time
import urllib.request
from pathlib import Path

import click

from benchmarks.build import CSV
from benchmarks.common import built_home, quantiles, run, shared
from benchmarks.server import serving

#: The most used, for which recommendations are stored, every fifth of them; and some of all, answered on demand.
MOST_USED = "MATCH (m:Model) WHERE m.downloads > 0 RETURN m.id AS id ORDER BY m.downloads DESC LIMIT 500"
OF_ALL = "MATCH (m:Model) WHERE m.deletedAt IS NULL RETURN m.id AS id ORDER BY reverse(m.id) LIMIT 100"
STEP = 5
#: Methods that need no run.
SIMILAR = ("cosine", "jaccard")
SEARCHES = ("bert german", "stable diffusion lora", "speech recognition for swahili", "llama 3 gguf", "tiny vision")


@click.command("page")
@click.option("--home", type=click.Path(exists=True, file_okay=False, path_type=Path), help="A home that is built.")
def main(home: Path | None) -> None:
    """The pages of a hundred models and some searches, by a server on the same machine."""
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
    for name, statement, step in (("most used", MOST_USED, STEP), ("of all", OF_ALL, 1)):
        ids = [row["id"] for row in json.loads(run(home, "query", statement, "--format", "json")[1])][::step]
        for method in methods:
            times = [_seconds(f"{address}/model/{id_}?method={method}") for id_ in ids]
            print(f"page of a model, {name}, {method}, first visit ({len(times)}): {quantiles(times)}", flush=True)
        times = [_seconds(f"{address}/model/{id_}?method={methods[0]}") for id_ in ids]
        print(f"page of a model, {name}, {methods[0]}, again ({len(times)}): {quantiles(times)}", flush=True)
    for what in ("first", "again"):
        times = [_seconds(f"{address}/search?q={text.replace(' ', '+')}") for text in SEARCHES]
        print(f"search, {what} ({len(times)}): {quantiles(times)}", flush=True)


def _seconds(address: str) -> float:
    begun = time.perf_counter()
    with urllib.request.urlopen(address, timeout=60) as answer:
        answer.read()
    return time.perf_counter() - begun
