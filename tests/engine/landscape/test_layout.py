"""One layout for models with different heads: the same probabilities, and the same losses."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
import torch
from scipy.sparse import csr_matrix

from lossviz.engine.landscape.layout import share
from lossviz.engine.landscape.loss import Loss
from lossviz.engine.landscape.retrained import Retrained, retrain
from lossviz.errors import LossVizError
from lossviz.experiments.surfaces.vectors import Vector, added, size
from lossviz.losses.heads import HEADS, Head
from lossviz.losses.objectives import OBJECTIVES
from tests.support.surface_runs import (
    DATA,
    plain_parts,
    reference,
    trained,
    trained_on_six,
    trained_on_three,
)

every_model = pytest.mark.parametrize("kind", ["linear", "hidden"])
FACTORISED = [name for name, own in OBJECTIVES.items() if own.head == "factorised"]
JOINT = [name for name, own in OBJECTIVES.items() if own.head == "joint"]


def logits_at(loss: Loss, at: Vector) -> torch.Tensor:
    dense = {name: own for name, own in at.items() if name != "table"}
    return loss.model.tail(loss.project(at["table"])[None], dense)[0]


def own_loss(run: Retrained, at: Vector) -> float:
    """In its own layout, from the plain way."""
    return plain_parts(run.loss(0), at)["total"]


def read_loss(loss: Loss, at: Vector) -> float:
    dense = {name: own for name, own in at.items() if name != "table"}
    return float(loss.rows(loss.project(at["table"])[None], dense).mean())


@every_model
@pytest.mark.parametrize("formulation", FACTORISED)
@pytest.mark.parametrize("data", [trained, trained_on_six], ids=["2 × 2", "2 × 3"])
def test_separate_logits_written_as_whole_labels_have_the_same_probabilities(
    data: Callable[..., Retrained], formulation: str, kind: str
) -> None:
    run = data(formulation, kind)
    _, placed = share([data("joint", kind), run], 0)
    schema = run.trainer.data.schema
    own, joint = logits_at(run.loss(0), run.end), logits_at(placed.loss, placed.end)
    assert joint.shape[-1] == len(schema.classes)
    expected = HEADS["factorised"].joint_log_probs(own, schema)
    torch.testing.assert_close(joint.log_softmax(-1), expected, rtol=1e-5, atol=1e-5)


@every_model
@pytest.mark.parametrize("formulation", FACTORISED)
@pytest.mark.parametrize("data", [trained, trained_on_six], ids=["2 × 2", "2 × 3"])
def test_a_loss_read_from_whole_labels_is_the_loss_of_separate_logits(
    data: Callable[..., Retrained], formulation: str, kind: str
) -> None:
    run = data(formulation, kind)
    _, placed = share([data("joint", kind), run], 0)
    assert len(placed.path) == len(run.path)
    for own, written in zip(run.path, placed.path, strict=True):
        assert read_loss(placed.loss, written) == pytest.approx(own_loss(run, own), rel=1e-5)
    for name, own in placed.end.items():
        assert torch.equal(own, placed.path[-1][name])


@every_model
@pytest.mark.parametrize("formulation", FACTORISED)
def test_a_line_between_separate_logits_is_the_same_line_in_whole_labels(
    formulation: str, kind: str
) -> None:
    run = trained(formulation, kind)
    _, placed = share([trained("joint", kind), run], 0)
    half = [added(own[0], (-0.5, own[0]), (0.5, own[-1])) for own in (run.path, placed.path)]
    assert read_loss(placed.loss, half[1]) == pytest.approx(own_loss(run, half[0]), rel=1e-5)


@every_model
def test_three_parts_with_forbidden_combinations_keep_the_odds_of_the_allowed(kind: str) -> None:
    run = trained_on_three("components", kind)
    _, placed = share([trained_on_three("marginals", kind), run], 0)
    schema = run.trainer.data.schema
    own, joint = logits_at(run.loss(0), run.end), logits_at(placed.loss, placed.end)
    unnormalised = HEADS["factorised"].joint_log_probs(own, schema)
    torch.testing.assert_close(
        joint.log_softmax(-1), unnormalised.log_softmax(-1), rtol=1e-5, atol=1e-5
    )


@every_model
@pytest.mark.parametrize("formulation", JOINT)
def test_a_loss_of_whole_labels_is_what_it_was(formulation: str, kind: str) -> None:
    run = trained(formulation, kind)
    placed, _ = share([run, trained("components", kind)], 0)
    assert read_loss(placed.loss, placed.end) == pytest.approx(own_loss(run, run.end), rel=1e-5)


@pytest.mark.parametrize(
    "formulations", [("joint", "marginals", "hybrid"), FACTORISED, ["chain"] * 2]
)
def test_runs_of_one_layout_stay_in_it(formulations: list[str]) -> None:
    runs = [trained(own, name=name) for own, name in zip(formulations, "ABC", strict=False)]
    placed = share(runs, 0)
    assert [own.name for own in placed] == [own.name for own in runs]
    for own, run in zip(placed, runs, strict=True):
        assert read_loss(own.loss, own.end) == pytest.approx(own_loss(run, run.end), rel=1e-5)
        assert len(own.path) == len(run.path)
        assert own.loss.layout == run.trainer.head.id
        assert len(own.loss) == len(DATA.texts) * 4 // 5


@every_model
@pytest.mark.parametrize("formulations", [("joint", "components"), ("chain",) * 2, FACTORISED[:2]])
@pytest.mark.parametrize("data", [trained_on_three, trained_on_six], ids=["3 parts", "2 × 3"])
def test_the_logits_of_each_softmax_sum_to_zero_and_say_what_they_said(
    data: Callable[..., Retrained], formulations: Sequence[str], kind: str
) -> None:
    runs = [data(name, kind) for name in formulations]
    for run, placed in zip(runs, share(runs, 0), strict=True):
        last = placed.end["outer" if kind == "hidden" else "table"]
        of = HEADS[placed.loss.layout].softmaxes(run.trainer.data.schema)
        for softmax in set(of[of >= 0].tolist()):
            assert float(last[..., of == softmax].sum(-1).abs().max()) < 1e-5
        if placed.spread is None:
            expected = pytest.approx(own_loss(run, run.end), rel=1e-5)
            assert read_loss(placed.loss, placed.end) == expected


@pytest.mark.parametrize("head", HEADS.values(), ids=list(HEADS))
def test_what_is_added_to_a_softmax_changes_no_probability(head: Head) -> None:
    schema = trained_on_six("joint", "linear").trainer.data.schema
    of = torch.from_numpy(head.softmaxes(schema))
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(7, len(of), generator=generator, dtype=torch.float64)
    shifts = torch.randn(7, int(of.max()) + 2, generator=generator, dtype=torch.float64)
    shifts[:, -1] = 0.0  # of what is in none
    torch.testing.assert_close(
        head.joint_log_probs(logits + shifts[:, of], schema), head.joint_log_probs(logits, schema)
    )


def test_every_placed_model_has_weights_of_the_same_shapes() -> None:
    runs = [trained(own, "hidden") for own in ("components", "joint", "semantic")]
    placed = share(runs, 0)
    assert len({tuple(map(tuple, (w.shape for w in own.end.values()))) for own in placed}) == 1
    assert len({size(own.end) for own in placed}) == 1


def test_a_chain_beside_others_gets_a_sentence() -> None:
    runs = [trained("joint", name="A"), trained("chain", name="B")]
    with pytest.raises(
        LossVizError, match=r"^B is a chain: .*choose another formulation for it\.$"
    ):
        share(runs, 0)


@pytest.mark.parametrize(
    "fields",
    [
        {"model": {"kind": "hidden", "width": 5}},
        {"features": {"longest": 1}},
        {"features": {"analyser": "char", "longest": 3}},
        {"split": {"test_size": 0.2, "seed": 4}},
    ],
    ids=["model", "words", "characters", "split"],
)
def test_runs_with_other_inputs_get_a_sentence(fields: dict[str, object]) -> None:
    other = retrain(DATA, reference("B", **fields))
    with pytest.raises(
        LossVizError, match=r"^A, B do not have the same model and features, .*Train page\.$"
    ):
        share([trained(), other], 0)


def test_different_widths_get_a_sentence() -> None:
    runs = [trained(kind="hidden", width=width, name=name) for width, name in ((4, "A"), (5, "B"))]
    with pytest.raises(LossVizError, match="A, B do not have the same model and features"):
        share(runs, 0)


def test_the_width_of_a_linear_model_means_nothing() -> None:
    share([trained(width=4), trained(width=9)], 0)


def test_the_weights_are_those_of_the_texts_features() -> None:
    run = trained("components")
    _, placed = share([trained("joint"), run], 0)
    assert isinstance(placed.loss.features, csr_matrix)
    assert placed.end["table"].shape == (placed.loss.features.shape[1], 4)
