"""What every objective is: named parts, and how they add up."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal

from lossviz.losses.mix import LinearMix, Mix, Term
from lossviz.losses.setting import Configurable
from lossviz.losses.weights import LossWeights
from lossviz.schema import Codes, LabelSchema

if TYPE_CHECKING:
    from torch import Tensor

    from lossviz.losses.targets import Targets

JOINT = "joint"
"""The part that looks at the whole label; those of the components are ``part 1 .. part K``."""
ALLOWED = "allowed"
"""The part that looks at how much probability the combinations that occur have together."""

MOST_WRITTEN = 5
"""Parts that a formula spells out; of more it shows the first and the last."""


def part_name(k: int) -> str:
    """The name of the part of component ``k``, counted from 0."""
    return f"part {k + 1}"


class Objective(Configurable, ABC):
    """What training minimises, as named, unreduced parts.

    A subclass is one file of this package; it is registered by being there. Only methods of the
    tensors given are used, so the descriptions can be read where torch is not loaded.
    """

    id: ClassVar[str]
    title: ClassVar[str]
    head: ClassVar[str]
    """The :data:`lossviz.losses.heads.HEADS` entry whose logits it reads."""
    decoder: ClassVar[str]
    """The :data:`lossviz.losses.decoding.DECODERS` entry that fits what it asks for."""
    asks_for: ClassVar[str]
    """One plain sentence."""
    definition: ClassVar[str]
    """LaTeX of the parts; how they add up is :meth:`formula`."""
    symbols: ClassVar[str]
    """What stands for what there, as a sentence with LaTeX between dollar signs."""
    use_when: ClassVar[str]
    avoid_when: ClassVar[str]
    pitfall: ClassVar[str]
    """What surprises people who use it: one sentence."""
    source: ClassVar[str]
    weighted: ClassVar[bool]
    """Whether the components' weights α, β … act on it."""
    joint_weighted: ClassVar[bool] = False
    """Whether the weight γ of the whole label acts on it."""
    proper: ClassVar[Literal["label", "parts"] | None] = None
    """Whose probabilities come true, given texts and capacity enough, whatever positive weights:
    those of the whole label, and so of its parts; those of each part; or none that can be counted
    on. A strictly proper score."""
    reduction: ClassVar[Literal["mean", "sum"]] = "mean"
    """Over the components: ``mean`` is what the PyTorch calls do that people write."""
    unit: ClassVar[str] = "nats"
    """Of the loss of one text."""
    snippet: ClassVar[str]
    """``def loss_fn(logits, labels)`` in plain PyTorch; see :mod:`lossviz.experiments.code`."""

    @property
    def weighable(self) -> bool:
        """Whether there is a part for each component that a weighting can multiply."""
        return part_name(0) in self.terms(1)

    @abstractmethod
    def parts(
        self, logits: Tensor, targets: Targets, schema: LabelSchema, weights: LossWeights
    ) -> dict[str, Tensor]:
        """The parts, each ``(*batch, N)`` and at least 0.

        :param logits: ``(*batch, N, O)`` in the layout of :attr:`head`.
        :param targets: the true labels of the ``N`` rows, the same for all members or each its own.
        :param weights: most objectives leave them to :meth:`total`; they are for those whose
            parts are not linear in them.
        """

    def terms(self, components: int) -> dict[str, Term]:
        """How each part enters the total: ``γ L_joint + (1/K) Σ w_k L_k`` for the parts there are.

        :param components: K.
        """
        factor = 1.0 / components if self.reduction == "mean" else 1.0
        terms = {}
        if self.weighted:
            terms = {part_name(k): Term(k, factor) for k in range(components)}
        if self.joint_weighted:
            terms[JOINT] = Term(components, 1.0)
        return terms

    def formula(self, weights: Sequence[str]) -> str:
        """LaTeX of how the parts add up.

        :param weights: what to write for each weight, symbol or number: the components', then the
            whole label's.
        """
        written = []
        for name, (weight, factor) in self.terms(len(weights) - 1).items():
            term = r"\, ".join([*([] if weight is None else [weights[weight]]), latex_name(name)])
            written.append((factor, term))
        shared = 1.0 / (len(weights) - 1)
        inside = [term for factor, term in written if factor == shared != 1.0]
        outside = [
            term if factor == 1.0 else rf"{factor:g}\, {term}"
            for factor, term in written
            if factor != shared or shared == 1.0
        ]
        if inside:
            first = rf"\tfrac{{1}}{{{len(weights) - 1}}}\left({_added(inside)}\right)"
            outside.insert(0, first)
        return f"L = {_added(outside)}"

    def total(self, parts: dict[str, Tensor], weights: LossWeights) -> Tensor:
        """The loss of each row, ``(*batch, N)``: the sum of the :meth:`terms`."""
        components = weights.components.shape[-1]
        added = []
        for name, (weight, factor) in self.terms(components).items():
            if weight is None:
                added.append(factor * parts[name])
            elif weight == components:
                added.append(factor * weights.joint[..., None] * parts[name])
            else:
                added.append(factor * weights.components[..., weight, None] * parts[name])
        total = added[0]
        for term in added[1:]:
            total = total + term
        return total

    def grids(
        self, logits: Tensor, targets: Targets, schema: LabelSchema, weights: LossWeights
    ) -> dict[str, Tensor]:
        """Pieces of the loss that do not depend on the weights; :meth:`mix` says how they make it.

        :returns: each ``(*batch, N)``.
        """
        parts = self.parts(logits, targets, schema, weights)
        return {name: parts[name] for name in self.terms(len(schema.components))}

    def averaged(
        self, grids: dict[str, Tensor], codes: Codes, schema: LabelSchema
    ) -> dict[str, Tensor]:
        """What is kept of the :meth:`grids` where a point of the surface stands for all rows.

        :param grids: each ``(*batch, N)``.
        :param codes: the rows' true labels ``(N, K)``.
        :returns: each ``(*batch,)``, as many as the :meth:`mix` of these rows takes.
        """
        return {name: grid.mean(-1) for name, grid in grids.items()}

    def mix(self, codes: Codes, schema: LabelSchema) -> Mix:
        """How weights put together the grids of rows with these true labels ``(N, K)``."""
        return LinearMix(tuple(self.terms(len(schema.components)).values()))


def latex_name(part: str) -> str:
    """A part's name in a formula.

    >>> latex_name("part 2"), latex_name("joint")
    ('L_{2}', 'L_{\\\\text{joint}}')
    """
    number = part.removeprefix("part ")
    return f"L_{{{number}}}" if number != part else rf"L_{{\text{{{part}}}}}"


def _added(terms: list[str]) -> str:
    shown = terms if len(terms) <= MOST_WRITTEN else [*terms[:3], r"\dots", terms[-1]]
    return " + ".join(shown)


def marginal_parts(logits: Tensor, targets: Targets, schema: LabelSchema) -> dict[str, Tensor]:
    """``L_k = −log P_k(y_k)`` of joint logits, each ``(*batch, N)``.

    ``P_k(y_k)`` sums over the classes that agree with the true label in component k, so
    ``L_k = logsumexp(z) − logsumexp(z over those classes)``; nothing leaves log space.
    """
    normaliser = logits.logsumexp(-1)
    classes_first = logits.transpose(-1, -2)
    parts = {}
    for k, (positions, filling) in enumerate(schema.agreeing):
        true = targets.components[..., k]
        rows = true.new_tensor(positions)[:, true].movedim(0, -2)  # (m, N)
        # Those alone: e^−∞ of all others takes five times as long as any other exponential.
        agreeing = classes_first.gather(-2, rows.expand(*logits.shape[:-2], *rows.shape[-2:]))
        if filling.any():
            beyond = true.new_tensor(filling).bool()[:, true].movedim(0, -2)
            agreeing = agreeing.masked_fill(beyond, float("-inf"))
        parts[part_name(k)] = normaliser - agreeing.logsumexp(-2)
    return parts


def joint_part(logits: Tensor, targets: Targets) -> Tensor:
    """``L_joint = −log p_y = logsumexp(z) − z_y`` of joint logits, ``(*batch, N)``.

    A fifth of the time that ``log_softmax`` takes where there are few classes.
    """
    rows = targets.joint.unsqueeze(-1).expand(*logits.shape[:-1], 1)
    return logits.logsumexp(-1) - logits.gather(-1, rows).squeeze(-1)


def component_parts(log_probs: list[Tensor], targets: Targets) -> dict[str, Tensor]:
    """``L_k`` from each component's own log probabilities ``(*batch, N, n_k)``."""
    result = {}
    for k, log_prob in enumerate(log_probs):
        rows = targets.components[..., k, None].expand(*log_prob.shape[:-1], 1)
        result[part_name(k)] = -log_prob.gather(-1, rows).squeeze(-1)
    return result
