"""Snippets: a formulation as a complete program in plain PyTorch."""

from __future__ import annotations

from lossviz.experiments.experiment import NEEDING_VALIDATION, Experiment
from lossviz.experiments.words import two_digits, weight_symbol
from lossviz.losses.heads import HEADS
from lossviz.schema import LabelSchema

_PROGRAM = '''\
"""{title}

{asks_for}
{left_out}"""

import torch
import torch.nn.functional as F

# The whole labels that occur, as positions of their parts' values.
{names}
CLASSES = torch.tensor({classes})
SIZES = {sizes}  # number of values of each part
WEIGHTS = {weights}  # how many times each part counts: {symbols}
{constants}

{loss_fn}

def start(optimiser, parts):
    """Let Adagrad's sums of squares begin at {begin}.

    So a factor on the loss changes nothing. From 0 every first step would be as long as any other,
    also where the gradient is noise.
    """
    for weight in optimiser.param_groups[0]["params"]:
        squares = optimiser.state[weight]["sum"]
        for gradient, first in zip(weight.grad.split(parts), squares.split(parts)):
            mean = gradient.square().sum() / gradient.count_nonzero().clamp(min=1)
            first += {times}mean


if __name__ == "__main__":
    # Stand-ins for your data: 64 texts as 100 numbers each, and the position of their label.
    torch.manual_seed(0)
    features = torch.randn(64, 100)
    labels = torch.randint(len(CLASSES), (64,))

    model = torch.nn.Linear(100, {outputs})
    optimiser = torch.optim.Adagrad(model.parameters(), lr={learning_rate:g})
    for epoch in range(1, 11):
        optimiser.zero_grad()
        loss = loss_fn(model(features), labels)
        loss.backward()
        if epoch == 1:
            start(optimiser, {parts})  # logits of each part, or of all
        optimiser.step()
        print(f"epoch {{epoch}}: loss {{loss.item():.3f}}")
'''


_BEGIN = "the mean square of the first gradients"
_LEFT_OUT = "Not in this program, which has no validation texts"


def snippet(experiment: Experiment, schema: LabelSchema) -> str:
    """A program that defines the formulation's loss for this schema, and trains with it."""
    objective, watched = experiment.objective, experiment.words(*NEEDING_VALIDATION)
    head = HEADS[objective.head]
    components = len(schema.components)
    names = [
        f"#   {component.name!r}: {', '.join(map(repr, component.values))}"
        for component in schema.components
    ]
    symbols = ", ".join(weight_symbol(k) for k in range(components))
    seen = 1.0 / experiment.optimiser.shrinking
    constants = [
        f"{setting.name.upper()} = {objective.values[setting.name]!r}  # {setting.title}"
        for setting in objective.settings
    ]
    if objective.joint_weighted:
        constants.insert(0, f"JOINT_WEIGHT = {experiment.joint_weight!r}  # for the whole label")
    return _PROGRAM.format(
        title=objective.title,
        asks_for=objective.asks_for,
        left_out=f"\n{_LEFT_OUT}: {watched}.\n" if watched else "",
        names="\n".join(names),
        classes=[list(codes) for codes in schema.classes],
        sizes=list(schema.sizes),
        weights=list(experiment.component_weights),
        symbols=symbols if objective.weighted else "not used here",
        constants="".join(f"{constant}\n" for constant in constants),
        loss_fn=objective.snippet.strip() + "\n",
        outputs=head.size(schema),
        parts=head.parts(schema),
        learning_rate=seen**0.5 * experiment.optimiser.learning_rate,
        begin=f"{seen:g} times {_BEGIN}" if seen > 1 else _BEGIN,
        times=f"{seen:g} * " if seen > 1 else "",
    )


def formula_at(experiment: Experiment) -> str:
    """The formulation in LaTeX, with the experiment's weights in it."""
    weights = [two_digits(weight) for weight in experiment.component_weights]
    objective = experiment.objective
    written = objective.formula([*weights, two_digits(experiment.joint_weight)])
    return rf"{written},\qquad {objective.definition}"
