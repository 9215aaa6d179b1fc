"""The address: what it says is read as it was meant, whatever else stands in it."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossviz.errors import LossVizError
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.study.plan import LEARNABLE
from lossviz.losses.objectives import OBJECTIVES
from lossviz.schema import Component, LabelSchema
from lossviz.sharing.address import (
    KEYS,
    LETTERS,
    MOST_BYTES,
    VIEWS,
    Address,
    DataAddress,
    FormulationsView,
    PageView,
    SurfacesView,
    TradeOffView,
    TrainView,
    WeightsView,
    own_part,
    size_of,
)
from lossviz.sharing.address._notation import number, number_text
from lossviz.sharing.address._run import read_run, run_text
from lossviz.sharing.address._views import (
    COUPLINGS,
    MOST_SWEEP_SEEDS,
    WIDTHS,
    read_view,
)
from lossviz.ui.formulations import landscape
from lossviz.ui.study import controls as study_controls
from lossviz.ui.sweep import controls as sweep_controls
from tests.support.examples import examples
from tests.support.experiments import experiments
from tests.support.factories import dataset

DATA = dataset(40)
SCHEMA = DATA.schema
USUAL = Experiment.for_dataset(DATA)
THIRD = 1 / 3
"""A number with all its digits."""


def of_parts(parts: int) -> Experiment:
    names = tuple(f"part {k}" for k in range(parts))
    return Experiment.of(data={"name": "made", "digest": "0" * 16, "components": names})


def schema_of(parts: int) -> LabelSchema:
    return LabelSchema.full([Component(f"part {k}", ("a", "b")) for k in range(parts)], "|")


@examples(120)
@given(experiments(USUAL))
def test_every_experiment_is_read_as_it_was_written(own: Experiment) -> None:
    text = run_text(own, USUAL)
    assert re.fullmatch(r"[A-Za-z0-9_.~-]+", text)
    assert urlencode({"A": text}) == f"A={text}"
    assert read_run(text, USUAL, "Run A") == (own, ())


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_keeps_every_bit_in_twelve_signs(value: float) -> None:
    text = number_text(value)
    assert len(text) <= 12
    assert repr(number(text)) == repr(value)


def test_only_what_was_chosen_is_written() -> None:
    assert run_text(USUAL, USUAL) == "marginals"
    own = USUAL.changed(
        component_weights=(2.0, 1.0),
        optimiser={"learning_rate": 0.1},
        model={"kind": "hidden", "width": 4},
    )
    assert run_text(own, USUAL) == "marginals~w-2~m-hidden~h-4~lr-0.1"
    assert run_text(USUAL.changed(formulation="focal", decoder=None), USUAL) == "focal"


def test_a_link_keeps_its_meaning() -> None:
    text = (
        "focal~by-dwa~w-2_0.5~j-3~dec-min_cost~m-hidden~h-4~o-adam~lr-0.01~b-16~wd-0.001~e-3~s-4"
        "~t-0.3~ts-5~a-char~v-1000~n-2_3~focusing-1~dwa_temperature-3"
    )
    expected = USUAL.changed(
        formulation="focal",
        weighting="dwa",
        component_weights=(2.0, 0.5),
        joint_weight=3.0,
        decoder="min_cost",
        model={"kind": "hidden", "width": 4},
        optimiser={"name": "adam", "learning_rate": 0.01, "batch_size": 16, "weight_decay": 0.001},
        epochs=3,
        seed=4,
        split={"test_size": 0.3, "seed": 5},
        features={"analyser": "char", "shortest": 2, "longest": 3, "limit": 1000},
        settings={"focusing": 1.0, "dwa_temperature": 3.0},
    )
    assert read_run(text, USUAL, "Run A") == (expected, ())


def longest_run(parts: int) -> Experiment:
    """Every field away from where it is at first, and as long as it can be."""
    return of_parts(parts).changed(
        formulation="soft_targets",
        weighting="gradnorm",
        decoder="marginal_modes",
        settings={"temperature": THIRD, "gradnorm_power": THIRD, "weight_rate": THIRD},
        component_weights=(THIRD,) * parts,
        joint_weight=THIRD,
        split={"test_size": THIRD, "seed": 2**31 - 1},
        features={"analyser": "char", "shortest": 2, "longest": 6, "limit": 1_000_000 - 1},
        model={"kind": "hidden", "width": 255},
        optimiser={"name": "adam", "learning_rate": 333 + THIRD, "batch_size": 4095,
                   "weight_decay": THIRD},
        epochs=999,
        seed=2**31 - 1,
    )  # fmt: skip


def longest_view(page: str, parts: int) -> PageView:
    names = tuple(sorted(OBJECTIVES, key=len)[-3:])
    views: dict[str, PageView] = {
        "train": TrainView(target=parts - 1, normalise="predicted", speed="full"),
        "formulations": FormulationsView(
            formulation="expected_cost",
            beside=names,
            weights=(THIRD, THIRD, THIRD),
            settings={"temperature": THIRD, "focusing": THIRD, "allowed_weight": THIRD},
            parts=(0, 998, 999, 1, 998, 999),
            true=(1, 1),
            coupling=-1.5,
            view="contour",
        ),
        "weights": WeightsView(
            weightings=tuple(reversed(LEARNABLE)),
            seeds=9,
            formulation="components",
            width=16,
            epochs=199,
        ),
        "trade-off": TradeOffView(
            steps=41,
            kind="map",
            pair=(parts - 1, 0),
            held=THIRD,
            seeds=19,
            costs=(THIRD,) * (parts + 1),
            point=1680,
        ),
        "surfaces": SurfacesView(
            plane="hessian",
            seed=2**31 - 1,
            resolution=61,
            view="contour",
            scale="log",
            weights=(THIRD,) * (parts + 1),
        ),
    }
    return views[page]


@pytest.mark.parametrize("page", VIEWS)
@pytest.mark.parametrize("parts", [2, 5])
def test_four_runs_of_which_nothing_is_usual_fit_with_the_largest_view(
    page: str, parts: int
) -> None:
    own = Address(
        data=DataAddress(digest="0123456789abcdef", name="ж" * 200),
        runs=dict.fromkeys(LETTERS, longest_run(parts)),
        sweep=longest_run(parts) if page == "trade-off" else None,
        view=longest_view(page, parts),
    )
    query = own.query(page, of_parts(parts))
    assert set(LETTERS) <= set(query)
    assert size_of(query) < MOST_BYTES
    read, notes = Address.read(page, query, of_parts(parts), schema_of(parts))
    assert (read.runs, read.sweep) == (own.runs, own.sweep)
    assert page == "formulations" or (read.view, notes) == (own.view, ())


def test_runs_of_very_many_parts_fit_as_people_weigh_them() -> None:
    usual = of_parts(30)
    run = usual.changed(component_weights=(0.25,) * 30, model={"kind": "hidden", "width": 4})
    query = Address(runs=dict.fromkeys(LETTERS, run)).query("train", usual)
    assert size_of(query) < MOST_BYTES
    assert len(query) == 4


def test_runs_that_do_not_fit_are_left_out_as_a_whole() -> None:
    usual = of_parts(60)
    run = usual.changed(component_weights=(THIRD,) * 60)
    address = Address(data=DataAddress(sample="feelings"), runs=dict.fromkeys(LETTERS, run))
    assert address.query("train", usual) == {"d": "feelings"}


@pytest.mark.parametrize("page", VIEWS)
def test_a_view_is_read_as_it_was_written(page: str) -> None:
    own = longest_view(page, 2)
    if isinstance(own, FormulationsView):
        own = own.model_copy(update={"parts": (1, 1, 0, 0, 0, 1)})
    assert re.fullmatch(r"[A-Za-z0-9_.~-]+", own.text)
    assert read_view(VIEWS[page], own.text, SCHEMA) == (own, ())
    assert VIEWS[page]().text == ""


def test_what_is_wrong_is_named_and_the_rest_counts() -> None:
    own, notes = read_run("joint~lr--1~e-3~zz-1~b-99999999999999999999~h-8", USUAL, "Run B")
    assert run_text(own, USUAL) == "joint~h-8~e-3"
    said = "\n".join(notes)
    assert "Run B, lr: Input should be greater than 0; found -1.0. “0.3” is used instead." in said
    assert "Run B: “zz-1” is not known" in said
    assert "Run B, b: expected a whole number" in said
    assert len(notes) == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "expected one of chain"),
        ("<script>alert(1)</script>", "expected one of chain"),
        ("marginals~w-nan_inf", "expected a number, found “nan”"),
        ("marginals~w-1_2_3", "expected 2, one for each of first, second; found 3"),
        ("marginals~w--1_1", "greater than or equal to 0"),
        ("marginals~lr-1e999", "finite"),
        ("marginals~lr-xzzzzzzzzzzz", "expected a number"),
        ("marginals~e-" + "9" * 1000, "expected a whole number"),
        ("marginals~s--5", "greater than or equal to 0"),
        ("marginals~n-5_2", "shortest n-gram is longer"),
        ("marginals~n-5", "expected the shortest n-gram and the longest"),
        ("marginals~e-2~e-3", "there twice"),
        ("focal~focusing-99", "between 0 and 10"),
        ("marginals~dec-guess", "expected one of"),
        ("marginals~by-__class__", "expected one of"),
        ("m" * 100_000, "and was not read"),
    ],
)  # fmt: skip
def test_hostile_values_get_a_short_note(text: str, said: str) -> None:
    own, notes = read_run(text, USUAL, "Run A")
    assert said in "\n".join(notes)
    assert all(len(note) < 400 for note in notes)
    assert own.changed(formulation="marginals", epochs=10, settings={}, decoder=None) == USUAL


@examples(150)
@given(
    st.sampled_from(["", "data", *VIEWS]),
    st.dictionaries(
        st.sampled_from(KEYS),
        st.text(max_size=80) | st.from_regex(r"\A(of|w|parts|n|e|t)-[-0-9_.x]{0,9}\Z"),
    ),
)
def test_nothing_that_stands_in_an_address_is_an_accident(page: str, query: dict[str, str]) -> None:
    address, notes = Address.read(page, query, USUAL, SCHEMA)
    assert all(isinstance(own, Experiment) for own in address.runs.values())
    assert len(notes) <= 6
    try:
        DataAddress.read(query.get("d", ""))
    except LossVizError as error:
        assert "link's data" in str(error)
    written = address.query(page, USUAL)
    again, no_notes = Address.read(page, written, USUAL, SCHEMA)
    assert (again.runs, again.view, no_notes) == (address.runs, address.view, ())


def test_a_thousand_mistakes_are_not_all_listed() -> None:
    _, notes = read_run("marginals" + "~q-1" * 400, USUAL, "Run A")
    assert len(notes) == 6
    assert notes[-1].startswith("And 3")


@pytest.mark.parametrize("name", ["my file.csv", "Übung~2.csv", "данные.csv", "a" * 500, ""])
def test_a_persons_file_is_named_by_its_digest(name: str) -> None:
    own = DataAddress(digest="0123456789abcdef", name=name)
    sent = dict(parse_qsl(urlencode({"d": own.text}), keep_blank_values=True))
    read = DataAddress.read(sent["d"])
    assert read.digest == own.digest
    assert read.name == name[:120]
    assert len(urlencode({"d": own.text})) < 170


def test_keys_of_others_are_not_part_of_an_address() -> None:
    assert own_part({"scene": "2", "A": "joint", "embed": "true"}) == {"A": "joint"}


def test_the_address_takes_what_the_controls_offer() -> None:
    assert landscape.COUPLINGS == COUPLINGS
    assert tuple(study_controls.WIDTHS) == WIDTHS
    assert sweep_controls.MOST_SEEDS == MOST_SWEEP_SEEDS


def test_the_view_of_parts_that_do_not_occur_is_left_out() -> None:
    def parts(text: str) -> Any:
        return read_view(FormulationsView, f"parts-{text}", SCHEMA)[0].parts

    assert parts("0_0_1_1_0_1") == (0, 0, 1, 1, 0, 1)
    assert parts("-1") == (-1,)
    for wrong in (
        "0_0_1",
        "0_0_1_0_0_1",
        "0_0_0_1_0_1",
        "0_0_7_1_0_1",
        "9_0_1_1_0_1",
        "0_-1_1_1_0_1",
    ):
        assert parts(wrong) is None
