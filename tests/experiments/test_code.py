"""The printed program runs by itself, and its loss is ours."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
import torch

from lossviz.engine.model import LinearModel
from lossviz.engine.optimisers import NOISE, build_optimiser
from lossviz.experiments.code import snippet
from lossviz.experiments.experiment import Experiment
from lossviz.losses.heads import HEADS
from lossviz.losses.objectives import OBJECTIVES
from lossviz.losses.targets import Targets
from lossviz.losses.weights import LossWeights
from lossviz.schema import Component, LabelSchema
from tests.support.factories import dataset
from tests.support.objectives import label_codes, logits

SCHEMAS = {
    "AC, AD, BC, BD": LabelSchema.full(
        [Component("1", ("A", "B")), Component("2", ("C", "D"))], ""
    ),
    "missing combinations": LabelSchema(
        (Component("one\nline", ("a'b", 'c"d')), Component("two", ("x", "y", "z"))),
        ((0, 0), (0, 2), (1, 0), (1, 1)),
    ),
    "a single value": LabelSchema.full([Component("1", ("A",)), Component("2", ("C", "D", "E"))]),
    "three parts": LabelSchema.full([Component(str(k), ("0", "1", "2")) for k in range(3)]),
}


def program(formulation: str, schema: LabelSchema) -> tuple[str, Experiment]:
    own = Experiment.for_dataset(
        replace(dataset(20), schema=schema),
        formulation=formulation,
        component_weights=tuple(2.0 / (k + 1) for k in range(len(schema.components))),
        joint_weight=0.7,
        settings={
            setting.name: 0.6 * setting.default for setting in OBJECTIVES[formulation].settings
        },
    )
    return snippet(own, schema), own


@pytest.mark.parametrize("formulation", OBJECTIVES)
@pytest.mark.parametrize("name", SCHEMAS)
def test_loss_and_gradient_are_ours(formulation: str, name: str) -> None:
    schema = SCHEMAS[name]
    code, own = program(formulation, schema)
    namespace: dict[str, object] = {"__name__": "snippet"}
    exec(compile(code, "snippet", "exec"), namespace)
    objective = own.objective
    z = logits(1, 9, HEADS[objective.head].size(schema)).requires_grad_()
    targets = Targets.from_codes(label_codes(2, schema, 9), schema)
    weights = LossWeights(
        torch.tensor(own.component_weights, dtype=torch.float64),
        torch.tensor(own.joint_weight, dtype=torch.float64),
    )
    total = objective.total(objective.parts(z, targets, schema, weights), weights).mean()
    theirs = namespace["loss_fn"](z, targets.joint)  # type: ignore[operator]
    torch.testing.assert_close(theirs, total, rtol=1e-10, atol=1e-10)
    torch.testing.assert_close(
        torch.autograd.grad(theirs, z)[0], torch.autograd.grad(total, z)[0], rtol=1e-10, atol=1e-10
    )


@pytest.mark.parametrize("formulation", OBJECTIVES)
@pytest.mark.parametrize("name", SCHEMAS)
def test_the_first_squares_are_ours(formulation: str, name: str) -> None:
    schema = SCHEMAS[name]
    code, experiment = program(formulation, schema)
    namespace: dict[str, Any] = {"__name__": "snippet"}
    exec(compile(code, "snippet", "exec"), namespace)
    head = HEADS[experiment.objective.head]
    ours = LinearModel(5, head.size(schema), members=1, seed=0)
    layer = torch.nn.Linear(5, head.size(schema))
    with torch.no_grad():
        layer.weight.copy_(ours.table.T)
        layer.bias.zero_()
    targets = Targets.from_codes(label_codes(2, schema, 9), schema)
    features = torch.randn(9, 5, generator=torch.Generator().manual_seed(0))
    namespace["loss_fn"](layer(features), targets.joint).backward()
    theirs = torch.optim.Adagrad(layer.parameters())
    namespace["start"](theirs, head.parts(schema))
    groups = partial(ours.groups, head.parts(schema))
    optimiser = build_optimiser(experiment.optimiser, ours.weights(), groups)
    for key, weight in (("table", layer.weight), ("bias", layer.bias)):
        assert weight.grad is not None
        gradient, first = (
            own.T if own.dim() == 2 else own[None]
            for own in (weight.grad, theirs.state[weight]["sum"])
        )
        optimiser.update(key, gradient.contiguous())
        squares = optimiser.memory[key]["sum"]
        waiting = squares.isinf()  # on what is noise we wait, where the program takes a short step
        assert (gradient[waiting].abs() <= NOISE * gradient.abs().max()).all()
        expected = experiment.optimiser.shrinking * (first + gradient.square())
        torch.testing.assert_close(squares[~waiting], expected[~waiting])


EACH = """
import contextlib, io, json, sys
printed = {}
for name, code in json.load(sys.stdin).items():
    with contextlib.redirect_stdout(io.StringIO()) as output:
        exec(compile(code, name, "exec"), {"__name__": "__main__"})
    printed[name] = output.getvalue()
json.dump(printed, sys.stdout)
"""


@pytest.fixture(scope="module")
def printed() -> dict[str, str]:
    """What each program prints, each with names of its own, where nothing of ours is."""
    programs = {name: program(name, SCHEMAS["AC, AD, BC, BD"])[0] for name in OBJECTIVES}
    done = subprocess.run(
        [sys.executable, "-I", "-c", EACH],
        input=json.dumps(programs),
        capture_output=True,
        text=True,
        check=True,
    )
    own: dict[str, str] = json.loads(done.stdout)
    return own


@pytest.mark.parametrize("formulation", OBJECTIVES)
def test_the_program_runs_by_itself_and_learns(formulation: str, printed: dict[str, str]) -> None:
    losses = [float(line.rsplit(" ", 1)[1]) for line in printed[formulation].splitlines()]
    assert len(losses) == 10
    assert losses[-1] < losses[0]
