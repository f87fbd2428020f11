"""What holds for the project as a whole: its files, its lock, its documentation."""

from __future__ import annotations

import ast
import os
import re
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path

import click
import pytest

from hfmrs import __version__, reference
from hfmrs.cli import cli
from hfmrs.settings import Settings, variable

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("cypher", "graph", "etl", "gnn", "web", "hfmrs")
MODULES = sorted(path for package in (*PACKAGES, "tests", "benchmarks") for path in (ROOT / package).rglob("*.py"))
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    return {normal(re.split(r"[\[<>=~!; ]", line, maxsplit=1)[0]) for line in lines}


def test_the_lock_file_pins_every_requirement_with_hashes_and_names_no_index() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    blocks = re.findall(r"^(\S+)==\S+[^\n]*\n((?:    --hash=\S+[^\n]*\n)*)", lock, flags=re.MULTILINE)
    assert requirements() <= {normal(name) for name, _ in blocks}
    assert [name for name, hashes in blocks if "sha256:" not in hashes] == []
    assert "://" not in lock


def test_the_licence_is_the_plain_apache_licence() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.split()[:4] == ["Apache", "License", "Version", "2.0,"]
    assert "Copyright [yyyy] [name of copyright owner]" in text


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_short_and_pickles_nothing(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    assert text.count("\n") < 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            named = {node.module} if isinstance(node, ast.ImportFrom) else {alias.name for alias in node.names}
            assert not named & {"pickle", "cPickle", "dill", "joblib", "cloudpickle", "shelve", "marshal"}
        if isinstance(node, ast.keyword) and node.arg in ("allow_pickle", "weights_only"):
            assert isinstance(node.value, ast.Constant)
            assert node.value.value == (node.arg == "weights_only")


@pytest.mark.parametrize("package", ["graph", "web", "hfmrs"])
def test_what_serves_loads_no_training_library(package: str) -> None:
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in sorted((ROOT / package).rglob("*.py"))
        if path.name != "__main__.py"
    ]
    code = f"import sys, importlib\nfor name in {modules}: importlib.import_module(name)\nprint(*sorted(sys.modules))"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {"torch", "dgl", "sentence_transformers", "sklearn", "scipy"}.isdisjoint(result.stdout.split())


def test_the_wheel_holds_every_file_of_the_packages(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "uv",
        "build",
        "--wheel",
        "--no-build-isolation",
        "--offline",
        "--out-dir",
        str(tmp_path),
    ]
    subprocess.run([*command, str(source(tmp_path))], check=True, capture_output=True)
    (wheel,) = tmp_path.glob(f"hfmrs-{__version__}-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    tracked = subprocess.run(["git", "ls-files", *PACKAGES], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(tracked.stdout.splitlines()) <= held


def source(folder: Path) -> Path:
    """A copy of what git tracks, so that building leaves nothing in the checkout."""
    copy = folder / "source"
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in listed.stdout.splitlines():
        if (ROOT / name).exists():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes((ROOT / name).read_bytes())
    return copy


@pytest.mark.parametrize("name", sorted(reference.PAGES))
def test_the_generated_pages_are_current(name: str) -> None:
    made = reference.PAGES[name]()
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == made, "Run: make docs"


def example_lines(text: str) -> list[str]:
    """Lines of code blocks that call `hfmrs`."""
    blocks = re.findall(r"```(?:sh|console|bash)\n(.*?)```", text, flags=re.DOTALL)
    lines = [line.strip().removeprefix("$ ") for block in blocks for line in block.splitlines()]
    return [line for line in lines if line.startswith("hfmrs ")]


def parse(arguments: list[str]) -> None:
    """Parses `arguments` as `hfmrs` would, without running anything. Raises `click.UsageError`."""
    command: click.Command = cli
    while isinstance(command, click.Group):
        context = command.make_context("hfmrs", arguments)
        name, found, arguments = command.resolve_command(context, [*context._protected_args, *context.args])
        assert found is not None, name
        command = found
    command.make_context("hfmrs", arguments)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_the_commands_in_the_documentation_exist(page: Path) -> None:
    for line in example_lines(page.read_text(encoding="utf-8")):
        words = shlex.split(line, comments=True)
        parse(words[1 : next((i for i, word in enumerate(words) if word in ("|", ">", "&&")), None)])


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_the_documentation_points_at_files_that_exist(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_the_documentation_names_only_settings_and_make_targets_that_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    known = {variable(name) for name in Settings.model_fields} | {"HFMRS_SHARED_DATA"}
    assert set(re.findall(r"\bHFMRS_[A-Z_]*[A-Z]\b", text)) <= known
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert set(re.findall(r"^make ([a-z]+)", text, flags=re.MULTILINE)) <= targets


def test_ci_runs_make_test() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text(encoding="utf-8").rstrip().endswith("make test")
