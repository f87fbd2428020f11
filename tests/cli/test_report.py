"""`hfmrs report` on the built sample: lines, JSON, CSV, and the files."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path

from graph.report import Section
from hfmrs import reporting
from hfmrs.session import Session
from tests.cli.conftest import Run


def test_the_table_says_of_each_section_what_is_seen(run: Run) -> None:
    result = run("report")
    assert result.exit_code == 0, result.output
    assert "of the models name a task" in result.stdout
    assert "Gini" in result.stdout
    assert "clusters, because" in result.stdout
    assert "more: hfmrs report tasks" in result.stdout
    assert len(result.stdout.splitlines()) < 250


def test_one_section_is_shown_whole(run: Run) -> None:
    tasks = json.loads(run("report", "tasks", "--format", "json").stdout)
    assert tasks["id"] == "tasks"
    rows = list(csv.DictReader(io.StringIO(run("report", "tasks", "--format", "csv").stdout)))
    assert [row["name"] for row in rows] == [row["name"] for row in tasks["rows"]]
    models = [int(row["models"]) for row in rows]
    assert models == sorted(models, reverse=True)
    assert len(run("report", "tasks").stdout.splitlines()) > len(rows)


def test_all_sections_together_as_json_lines_and_csv(run: Run) -> None:
    sections = json.loads(run("report", "--format", "json").stdout)["sections"]
    lines = [json.loads(line) for line in run("report", "--format", "jsonl").stdout.splitlines()]
    assert lines == sections
    cells = list(csv.DictReader(io.StringIO(run("report", "--format", "csv").stdout)))
    assert {cell["section"] for cell in cells} == {each["id"] for each in sections if each["rows"]}
    chosen = [
        cell for cell in cells if (cell["section"], cell["column"], cell["value"]) == ("trials", "chosen", "true")
    ]
    assert len(chosen) == 1


class Page(HTMLParser):
    """Tags that stay open, what the page would fetch, and its headings."""

    VOID = ("meta", "link", "br", "img", "input")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in self.VOID:
            self.open.append(tag)
        self.fetched += [f"{tag} {value}" for name, value in attrs if name in ("src", "srcset") or tag == "link"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_files_hold_everything_and_the_page_needs_no_other(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "report"
    result = run("report", "--out", str(folder))
    assert result.exit_code == 0, result.output
    assert str(folder / "report.html") in result.stdout
    text = (folder / "report.html").read_text(encoding="utf-8")
    page = Page(text)
    assert page.open == []
    assert page.fetched == []
    assert {"svg", "table", "style"} <= page.tags
    assert "script" not in page.tags
    assert "prefers-color-scheme: dark" in text
    assert not re.search(r"url\(|@import", text)
    sections = json.loads((folder / "report.json").read_text(encoding="utf-8"))["sections"]
    for each in sections:
        with (folder / f"{each['id']}.csv").open(encoding="utf-8", newline="") as file:
            assert len(list(csv.DictReader(file))) == len(each["rows"])
        assert each["title"] in text or each["id"] in ("summary", "clusters", "picture")
    assert len(list(folder.iterdir())) == len(sections) + 2


def test_what_cannot_be_had_is_one_sentence_and_the_next_command(run: Run, tmp_path: Path, home: Path) -> None:
    with Session(home, debug=True).database(create=True):
        pass  # an empty graph
    nothing = run("report", home=home)
    assert (nothing.exit_code, nothing.stdout) == (1, "")
    assert nothing.stderr.splitlines() == [
        "Error: This graph has not been described yet.",
        "  Run: hfmrs build",
    ]
    unknown = run("report", "nothing")
    assert unknown.exit_code == 1
    assert "tasks" in unknown.stderr.splitlines()[1]
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert "cannot be written" in run("report", "--out", str(tmp_path / "file" / "below")).stderr
    assert run("report", "tasks", "--out", str(tmp_path)).exit_code == 2


def test_names_from_the_hub_stay_text_in_the_files(tmp_path: Path, run: Run) -> None:
    hostile = "</style><script>alert(1)</script>"
    sections = []
    for each in json.loads(run("report", "--format", "json").stdout)["sections"]:
        rows = tuple({**row, "name": hostile} if "name" in row else row for row in each["rows"])
        sections.append(Section(each["id"], each["title"], hostile, rows))
    written = reporting.write(sections, tmp_path)
    text = written[0].read_text(encoding="utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;" in text
