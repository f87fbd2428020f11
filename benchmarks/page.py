"""A model's page from a warm server: every page once, then all again, timed."""

from __future__ import annotations

import json
import time
import urllib.request
from pathlib import Path

from benchmarks.build import CSV
from benchmarks.common import built_home, quantiles, run, shared
from benchmarks.server import serving

MODELS = "MATCH (m:Model) WHERE m.downloads > 0 RETURN m.id AS id ORDER BY m.downloads DESC LIMIT 500"
#: Every fifth of them: popular and less so.
STEP = 5


def main() -> None:
    file = shared(CSV)
    with built_home() as home:
        if file is None:
            with serving(home, "demo", "--no-open"):
                pass
        else:
            run(home, "load", str(file))
            run(home, "build")
        with serving(home, "serve") as address:
            _measure(home, address)


def _measure(home: Path, address: str) -> None:
    ids = [row["id"] for row in json.loads(run(home, "query", MODELS, "--format", "json")[1])][::STEP]
    paths = [f"/model/{id_}" for id_ in ids]
    for kind, methods in (("first", ("gat",)), ("other methods", ("gcn", "cosine", "jaccard"))):
        times = [_seconds(f"{address}{path}?method={method}") for method in methods for path in paths]
        print(f"model page, {kind} visit ({len(times)}): {quantiles(times)}")
    print(
        f"model page, again ({len(paths)}): {quantiles([_seconds(address + path + '?method=gat') for path in paths])}"
    )


def _seconds(address: str) -> float:
    begun = time.perf_counter()
    with urllib.request.urlopen(address, timeout=60) as answer:
        answer.read()
    return time.perf_counter() - begun
