"""What an experiment consists of: the model, how it learns, the split and the features."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from lossviz.data import (
    Dataset,
    Split,
    beside,
    sealed_rows,
    split,
    split_as_told,
    split_combinations,
)
from lossviz.data.texts import words_run_together
from lossviz.experiments.settings import Described, Follows
from lossviz.experiments.words import count


class Frozen(BaseModel):
    """A value that pydantic validates, and that knows all its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ModelSpec(Frozen):
    """``linear``, or ``hidden``: one tanh layer of ``width`` units."""

    kind: Annotated[
        Literal["linear", "hidden"],
        Described(
            "Model",
            "Linear, or with one hidden layer.",
            option="--model",
            key="m",
            choices={"linear": "linear", "hidden": "one hidden layer"},
            says=lambda kind: "linear" if kind == "linear" else "",
        ),
    ] = "linear"
    width: Annotated[
        int,
        Described(
            "Hidden units",
            "Units of the hidden layer. With few of them the parts share what the model can hold: "
            "there α and β matter.",
            option="--width",
            key="h",
            says=lambda width: count(width, "hidden unit"),
            acts_with=("model.kind", "hidden"),
        ),
    ] = Field(16, ge=1, le=256)
    dropout: Annotated[
        float,
        Described(
            "Dropout",
            "Share of the hidden units that each text of a batch is trained without, others each "
            "time; what is judged has them all.",
            option="--dropout",
            key="drop",
            says=lambda share: f"dropout {share:g}" if share else "",
            acts_with=("model.kind", "hidden"),
        ),
    ] = Field(0.0, ge=0.0, le=0.9)

    @property
    def words(self) -> str:
        """``1 hidden unit``; ``the linear model``."""
        return "the linear model" if self.kind == "linear" else count(self.width, "hidden unit")


MOST_SEED = 2**31 - 1
RATES = {"adagrad": 0.3, "adam": 0.01, "sgd": 5.0}
"""Learning rates to start from; measured on TF-IDF rows."""


STARTS = 4
"""Of a hidden model. With one unit and costs of 5 : 1 a single start shows cheaper weights in a
few of sixteen data sets, four in nearly all."""


def starts(model: ModelSpec) -> int:
    """How often a model is trained on each split: a linear one ends where it ends, but whether one
    hidden unit is given to this part or that one is up to where it starts."""
    return 1 if model.kind == "linear" else STARTS


def start_seed(seed: int, start: int) -> int:
    """The seed of a start of a split: the split's own for the first.

    >>> [start_seed(3, start) for start in range(3)]
    [3, 1003, 2003]
    """
    return (seed + 1_000 * start) % (MOST_SEED + 1)


class OptimiserSpec(Frozen):
    """How the weights move. The defaults are measured on EmoBank, in ``tests/benchmarks``."""

    name: Annotated[
        Literal["adagrad", "adam", "sgd"],
        Described(
            "Optimiser",
            "The rule by which weights move.",
            option="--optimiser",
            key="o",
            choices={
                "adagrad": "Adagrad: on EmoBank as good as logistic regression after three epochs",
                "adam": "Adam: moves every row at every step, so it is slower",
                "sgd": "SGD: plain; needs a learning rate around 5 here",
            },
            says=str,
        ),
    ] = "adagrad"
    learning_rate: Annotated[
        float,
        Described(
            "Learning rate",
            "How long a step is; start from "
            + ", ".join(f"{rate:g} with {name}" for name, rate in RATES.items())
            + ".",
            option="--lr",
            key="lr",
            offered=(1e-5, 1000.0),
            says=lambda rate: f"rate {rate:g}",
        ),
    ] = Field(0.3, gt=0.0, le=1000.0, allow_inf_nan=False)
    batch_size: Annotated[
        int,
        Described(
            "Texts in a batch",
            "Texts in a batch, which a step is taken for.",
            option="--batch",
            key="b",
            default="32; fit proposes by the data",
            says=lambda size: f"batches of {size:,}",
        ),
    ] = Field(32, ge=1, le=4096)
    weight_decay: Annotated[
        float,
        Described(
            "Weight decay",
            "How much of itself each weight has added to its gradient: it keeps weights small.",
            option="--weight-decay",
            key="wd",
            says=lambda decay: f"weight decay {decay:g}" if decay else "",
        ),
    ] = Field(0.0, ge=0.0, le=10.0, allow_inf_nan=False)

    shrinking: Annotated[
        float,
        Described(
            "Steps shrink",
            "How much of each squared gradient Adagrad remembers: at 0.01 steps shrink a hundred "
            "times slower, so what is rare moves no further than what is common. Linear models of "
            "parts of their own are right more often then where labels are many, and surer than "
            "they should be; losses over whole labels need 1.",
            option="--shrinking",
            key="sh",
            default="1; fit proposes by the data",
            says=lambda share: f"steps that shrink by {share:g}" if share != 1.0 else "",
            acts_with=("optimiser.name", "adagrad"),
        ),
    ] = Field(1.0, ge=1e-4, le=1.0, allow_inf_nan=False)

    @property
    def scale_free(self) -> bool:
        """Whether a loss times a constant trains the same: these rules divide a gradient by the
        size of those before it, and begin with that of the first. Weight decay is not scaled with
        the loss."""
        return self.name in ("adagrad", "adam") and self.weight_decay == 0.0

    @property
    def moves_all(self) -> bool:
        """Whether every weight moves at every step, also those of n-grams that no text of the batch
        holds."""
        return self.name == "adam" or self.weight_decay > 0.0


Combinations = Literal["known", "new"]
"""What is held out: texts of every combination of values, or whole combinations."""


class SplitSpec(Frozen):
    """How rows are divided: stratified on the whole label, identical texts on one side. Rows are
    trained on, or held out to be watched and chosen by (validation), or held out to judge (test);
    or they are sealed, and then nothing looks at them before they are opened.
    Where new combinations may turn up the test side has whole labels that the others have not.
    """

    test_size: Annotated[
        float,
        Described(
            "Held out",
            "Share of the texts that is kept for judging.",
            option="--test-size",
            key="t",
            offered=(0.05, 0.5),
            says=lambda share: f"{100 * share:g} % held out",
            shared=True,
        ),
    ] = Field(0.2, gt=0.0, lt=1.0)
    seed: Annotated[
        int,
        Described(
            "Seed of the split",
            "Which texts are held out: a seed of its own.",
            option="--split-seed",
            key="ts",
            default="that of --seed",
            says=lambda seed: f"split seed {seed}",
            follows=Follows("seed", int),
            shared=True,
        ),
    ] = Field(0, ge=0, le=MOST_SEED)
    validation: Annotated[
        float,
        Described(
            "Validation",
            "Share of the other texts that training does without, too: it draws the dotted curve "
            "and is there to choose by, so that what is held out judges what it did not choose.",
            option="--validation",
            key="tv",
            says=lambda share: f"{100 * share:g} % of the others for validation" if share else "",
            shared=True,
        ),
    ] = Field(0.0, ge=0.0, le=0.5)
    combinations: Annotated[
        Combinations,
        Described(
            "New combinations may turn up",
            "known: texts of every combination of values are held out. new: whole combinations "
            "are, so that errors are about combinations that training never saw; every value of "
            "every part still occurs in training.",
            option="--combinations",
            key="tc",
            choices={"known": "no", "new": "yes"},
            says={"known": "", "new": "whole combinations held out"}.__getitem__,
            shared=True,
        ),
    ] = "known"

    sealed: Annotated[
        float,
        Described(
            "Sealed",
            "Share of all texts that is set aside from everything: neither trained on, nor "
            "watched, nor held out. A fifth is usual. They are the same for every seed, and are "
            "opened once, in the report, for the run that was chosen: seal them before anything is "
            "trained.",
            option="--sealed",
            key="tx",
            says=lambda share: f"{100 * share:g} % of all sealed" if share else "",
            shared=True,
        ),
    ] = Field(0.0, ge=0.0, le=0.5)

    @property
    def training_share(self) -> float:
        """The share of all texts that is trained on, about."""
        return (1.0 - self.sealed) * (1.0 - self.test_size) * (1.0 - self.validation)

    def sides(self, dataset: Dataset) -> Split:
        """These rows, divided.

        :raises LossVizError: where they cannot be.
        """
        if dataset.sides is not None:
            return self._divided(dataset, split_as_told)
        divide = split_combinations if self.combinations == "new" else split
        return self._divided(dataset, lambda rest: divide(rest, self.test_size, self.seed))

    def untested(self, dataset: Dataset) -> Split:
        """The same where other data judge, so that none of these rows are held out for that."""
        none = np.empty(0, dtype=np.int64)
        return self._divided(dataset, lambda rest: Split(np.arange(len(rest)), none))

    def _divided(self, dataset: Dataset, divide: Callable[[Dataset], Split]) -> Split:
        sides = beside(dataset, sealed_rows(dataset, self.sealed), divide)
        return sides.setting_aside(dataset, self.validation, self.seed)


class FeatureSpec(Frozen):
    """TF-IDF of word or character n-grams, the commonest ``limit`` of them."""

    analyser: Annotated[
        Literal["word", "char"],
        Described(
            "Features: TF-IDF of",
            "What a feature is made of. Characters suit languages without spaces between words.",
            option="--analyser",
            key="a",
            choices={"word": "words", "char": "characters"},
            default="characters where the texts have no spaces between words, else words",
            shared=True,
        ),
    ] = "word"
    shortest: Annotated[
        int,
        Described(
            "Shortest n-gram",
            "So many words or characters in a row at least.",
            option="--shortest-ngram",
            key="n",
            shared=True,
        ),
    ] = Field(1, ge=1, le=6)
    longest: Annotated[
        int,
        Described(
            "Longest n-gram",
            "So many words or characters in a row at most.",
            option="--longest-ngram",
            key="n",
            default="2 words, 3 characters",
            follows=Follows("features.analyser", {"word": 2, "char": 3}.__getitem__),
            shared=True,
        ),
    ] = Field(2, ge=1, le=6)
    limit: Annotated[
        int,
        Described(
            "Features at most",
            "The commonest features are kept, and no more of them than this.",
            option="--most-features",
            key="v",
            shared=True,
        ),
    ] = Field(200_000, ge=10, le=1_000_000)

    @classmethod
    def for_texts(cls, texts: Sequence[str]) -> Self:
        """Words, or characters where words are written without spaces between them."""
        if words_run_together(texts):
            return cls(analyser="char", shortest=1, longest=3)
        return cls()

    def about(self, texts: Sequence[str]) -> int:
        """About how many features these texts have, before anybody counts them: on eight data sets
        from 0.07 to 0.17 for each character."""
        return min(self.limit, round(0.12 * sum(map(len, texts))))

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.shortest > self.longest:
            raise ValueError("the shortest n-gram is longer than the longest")
        return self
