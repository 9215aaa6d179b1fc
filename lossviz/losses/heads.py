"""Heads: how a model's logits are laid out, and what probabilities they stand for.

Only methods of the tensors given are used, so reading a head's description needs no torch.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from lossviz.arrays import Integers
from lossviz.schema import LabelSchema

if TYPE_CHECKING:
    from torch import Tensor

    from lossviz.losses.targets import Targets

IMPOSSIBLE = float("-inf")


class Head(ABC):
    """A layout of logits ``(*batch, N, O)``.

    Leading batch axes are ensemble members. Everything is computed in log space.
    """

    id: ClassVar[str]
    title: ClassVar[str]
    can_emit_unseen: ClassVar[bool]
    """Whether taking each component's likeliest value may give a combination not in the schema."""

    @abstractmethod
    def size(self, schema: LabelSchema) -> int:
        """Number of logits ``O``."""

    def parts(self, schema: LabelSchema) -> list[int]:
        """Numbers of logits, side by side, that serve one part of the label alone; ``[O]`` where
        all serve all."""
        return [self.size(schema)]

    def named(self, schema: LabelSchema) -> tuple[str, ...]:
        """What each of these parts is called."""
        return ("whole label",)

    def draws(
        self, logits: Tensor, targets: Targets, schema: LabelSchema
    ) -> list[tuple[Tensor, Tensor]]:
        """For each of these parts the logits ``(*batch, N, n)`` whose softmax draws a piece of each
        row's label, and the place of that piece among them ``(N,)``."""
        return [(logits, targets.joint)]

    def log_prob_pieces(
        self, logits: Tensor, targets: Targets, schema: LabelSchema
    ) -> list[Tensor]:
        """The log probability of each row's label in a piece for each of these parts,
        ``(*batch, N)``, which no other part's logits change; they add up to that of the label."""
        draws = self.draws(logits, targets, schema)
        return [_at(among.log_softmax(-1), places) for among, places in draws]

    def softmaxes(self, schema: LabelSchema) -> Integers:
        """Which softmax each logit goes through, ``(O,)``; −1 for one that is held against 0, as
        here all are. What is added to all logits of a softmax alike changes no probability."""
        return np.full(self.size(schema), -1)

    @abstractmethod
    def joint_log_probs(self, logits: Tensor, schema: LabelSchema) -> Tensor:
        """Log probability of each allowed class, ``(*batch, N, C)``."""

    def component_log_probs(self, logits: Tensor, schema: LabelSchema) -> list[Tensor]:
        """For each component its log probabilities ``(*batch, N, n_k)``.

        ``log P_k(v)`` = logsumexp of the classes' log probabilities whose component k is v.
        """
        log_probs = self.joint_log_probs(logits, schema)
        parts = []
        for positions, filling in schema.agreeing:
            agreeing = log_probs[..., positions]
            if filling.any():
                agreeing = agreeing.masked_fill(agreeing.new_tensor(filling).bool(), IMPOSSIBLE)
            parts.append(agreeing.logsumexp(-2))
        return parts

    @abstractmethod
    def place(self, effects: list[Tensor], joint: Tensor, schema: LabelSchema) -> Tensor:
        """Logits ``(*batch, N, O)`` that say what a log-linear distribution says, as far as the
        head can.

        :param effects: each component's own effect ``(*batch, N, n_k)``.
        :param joint: ``(*batch, N, C)``, the effects of all components and of how they hang
            together, summed for each allowed class.
        """


class JointHead(Head):
    """One logit for each allowed class; softmax over them."""

    id = "joint"
    title = "one logit per whole label"
    can_emit_unseen = False

    def size(self, schema: LabelSchema) -> int:
        """``C``."""
        return len(schema.classes)

    def softmaxes(self, schema: LabelSchema) -> Integers:
        """One for all."""
        return np.zeros(self.size(schema), dtype=np.int64)

    def joint_log_probs(self, logits: Tensor, schema: LabelSchema) -> Tensor:
        """``log_softmax``: the schema is not needed, every logit is an allowed class."""
        return logits.log_softmax(-1)

    def place(self, effects: list[Tensor], joint: Tensor, schema: LabelSchema) -> Tensor:
        """The summed effects themselves."""
        return joint


class FactorisedHead(Head):
    """Logits per component: one for a two-valued component, ``n_k`` for a larger one.

    The single logit of a two-valued component is the log odds of its *first* value.
    """

    id = "factorised"
    title = "separate logits for each part"
    can_emit_unseen = True

    def size(self, schema: LabelSchema) -> int:
        """Sum of the components' widths."""
        return sum(self.widths(schema))

    def parts(self, schema: LabelSchema) -> list[int]:
        """The components' widths, of those that have logits."""
        return [width for width in self.widths(schema) if width]

    def named(self, schema: LabelSchema) -> tuple[str, ...]:
        """The components that have logits."""
        widths = self.widths(schema)
        return tuple(name for name, width in zip(schema.names, widths, strict=True) if width)

    def draws(
        self, logits: Tensor, targets: Targets, schema: LabelSchema
    ) -> list[tuple[Tensor, Tensor]]:
        """Of each component with logits, its value: also where the combination never occurs."""
        widths = self.widths(schema)
        pieces = zip(logits.split(widths, dim=-1), schema.sizes, strict=True)
        among = [self._against(piece, size) for piece, size in pieces]
        return [(among[k], targets.components[:, k]) for k, width in enumerate(widths) if width]

    @staticmethod
    def _against(piece: Tensor, size: int) -> Tensor:
        """The logits of a component's values, which are held against 0 where there are two."""
        return piece * piece.new_tensor([1.0, 0.0]) if size == 2 else piece

    @staticmethod
    def widths(schema: LabelSchema) -> list[int]:
        """Number of logits of each component: 0 for one value, 1 for two, ``n_k`` above."""
        return [n if n > 2 else n - 1 for n in schema.sizes]

    def softmaxes(self, schema: LabelSchema) -> Integers:
        """One for each component of more than two values."""
        widths = np.array(self.widths(schema))
        return np.repeat(np.where(widths > 1, np.arange(len(widths)), -1), widths)

    def component_log_probs(self, logits: Tensor, schema: LabelSchema) -> list[Tensor]:
        """``log_softmax`` of the component's own logits."""
        pieces = logits.split(self.widths(schema), dim=-1)
        log_probs = []
        for piece, size in zip(pieces, schema.sizes, strict=True):
            if size == 1:
                log_probs.append(logits.new_zeros((*logits.shape[:-1], 1)))
            else:
                log_probs.append(self._against(piece, size).log_softmax(-1))
        return log_probs

    def joint_log_probs(self, logits: Tensor, schema: LabelSchema) -> Tensor:
        """Sum of the components' log probabilities: they are independent given the text.

        The mass on combinations that are not in the schema is left out, not redistributed.
        """
        parts = self.component_log_probs(logits, schema)
        total = parts[0][..., schema.class_codes[:, 0]]
        for k, part in enumerate(parts[1:], start=1):
            total = total + part[..., schema.class_codes[:, k]]
        return total

    def place(self, effects: list[Tensor], joint: Tensor, schema: LabelSchema) -> Tensor:
        """Each component's own effect; how they hang together has no place here."""
        widths = self.widths(schema)
        logits = joint.new_empty((*joint.shape[:-1], sum(widths)))
        contrasts = [
            effect[..., :1] - effect[..., 1:] if effect.shape[-1] == 2 else effect
            for effect in effects
        ]
        start = 0
        for effect, width in zip(contrasts, widths, strict=True):
            # Not into a view: gradients would not find their way back.
            logits[..., start : start + width] = effect[..., :width]
            start += width
        return logits


class ChainHead(Head):
    """For each start of a label that occurs, one logit for each value that may follow it.

    The logits stand in the order of the nodes of :attr:`LabelSchema.tree`. A value that is the only
    one that may follow has a logit that changes nothing.
    """

    id = "chain"
    title = "each part given those before it"
    can_emit_unseen = False

    def size(self, schema: LabelSchema) -> int:
        """Number of starts of allowed labels, whole ones included."""
        return len(schema.tree.siblings)

    def parts(self, schema: LabelSchema) -> list[int]:
        """Number of starts as long as 1, 2 … K components."""
        ends = schema.tree.paths.max(axis=0) + 1
        return [int(width) for width in np.diff(ends, prepend=0)]

    def named(self, schema: LabelSchema) -> tuple[str, ...]:
        """All components."""
        return schema.names

    def draws(
        self, logits: Tensor, targets: Targets, schema: LabelSchema
    ) -> list[tuple[Tensor, Tensor]]:
        """Of each component its value, given those before it."""
        groups, places = self._side_by_side(logits, schema)
        nodes = targets.joint.new_tensor(schema.tree.paths)[targets.joint]
        which = [targets.joint.new_tensor(numbers)[nodes] for numbers in places]
        rows = targets.joint.new_tensor(range(len(targets)))
        return [
            (groups[..., rows, which[0][:, k], :], which[1][:, k]) for k in range(nodes.shape[1])
        ]

    def softmaxes(self, schema: LabelSchema) -> Integers:
        """One for the values that may follow the same start."""
        return schema.tree.siblings

    @classmethod
    def node_log_probs(cls, logits: Tensor, schema: LabelSchema) -> Tensor:
        """``log P(value | start)`` of each node, ``(*batch, N, O)``."""
        groups, (group, within) = cls._side_by_side(logits, schema)
        return groups.log_softmax(-1).flatten(-2)[..., group * groups.shape[-1] + within]

    @staticmethod
    def _side_by_side(logits: Tensor, schema: LabelSchema) -> tuple[Tensor, list[Integers]]:
        """The logits of values that may follow the same start, ``(*batch, N, G, n)``, filled up to
        the longest with what has no probability; each node's group, and its place there."""
        siblings = schema.tree.siblings
        sizes = np.bincount(siblings)
        nodes = len(siblings)
        within = np.arange(nodes) - (np.cumsum(sizes) - sizes)[siblings]
        spread = np.full((len(sizes), int(sizes.max())), nodes)
        spread[siblings, within] = np.arange(nodes)
        padded = logits.new_full((*logits.shape[:-1], nodes + 1), IMPOSSIBLE)
        padded[..., :nodes] = logits
        return padded[..., spread], [siblings, within]

    def joint_log_probs(self, logits: Tensor, schema: LabelSchema) -> Tensor:
        """Sum over the nodes that a class passes: the chain rule."""
        return self.node_log_probs(logits, schema)[..., schema.tree.paths].sum(-1)

    def place(self, effects: list[Tensor], joint: Tensor, schema: LabelSchema) -> Tensor:
        """For each node the logsumexp of the classes that pass it."""
        passes = np.zeros((self.size(schema), len(schema.classes)), dtype=bool)
        passes[schema.tree.paths, np.arange(len(schema.classes))[:, None]] = True
        beyond = joint.new_tensor(~passes).bool()
        return joint.unsqueeze(-2).masked_fill(beyond, IMPOSSIBLE).logsumexp(-1)


def _at(log_probs: Tensor, places: Tensor) -> Tensor:
    """One of the last axis for each row, ``(*batch, N)``."""
    chosen = places.unsqueeze(-1).expand(*log_probs.shape[:-1], 1)
    return log_probs.gather(-1, chosen).squeeze(-1)


HEADS: dict[str, Head] = {head.id: head for head in (JointHead(), FactorisedHead(), ChainHead())}
