"""The map: what writing it takes, how much is sent until something is seen, and how long a frame with all points is."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from benchmarks.common import built_home, measure, quantiles
from benchmarks.server import serving
from tools.chromium import EXECUTABLE, PLAIN, SOFTWARE

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: Longest that a page may take until all is there, in milliseconds; frames that are timed.
_PATIENCE, _FRAMES = 300_000, 5
_FINDS = ("bert", "stable diffusion", "task:text-generation", "german sentence similarity", "language:de size:<3B")

#: One press of an arrow key a frame, each timed from the key to the frame that shows it.
_MOVE = """async (frames) => {
  const stage = document.getElementById("stage");
  const gl = stage.querySelector("canvas").getContext("webgl2");
  const times = [];
  for (let n = 0; n < frames; n += 1) {
    const begun = performance.now();
    stage.dispatchEvent(new KeyboardEvent("keydown", { key: n % 2 ? "ArrowLeft" : "ArrowRight", bubbles: true }));
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4)); // until it is drawn
    times.push((performance.now() - begun) / 1000);
  }
  return times;
}"""
_POINT = """async (count) => {
  const canvas = document.querySelector("#stage .canvas");
  const box = canvas.getBoundingClientRect();
  const times = [];
  for (let n = 0; n < count; n += 1) {
    const clientX = box.left + box.width * (0.2 + 0.6 * ((n * 0.618) % 1));
    const clientY = box.top + box.height * (0.2 + 0.6 * ((n * 0.414) % 1));
    const begun = performance.now();
    canvas.dispatchEvent(new PointerEvent("pointermove", { clientX, clientY, pointerType: "mouse", buttons: 0 }));
    times.push((performance.now() - begun) / 1000);
  }
  return times;
}"""
_MARKS = "() => Object.fromEntries(performance.getEntriesByType('mark').map((each) => [each.name, each.startTime]))"


@click.command("map")
@click.option("--home", type=click.Path(exists=True, file_okay=False, path_type=Path), help="A home that is built.")
@click.option("--write", is_flag=True, help="Also time the stage describe, which writes the home's map anew.")
@click.option("--graphics", is_flag=True, help="Draw with the machine's graphics card instead of in software.")
def main(home: Path | None, write: bool, graphics: bool) -> None:
    """The map of a home, or of the bundled sample, in Chromium."""
    if home is None:
        with built_home() as made:
            with serving(made, "demo", "--no-open"):
                pass
            _measure(made, write, graphics)
    else:
        _measure(home, write, graphics)


def _measure(home: Path, write: bool, graphics: bool) -> None:
    if write:
        ran = measure(home, "build", "--only", "describe")
        print(f"describe, and the map with it: {ran.seconds:.1f} s, {ran.peak_mb:,.0f} MB")
    with serving(home, "serve") as address:
        index = _json(f"{address}/api/v1/map")
        tiles = index["tiles"]
        names = [
            _size(_named(address, index, n, block)) for n, tile in enumerate(tiles) for block in range(tile["blocks"])
        ]
        print(f"{index['models']:,} models in {len(tiles)} tiles, {sum(tile['bytes'] for tile in tiles):,} bytes; "
              f"the first {tiles[0]['models']:,} in {tiles[0]['bytes']:,}; names in {len(names)} blocks, "
              f"{sum(names):,} bytes, the largest {max(names):,}")  # fmt: skip
        asked = [address + index["points"].replace("{tile}", str(n)) for n in range(len(tiles))]
        print(f"a tile from the server: {quantiles([_seconds(each) for each in asked])}")
        found = [_seconds(f"{address}/api/v1/map/found?q={each.replace(' ', '+')}") for each in _FINDS]
        print(f"what a search finds, a first time ({len(found)}): {quantiles(found)}")
        _look(f"{address}/map", graphics)


def _look(address: str, graphics: bool) -> None:
    from playwright.sync_api import sync_playwright

    how = PLAIN if graphics else SOFTWARE
    with tempfile.TemporaryDirectory() as profile, sync_playwright() as playwright:
        browser = playwright.chromium.launch_persistent_context(
            profile, executable_path=EXECUTABLE, args=list(how), viewport={"width": 1440, "height": 900}
        )
        _visit(browser.new_page(), address, "first visit").close()
        _frames(_visit(browser.new_page(), address, "again"))
        browser.close()


def _visit(page: Page, address: str, title: str) -> Page:
    """Opens the map, waits until all of it is there, and says how much was sent and when it was drawn."""
    page.set_default_timeout(_PATIENCE)
    sent: dict[str, int] = {}
    page.on("requestfinished", lambda request: sent.update({request.url: max(request.sizes()["responseBodySize"], 0)}))
    page.goto(address)
    page.wait_for_selector("#stage[data-here=all]")
    marks = page.evaluate(_MARKS)
    page.wait_for_timeout(500)
    scripts, index, points = (
        sum(size for url, size in sent.items() if part in url) for part in ("/static/", "/api/", "/map/tiles/")
    )
    first = next((size for url, size in sent.items() if "/map/tiles/" in url and url.endswith("/0")), 0)
    print(
        f"{title}: page {sent[address]:,} bytes, scripts and styles {scripts:,}, index {index:,}, first points "
        f"{first:,}, all points {points:,}; first points drawn after {marks['map-first']:,.0f} ms, all after "
        f"{marks['map-all']:,.0f} ms"
    )
    return page


def _frames(page: Page) -> None:
    times: Sequence[float] = page.evaluate(_MOVE, _FRAMES)
    print(f"a frame with all points ({len(times)}): median {1000 * statistics.median(times):,.0f} ms")
    print(f"which model lies under the pointer (200): {quantiles(page.evaluate(_POINT, 200))}")


def _json(address: str) -> Any:
    with urllib.request.urlopen(address, timeout=60) as answer:
        return json.load(answer)


def _named(address: str, index: dict[str, Any], tile: int, block: int) -> str:
    return f"{address}{index['names']}".replace("{tile}", str(tile)).replace("{block}", str(block))


def _fetched(address: str) -> bytes:
    asked = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(asked, timeout=60) as answer:
        found: bytes = answer.read()
    return found


def _size(address: str) -> int:
    return len(_fetched(address))


def _seconds(address: str) -> float:
    begun = time.perf_counter()
    _fetched(address)
    return time.perf_counter() - begun
