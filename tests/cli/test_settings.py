"""Settings: where they come from, which wins, and what is said of a wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import BadInput
from hfmrs.settings import FILE, Settings, find_home, load, variable


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(variable(name), raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)


def write(home: Path, text: str) -> Path:
    home.mkdir(exist_ok=True)
    (home / FILE).write_text(text, encoding="utf-8")
    return home


def test_the_home_is_the_nearest_hfmrs_folder_above(tmp_path: Path) -> None:
    (tmp_path / ".hfmrs").mkdir()
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    assert find_home(deep) == tmp_path / ".hfmrs"
    (tmp_path / "a" / ".hfmrs").mkdir()
    assert find_home(deep) == tmp_path / "a" / ".hfmrs"


def test_without_such_a_folder_the_home_is_in_the_users_data(tmp_path: Path) -> None:
    assert load().home == tmp_path / "data" / "hfmrs"


def test_the_command_line_wins_over_the_environment_for_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HFMRS_HOME", str(tmp_path / "one"))
    assert load().home == tmp_path / "one"
    assert load(tmp_path / "two").home == tmp_path / "two"


def test_a_relative_home_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HFMRS_HOME", "here")
    assert load().home == tmp_path / "here"


def test_the_file_sets_and_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = write(tmp_path / "home", 'port = 9001\nworkers = 3\ndb_password = "file"\n')
    monkeypatch.setenv("HFMRS_PORT", "9002")
    settings = load(home)
    assert (settings.port, settings.workers) == (9002, 3)
    assert settings.db_password.get_secret_value() == "file"


def test_an_empty_variable_counts_as_not_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HFMRS_PORT", "")
    assert load(write(tmp_path / "home", "port = 9001")).port == 9001


def test_passwords_do_not_show_in_the_repr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HFMRS_DB_PASSWORD", "open sesame")
    assert "sesame" not in repr(load(tmp_path))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prot = 1", "prot"),
        ("port = 'many'", "port"),
        ("port = 70000", "port"),
        ("heap = 'lots'", "heap"),
        ("port = \n", "line 1"),
        ("home = '/x'", "home"),
    ],
)
def test_a_wrong_file_is_named_with_its_key(tmp_path: Path, text: str, said: str) -> None:
    home = write(tmp_path / "home", text)
    with pytest.raises(BadInput) as caught:
        load(home)
    assert str(home / FILE) in caught.value.message
    assert said in caught.value.message
    assert caught.value.hint


def test_a_wrong_variable_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HFMRS_WORKERS", "none")
    with pytest.raises(BadInput, match="HFMRS_WORKERS"):
        load(tmp_path)
