"""Long work in short pieces: a file is written slice by slice, so that no other writer waits for more than one."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

SLICE_ROWS = 500
"""Rows a transaction. Some 5 ms of a writer's time, a tenth of the 50 ms that a slice may take."""


def slices(rows: Sequence[T], size: int = SLICE_ROWS) -> Iterator[Sequence[T]]:
    """The rows in order, cut into slices of at most `size`."""
    return (rows[start : start + size] for start in range(0, len(rows), size))
