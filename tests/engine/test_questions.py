"""What the four questions claim."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import assume, given
from hypothesis import strategies as st

from lossviz.engine.questions import RATIOS, decisions, descents, part_losses
from lossviz.errors import LossVizError
from lossviz.losses.decoding import DECODERS, Decoder
from lossviz.losses.objectives import OBJECTIVES, Objective
from lossviz.losses.questions import Dilemma
from lossviz.losses.questions.encodings import Coordinates, independent
from lossviz.losses.questions.results import RIGHT_CODE, WRONG_CODE
from lossviz.losses.targets import Targets
from lossviz.schema import TEXTBOOK
from tests.support.examples import examples
from tests.support.objectives import ones

LOGITS = st.lists(st.floats(-20.0, 20.0), min_size=4, max_size=4)
TRUE = st.integers(0, 3)
SHARES = st.lists(st.floats(0.0, 1.0), min_size=4, max_size=4).filter(lambda own: sum(own) > 0.1)
WEIGHTS = st.floats(0.1, 10.0)
ALL = (True,) * 4
NO_BD = (True, True, True, False)
NO_AC = (False, *(True,) * 5)
KNOWN = (0.0, 0.4, 0.35, 0.0, 0.25, 0.0)
"""Of six labels; the first part has three values."""


def beliefs(shares: list[float]) -> tuple[float, ...]:
    return tuple(own / sum(shares) for own in shares)


# From a part's probability to a loss


@given(LOGITS, TRUE)
def test_the_right_way_is_the_first_part_of_marginals(logits: list[float], true: int) -> None:
    z = torch.tensor([logits], dtype=torch.float64, requires_grad=True)
    targets = Targets.from_codes(TEXTBOOK.class_codes[[true]], TEXTBOOK)
    expected = OBJECTIVES["marginals"].parts(z, targets, TEXTBOOK, ones(TEXTBOOK))["part 1"][0]
    (gradient,) = torch.autograd.grad(expected, z)
    own = part_losses(logits, true)
    assert own.right.loss == pytest.approx(expected.item(), abs=1e-10)
    np.testing.assert_allclose(own.right.gradient, gradient[0].numpy(), atol=1e-10)
    assert own.probability == pytest.approx(np.exp(-expected.item()), abs=1e-10)


@given(LOGITS, TRUE)
def test_sigmoid_and_bce_make_the_mistake_of_bce_with_logits(
    logits: list[float], true: int
) -> None:
    p_a = torch.tensor(logits, dtype=torch.float64).softmax(0)[:2].sum()
    is_a = torch.tensor(float(true < 2), dtype=torch.float64)
    twice = F.binary_cross_entropy(p_a.sigmoid(), is_a)
    assert part_losses(logits, true).wrong.loss == pytest.approx(twice.item(), abs=1e-10)


@given(LOGITS, TRUE)
def test_sigmoid_before_bce_with_logits_is_a_third_case(logits: list[float], true: int) -> None:
    p_a = torch.tensor(logits, dtype=torch.float64).softmax(0)[:2].sum()
    is_a = torch.tensor(float(true < 2), dtype=torch.float64)
    expected = F.binary_cross_entropy_with_logits(p_a.sigmoid(), is_a)
    twice = part_losses(logits, true).twice_wrong
    assert twice.loss == pytest.approx(expected.item(), abs=1e-10)
    assert twice.low - 1e-12 <= twice.loss <= twice.high + 1e-12


def test_three_cases_and_their_floors_at_the_numbers_of_the_page() -> None:
    losses = part_losses([3.0, -1.0, 1.0, 0.0], 0)
    ways = (losses.wrong, losses.twice_wrong, losses.right)
    assert losses.probability == pytest.approx(0.846, abs=5e-4)
    counts_as = [np.exp(-way.loss) for way in ways]
    assert counts_as == pytest.approx([0.700, 0.668, 0.846], abs=5e-4)
    assert [way.low for way in ways] == pytest.approx([0.313, 0.393, 0.0], abs=5e-4)


@given(LOGITS, TRUE)
def test_the_wrong_way_never_leaves_its_narrow_range(logits: list[float], true: int) -> None:
    wrong = part_losses(logits, true).wrong
    for value in (wrong.loss, *wrong.curve):
        assert wrong.low - 1e-12 <= value <= wrong.high + 1e-12


def test_the_floors_are_those_of_a_sigmoid_between_a_half_and_0_731() -> None:
    sigmoid_of_1 = 1 / (1 + np.exp(-1.0))
    a, b = part_losses([0.0] * 4, 0), part_losses([0.0] * 4, 2)
    assert (a.wrong.low, a.wrong.high) == pytest.approx((-log(sigmoid_of_1), log(2)))
    assert (b.wrong.low, b.wrong.high) == pytest.approx((log(2), -log(1 - sigmoid_of_1)))
    assert (a.right.low, a.right.high) == (b.right.low, b.right.high) == (0.0, np.inf)


@given(LOGITS, TRUE)
def test_both_ways_pull_the_same_way_the_wrong_one_hardly(logits: list[float], true: int) -> None:
    own = part_losses(logits, true)
    force = np.abs(own.wrong.gradient).sum()
    assert force <= 0.5 * np.abs(own.right.gradient).sum() + 1e-12
    np.testing.assert_array_less(-1e-12, own.wrong.gradient * own.right.gradient)


def test_a_confidently_wrong_model_learns_nothing_the_wrong_way() -> None:
    own = part_losses([-20.0, -20.0, 20.0, 0.0], 0)
    assert np.abs(own.right.gradient).max() > 0.4
    assert np.abs(own.wrong.gradient).max() < 1e-12


@given(LOGITS, TRUE)
def test_the_curve_passes_through_the_loss_and_ends_near_its_floor(
    logits: list[float], true: int
) -> None:
    logits[true] = 0.0  # a point of the line
    own = part_losses(logits, true)
    place = int(np.argmin(np.abs(own.line)))
    for way in (own.right, own.wrong):
        assert way.curve[place] == pytest.approx(way.loss, abs=1e-9)
        assert (np.diff(way.curve) <= 1e-12).all()


@given(LOGITS, TRUE)
def test_the_code_that_is_shown_computes_what_is_shown(logits: list[float], true: int) -> None:
    own = part_losses(logits, true)
    for code, way in ((WRONG_CODE, own.wrong), (RIGHT_CODE, own.right)):
        names = {
            "F": F,
            "logits": torch.tensor([logits], dtype=torch.float64),
            "is_a": torch.tensor([float(true < 2)], dtype=torch.float64),
        }
        exec(code, names)
        assert names["loss"].item() == pytest.approx(way.loss, abs=1e-10)


# What marginals leaves free

STARTS = (-2.0, 0.0, 2.0)
TARGETS = st.builds(
    Coordinates, st.floats(-1.0, 1.0), st.floats(-1.0, 1.0), st.floats(-2.0, 2.0)
).map(lambda own: tuple(own.probabilities().tolist()))


@given(TARGETS)
@examples(10)
def test_marginals_gets_the_parts_right_and_the_coupling_from_its_start(
    target: tuple[float, ...],
) -> None:
    found = descents(target, STARTS)
    ends = found.of["marginals"].ends
    for end in ends:
        assert (end.p_a, end.p_c) == pytest.approx((found.true.p_a, found.true.p_c), abs=1e-3)
    assert ends[0].t + 0.5 < ends[1].t < ends[2].t - 0.5
    assert ends[2].p_ac - ends[0].p_ac > 0.1


@given(TARGETS)
@examples(10)
def test_joint_finds_the_coupling_from_every_start(target: tuple[float, ...]) -> None:
    found = descents(target, STARTS)
    for end in found.of["joint"].ends:
        assert end == pytest.approx(found.true, abs=1e-3)


def test_every_start_begins_where_it_says() -> None:
    found = descents((0.4, 0.1, 0.2, 0.3), STARTS)
    for own in found.of.values():
        assert own.couplings[:, 0].tolist() == list(STARTS)
        assert own.couplings[:, -1] == pytest.approx([end.t for end in own.ends])


def test_the_descents_ask_the_objectives_of_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    parts = type(OBJECTIVES["marginals"]).parts

    def listening(self: Objective, *arguments: object) -> dict[str, torch.Tensor]:
        asked.append(self.id)
        return parts(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(type(OBJECTIVES["marginals"]), "parts", listening)
    found = descents((0.4, 0.1, 0.2, 0.3), (0.0,))
    assert len(asked) == found.of["marginals"].couplings.shape[1] - 1


@given(TARGETS)
@examples(10)
def test_separate_logits_end_at_the_product_of_the_marginals(target: tuple[float, ...]) -> None:
    a, c = target[0] + target[1], target[0] + target[2]
    odds = torch.tensor([[log(a / (1 - a)), log(c / (1 - c))]], dtype=torch.float64)
    odds = odds.requires_grad_()
    targets = Targets.from_codes(TEXTBOOK.class_codes, TEXTBOOK)
    objective, weights = OBJECTIVES["components"], ones(TEXTBOOK)
    parts = objective.parts(odds.expand(4, 2), targets, TEXTBOOK, weights)
    expected = (objective.total(parts, weights) * odds.new_tensor(target)).sum()
    (gradient,) = torch.autograd.grad(expected, odds)
    assert gradient.abs().max() < 1e-12
    assert independent(target)[0] == pytest.approx(a * c)


# When α and β change a decision


def test_the_three_decoders_disagree_where_the_thread_says() -> None:
    found = decisions(Dilemma((0.4, 0.0, 0.3, 0.3), ALL))
    said = {name: own.label for name, own in found.answers.items()}
    assert said == {"joint_mode": "AC", "marginal_modes": "BC", "min_cost": "BC"}
    assert found.answers["min_cost"].cost == pytest.approx(0.4 + 0.3)
    assert found.answers["joint_mode"].cost == pytest.approx(0.6 + 0.3)


def test_a_combination_that_never_occurs_makes_the_weights_matter() -> None:
    for alpha, label in ((1.0, "BC"), (5.0, "AD")):
        found = decisions(Dilemma(KNOWN, NO_AC, alpha=alpha))
        assert found.answers["min_cost"].label == label
        assert [own.label for own in found.stretches] == ["BC", "AD"]
        assert found.flips == pytest.approx((4.0,))
    assert found.answers["min_cost"].cost == pytest.approx(5 * 0.6 + 0.6)
    assert len(decisions(Dilemma(KNOWN, (True,) * 6)).stretches) == 1


@given(SHARES, st.lists(st.booleans(), min_size=4, max_size=4).filter(any), WEIGHTS, WEIGHTS)
def test_with_two_values_in_each_part_nothing_flips_whatever_never_occurs(
    shares: list[float], allowed: list[bool], alpha: float, beta: float
) -> None:
    believed = [share if may_be else 0.0 for share, may_be in zip(shares, allowed, strict=True)]
    if sum(believed) > 0.0:
        found = decisions(Dilemma(beliefs(shares), tuple(allowed), alpha, beta))
        assert len(found.stretches) == 1
        cheapest, parts = found.answers["min_cost"], found.answers["marginal_modes"]
        assert cheapest.label == parts.label or parts.label in cheapest.ties


@given(SHARES, WEIGHTS, WEIGHTS)
def test_with_additive_costs_and_every_combination_nothing_ever_flips(
    shares: list[float], alpha: float, beta: float
) -> None:
    found = decisions(Dilemma(beliefs(shares), ALL, alpha, beta))
    assert len(found.stretches) == 1
    cheapest, parts = found.answers["min_cost"], found.answers["marginal_modes"]
    assert cheapest.label == parts.label or parts.label in cheapest.ties


def test_gamma_makes_the_weights_matter_too() -> None:
    found = decisions(Dilemma((0.4, 0.0, 0.3, 0.3), ALL, gamma=1.0))
    assert [own.label for own in found.stretches] == ["AC", "BC"]


@given(SHARES, st.lists(st.booleans(), min_size=4, max_size=4).filter(any), st.floats(0.0, 5.0))
def test_stretches_cover_the_scan_and_name_the_cheapest(
    shares: list[float], allowed: list[bool], gamma: float
) -> None:
    assume(any(share and may_be for share, may_be in zip(shares, allowed, strict=True)))
    found = decisions(Dilemma(beliefs(shares), tuple(allowed), gamma=gamma))
    assert found.stretches[0].low == pytest.approx(RATIOS[0])
    assert found.stretches[-1].high == pytest.approx(RATIOS[-1])
    for own in found.stretches:
        inside = (found.ratios >= own.low) & (found.ratios <= own.high)
        costs = found.costs[inside]
        cheapest = costs.min(axis=1, initial=np.inf)
        assert (costs[:, found.labels.index(own.label)] <= cheapest + 1e-8).all()


@given(SHARES, WEIGHTS, WEIGHTS, st.floats(0.0, 5.0))
def test_costs_are_averages_over_what_is_believed(
    shares: list[float], alpha: float, beta: float, gamma: float
) -> None:
    assume(sum(shares[:3]) > 0.0)
    p = (*beliefs(shares[:3]), 0.0)
    found = decisions(Dilemma(beliefs(shares), NO_BD, alpha, beta, gamma))
    for own in found.answers.values():
        expected = sum(
            share
            * (alpha * (own.label[0] != true[0]) + beta * (own.label[1] != true[1])
               + gamma * (own.label != true))
            for share, true in zip(p, TEXTBOOK.class_names, strict=True)
        )  # fmt: skip
        assert own.cost == pytest.approx(expected, abs=1e-9)


def test_equal_costs_are_not_a_change_of_mind() -> None:
    found = decisions(Dilemma((0.25,) * 4, ALL))
    assert len(found.stretches) == 1
    assert len(found.answers["min_cost"].ties) == 3


def test_nothing_to_answer_gets_a_sentence() -> None:
    with pytest.raises(LossVizError, match="allow at least one"):
        decisions(Dilemma(KNOWN, (False,) * 6))
    with pytest.raises(LossVizError, match="give one of them more"):
        decisions(Dilemma((0.0, 0.0, 0.0, 1.0), NO_BD))


def test_the_answers_are_those_of_the_decoders(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stubborn(Decoder):
        weighted = False

        def decode(self, logits, head, schema, weights):  # type: ignore[no-untyped-def]
            return torch.zeros(*logits.shape[:-1], 2, dtype=torch.int64), logits[..., 0]

    monkeypatch.setitem(DECODERS, "joint_mode", Stubborn())
    assert decisions(Dilemma((0.0, 0.0, 0.0, 1.0), ALL)).answers["joint_mode"].label == "AC"
