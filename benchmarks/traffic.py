"""Many at once: pages in the mix that people ask for, by a server on the same machine; its memory and start."""

from __future__ import annotations

import json
import random
import re
import threading
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from urllib.parse import quote, urlencode

import click
import psutil  # type: ignore[import-untyped]
import urllib3
import zstandard

from benchmarks.common import hub, quantiles
from benchmarks.search import QUERIES
from benchmarks.server import serving
from graph.database import connect
from graph.embedded import status
from web.kept import FILE as PAGES

MODELS = "MATCH (m:Model) WHERE m.downloads > 0 RETURN m.id AS id ORDER BY m.downloads DESC LIMIT $n"
#: None that a client may ask for only so often.
REST = ("/", "/explore", "/about", "/search", "/api/docs")
#: Of a hundred requests.
SHARES = {"model": 80, "search": 15, "rest": 5}


@click.command("traffic")
@click.option("--home", required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--seconds", default=60, help="How long each crowd asks.")
@click.option("--crowds", default="1,4,16", help="How many ask at once, each the next when it has its answer.")
@click.option("--models", default=50000, help="So many of the most used are asked for, the n-th 1/n as often.")
@click.option("--visited", default=0, help="The pages of so many of the most used were visited before.")
@click.option("--seed", default=0)
@click.option("--prototype/--no-prototype", default=True, help="Also read all models for one request, as in 2023.")
def main(home: Path, seconds: int, crowds: str, models: int, visited: int, seed: int, prototype: bool) -> None:
    """80 % pages of models, 15 % searches, 5 % others: requests a second, times, memory of the web processes, start.

    A server keeps pages for a day, also those of the one before: unless some are to be --visited before, none is kept
    when the first crowd comes.
    """
    (home / PAGES).unlink(missing_ok=True)
    with connect(home) as db:
        ids = [str(row[0]) for row in db.fetch(MODELS, {"n": models}, limit=models, timeout=60.0).rows]
    begun = time.perf_counter()
    with serving(home, "serve") as address:
        print(f"serve, its database running: {time.perf_counter() - begun:.1f} s until the first page", flush=True)
        for id in ids[:visited]:
            urllib.request.urlopen(f"{address}/model/{quote(id)}", timeout=60).close()
        for number, crowd in enumerate(map(int, crowds.split(","))):
            addresses = [_addresses(ids, seed + 1000 * number + each) for each in range(crowd)]
            before = _processor(home)
            times = _ask(address, addresses, seconds)
            _report(crowd, seconds, times)
            web, database = (
                1000 * (after - begin) / sum(map(len, times.values()))
                for after, begin in zip(_processor(home), before, strict=True)
            )
            print(f"  processor a request: web {web:.1f} ms, database {database:.1f} ms", flush=True)
            own, mapped = _memory()
            print(f"  memory of the web processes: {own:.0f} MB, and {mapped:.0f} MB of files mapped", flush=True)
    if prototype:
        _prototype()


def _addresses(ids: list[str], seed: int) -> Iterator[tuple[str, str]]:
    """What one client asks for, without end: the kind of page and its path."""
    draw = random.Random(seed)
    weights = list(accumulate(1 / n for n in range(1, len(ids) + 1)))
    written = [line.strip() for text in QUERIES.values() for line in text.strip().splitlines()]
    while True:
        (kind,) = draw.choices(list(SHARES), list(SHARES.values()))
        (model,) = draw.choices(ids, cum_weights=weights)
        if kind == "model":
            yield kind, f"/model/{quote(model)}"
        elif kind == "rest":
            yield kind, draw.choice(REST)
        else:  # half of what people type is the name of something
            words = " ".join(re.split(r"[/_-]", model)[1:3])
            yield kind, "/search?" + urlencode({"q": draw.choice((words, draw.choice(written)))})


def _ask(address: str, clients: list[Iterator[tuple[str, str]]], seconds: int) -> dict[str, list[float]]:
    """Seconds of each answer by kind; what failed is of kind "failed"."""
    pool = urllib3.PoolManager(maxsize=len(clients), headers={"Accept-Encoding": "gzip"}, retries=False)
    times: dict[str, list[float]] = defaultdict(list)
    until = time.perf_counter() + seconds

    def client(asks: Iterator[tuple[str, str]]) -> None:
        for kind, path in asks:
            begun = time.perf_counter()
            if begun > until:
                return
            answer = pool.request("GET", address + path, timeout=60, decode_content=False)
            times[kind if answer.status == 200 else "failed"].append(time.perf_counter() - begun)

    threads = [threading.Thread(target=client, args=(each,)) for each in clients]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return times


def _report(crowd: int, seconds: int, times: dict[str, list[float]]) -> None:
    count = sum(map(len, times.values()))
    print(f"{crowd} at once: {count / seconds:.0f} requests a second ({count:,} in {seconds} s)", flush=True)
    for kind, taken in sorted(times.items()):
        print(f"  {kind} ({len(taken):,}): {quantiles(taken)}", flush=True)


def _web() -> list[psutil.Process]:
    """The server's processes, which are our children, without the database."""
    found = [each for each in psutil.Process().children(recursive=True) if "hfmrs" in " ".join(each.cmdline())]
    return [each for each in found if "java" not in each.name()]


def _processor(home: Path) -> tuple[float, float]:
    """Seconds that the server's processes and the embedded database have taken so far."""
    server = status(home)
    asked = ([*_web()], [psutil.Process(server.pid)] if server else [])
    web, database = (sum(sum(each.cpu_times()[:2]) for each in some) for some in asked)
    return web, database


def _memory() -> tuple[float, float]:
    """MB of the server's processes: what they hold themselves, and files that are mapped into them, which the system
    takes back where it needs room. What several share counts once."""
    own = mapped = 0.0
    for process in _web():
        for line in Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines()[1:]:
            name, kilobytes = line.split()[:2]
            own += int(kilobytes) / 1024 if name == "Pss_Anon:" else 0
            mapped += int(kilobytes) / 1024 if name in ("Pss_File:", "Pss_Shmem:") else 0
    return own, mapped


def _prototype() -> None:
    """What the prototype of 2023 did for every request: read all models from their file, and look one up."""
    begun = time.perf_counter()
    with zstandard.open(hub(), "rt", encoding="utf-8") as lines:
        models = {record["id"]: record for record in map(json.loads, lines)}
    print(f"the prototype's way, all {len(models):,} models read for one request: {time.perf_counter() - begun:.1f} s")
