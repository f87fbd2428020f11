"""The notebooks under docs/: run as a reader runs them, over the bundled sample, the second one on both engines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

import hfmrs
from etl.sample import expand
from graph import embedded
from hfmrs.loading import load_sample
from hfmrs.settings import load

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))

#: A machine that is busy with other things takes its time; a kernel that is dead is noticed at once.
SECONDS = 600

Outputs = dict[str, list[Any]]


@pytest.fixture(scope="module")
def embedded_sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home whose embedded database holds the sample; nothing is built from it."""
    folder = tmp_path_factory.mktemp("sample")
    (folder / "hfmrs.toml").write_text('heap = "1g"\n', encoding="utf-8")
    with hfmrs.connect(load(folder), create=True) as db:
        db.prepare("keys")
        load_sample(db, expand(), lambda *done: None)
    yield folder
    embedded.stop(folder)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`run(name, home)`: what each cell of the notebook gave. Jupyter's own files go elsewhere, and so the kernel is
    this Python, whatever kernels the person has."""
    for name in ("JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "1")

    def execute(name: str, home: Path) -> Outputs:
        monkeypatch.setenv("HFMRS_HOME", str(home))
        notebook = nbformat.read(FOLDER / name, as_version=4)
        where = {"metadata": {"path": str(FOLDER)}}
        NotebookClient(notebook, timeout=SECONDS, startup_timeout=SECONDS, resources=where).execute()
        return {cell.id: cell.outputs for cell in notebook.cells if cell.cell_type == "code"}

    return execute


def shown(outputs: Outputs, cell: str, kind: str = "text/html") -> str:
    """What the last line of a cell gave, in one of its forms."""
    (found,) = (each.data[kind] for each in outputs[cell] if each.output_type == "execute_result")
    return str(found)


def rows(outputs: Outputs, cell: str) -> list[list[str]]:
    """The cells of a DataFrame's table, without its index."""
    table = re.findall(r"<tr>(.*?)</tr>", shown(outputs, cell), re.DOTALL)
    return [re.findall(r"<td>(.*?)</td>", row) for row in table if "<td>" in row]


def printed(outputs: Outputs, cell: str) -> str:
    return "".join(each.text for each in outputs[cell] if each.output_type == "stream")


def drawn(outputs: Outputs, cell: str) -> list[str]:
    """The nodes in a drawing, as it names them on hover."""
    svg = shown(outputs, cell, "image/svg+xml")
    assert svg == shown(outputs, cell)
    return re.findall(r'<g class="node [\w-]+"><title>(.*?)</title>', svg)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_is_valid_and_holds_no_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert (cell.outputs, cell.execution_count) == ([], None)
    for target in re.findall(r"\]\(([^)#]+)\)", "\n".join(cell.source for cell in notebook.cells)):
        assert (FOLDER / target).exists(), target


def test_first_answers(run: Any, embedded_sample: Path) -> None:
    outputs = run("first_answers.ipynb", embedded_sample)
    assert "analysis/language_tasks" in shown(outputs, "catalogue")
    tasks = rows(outputs, "tasks")
    assert (len(tasks), tasks[0]) == (5, ["text-generation", "57", "meta-llama/Llama-3.2-1B"])
    assert rows(outputs, "rising")[0] == ["black-forest-labs/FLUX.1-dev", "11", "2024-08-01 00:00:00+00:00"]
    assert re.search(r"first +datetime64\[\w+, UTC\]", printed(outputs, "rising"))
    assert [
        "intfloat",
        "PUBLISHED_BY",
        "intfloat/e5-small-v2",
        "BASED_ON",
        "microsoft/MiniLM-L12-H384-uncased",
    ] in rows(outputs, "builder")
    assert "Author: intfloat" in drawn(outputs, "builder-drawing")
    assert len(drawn(outputs, "builder-drawing")) == 6
    assert [row[1] for row in rows(outputs, "own")] == ["23000000", "33000000"]
    lineage = ["sentence-transformers/all-MiniLM-L6-v2", "nreimers/MiniLM-L6-H384-uncased"]
    assert drawn(outputs, "own-drawing") == [f"Model: {id}" for id in (*lineage, "microsoft/MiniLM-L12-H384-uncased")]
    assert "the first 3 rows of id, likes" in printed(outputs, "limit")
    assert rows(outputs, "limit")[0] == ["deepseek-ai/DeepSeek-R1", "13000"]
    assert "('deepseek-ai/DeepSeek-R1', 13000)" in shown(outputs, "rows", "text/plain")
    assert "returns no nodes" in shown(outputs, "nothing-to-draw")

    errors = {cell: outputs[cell][0] for cell in ("unknown-name", "missing-parameter", "write")}
    assert [error.ename for error in errors.values()] == ["NotFound", "BadInput", "Refused"]
    assert all(len(error.traceback) == 1 for error in errors.values())
    assert "Did you mean analysis/language_tasks?" in errors["unknown-name"].evalue
    assert "needs the parameter 'id'" in errors["missing-parameter"].evalue


@pytest.mark.parametrize("engine", ["arcadedb", "neo4j"])
def test_other_clients_read_the_same(run: Any, engine: str, request: pytest.FixtureRequest) -> None:
    home = request.getfixturevalue("embedded_sample" if engine == "arcadedb" else "neo4j_sample")
    outputs = run("other_clients.ipynb", home)
    assert shown(outputs, "address", "text/plain") == repr(engine)
    assert printed(outputs, "same").split() == ["True", "True"]
    first = ["AdapterHub/bert-base-uncased-pf-conll2003", "adapter"]
    for cell in ("hfmrs", "driver", "py2neo"):
        assert len(rows(outputs, cell)) == 5
        assert rows(outputs, cell)[0][:2] == first
    pictures = [sorted(drawn(outputs, f"{cell}-drawing")) for cell in ("hfmrs", "driver", "py2neo")]
    assert pictures[0] == pictures[1] == pictures[2]
    assert len(pictures[0]) == 6
    assert "Model: google-bert/bert-base-uncased" in pictures[0]
    assert shown(outputs, "matcher", "text/plain") == "'bert-base-uncased'"
