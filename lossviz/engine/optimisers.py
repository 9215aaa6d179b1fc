"""Optimisers that can leave alone the rows a batch does not touch.

torch's own accept sparse gradients too, but not with weight decay, and cost about twice the time
for a step of this size. The tests hold each rule to its torch twin.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from itertools import count, pairwise
from math import inf
from typing import ClassVar

import torch
from torch import Tensor

from lossviz.engine.together import split_like
from lossviz.experiments.specs import OptimiserSpec

EPSILON = 1e-5
"""Of the root mean square of the first gradients."""
NOISE = 1e-5
"""Of the root mean square gradient of a member's tensor: so little is rounding."""

AT_A_TIME = 300_000
"""Numbers of a large tensor that move together: about a megabyte, which a core has at hand."""

Grouping = Callable[[str, Tensor], Sequence[Tensor]]
"""From the tensor of a name to views of it, ``(rows, E, columns)`` each: what serves one part of
the label, or all of them."""


def by_member(_: str, tensor: Tensor) -> Sequence[Tensor]:
    """A tensor whose leading axis are members."""
    return (tensor.flatten(1).unsqueeze(0),)


def one_group(_: str, tensor: Tensor) -> Sequence[Tensor]:
    """A tensor of one member, whose columns serve all parts."""
    return (tensor.reshape(-1, 1, tensor.shape[-1]),)


class Optimiser(ABC):
    """One update rule with its memory of each weight.

    :param weights: the tensors to move, by name. They are changed in place.
    :param groups: how they, and their gradients, fall into members and parts of the label.
    """

    row_local: ClassVar[bool]
    """Whether a zero gradient leaves a weight exactly where it is."""

    def __init__(
        self, spec: OptimiserSpec, weights: dict[str, Tensor], groups: Grouping = one_group
    ) -> None:
        self.rule = spec.name, spec.shrinking
        self.shrinking = spec.shrinking
        self.learning_rate = spec.learning_rate
        self.weight_decay = spec.weight_decay
        self.weights = weights
        self.groups = groups
        self.memory = {name: self._start(weight) for name, weight in weights.items()}
        self.waiting: dict[str, Tensor] = {}
        """Of the tensors that have to :meth:`_meet` gradients still, what waits for one."""

    @property
    def sparse(self) -> bool:
        """Whether rows without a gradient may be skipped."""
        return self.row_local and self.weight_decay == 0.0

    @abstractmethod
    def _start(self, weight: Tensor) -> dict[str, Tensor]: ...

    def _meet(self, name: str, gradient: Tensor) -> None:  # noqa: B027 - most need not
        """Take notice of a loss's gradient, of the whole tensor or of some rows, before it acts."""

    @abstractmethod
    def _move(self, name: str, weight: Tensor, gradient: Tensor, memory: dict[str, Tensor]) -> None:
        """Change the weight and the memory in place."""

    def _count(self, memory: dict[str, Tensor]) -> None:  # noqa: B027 - most need not
        """Take notice that a whole tensor is about to move."""

    def update(self, name: str, gradient: Tensor) -> None:
        """Move a whole tensor by its gradient."""
        self._meet(name, gradient)
        weight, memory = self.weights[name], self.memory[name]
        self._count(memory)
        self._move(name, weight, self._decayed(gradient, weight), memory)

    def _decayed(self, gradient: Tensor, weight: Tensor) -> Tensor:
        return gradient + self.weight_decay * weight if self.weight_decay else gradient

    def update_scattered(self, name: str, rows: Tensor, gradient: Tensor) -> None:
        """:meth:`update` by a gradient that is 0 but in some rows, piece by piece: nothing as large
        as the tensor is made. What is as large is fetched from the system anew at every step, which
        took more than half of its time where 115,000 words have 72 columns.

        :param rows: ``(R,)``, ascending; ``gradient`` ``(R, W)`` is theirs.
        """
        weight, memory = self.weights[name], self.memory[name]
        if name in self.waiting:
            self._meet(name, torch.zeros_like(weight).index_copy_(0, rows, gradient))
        self._count(memory)
        size = max(1, AT_A_TIME // weight.shape[1])
        blank = weight.new_zeros(min(size, len(weight)), weight.shape[1])
        ends = torch.searchsorted(rows, torch.arange(0, len(weight) + size, size)).tolist()
        for start, (first, last) in zip(count(0, size), pairwise(ends), strict=False):
            piece = slice(start, start + size)
            some, inside = weight[piece], rows[first:last] - start
            slope = blank[: len(some)].index_copy_(0, inside, gradient[first:last])
            beside = {key: kept[piece] if kept.dim() else kept for key, kept in memory.items()}
            self._move(name, some, self._decayed(slope, some), beside)
            slope.index_fill_(0, inside, 0.0)

    @staticmethod
    def update_together(optimisers: Sequence[Optimiser], name: str, gradient: Tensor) -> None:
        """:meth:`update` for several of a kind.

        :param gradient: theirs, one behind the other along the first axis.
        """
        first = optimisers[0]
        weights = [optimiser.weights[name] for optimiser in optimisers]
        if len(optimisers) == 1 or not first.row_local:
            for optimiser, piece in zip(optimisers, split_like(gradient, weights), strict=True):
                optimiser.update(name, piece)
            return
        if any(name in optimiser.waiting for optimiser in optimisers):
            for optimiser, piece in zip(optimisers, split_like(gradient, weights), strict=True):
                optimiser._meet(name, piece)
        memories = [optimiser.memory[name] for optimiser in optimisers]
        weight = torch.cat(weights)
        remembered = {key: torch.cat([memory[key] for memory in memories]) for key in memories[0]}
        first._move(name, weight, first._decayed(gradient, weight), remembered)
        torch._foreach_copy_(weights, split_like(weight, weights))
        for key, kept in remembered.items():
            torch._foreach_copy_([memory[key] for memory in memories], split_like(kept, weights))

    @staticmethod
    def update_rows(
        optimisers: Sequence[Optimiser],
        name: str,
        tables: Sequence[Tensor],
        rows: Tensor,
        moved: Tensor,
        gradient: Tensor,
    ) -> None:
        """Move only some rows of the tensors of several of a kind, which stand side by side; only
        where :attr:`sparse` holds.

        :param tables: ``(N, ΣH)``, all weights, and then what is remembered of them, as the memory
            has it.
        :param rows: ``(R,)``, each row once.
        :param moved: those rows of the weights, ``(R, ΣH)``; changed as well.
        :param gradient: ``(R, ΣH)``.
        """
        if any(name in optimiser.waiting for optimiser in optimisers):
            widths = [optimiser.weights[name].shape[1] for optimiser in optimisers]
            for optimiser, piece in zip(optimisers, gradient.split(widths, 1), strict=True):
                optimiser._meet(name, piece)
        _, *kept = tables
        first = optimisers[0]
        # index_select and index_copy_ take a fifth of the time of weight[rows] in both directions.
        remembered = [table.index_select(0, rows) for table in kept]
        memory = dict(zip(first.memory[name], remembered, strict=True))
        first._move(name, moved, gradient, memory)
        for table, moved_rows in zip(tables, (moved, *remembered), strict=True):
            table.index_copy_(0, rows, moved_rows)


class ScaleFree(Optimiser):
    """Begins with the size of the first gradients.

    It is their root mean square over the rows that have one, for each member and each part of the
    label apart, so that neither a constant factor on the loss nor one on a part with logits of its
    own changes anything. What has nothing but noise waits, and does not move.

    Column by column would do as well, but labels that the first batch lacks would start at their
    small gradients and fall in long steps: 1.1 points more wrong after an epoch on 64 labels.
    """

    def __init__(
        self, spec: OptimiserSpec, weights: dict[str, Tensor], groups: Grouping = one_group
    ) -> None:
        super().__init__(spec, weights, groups)
        self.waiting = {
            name: torch.ones(len(parts), parts[0].shape[1], dtype=torch.bool)
            for name, weight in weights.items()
            for parts in [groups(name, weight)]
        }

    @abstractmethod
    def _begin(self, name: str, means: Tensor) -> None:
        """Some have their first gradient.

        :param means: their mean squares ``(parts, E)``; infinite for those that still wait, or
            have begun before.
        """

    def _meet(self, name: str, gradient: Tensor) -> None:
        waiting = self.waiting.get(name)  # (parts, E)
        if waiting is None:
            return
        # A copy of columns: in another layout a sum is added in another order.
        parts = self.groups(name, gradient.contiguous())
        squares = torch.stack([part.square().sum((0, 2)) for part in parts])
        counts = torch.stack([part.count_nonzero((0, 2)) for part in parts])
        means = squares / counts.clamp(min=1)
        noise = NOISE**2 * squares.sum(0) / counts.sum(0).clamp(min=1)
        begins = waiting & (means > noise)
        if begins.any():
            self._begin(name, torch.where(begins, means, inf))
        waiting &= ~begins
        if not waiting.any():
            del self.waiting[name]


class Adagrad(ScaleFree):
    """Duchi, Hazan & Singer 2011. Each weight's step shrinks with the gradients it has seen, or
    with a share of their squares.

    Its sum of squares starts at the mean square of the first gradients, and is infinite until then.
    From 0 the first step would be the sign of the gradient, and float noise in one that is really 0
    a weight difference of up to 0.06.
    """

    row_local = True

    def _start(self, weight: Tensor) -> dict[str, Tensor]:
        return {"sum": torch.full_like(weight, inf)}

    def _begin(self, name: str, means: Tensor) -> None:
        sums = self.groups(name, self.memory[name]["sum"])
        for k in means.isfinite().any(1).nonzero().flatten().tolist():
            sums[k].clamp_(max=means[k, :, None])  # what has started is finite, and stays

    def _move(self, _: str, weight: Tensor, gradient: Tensor, memory: dict[str, Tensor]) -> None:
        memory["sum"].addcmul_(gradient, gradient, value=self.shrinking)
        weight.addcdiv_(gradient, memory["sum"].sqrt(), value=-self.learning_rate)


class Sgd(Optimiser):
    """Plain stochastic gradient descent; TF-IDF rows need a learning rate around 5."""

    row_local = True

    def _start(self, weight: Tensor) -> dict[str, Tensor]:
        return {}

    def _move(self, _: str, weight: Tensor, gradient: Tensor, memory: dict[str, Tensor]) -> None:
        weight.add_(gradient, alpha=-self.learning_rate)


class Adam(ScaleFree):
    """Kingma & Ba 2015. Momentum keeps every row moving, so every step touches all of them.

    ε is :data:`EPSILON` of the size of the first gradients, where 1e-8 is usual: about as much with
    weights of 1, and a factor on the loss changes nothing.
    """

    row_local = False

    def __init__(
        self, spec: OptimiserSpec, weights: dict[str, Tensor], groups: Grouping = one_group
    ) -> None:
        super().__init__(spec, weights, groups)
        self._epsilon = {
            name: torch.full(waiting.shape, inf) for name, waiting in self.waiting.items()
        }

    def _begin(self, name: str, means: Tensor) -> None:
        self._epsilon[name].clamp_(max=EPSILON * means.sqrt())

    def _start(self, weight: Tensor) -> dict[str, Tensor]:
        return {
            "mean": torch.zeros_like(weight),
            "square": torch.zeros_like(weight),
            "steps": torch.zeros(()),
        }

    def _count(self, memory: dict[str, Tensor]) -> None:
        memory["steps"] += 1

    def _move(self, name: str, weight: Tensor, gradient: Tensor, memory: dict[str, Tensor]) -> None:
        steps = float(memory["steps"])
        memory["mean"].lerp_(gradient, 0.1)
        memory["square"].mul_(0.999).addcmul_(gradient, gradient, value=0.001)
        scale = (memory["square"] / (1 - 0.999**steps)).sqrt_()
        for part, epsilon in zip(self.groups(name, scale), self._epsilon[name], strict=True):
            part.add_(epsilon[:, None])
        weight.addcdiv_(memory["mean"], scale, value=-self.learning_rate / (1 - 0.9**steps))


_RULES: dict[str, type[Optimiser]] = {"adagrad": Adagrad, "adam": Adam, "sgd": Sgd}


def build_optimiser(
    spec: OptimiserSpec, weights: dict[str, Tensor], groups: Grouping = one_group
) -> Optimiser:
    """The optimiser that a specification describes."""
    return _RULES[spec.name](spec, weights, groups)
