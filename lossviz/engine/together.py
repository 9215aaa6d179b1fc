"""Tensors of several trainers as one, and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

import torch
from torch import Tensor

AT_ONCE = 4_000_000
"""Numbers that those who take a step together have in one array, 16 MB."""
Item = TypeVar("Item")


def together(tensors: Sequence[Tensor]) -> Tensor:
    """One behind the other along the first axis; a single one is itself."""
    return tensors[0] if len(tensors) == 1 else torch.cat(tuple(tensors))


def split_like(whole: Tensor, tensors: Sequence[Tensor]) -> list[Tensor]:
    """:func:`together` undone."""
    return list(whole.split([tensor.shape[0] for tensor in tensors]))


def beside(tensors: Sequence[Tensor]) -> Tensor:
    """Side by side along the second axis; a single one is itself."""
    return tensors[0] if len(tensors) == 1 else torch.cat(tuple(tensors), 1)


def pieces(items: Sequence[Item], sizes: Sequence[int]) -> Iterator[Sequence[Item]]:
    """As many at a time as fit into :data:`AT_ONCE`.

    :param sizes: the numbers that each has in an array.
    """
    start = taken = 0
    for end, size in enumerate(sizes):
        if end > start and taken + size > AT_ONCE:
            yield items[start:end]
            start, taken = end, 0
        taken += size
    if start < len(items):
        yield items[start:]
