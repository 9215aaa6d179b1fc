"""Models: a sparse first layer, and a small dense end of their own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Tensor

from lossviz.engine.csr import Csr
from lossviz.errors import LossVizError
from lossviz.experiments.specs import ModelSpec

MOST_WEIGHTS = 60_000_000
"""Largest first layer: 240 MB, and as much again for the optimiser's memory of it."""


class Model(ABC):
    """``logits = tail(X @ table)``, for ``E`` ensemble members at once.

    The table ``(V, E · H)`` holds the members' first layers side by side, so that one sparse
    product serves all of them. Everything behind it is dense and small, with a leading axis E.

    :param members: number of ensemble members E. They start alike, so that they differ only in
        what they are trained with.
    :param seed: decides the initial weights, whatever the number of members.
    """

    last: ClassVar[tuple[str, ...]]
    """The weights whose columns are the logits."""
    hidden: int
    """Columns of the table for one member, ``H``."""

    def __init__(self, vocabulary: int, hidden: int, outputs: int, members: int, seed: int) -> None:
        if vocabulary * hidden * members > MOST_WEIGHTS:
            raise LossVizError(
                f"A first layer of {vocabulary:,} features × {hidden} units has more than "
                f"{MOST_WEIGHTS:,} weights. Choose a smaller width or fewer features."
            )
        self.hidden = hidden
        self.outputs = outputs
        self.members = members
        random = torch.Generator().manual_seed(seed)
        self.table = self._start(vocabulary, random).repeat(1, members)
        self.dense = {
            name: weight.expand(members, *weight.shape).clone()
            for name, weight in self._start_dense(random).items()
        }

    @abstractmethod
    def _start(self, vocabulary: int, random: torch.Generator) -> Tensor: ...

    @abstractmethod
    def _start_dense(self, random: torch.Generator) -> dict[str, Tensor]: ...

    @abstractmethod
    def units(self, projected: Tensor, dense: dict[str, Tensor]) -> Tensor:
        """What the last layer is given, ``(E, N, H)``, from ``X @ table`` as ``(E, N, H)``."""

    @abstractmethod
    def logits(self, units: Tensor, dense: dict[str, Tensor]) -> Tensor:
        """``(E, N, O)``."""

    def tail(self, projected: Tensor, dense: dict[str, Tensor]) -> Tensor:
        """Logits ``(E, N, O)`` from ``X @ table`` as ``(E, N, H)``."""
        return self.logits(self.units(projected, dense), dense)

    def project(self, rows: Csr) -> Tensor:
        """``X @ table`` as ``(E, N, H)``."""
        return self.by_member(rows.times(self.table), 1)

    def by_member(self, products: Tensor, trainers: int) -> Tensor:
        """``(T · E, N, H)`` from the products ``(T · N, E · H)`` of so many models like this."""
        # A copy where they are columns: in another layout a sum is added in another order.
        apart = products.contiguous().view(trainers, -1, self.members, self.hidden)
        return apart.transpose(1, 2).flatten(0, 1)

    def by_row(self, projected: Tensor, trainers: int) -> Tensor:
        """:meth:`by_member` undone."""
        apart = projected.view(trainers, self.members, -1, self.hidden).transpose(1, 2)
        # Where it is no copy yet: the product with anything else adds in another way, and slowly.
        return apart.reshape(-1, self.members * self.hidden).contiguous()

    def weights(self) -> dict[str, Tensor]:
        """All weights, by name."""
        return {"table": self.table, **self.dense}

    def groups(self, parts: Sequence[int], name: str, tensor: Tensor) -> Sequence[Tensor]:
        """Weights of this name, or rows of the table, as views ``(rows, E, columns)``: the columns
        of the last layer for each part of the label by itself.

        :param parts: numbers of logits, as :meth:`Head.parts` has them.
        """
        if name == "table":
            apart = tensor.view(-1, self.members, self.hidden)
        else:
            apart = tensor.unsqueeze(0) if tensor.dim() == 2 else tensor.transpose(0, 1)
        return apart.split(list(parts), dim=-1) if name in self.last else (apart,)


class LinearModel(Model):
    """``logits = X W + b``."""

    last = ("table", "bias")

    def __init__(self, vocabulary: int, outputs: int, members: int, seed: int) -> None:
        super().__init__(vocabulary, outputs, outputs, members, seed)

    def _start(self, vocabulary: int, random: torch.Generator) -> Tensor:
        return 0.01 * torch.randn(vocabulary, self.hidden, generator=random)

    def _start_dense(self, random: torch.Generator) -> dict[str, Tensor]:
        return {"bias": torch.zeros(self.outputs)}

    def units(self, projected: Tensor, dense: dict[str, Tensor]) -> Tensor:
        """There is no other layer."""
        return projected

    def logits(self, units: Tensor, dense: dict[str, Tensor]) -> Tensor:
        """Add the bias."""
        return units + dense["bias"].unsqueeze(-2)


class HiddenModel(Model):
    """``logits = tanh(X U + a) W + b``: tanh, so that a bottleneck of one unit cannot die."""

    last = ("outer", "bias")

    def __init__(self, vocabulary: int, width: int, outputs: int, members: int, seed: int) -> None:
        super().__init__(vocabulary, width, outputs, members, seed)

    def _start(self, vocabulary: int, random: torch.Generator) -> Tensor:
        # Rows of X have length 1, so this gives the hidden units a spread of about 0.5.
        return 0.5 * torch.randn(vocabulary, self.hidden, generator=random)

    def _start_dense(self, random: torch.Generator) -> dict[str, Tensor]:
        scale = self.hidden**-0.5
        return {
            "inner bias": torch.zeros(self.hidden),
            "outer": scale * torch.randn(self.hidden, self.outputs, generator=random),
            "bias": torch.zeros(self.outputs),
        }

    def units(self, projected: Tensor, dense: dict[str, Tensor]) -> Tensor:
        """The tanh layer."""
        return torch.tanh(projected + dense["inner bias"].unsqueeze(-2))

    def logits(self, units: Tensor, dense: dict[str, Tensor]) -> Tensor:
        """The linear layer."""
        return units @ dense["outer"] + dense["bias"].unsqueeze(-2)


def columns(spec: ModelSpec, outputs: int) -> int:
    """Columns of the first layer for one member, ``H``."""
    return outputs if spec.kind == "linear" else spec.width


def build_model(
    spec: ModelSpec, vocabulary: int, outputs: int, *, members: int, seed: int
) -> Model:
    """The model that a specification describes."""
    if spec.kind == "linear":
        return LinearModel(vocabulary, outputs, members, seed)
    return HiddenModel(vocabulary, spec.width, outputs, members, seed)
