"""Four probabilities as coordinates, and back."""

from __future__ import annotations

from math import inf, isinf, isnan, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossviz.errors import LossVizError
from lossviz.losses.questions.encodings import (
    Coordinates,
    distribution,
    finite,
    independent,
    marginals,
    mutual_information,
)
from lossviz.schema import TEXTBOOK

LABELS = TEXTBOOK.class_names
NUMBERS = st.floats(-8.0, 8.0)
COORDINATES = st.builds(Coordinates, NUMBERS, NUMBERS, NUMBERS)
COUNTS = st.lists(st.floats(1e-6, 1e6), min_size=4, max_size=4)


def sigmoid(logit: float) -> float:
    return 1.0 / (1.0 + np.exp(-logit))


def product_of_sigmoids(own: Coordinates) -> np.ndarray:
    a, c = sigmoid(own.u), sigmoid(own.v)
    return np.array([a * c, a * (1 - c), (1 - a) * c, (1 - a) * (1 - c)])


@given(COORDINATES)
def test_coordinates_survive_the_way_to_probabilities_and_back(own: Coordinates) -> None:
    back = Coordinates.of(own.probabilities())
    assert (back.u, back.v, back.t) == pytest.approx((own.u, own.v, own.t), abs=1e-9)


@given(COUNTS)
def test_probabilities_survive_the_way_to_coordinates_and_back(counts: list[float]) -> None:
    p = distribution(counts, LABELS)
    np.testing.assert_allclose(Coordinates.of(p).probabilities(), p, rtol=1e-9)


@given(COUNTS, st.floats(1e-3, 1e3))
def test_coordinates_do_not_care_what_the_numbers_add_up_to(counts: list[float], by: float) -> None:
    one, other = Coordinates.of(counts), Coordinates.of([by * own for own in counts])
    assert (one.u, one.v, one.t) == pytest.approx((other.u, other.v, other.t), abs=1e-9)


@given(NUMBERS, NUMBERS)
def test_without_a_coupling_two_sigmoids_say_it_all(u: float, v: float) -> None:
    own = Coordinates(u, v, 0.0)
    np.testing.assert_allclose(own.probabilities(), product_of_sigmoids(own), rtol=1e-9)


@given(NUMBERS, NUMBERS, st.floats(0.01, 8.0), st.sampled_from([-1.0, 1.0]))
def test_with_a_coupling_two_sigmoids_say_something_else(
    u: float, v: float, t: float, sign: float
) -> None:
    own = Coordinates(u, v, sign * t)
    ratio = own.probabilities() / product_of_sigmoids(own)
    assert ratio.max() / ratio.min() == pytest.approx(np.exp(t), rel=1e-6)


@given(COUNTS)
def test_twice_the_coupling_is_the_log_odds_ratio(counts: list[float]) -> None:
    ac, ad, bc, bd = counts
    expected = log(ac) + log(bd) - log(ad) - log(bc)
    assert Coordinates.of(counts).log_odds_ratio == pytest.approx(expected, abs=1e-9)


@given(COORDINATES)
def test_coordinates_are_log_odds_given_the_other_part(own: Coordinates) -> None:
    ac, ad, bc, bd = own.probabilities()
    assert own.u + own.t == pytest.approx(log(ac / bc), abs=1e-8)
    assert own.u - own.t == pytest.approx(log(ad / bd), abs=1e-8)
    assert own.v + own.t == pytest.approx(log(ac / ad), abs=1e-8)


def test_a_probability_of_0_is_infinitely_far_away() -> None:
    assert Coordinates.of([0.0, 0.2, 0.3, 0.5]) == Coordinates(-inf, -inf, -inf)
    never_a = Coordinates.of([0.0, 0.0, 0.4, 0.6])
    assert never_a.u == -inf
    assert isnan(never_a.v)
    assert isnan(never_a.t)
    assert not never_a.finite
    assert np.isnan(never_a.probabilities()).all()
    sure = Coordinates.of([1.0, 0.0, 0.0, 0.0])
    assert isinf(sure.u) or isnan(sure.u)


def test_far_coordinates_do_not_overflow() -> None:
    p = Coordinates(1e3, -1e3, 1e3).probabilities()
    assert np.isfinite(p).all()
    assert p.sum() == pytest.approx(1.0)


@given(COUNTS)
def test_the_product_of_the_marginals_has_the_same_marginals(counts: list[float]) -> None:
    p = distribution(counts, LABELS)
    assert marginals(independent(p)) == pytest.approx(marginals(p))


@given(COUNTS, st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_no_product_is_closer_than_that_of_the_marginals(
    counts: list[float], a: float, c: float
) -> None:
    p = distribution(counts, LABELS)
    other = np.outer([a, 1 - a], [c, 1 - c]).ravel()
    assert mutual_information(p) >= -1e-12
    assert mutual_information(p) <= float(np.sum(p * np.log(p / other))) + 1e-9


@given(NUMBERS, NUMBERS)
def test_nothing_is_lost_without_a_coupling(u: float, v: float) -> None:
    assert mutual_information(Coordinates(u, v, 0.0).probabilities()) == pytest.approx(0, abs=1e-12)


def test_typed_numbers_are_divided_by_their_sum() -> None:
    assert distribution([8, 4, 2, 2], LABELS).tolist() == [0.5, 0.25, 0.125, 0.125]
    assert distribution([1e308] * 4, LABELS).tolist() == [0.25] * 4
    assert distribution([0, 0, 5e-324, 0], LABELS).tolist() == [0, 0, 1, 0]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ([0.4, -0.1, 0.3, 0.3], "AD is −0.1"),
        ([0.4, None, 0.3, 0.3], "AD is empty"),
        ([0, 0, 0, 0], "nothing is left to happen"),
        ([0.4, 0.3, inf, 0.3], "BC is inf"),
        ([0.4, 0.3, 0.3, float("nan")], "BD is nan"),
    ],
)
def test_numbers_that_cannot_be_used_get_a_sentence(typed: list[float], says: str) -> None:
    with pytest.raises(LossVizError, match=says):
        distribution(typed, LABELS)


def test_numbers_that_are_too_large_get_the_limit() -> None:
    assert finite([50, -50], ["u", "v"], 50) == [50.0, -50.0]
    with pytest.raises(LossVizError, match="v is −51: type a number between −50 and 50"):
        finite([0, -51], ["u", "v"], 50)
