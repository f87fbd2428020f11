"""What a person is given to read and judge, and how the verdicts are counted."""

from __future__ import annotations

import csv
from pathlib import Path

from click.testing import CliRunner

from benchmarks.read import COLUMNS, main


def drawn(built: Path, *options: str) -> list[dict[str, str]]:
    found = CliRunner().invoke(main, ["--home", str(built), "--count", "8", *options])
    assert found.exit_code == 0, found.output
    return list(csv.DictReader(found.stdout.splitlines()))


def test_recommendations_are_drawn_by_seed_without_a_verdict(built: Path) -> None:
    first, again, other = (drawn(built, "--seed", seed) for seed in ("0", "0", "1"))
    assert first == again != other
    assert len({row["model"] for row in first}) == 8
    for row in first:
        assert tuple(row) == COLUMNS
        assert row["model"] != row["recommended"]
        assert 1 <= int(row["rank"]) <= 10
        assert not row["verdict"]


def test_verdicts_are_counted_and_a_wrong_one_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "judged.csv"
    file.write_text("model,recommended,rank,verdict\na,b,1,relevant\na,c,2,silly\nd,e,3,relevant\n", encoding="utf-8")
    found = CliRunner().invoke(main, ["--judged", str(file)])
    assert found.exit_code == 0
    lines = {line.split()[0]: line.split()[1] for line in found.output.splitlines() if line[:1].islower()}
    assert {each: lines[each] for each in ("relevant", "redundant", "silly")} == {
        "relevant": "2",
        "redundant": "0",
        "silly": "1",
    }
    file.write_text("model,recommended,rank,verdict\na,b,1,relevant\na,c,2,fine\n", encoding="utf-8")
    found = CliRunner().invoke(main, ["--judged", str(file)])
    assert found.exit_code == 1
    assert "line 3: 'fine' is none of relevant, redundant, silly" in found.output
    assert CliRunner().invoke(main, []).exit_code == 2
