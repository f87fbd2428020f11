"""Files → raw rows. A row that cannot be read costs only itself: it comes out as `Rejected`, with the reason."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from graph.errors import BadInput

Kind = Literal["model", "dataset"]
ENDINGS = (".jsonl", ".jsonl.zst", ".json", ".parquet", ".csv")
_DATASET_TAGS = ("task_categories:", "size_categories:", "annotations_creators:", "task_ids:", "modality:", "format:")
_MODEL_FIELDS = {"modelId", "pipeline_tag", "library_name", "config", "safetensors", "transformersInfo", "model-index"}
_CELL_LIMIT = 64 * 2**20
_PIECE = 2**17
#: The counts of a row.
_NUMBERS = {"downloads", "likes", "trendingScore"}

NO_JSON = "rows that are no JSON"
NO_OBJECT = "rows that are no object"
NO_UTF8 = "rows that are no UTF-8"
NO_CSV = "rows that do not fit the columns"
DAMAGED = "places from which on the file is damaged"
NO_RECORD = "rows without an id that can be one, or with a cut list"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was left out. `line` counts from 1: lines of text files, rows of the others."""

    file: str
    line: int
    reason: str
    #: What is wrong in a few words that rows with the same problem share; "rows that are …" begins it.
    kind: str = "rows that cannot be used"

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.reason}"


Row = tuple[int, dict[str, Any]]


def rows(path: Path | str) -> Iterator[Row | Rejected]:
    """The (line, row) pairs of a file, streamed, told apart by its ending.

    Raises BadInput where the file is missing, has another ending or is as a whole of another format.
    """
    path = Path(path)
    name = path.name.lower()
    if not path.is_file():
        raise BadInput(f"There is no file {path}.", "Check the path.")
    if name.endswith((".jsonl", ".jsonl.zst")):
        return _json_lines(path)
    if name.endswith(".json"):
        return _json(path)
    if name.endswith(".parquet"):
        return _parquet(path)
    if name.endswith(".csv"):
        return _csv(path)
    raise BadInput(f"{path.name} is of no known format.", f"Known endings: {', '.join(ENDINGS)}.")


def kind_of(path: Path | str, look_at: int = 50) -> Kind:
    """Whether a file holds models or datasets, from the fields and tags of its first rows, else from its name."""
    for index, row in enumerate(rows(path)):
        if index == look_at:
            break
        if isinstance(row, Rejected):
            continue
        raw = row[1]
        tags = raw.get("tags")
        if isinstance(tags, list) and any(str(tag).startswith(_DATASET_TAGS) for tag in tags):
            return "dataset"
        if any(raw.get(name) for name in _MODEL_FIELDS):
            return "model"
    return "dataset" if "dataset" in Path(path).name.lower() else "model"


def _checked(path: Path, line: int, value: Any) -> Row | Rejected:
    if isinstance(value, dict):
        return line, value
    return Rejected(str(path), line, f"the row is {type(value).__name__}, not an object", NO_OBJECT)


def _json_lines(path: Path) -> Iterator[Row | Rejected]:
    number = 0
    try:
        for number, line in enumerate(_lines(path), 1):
            if line.strip():
                yield _json_line(path, number, line)
    except _Damaged as error:
        yield Rejected(str(path), number + 1, f"the compressed data is damaged from here on ({error})", DAMAGED)


class _Damaged(Exception):
    """A compressed file that cannot be read on."""


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        if not path.name.lower().endswith(".zst"):
            yield from file
            return
        import zstandard

        reader = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True)
        rest = b""
        try:
            # One piece at a time: a larger read would lose what comes before damage.
            while piece := reader.read1(_PIECE):
                *lines, rest = (rest + piece).split(b"\n")
                yield from lines
        except zstandard.ZstdError as error:
            raise _Damaged(error) from None
        yield rest


def _json_line(path: Path, number: int, line: bytes) -> Row | Rejected:
    try:
        return _checked(path, number, json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8")))
    except UnicodeDecodeError as error:
        return Rejected(str(path), number, f"no UTF-8 at byte {error.start + 1}", NO_UTF8)
    except (ValueError, RecursionError) as error:
        return Rejected(str(path), number, f"no JSON: {error}", NO_JSON)


def _json(path: Path) -> Iterator[Row | Rejected]:
    """A list of objects, one object, or an object with one list in it; a cut list gives what comes before the cut."""
    try:
        content = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is no UTF-8 at byte {error.start + 1}.", "Save it as UTF-8.") from None
    if not content.lstrip().startswith("["):
        try:
            whole = json.loads(content)
        except ValueError as error:
            raise BadInput(f"{path} is no JSON: {error}.", "JSON lines need the ending .jsonl.") from None
        lists = [value for value in whole.values() if isinstance(value, list)] if isinstance(whole, dict) else []
        objects = lists[0] if len(lists) == 1 and "id" not in whole and "modelId" not in whole else [whole]
        yield from (_checked(path, number, value) for number, value in enumerate(objects, 1))
        return
    decoder = json.JSONDecoder()
    position, number = content.index("[") + 1, 0
    while True:
        while position < len(content) and content[position] in " \t\r\n,":
            position += 1
        if content[position : position + 1] == "]":
            return
        number += 1
        try:
            value, position = decoder.raw_decode(content, position)
        except (ValueError, RecursionError) as error:
            yield Rejected(str(path), number, f"no JSON from here on: {error}", DAMAGED)
            return
        yield _checked(path, number, value)


def _parquet(path: Path) -> Iterator[Row | Rejected]:
    import pyarrow
    import pyarrow.parquet

    try:
        file = pyarrow.parquet.ParquetFile(path)
    except pyarrow.ArrowInvalid as error:
        raise BadInput(f"{path} is no Parquet file: {error}.", "Check how it was written.") from None
    number = 0
    with file:
        for batch in file.iter_batches(batch_size=1_000):
            for row in batch.to_pylist():
                number += 1
                yield number, row


def _csv(path: Path) -> Iterator[Row | Rejected]:
    """The lists of the 2023 CSV stay texts here: `cleaning.list_from_literal` reads them."""
    csv.field_size_limit(_CELL_LIMIT)
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        reader = csv.reader(file)
        header = next(reader, [])
        if not {"id", "modelId"} & set(header):
            raise BadInput(f"{path} has no column id or modelId.", "The first line must name the columns.")
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Rejected(str(path), reader.line_num, f"no CSV: {error}", NO_CSV)
                continue
            if not cells:
                continue
            if len(cells) != len(header):
                reason = f"{len(cells)} cells, where the header has {len(header)}"
                yield Rejected(str(path), reader.line_num, reason, NO_CSV)
            elif any("\udc80" <= character <= "\udcff" for cell in cells for character in cell):
                yield Rejected(str(path), reader.line_num, "no UTF-8", NO_UTF8)
            else:
                yield reader.line_num, _with_numbers(dict(zip(header, cells, strict=True)))


def _with_numbers(row: dict[str, Any]) -> dict[str, Any]:
    """A CSV has only texts: there, and only there, a count that is one ("7", pandas' "7.0") is no repair."""
    for name in _NUMBERS & row.keys():
        digits = row[name].strip().removesuffix(".0")
        if digits.isdecimal() and digits.isascii() and len(digits) < 20:
            row[name] = int(digits)
    return row
