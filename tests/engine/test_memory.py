"""Keeping freed memory: where there is no glibc it is left as it is."""

from __future__ import annotations

import ctypes

import pytest

from lossviz.engine.trainer import KEPT, LARGEST, MMAP_THRESHOLD, TRIM_THRESHOLD, keep_freed_memory


class Library:
    """Stands for glibc, and writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[int, int]] = []

    def mallopt(self, option: int, value: int) -> int:
        self.told.append((option, value))
        return 1


def test_glibc_is_told_what_to_keep(monkeypatch: pytest.MonkeyPatch) -> None:
    library = Library()
    monkeypatch.setattr(ctypes, "CDLL", lambda _: library)
    keep_freed_memory()
    assert library.told == [(MMAP_THRESHOLD, LARGEST), (TRIM_THRESHOLD, KEPT)]


@pytest.mark.parametrize("error", [OSError, TypeError])
def test_no_library_is_no_error(monkeypatch: pytest.MonkeyPatch, error: type[Exception]) -> None:
    def absent(_: object) -> None:
        raise error("no such library")

    monkeypatch.setattr(ctypes, "CDLL", absent)
    keep_freed_memory()


def test_another_library_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    keep_freed_memory()


def test_what_is_kept_fits_the_number_that_glibc_takes() -> None:
    assert 0 < LARGEST <= KEPT < 2**31
