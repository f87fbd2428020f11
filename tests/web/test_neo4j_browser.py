"""`hfmrs browser`: its files, and Neo4j Browser itself in Chromium with them, over the sample on both engines."""

from __future__ import annotations

import base64
import io
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page, expect

import hfmrs
from graph.engine import schema as graph_schema
from graph.errors import BadInput
from graph.statements import replaced, statement, statements
from graph.topics import TOPICS
from hfmrs.browser import files, inlined
from hfmrs.browsing import BrowserServer, connection, link
from hfmrs.cli import cli
from hfmrs.settings import Settings, load
from tests.conftest import GIVEN_DB, NEO4J_SOURCE, missing
from tests.neo4j import server as neo4j_server
from web.picture import colours

ADDRESS = "http://localhost:8001"
GUIDE = files(ADDRESS)["guide.html"].decode()

#: A machine that is busy with other things takes its time.
SECONDS = 60


@pytest.fixture(scope="module", params=["arcadedb", "neo4j"])
def home(request: pytest.FixtureRequest) -> Path:
    """A home with the sample: on the embedded database built, on Neo4j loaded."""
    if request.param == "arcadedb" and GIVEN_DB:
        pytest.skip("HFMRS_DB is set")
    found: Path = request.getfixturevalue("built" if request.param == "arcadedb" else "neo4j_sample")
    return found


@dataclass(frozen=True)
class WayIn:
    """What the command printed."""

    said: dict[str, str]

    def fetch(self, name: str, method: str = "GET") -> tuple[bytes, dict[str, str]]:
        address = self.said["Statements"].split()[0].rpartition("/")[0]
        with urllib.request.urlopen(urllib.request.Request(f"{address}/{name}", method=method)) as answer:
            return answer.read(), dict(answer.headers)


@pytest.fixture(scope="module")
def way_in(home: Path) -> Iterator[WayIn]:
    """`hfmrs browser --jar …`, as people run it, until Ctrl-C."""
    try:
        (jar,) = neo4j_server.jars(NEO4J_SOURCE).glob("neo4j-browser-*.jar")
    except (neo4j_server.Unavailable, FileNotFoundError) as error:
        missing(f"no Neo4j Browser: {error}")
    command = [sys.executable, "-u", "-m", "hfmrs", "--home", str(home), "browser", "--port", "0", "--jar", str(jar)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip())
        if line.startswith("Stop"):
            break
    yield WayIn({line[:11].strip(): line[11:] for line in lines})
    process.send_signal(signal.SIGINT)
    assert process.wait(SECONDS) == 130


def test_parameters_are_written_in() -> None:
    each = statement("analysis/rising_bases")
    assert "child.createdAt >= datetime('2024-07-01T00:00:00+00:00')" in inlined(each)
    assert inlined(each).endswith("LIMIT 25")
    assert replaced("RETURN '$a' AS b, $a // $a", {"a": "'it\\'s'"}) == "RETURN '$a' AS b, 'it\\'s' // $a"


def test_the_style_has_the_colours_of_the_pages() -> None:
    style = files(ADDRESS)["style.grass"].decode()
    found = dict(re.findall(r"node\.(\w+) \{\n  color: (#\w+);", style))
    assert found == {name[2:].capitalize(): colour for name, colour in colours().items() if name.startswith("k-")}
    assert f"relationship.TRAINED_ON {{\n  color: {colours()['k-dataset']};" in style


def test_every_label_and_type_has_its_style() -> None:
    style = files(ADDRESS)["style.grass"].decode()
    schema = "\n".join(graph_schema("arcadedb", ["keys"]))
    assert set(re.findall(r"VERTEX TYPE (\w+)", schema)) == set(re.findall(r"^node\.(\w+)", style, re.MULTILINE))


def test_the_saved_statements_are_the_library_and_the_graphs() -> None:
    archive = zipfile.ZipFile(io.BytesIO(files(ADDRESS)["favourites.zip"]))
    names = archive.namelist()
    assert {name.partition("/")[0] for name in names} == {"Graphs", *TOPICS}
    assert len(names) == len(statements("analysis")) + len(statements("browser"))
    for name in names:
        text = archive.read(name).decode()
        assert re.match(r"// [^\n]+[.?]\n(?!//)", text)
        assert ";" not in text, "several statements at once are shown without graph and table"


def test_the_files_may_be_fetched_from_elsewhere(way_in: WayIn) -> None:
    for name in ("guide.html", "style.grass", "favourites.zip"):
        body, headers = way_in.fetch(name)
        assert body
        assert headers["Access-Control-Allow-Origin"] == "*"
        _, asked = way_in.fetch(name, "OPTIONS")
        assert {"cache-control", "pragma", "sentry-trace"} <= set(asked["Access-Control-Allow-Headers"].split(", "))
    assert way_in.fetch("")[0] == way_in.fetch("guide.html")[0]
    for name in ("browser/no", "browser/../pom.xml", "META-INF/MANIFEST.MF"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            way_in.fetch(name)


def test_the_command_says_what_it_cannot_and_what_it_did(built: Path) -> None:
    alone = CliRunner().invoke(cli, ["--home", str(built), "browser", "--open"])
    assert alone.exit_code == 2
    assert "There is no Browser to open: give its jar with --jar." in alone.output
    command = [sys.executable, "-u", "-m", "hfmrs", "--home", str(built), "browser"]
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        taken = [*command, "--port", str(held.getsockname()[1])]
        process = subprocess.Popen(taken, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert process.stdout
        lines = list(iter(process.stdout.readline, "Stop with Ctrl-C.\n"))
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=SECONDS)
    assert f"Port {taken[-1]} is taken; using " in said
    assert "behind the address of your Neo4j Browser" in lines[0]
    assert re.search(r" /browser/\?connectURL=\S+$", lines[0])


def test_everything_in_the_guide_and_every_saved_statement_runs(home: Path) -> None:
    archive = zipfile.ZipFile(io.BytesIO(files(ADDRESS)["favourites.zip"]))
    saved = {name: archive.read(name).decode() for name in archive.namelist()}
    asked = [unescape(text) for text in re.findall(r'<pre class="runnable"[^>]*>(.*?)</pre>', GUIDE, re.DOTALL)]
    guided = [text for text in asked if not text.startswith(":")]
    assert len(guided) == 8
    with hfmrs.connect(load(home)) as db:
        built = bool(db.read("explore/runs"))
        for text in guided:
            rows = hfmrs.query(db, text, timeout=SECONDS).rows
            of_build = any(written in text for written in ("RECOMMENDS]", "childDownloads"))
            assert rows or (of_build and not built), text
        for name, text in saved.items():
            if "db.index.vector" in text and not built:
                continue  # there are no vectors before a build
            if not hfmrs.query(db, text.partition("\n")[2], timeout=SECONDS).rows:
                known = f"{'browser' if name.startswith('Graphs') else 'analysis'}/{Path(name).stem}"
                assert not hfmrs.query(db, known, timeout=SECONDS).rows, name


def test_a_file_that_is_no_browser_is_refused(tmp_path: Path) -> None:
    text, empty = tmp_path / "a.jar", tmp_path / "b.jar"
    text.write_text("no jar")
    zipfile.ZipFile(empty, "w").close()
    for jar, problem in ((text, "cannot be read as a jar"), (empty, "holds no Neo4j Browser")):
        with pytest.raises(BadInput, match=problem):
            BrowserServer(0, jar)


def test_a_link_fills_the_form_and_holds_no_password() -> None:
    settings = Settings(home=Path(), db="neo4j+s://me:secret@graph.example:7687", db_user="an@alyst")
    there = link(connection(settings), f"{ADDRESS}/guide.html")
    assert there == (
        f"/browser/?connectURL=neo4j%2Bs://an%2540alyst@graph.example:7687&cmd=guide&arg={ADDRESS}/guide.html"
    )


def circles(page: Page) -> set[str]:
    """The colours of the nodes in the newest frame."""
    found = page.get_by_test_id("frame").first.locator("g.node circle.b-outline")
    expect(found.first).to_be_visible()
    return {each.get_attribute("fill") or "" for each in found.all()}


def run(page: Page, text: str) -> None:
    page.locator("#monaco-main-editor").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)
    page.get_by_test_id("editor-Run").click()


def test_browser_shows_the_graph(home: Path, way_in: WayIn, browser: Browser) -> None:
    """Connects, opens guide and style, imports the saved statements, and sees a graph and tables."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(SECONDS * 1000)
    colour = colours()
    newest = page.get_by_test_id("frame").first
    # By another name than the guide's, so that it is fetched from another origin, as by a Browser of another server.
    page.goto(way_in.said["Open"].replace("localhost", "127.0.0.1", 1))
    if way_in.said["Password"].startswith("the one"):
        page.get_by_test_id("authenticationMethod").select_option("NO_AUTH")
    else:
        expect(page.get_by_test_id("username")).to_have_value("reader")
        page.get_by_test_id("password").fill(way_in.said["Password"])
    page.get_by_test_id("connect").click()
    expect(page.get_by_test_id("guidesDrawer")).to_contain_text("What is in the graph")
    # Where the server knows no users, Browser has one of two sentences for it, as it comes.
    expect(newest).to_contain_text(re.compile("You are connected|You have a working connection"))

    for text in (":style", ":config autoComplete: false"):
        page.locator("a[exec-topic]", has_text=text).click()
        expect(newest.get_by_test_id("frameCommand")).to_contain_text(text)
    page.get_by_test_id("guideNextSlide").click()
    page.locator("#guide-drawer pre.runnable").click()
    page.get_by_test_id("editor-Run").click()
    expect(newest).to_contain_text("sentence-transformers/all-MiniLM-L6-v2")
    kinds = ("model", "task", "library", "tag", "language", "license", "architecture", "dataset", "author", "paper")
    assert circles(page) == {colour[f"k-{kind}"] for kind in kinds}
    before = newest.locator("g.node").count()
    newest.locator("g.node", has_text="MiniLM-L6-").first.dispatch_event("dblclick")
    expect(newest.locator("g.node").nth(before)).to_be_attached()

    page.get_by_test_id("navigationFavorites").click()
    dropped = page.evaluate_handle(
        """text => {
            const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0))
            const transfer = new DataTransfer()
            transfer.items.add(new File([bytes], 'favourites.zip', {type: 'application/zip'}))
            return transfer
        }""",
        base64.b64encode(way_in.fetch("favourites.zip")[0]).decode(),
    )
    page.dispatch_event(".filedrop", "drop", {"dataTransfer": dropped})
    for folder, summary in (("Graphs", "browser/family"), ("Families and their growth", "analysis/rising_bases")):
        page.get_by_text(folder, exact=True).click()
        page.get_by_test_id(f"scriptTitle-{statement(summary).summary}").click()
        page.get_by_test_id("editor-Run").click()
        expect(newest.get_by_test_id("frameCommand")).to_contain_text(statement(summary).summary)
        if folder == "Graphs":
            assert circles(page) == {colour["k-model"]}
            assert newest.get_by_test_id("vizInspector").inner_text().count("SIMILAR_TO") == 0
    expect(newest.locator("tbody tr").first).to_contain_text("2024-08-01T00:00:00")
    assert newest.locator("tbody tr").count() == 25

    page.get_by_test_id("navigationDBMS").click()
    for name in ("Model", "Dataset", "BASED_ON", "TRAINED_ON"):
        expect(page.get_by_text(name, exact=True).first).to_be_visible()
    run(page, f":play {way_in.said['Guide'].split()[1]}")
    expect(newest.get_by_test_id("carousel")).to_contain_text("What is in the graph")
    context.close()
