"""`hfmrs keys`."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from hfmrs.cli import cli
from web.store import Store


def test_a_key_is_shown_once_and_opens_until_it_is_taken_away(tmp_path: Path) -> None:
    def run(*args: str, code: int = 0) -> str:
        result = CliRunner().invoke(cli, ["--home", str(tmp_path), "keys", *args])
        assert result.exit_code == code, result.output
        return result.output

    key = run("add", "nightly").strip()
    assert Store(tmp_path).keys.name_of(key) == "nightly"
    assert "already" in run("add", "nightly", code=1)
    run("add", "", code=2)
    listed = run("list", "--format", "json")
    assert [each["name"] for each in json.loads(listed)] == ["nightly"]
    assert key not in listed
    run("remove", "nightly")
    assert Store(tmp_path).keys.name_of(key) is None
    assert "no key" in run("remove", "nightly", code=1)
