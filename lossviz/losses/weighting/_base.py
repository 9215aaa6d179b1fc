"""What every weighting is: a source of weights, with a memory of its own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from lossviz.losses.setting import Configurable, Setting

if TYPE_CHECKING:
    from torch import Tensor

Kind = Literal["told", "learned", "adaptive", "surgery", "control"]
KINDS: dict[Kind, str] = {
    "told": "told by you",
    "learned": "learned with the model, by gradient descent",
    "adaptive": "set from the losses as they fall",
    "surgery": "set from how the parts' gradients point",
    "control": "no information at all, for comparison",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """What a weighting may look at before a step: parts with a single value are left out, as
    nothing can be learned of them.

    :param step: number of steps done.
    :param losses: ``(E, K)``, the mean of each component's part over the batch, detached.
    :param preference: ``(E, K)``, the weights that the person has set.
    :param gramian: computes ``(E, K, K)``, the inner products of the parts' gradients with respect
        to all weights of the model.
    """

    step: int
    losses: Tensor
    preference: Tensor
    gramian: Callable[[], Tensor]


class Weighting(Configurable, ABC):
    """Where the weights of the components come from.

    A subclass is one file of this package; it is registered by being there. 1 for each component
    stands for equal treatment, whatever the number of components. Descriptions can be read where
    torch is not loaded.
    """

    id: ClassVar[str]
    title: ClassVar[str]
    kind: ClassVar[Kind]
    idea: ClassVar[str]
    """One plain sentence."""
    formula: ClassVar[str]
    """LaTeX."""
    symbols: ClassVar[str]
    """What stands for what there, as a sentence with LaTeX between dollar signs."""
    pitfall: ClassVar[str]
    source: ClassVar[str]
    takes_preference: ClassVar[bool] = False
    """Whether the α, β … that a person sets act."""

    parameters: dict[str, Tensor]
    """What is learned by gradient descent together with the model, ``(E, K)`` each."""

    def begin(self, preference: Tensor, *, seed: int, steps_per_epoch: int) -> None:
        """Forget everything and start.

        :param preference: ``(E, K)``, the weights that the person has set.
        """
        self.parameters = {}

    @abstractmethod
    def weigh(self, moment: Moment) -> Tensor:
        """The weights ``(E, K)`` of this step. Called once a step, in order."""

    def penalty(self) -> Tensor | None:
        """What the loss has to have besides, ``(E,)``, in units of a part with weight 1."""
        return None


RATE = Setting(
    "weight_rate",
    "learning rate of the weights",
    "Step size with which Adam moves what the weights are made of.",
    0.01,
    1e-6,
    1.0,
)


class LearnedWeighting(Weighting):
    """Weights that are parameters, moved by Adam against the same loss as the model."""

    kind = "learned"
    settings = (RATE,)
    start: ClassVar[float]
    """The parameters' first value."""

    def begin(self, preference: Tensor, *, seed: int, steps_per_epoch: int) -> None:
        """One parameter for each component."""
        value = preference.new_full(preference.shape, self.start)
        self.parameters = {"weights": value.requires_grad_()}
