"""What belongs beside the errors of runs: labels that training has not, and costs that were decided
by probabilities which are too sure of themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lossviz.experiments.evaluation import Evaluation
from lossviz.experiments.reliability import SURE, Sure
from lossviz.experiments.runs.run import Run, evaluations_of
from lossviz.experiments.unseen import unseen_words
from lossviz.experiments.words import measured, percent
from lossviz.losses.decoding import DECODERS


def impossible_answers(evaluations: Mapping[str, Evaluation]) -> str:
    """How often each run said a whole label that no training text has, and what comes of keeping
    its answers to the others.

    :param evaluations: by letter.
    """
    said = {k: evaluation for k, evaluation in evaluations.items() if evaluation.impossible}
    if not said:
        return "No run predicted a combination that no training text has."
    counts = [
        f"{letter} {evaluation.impossible:,} of {len(evaluation):,} times{_masked(evaluation)}"
        for letter, evaluation in said.items()
    ]
    measured_on = mask_measured(next(iter(said.values())))
    return (
        f"Combinations that no training text has were predicted: {', '.join(counts)}. {measured_on}"
    ).rstrip()


def mask_measured(evaluation: Evaluation) -> str:
    """What keeping answers to the labels of the training texts was measured on; nothing where that
    is not known."""
    unseen = evaluation.unseen
    if evaluation.masked is None or unseen is None:
        return ""
    new = f"{unseen.texts:,}" if unseen.texts else "none"
    return (
        f"What keeping to them gives is measured on these {unseen.n:,} held-out texts, of which "
        f"{new} {'has' if unseen.texts == 1 else 'have'} a combination that training never saw: "
        "there it is always wrong."
    )


def unseen_labels(evaluations: Mapping[str, Evaluation]) -> str:
    """That runs are judged on whole labels which no training text has, where they are."""
    return unseen_words(dict.fromkeys(evaluation.unseen for evaluation in evaluations.values()))


MANY_LOOKS = 4
"""As many runs as stand side by side; more of them are a search."""


def looks_words(looks: int, texts: int) -> str:
    """What to know once the same texts have judged many trainings; nothing before.

    :param looks: different trainings that were judged.
    :param texts: that judged them.
    """
    if looks <= MANY_LOOKS:
        return ""
    return (
        f"The same {texts:,} held-out texts have judged {looks:,} different trainings by now. The "
        "best of so many looks better than it is. A repeat tests other texts where there are any; "
        "texts that were sealed before have judged none of them."
    )


def _masked(evaluation: Evaluation) -> str:
    masked = evaluation.masked
    if masked is None:
        return ""
    return (
        f" (with its answers kept to the others it is wrong on the whole label {measured(masked)} "
        f"instead of {percent(evaluation.joint.rate)})"
    )


def tempered(evaluations: Mapping[str, Evaluation]) -> tuple[str, ...]:
    """For each run whose probabilities have temperatures, which, and what they were set on.

    :param evaluations: by letter.
    """
    return tuple(
        f"{letter}: temperatures {evaluation.temperatures.words}. Its probabilities are shown, and "
        "its costs decided, with its logits divided by them; its loss and its curve are without."
        for letter, evaluation in evaluations.items()
        if evaluation.temperatures is not None
    )


def costs_decided(runs: Mapping[str, Run], names: Sequence[str]) -> tuple[str, ...]:
    """For each run that decides by costs, how far the probabilities that it decides by come true.

    :param runs: by letter.
    :param names: of the components.
    """
    return tuple(
        f"{letter}: {decided_by(runs[letter].experiment.costs_at(runs[letter].weights), names)} "
        f"{sureness(surest(evaluation, names))}"
        for letter, evaluation in evaluations_of(runs).items()
        if DECODERS[runs[letter].experiment.decoder].weighted
    )


def decided_by(costs: Sequence[float], names: Sequence[str]) -> str:
    """The costs in force.

    :param costs: ``(K + 1,)``.

    >>> decided_by((5.0, 1.0, 0.0), ("tone", "topic"))
    'Decided by probabilities and costs: tone 5, topic 1, any mistake 0 more.'
    """
    stated = [f"{name} {cost:g}" for name, cost in zip(names, costs, strict=False)]
    listed = ", ".join([*stated, f"any mistake {costs[-1]:g} more"])
    return f"Decided by probabilities and costs: {listed}."


def surest(evaluation: Evaluation, names: Sequence[str]) -> dict[str, Sure]:
    """By the name of each part, the texts whose answer a run was sure of; none where only labels
    are known."""
    counted = evaluation.reliability
    return dict(zip(names, counted.surest, strict=True)) if counted else {}


def sureness(parts: Mapping[str, Sure]) -> str:
    """How often sure answers are right. A part with none is left out.

    >>> sureness({"tone": Sure(0.87, 0.58, 0.502, 0.654, 157)})[46:]
    'too sure on tone: it says 87.0 % and is right in 58.0 % [50.2, 65.4], n = 157.'
    """
    clauses = [
        f"{'it is too sure ' if sure.too_sure else ''}on {name}{':' if sure.too_sure else ''} it "
        f"says {percent(sure.said)} and is right in {percent(sure.right)} "
        f"[{100 * sure.low:.1f}, {100 * sure.high:.1f}], n = {sure.n:,}"
        for name, sure in parts.items()
        if sure.n
    ]
    if not clauses:
        return f"It gives none of its answers {100 * SURE:.0f} % or more."
    return f"Where it gives its answer {100 * SURE:.0f} % or more, {'; '.join(clauses)}."
