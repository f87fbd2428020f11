"""The report on the graph as files and as lines: one HTML page, JSON, a CSV a section."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph.errors import BadInput, NotFound
from hfmrs.output import as_csv, as_json

if TYPE_CHECKING:
    from graph.report import Section

#: Columns of the CSV of all sections together.
CELLS = ("section", "row", "column", "value")


def section_of(sections: Sequence[Section], name: str) -> Section:
    """The section `name`. Raises `NotFound`, naming those that there are."""
    found = next((each for each in sections if each.id == name), None)
    if found is None:
        raise NotFound(f"The report has no section {name!r}.", f"There are: {', '.join(each.id for each in sections)}.")
    return found


def cells(sections: Sequence[Section]) -> Iterator[dict[str, Any]]:
    """Every value of every section, a row each: sections have different columns."""
    for section in sections:
        for number, row in enumerate(section.rows, start=1):
            for column, value in row.items():
                yield dict(zip(CELLS, (section.id, number, column, value), strict=True))


def write(sections: Sequence[Section], folder: Path) -> list[Path]:
    """Writes report.html, report.json and a CSV a section into `folder`, which is made where it is missing; returns
    what it wrote, the page first. Raises `BadInput` where that cannot be written."""
    from web.figures import page

    texts = {"report.html": page(sections), "report.json": as_json(whole(sections), indent=2) + "\n"}
    texts |= {f"{each.id}.csv": as_csv(each.rows, each.columns) for each in sections}
    files = {folder / name: text for name, text in texts.items()}
    save(files, "Name another folder with --out.")
    return list(files)


def save(files: Mapping[Path, str], hint: str) -> None:
    """Writes each text to its file, whose folder is made where it is missing. Raises `BadInput` with `hint` where that
    cannot be done."""
    for file, text in files.items():
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            raise BadInput(f"{file} cannot be written: {error.strerror or error}.", hint) from None


def whole(sections: Sequence[Section]) -> dict[str, Any]:
    """What JSON shows, here and in the API."""
    return {"sections": [each.as_json() for each in sections]}
