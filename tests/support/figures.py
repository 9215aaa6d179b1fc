"""Label schemas with awkward names, and results of runs on them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from lossviz.experiments.evaluation import Evaluation
from lossviz.experiments.reliability import Reliability
from lossviz.experiments.runs.progress import Answers, Curve, Prediction
from lossviz.experiments.weights import WeightChange, Weights
from lossviz.losses.objectives import JOINT, part_name
from lossviz.schema import Component, LabelSchema

LETTERS = ("A", "B", "C", "D")
HOSTILE = ("<b>bold</b>", '<a href="http://x.invalid">x</a>', "%{x} & $y$", "a\nb", "−∞ 🙂")
SEEDS = st.integers(0, 2**31 - 1)
NAMES = st.one_of(st.sampled_from(HOSTILE), st.text(min_size=1, max_size=70))


@st.composite
def schemas(draw: st.DrawFn, *, most_parts: int = 4, most_values: int = 4) -> LabelSchema:
    names = draw(st.lists(NAMES, min_size=1, max_size=most_parts, unique=True))
    values = [
        tuple(draw(st.lists(NAMES, min_size=2, max_size=most_values, unique=True))) for _ in names
    ]
    return LabelSchema.full([Component(*own) for own in zip(names, values, strict=True)], "|")


def evaluation(seed: int, schema: LabelSchema, rows: int = 50) -> Evaluation:
    random = np.random.default_rng(seed)
    true = schema.class_codes[random.integers(len(schema.classes), size=rows)]
    other = schema.class_codes[random.integers(len(schema.classes), size=rows)]
    predicted = np.where(random.random((rows, 1)) < 0.4, other, true)
    sure = random.random(true.shape, np.float32)
    reliability = Reliability.of(sure, true == predicted)
    return Evaluation(true, predicted, np.full(rows, 0.5, np.float32), 10, 0, reliability)


@dataclass(frozen=True)
class Trained:
    """What a loss chart is drawn from."""

    schema: LabelSchema
    curve: Curve
    changes: tuple[WeightChange, ...]
    steps: tuple[int, int]


@st.composite
def trained(draw: st.DrawFn, schema: LabelSchema) -> Trained:
    points = draw(st.integers(0, 700))
    random = np.random.default_rng(draw(SEEDS))
    parts = [part_name(k) for k in range(len(schema.names))]
    names = {"joint": [JOINT], "hybrid": [*parts, JOINT], "marginals": parts}[
        draw(st.sampled_from(["joint", "hybrid", "marginals"]))
    ]
    odd = draw(st.sampled_from([0.0, float("nan"), float("inf"), 1e30]))

    def side() -> dict[str, np.ndarray]:
        own = {name: random.gamma(1.0, size=points).astype(np.float32) for name in names}
        for values in own.values():
            values[-1:] += np.float32(odd)
        return {**own, "total": np.sum(list(own.values()), axis=0, dtype=np.float32)}

    weighed = random.lognormal(size=(points, len(parts))).astype(np.float32)
    curve = Curve(np.arange(1, points + 1), side(), side(), weighed) if points else Curve.empty()
    weights = Weights((*random.lognormal(size=len(parts)).tolist(), 1.0))
    places = draw(st.lists(st.integers(0, max(points, 1)), max_size=60, unique=True))
    changes = tuple(WeightChange(step, weights) for step in sorted(places))
    per_epoch = draw(st.integers(1, 200)) if points else draw(st.integers(0, 200))
    return Trained(schema, curve, changes, (per_epoch, per_epoch * 10))


def answers(seed: int, schema: LabelSchema, letters: tuple[str, ...] = LETTERS) -> Answers:
    random = np.random.default_rng(seed)

    def prediction() -> Prediction:
        joint = random.dirichlet(np.full(len(schema.classes), 0.5)).astype(np.float32)
        parts = tuple(joint @ own for own in schema.memberships)
        return Prediction(joint, parts, schema.classes[int(joint.argmax())])

    return Answers("a sentence", 3, {letter: prediction() for letter in letters})
