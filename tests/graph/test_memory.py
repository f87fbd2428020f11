"""Peaks of work within work."""

from __future__ import annotations

import sys

import pytest

from graph.memory import measured, resident_mb

LARGE = 200


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the peak is that of the whole process")
def test_a_peak_within_another_begins_anew_and_is_part_of_it() -> None:
    before = resident_mb()
    with measured() as outer:
        with measured() as first:
            held = b"x" * (LARGE << 20)
            del held
            assert first() > before + 0.9 * LARGE
        with measured() as second:
            assert second() < before + 0.5 * LARGE
        assert outer() > before + 0.9 * LARGE
    with measured() as later:
        assert later() < before + 0.5 * LARGE
