"""Pictures of every page of a running server, for docs/gallery.md, or of every width and scheme, to look at.

make demo                       # in another terminal
make gallery                    # docs/gallery/*.jpg and docs/gallery.md
make gallery ARGS="--all OUT"   # 1440, 820 and 390 wide, light and dark, into the folder OUT
"""

from __future__ import annotations

from pathlib import Path

import click
from playwright.sync_api import Browser, sync_playwright

from tools.chromium import EXECUTABLE, SOFTWARE

DOCS = Path(__file__).parents[1] / "docs"
BERT = "google-bert/bert-base-uncased"
#: Name, address, and what is to be seen.
PAGES = (
    ("start", "/", "The start page"),
    ("search", "/search?q=sentence+similarity+in+German", "A search by words and meaning, with facets"),
    ("nothing", "/search?q=nothing&task=nothing", "A search that finds nothing"),
    ("model", f"/model/{BERT}", "A model: what is recommended, and why"),
    ("family", f"/model/{BERT}/family", "Its family"),
    ("methods", f"/model/{BERT}/methods", "What each method says is similar"),
    ("why", f"/why?a={BERT}&b=FacebookAI/roberta-base&method=gat", "Why one model is recommended beside another"),
    ("compare", f"/compare?a={BERT}&b=FacebookAI/roberta-base", "Two models beside each other"),
    ("together", f"/together?id={BERT}&id=FacebookAI/roberta-base&method=gat", "What goes with two models"),
    ("author", "/author/google-bert", "An author, and what they may build on next"),
    ("task", "/task/fill-mask", "A task"),
    ("dataset", "/dataset/legacy-datasets/wikipedia", "A dataset"),
    ("map", "/map", "The map of all models"),
    ("explore", "/explore", "The graph as a whole"),
    ("cypher", "/query?cypher=MATCH+(t:Task)+RETURN+t.name+AS+task,+t.degree+AS+models+LIMIT+50", "A statement"),
    ("you", "/you", "For you"),
    ("about", "/about", "About what is in service"),
    ("api", "/api/docs", "The API"),
    ("missing", "/model/no/such", "A page that is not there"),
)
WIDTHS = {1440: 900, 820: 1180, 390: 844}
#: When the map has been drawn, and the frame is there to be seen.
_DRAWN = """async () => {
  for (let n = 0; n < 3; n += 1) await new Promise(requestAnimationFrame);
  const gl = document.querySelector("#stage canvas").getContext("webgl2");
  gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  await new Promise(requestAnimationFrame);
}"""
#: Longest that a page may take, in milliseconds: the first statement starts a server.
_PATIENCE = 120_000
#: What the docs show of each page: width and scheme.
SHOWN = ((1440, "light"), (390, "dark"))


@click.command(help=__doc__)
@click.option("--address", default="http://127.0.0.1:8000", show_default=True, help="Of the running server.")
@click.option(
    "--all",
    "everything",
    type=click.Path(file_okay=False, path_type=Path),
    help="Every width and scheme, whole pages, into this folder.",
)
def main(address: str, everything: Path | None) -> None:
    schemes = [(width, scheme) for width in WIDTHS for scheme in ("light", "dark")] if everything else SHOWN
    folder = everything or DOCS / "gallery"
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=list(SOFTWARE))
        for width, scheme in schemes:
            _take(browser, address.rstrip("/"), folder, width, scheme, whole=everything is not None)
        browser.close()
    if not everything:
        (DOCS / "gallery.md").write_text(_document(), encoding="utf-8")


def _take(browser: Browser, address: str, folder: Path, width: int, scheme: str, *, whole: bool) -> None:
    size = {"width": width, "height": WIDTHS[width]}
    context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    context.set_default_timeout(_PATIENCE)
    page = context.new_page()
    for name, path, _ in PAGES:
        page.goto(address + path, wait_until="networkidle")
        if page.locator("#stage").count():
            page.wait_for_selector("#stage[data-here=all]")
            page.evaluate(_DRAWN)
        file = folder / f"{name}-{width}-{scheme}.jpg"
        page.screenshot(path=file, type="jpeg", quality=70, full_page=whole)
        click.echo(file)
    context.close()


def _document() -> str:
    lines = [
        "# Every page",
        "",
        "Of the bundled sample (`make demo`), taken by `make gallery`: wide in the light, and a phone in the dark.",
        "",
    ]
    for name, path, what in PAGES:
        shown = " ".join(
            f"![{what}, {width} wide, {scheme}](gallery/{name}-{width}-{scheme}.jpg)" for width, scheme in SHOWN
        )
        lines += [f"## {what}", "", f"`{path}`", "", shown, ""]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
