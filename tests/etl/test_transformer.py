"""The static embedder is distilled once for a user, and copied from then on."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl import transformer

WEIGHTS = "model.safetensors"


def test_it_is_distilled_once(embedder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transformer, "_distil", lambda draft: pytest.fail("distilled again"))
    transformer.distil(tmp_path / "embedder")
    folders = (embedder, tmp_path / "embedder")
    made, copied = ({file.name: file.read_bytes() for file in folder.iterdir()} for folder in folders)
    assert WEIGHTS in copied
    assert made == copied
    assert [file.name for file in tmp_path.iterdir()] == ["embedder"]


@pytest.mark.parametrize("versions", ["1", "2"])
def test_other_libraries_make_another_one(versions: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for number in ("1", versions):
        monkeypatch.setattr(transformer, "version", lambda name, number=number: number)
        monkeypatch.setattr(transformer, "_distil", lambda draft, number=number: (draft / WEIGHTS).write_text(number))
        transformer.distil(tmp_path / number)
    assert (tmp_path / versions / WEIGHTS).read_text() == versions
    assert len(list((tmp_path / "cache" / "hfmrs").iterdir())) == len({"1", versions})


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(transformer, "_distil", lambda draft: (draft / WEIGHTS).write_text("weights"))
    transformer.distil(tmp_path / "embedder")
    assert (tmp_path / "embedder" / WEIGHTS).read_text() == "weights"
