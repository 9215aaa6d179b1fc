"""A fitted model as one file, and what it says of new texts. Nothing in the file is executed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from lossviz.data.dataset import MAX_CLASSES
from lossviz.engine.csr import Csr
from lossviz.engine.features import Vectoriser
from lossviz.engine.fit import Fit
from lossviz.engine.model import build_model
from lossviz.engine.predictions import Predicted, said_of
from lossviz.engine.temperatures import spread, tempering
from lossviz.errors import LossVizError
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.saved import SavedAnswer, SavedCard
from lossviz.experiments.statistics import ErrorRate
from lossviz.guards import parsed
from lossviz.losses.decoding import DECODERS
from lossviz.losses.heads import HEADS, Head
from lossviz.losses.weights import LossWeights
from lossviz.schema import Component, LabelSchema

FORMAT = "lossviz model 1"
MOST_HEADER = 16 << 20
"""Bytes of what a file says about itself: a thousand whole labels take a fiftieth of it."""
_ROWS = 4_096
_PRIVATE = range(0xE000, 0xF900)
"""Characters that stand for nothing."""
_GRAMS, _IDF = "n-grams", "idf"
_ODD = (KeyError, TypeError, ValueError, IndexError, RuntimeError, AttributeError, RecursionError)


@dataclass(frozen=True, eq=False)
class SavedModel:
    """A model, and everything that it takes to read a text with it.

    :param text: the column that the texts stood in.
    :param schema: of all labels; ``allowed`` those that it may give.
    :param temperatures: what the logits of each part are divided by; none where they are not.
    :param errors: of the whole label and of each part, on the rows that were held out.
    """

    experiment: Experiment
    text: str
    schema: LabelSchema
    allowed: LabelSchema
    costs: tuple[float, ...]
    temperatures: tuple[float, ...]
    vectoriser: Vectoriser
    weights: dict[str, Tensor]
    errors: tuple[tuple[str, ErrorRate], ...] = ()

    @property
    def card(self) -> SavedCard:
        """Everything but the weights."""
        return SavedCard(
            self.experiment,
            self.text,
            tuple((part.name, part.values) for part in self.schema.components),
            len(self.allowed.classes),
            self.vectoriser.size,
            self.errors,
        )

    def answer(self, sentence: str) -> SavedAnswer:
        """What it says of one."""
        said = self.predict([sentence])
        return SavedAnswer(
            sentence,
            self.schema.decode(said.codes[0].tolist()),
            float(said.p[0]),
            tuple(tuple(map(float, part[0])) for part in said.parts),
            not self.vectoriser.rows([sentence]).nnz,
        )

    @property
    def head(self) -> Head:
        """What the logits are."""
        return HEADS[self.experiment.objective.head]

    def predict(self, texts: Sequence[str]) -> Predicted:
        """What it says of texts, some thousand at a time."""
        pieces = [
            self._predict(texts[start : start + _ROWS]) for start in range(0, len(texts), _ROWS)
        ]
        return Predicted(
            np.concatenate([piece.codes for piece in pieces]),
            np.concatenate([piece.p for piece in pieces]),
            tuple(map(np.concatenate, zip(*(piece.parts for piece in pieces), strict=True))),
            np.concatenate([piece.joint for piece in pieces]),
        )

    def _predict(self, texts: Sequence[str]) -> Predicted:
        trained = self._logits(texts)
        believed, head = trained, self.head
        if self.temperatures:
            widths = tuple(head.parts(self.schema))
            believed = trained / spread(torch.tensor([self.temperatures]), widths)[0].to(trained)
        decoder = DECODERS[self.experiment.decoder]
        costs = LossWeights(torch.tensor(self.costs[:-1]), torch.tensor(self.costs[-1]))
        decided_by = believed if decoder.weighted else trained
        codes, _ = decoder.decode(decided_by, head, self.allowed, costs)
        return said_of(believed, codes, head, self.schema)

    def _logits(self, texts: Sequence[str]) -> Tensor:
        experiment, head = self.experiment, self.head
        rows = Csr.of(self.vectoriser.rows(texts))
        outputs = head.size(self.schema)
        model = build_model(experiment.model, 1, outputs, members=1, seed=0)
        dense = {name: tensor[None] for name, tensor in self.weights.items() if name != "table"}
        products = rows.times(self.weights["table"])
        with torch.no_grad():
            logits: Tensor = model.tail(model.by_member(products, 1), dense)[0]
        return logits


def save_model(result: Fit, text: str) -> bytes:
    """The model of a fit as a safetensors file, with what makes features of texts.

    :param text: the column that the texts stood in.
    """
    trainer = result.trainer
    schema, set_on = trainer.data.schema, tempering(trainer)
    about = {
        "format": FORMAT,
        "experiment": result.experiment.model_dump(mode="json"),
        "text": text,
        "components": [[c.name, list(c.values)] for c in schema.components],
        "classes": schema.classes,
        "allowed": trainer.schema.classes,
        "separator": schema.separator,
        "costs": [*trainer.costs.components[0].tolist(), float(trainer.costs.joint[0])],
        "errors": [
            [name, error.wrong, error.n]
            for name, error in zip(
                ("the whole label", *schema.names),
                (result.evaluation.joint, *result.evaluation.components),
                strict=True,
            )
        ],
        "temperatures": [] if set_on is None else set_on.values[0].tolist(),
        "between": (between := _unused(trainer.data.vectoriser.features)),
    }
    grams = between.join(trainer.data.vectoriser.features).encode()
    tensors = {
        name: (tensor if name == "table" else tensor[0]).detach().contiguous()
        for name, tensor in trainer.model.weights().items()
    }
    tensors[_GRAMS] = torch.frombuffer(bytearray(grams), dtype=torch.uint8)
    tensors[_IDF] = torch.tensor(trainer.data.vectoriser.idf, dtype=torch.float64)
    return save(tensors, metadata={"lossviz": json.dumps(about, ensure_ascii=False)})


def _unused(grams: Sequence[str]) -> str:
    """What may stand between these: a line break, where no n-gram of characters has one."""
    used = set().union(*grams)
    return next(chr(code) for code in (10, *_PRIVATE) if chr(code) not in used)


def open_model(content: bytes, name: str) -> SavedModel:
    """The model in a file.

    :raises LossVizError: where it holds none.
    """
    try:
        return _opened(_about(content), content)
    except LossVizError as error:
        why = str(error)
    except (*_ODD, SafetensorError) as error:
        why = next(iter(str(error).splitlines()), type(error).__name__)[:200]
    raise LossVizError(
        f"{name} is no model that was saved here ({why.rstrip('.')}). Expected a file that "
        "fit --save wrote."
    )


def model_card(content: bytes, name: str) -> SavedCard:
    """What the model in a file is.

    :raises LossVizError: where it holds none.
    """
    return open_model(content, name).card


def model_answer(content: bytes, name: str, sentence: str) -> SavedAnswer:
    """What the model in a file says of a sentence."""
    return open_model(content, name).answer(sentence)


def _about(content: bytes) -> dict[str, Any]:
    """What the file says about itself: JSON, behind its length in eight bytes."""
    size = int.from_bytes(content[:8], "little")
    if not 0 < size <= min(len(content), MOST_HEADER):
        raise LossVizError("it does not begin as a safetensors file does")
    about = parsed(parsed(content[8 : 8 + size], MOST_HEADER)["__metadata__"]["lossviz"])
    if about["format"] != FORMAT:
        raise LossVizError("it was saved by another version")
    return dict(about)


def _opened(about: dict[str, Any], content: bytes) -> SavedModel:
    weights = dict(load(content))
    experiment = Experiment.of(**about["experiment"])
    components = tuple(Component(str(n), tuple(map(str, v))) for n, v in about["components"])

    if len(about["classes"]) > MAX_CLASSES:
        raise LossVizError(f"it has more than {MAX_CLASSES:,} whole labels")

    def schema(classes: Sequence[Sequence[int]]) -> LabelSchema:
        return LabelSchema(components, tuple(map(tuple, classes)), str(about["separator"]))

    grams = bytes(weights.pop(_GRAMS).numpy().tobytes()).decode()
    between = str(about.get("between", "\n"))
    idf = weights.pop(_IDF).numpy()
    vectoriser = Vectoriser.restored(experiment.features, grams.split(between), idf)
    model = SavedModel(
        experiment,
        str(about["text"]),
        schema(about["classes"]),
        schema(about["allowed"]),
        tuple(map(float, about["costs"])),
        tuple(map(float, about["temperatures"])),
        vectoriser,
        weights,
        tuple((str(name), _rate(wrong, n)) for name, wrong, n in about.get("errors", ())),
    )
    _check(model)
    return model


def _rate(wrong: int, n: int) -> ErrorRate:
    if not 0 <= wrong <= n or not n:
        raise LossVizError("an error is no share of texts")
    return ErrorRate.of(int(wrong), int(n))


def _check(model: SavedModel) -> None:
    """Whether the numbers fit together."""
    outputs = model.head.size(model.schema)
    expected = build_model(model.experiment.model, 1, outputs, members=1, seed=0)
    shapes = {name: tuple(tensor.shape[1:]) for name, tensor in expected.dense.items()}
    shapes["table"] = (model.vectoriser.size, expected.hidden)
    found = {name: tuple(tensor.shape) for name, tensor in model.weights.items()}
    if found != shapes:
        raise LossVizError(f"its weights are {found}, where {shapes} are expected")
    if not all(bool(torch.isfinite(tensor).all()) for tensor in model.weights.values()):
        raise LossVizError("a weight is no number")
    if len(model.costs) != len(model.schema.components) + 1:
        raise LossVizError("it has other costs than parts")
    if model.temperatures and len(model.temperatures) != len(model.head.parts(model.schema)):
        raise LossVizError("it has other temperatures than parts")
