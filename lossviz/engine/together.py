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


def selected(tensors: Sequence[Tensor], rows: Sequence[Tensor]) -> Tensor:
    """These rows of each, together."""
    pairs = zip(tensors, rows, strict=True)
    return together([tensor.index_select(0, places) for tensor, places in pairs])


def put(tensors: Sequence[Tensor], rows: Sequence[Tensor], whole: Tensor) -> None:
    """:func:`selected` undone, in place."""
    for tensor, places, piece in zip(tensors, rows, split_like(whole, rows), strict=True):
        tensor.index_copy_(0, places, piece)


def pieces(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """As many at a time as fit into :data:`AT_ONCE`, each of so many numbers."""
    most = max(1, AT_ONCE // max(size, 1))
    for start in range(0, len(items), most):
        yield items[start : start + most]
