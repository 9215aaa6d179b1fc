"""Links: the address of a page brings a session there, and follows what it shows."""

from __future__ import annotations

import time

import pytest
from streamlit.testing.v1 import AppTest

from lossviz.data import profile, propose_mapping, read_table
from lossviz.data.dataset import build_dataset
from lossviz.experiments.choices import first
from lossviz.experiments.runs.run import LETTERS
from lossviz.experiments.specs import STARTS
from lossviz.experiments.weights import Weights
from lossviz.sharing.project import Data
from lossviz.ui.address.link import open_query, query_of
from lossviz.ui.state.bench import Bench, Source, sample_source
from lossviz.ui.state.session import Session
from lossviz.ui.state.visit import Visit
from tests.conftest import ROOT
from tests.support.waiting import PATIENCE, wait_until
from tests.ui.conftest import PAGES, command, open_page, state_of, words

ROWS = [
    f"{text} {k},{label}" for k in range(12) for text, label in (("joy", "a|x"), ("pain", "b|y"))
]
FILE = "\n".join(["text,label", *ROWS]).encode()


def opened(page: str, query: dict[str, str]) -> AppTest:
    """A new session that begins with a link."""
    app = AppTest.from_file(ROOT / "lossviz" / "ui" / "shell.py", default_timeout=PATIENCE)
    app.run().switch_page(f"../../pages/{page}.py")
    app.query_params.update(query)
    app.run()
    assert not app.exception, app.exception
    return app


def session() -> Session:
    return Session(Bench.of(sample_source("feelings")))


def own_file() -> Source:
    table = read_table(FILE, "mine.csv")
    mapping = propose_mapping(table)
    dataset = build_dataset(table, mapping)
    return Source(Data("mine.csv", "", table, mapping, dataset), profile(dataset))


def test_what_draws_the_curve_is_a_tenth_of_training_unless_a_link_says_otherwise() -> None:
    app = opened("train", {"d": "helpdesk", "A": "joint", "B": "joint~tv-0"})
    shares = [run.experiment.split.validation for run in state_of(app).lab.runs.values()]
    assert shares == [0.1, 0.0]
    stops = [run.experiment.patience for run in state_of(app).lab.runs.values()]
    assert stops == [3, 0]


def test_a_link_sets_up_the_same_runs_on_the_same_data() -> None:
    app = opened(
        "train",
        {
            "d": "helpdesk",
            "A": "joint~e-3",
            "C": "marginals~w-2_1_0.5~m-hidden~h-4~lr-0.1",
            "train": "of-2~in-none~speed-full",
        },
    )
    own = state_of(app)
    assert own.data.sample == "helpdesk"
    assert own.lab.runs["A"].experiment == first(own.data.dataset, formulation="joint", epochs=3)
    assert own.lab.runs["C"].experiment == first(
        own.data.dataset,
        component_weights=(2.0, 1.0, 0.5),
        model={"kind": "hidden", "width": 4},
        optimiser={"learning_rate": 0.1},
    )
    assert list(own.lab.runs) == ["A", "C"]
    assert (own.view.target, own.view.normalise, own.lab.speed) == (2, "none", "full")
    assert not own.visit.notes


@pytest.mark.parametrize(
    ("page", "value"),
    [
        ("train", "of-1~in-all~speed-slow"),
        ("formulations", "f-focal~beside-hybrid.chain~w-2_1_0.5~focusing-1~parts--1~true-1_0~t-2"),
        ("weights", "beside-free.random~seeds-3~f-components~h-4~e-2"),
        ("trade-off", "steps-5~kind-map~seeds-3~costs-5_1_0~point-7"),
        ("surfaces", "plane-random~s-3~n-31~seen-contour~height-log~w-1_2_3"),
    ],
)
def test_the_view_of_every_page_is_what_the_link_says(page: str, value: str) -> None:
    query = {"d": "feelings", "A": "hybrid", page: value}
    app = opened(page.replace("-", "_"), query)
    own = state_of(app)
    assert not own.visit.notes
    assert query_of(own, page) == query
    assert not app.warning


def test_a_sweep_of_another_model_is_set_up() -> None:
    query = {"d": "feelings", "A": "joint", "sweep": "hybrid~j-2~m-hidden~h-2~e-3"}
    app = opened("trade_off", query)
    bench = state_of(app).bench.sweep
    assert bench is not None
    assert bench.campaign.plan.experiment.formulation == "hybrid"
    assert bench.campaign.plan.grid.kind == "ratio"
    assert bench.campaign.plan.starts == STARTS
    assert query_of(state_of(app), "trade-off") == query


def test_what_is_wrong_in_a_link_is_said_until_it_was_read() -> None:
    app = opened("train", {"A": "joint~e-0~lr-0.2", "train": "of-9", "d": "<b>nothing</b>"})
    own = state_of(app)
    assert own.lab.runs["A"].experiment.optimiser.learning_rate == 0.2
    said = words(app).replace("\\", "")
    assert "“<b>nothing</b>” are not known" in said
    assert "Run A, e: Input should be greater than or equal to 1" in said
    assert "The view, of: expected -1 to 1" in said
    app.run()
    assert "Run A, e" in words(app).replace("\\", "")
    app.button(key="close-link-notes").click().run()
    assert "Run A, e" not in words(app).replace("\\", "")
    assert list(own.lab.runs) == ["A"]


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("trade_off", {"sweep": "joint", "trade-off": "pair-0_0"}),
        ("trade_off", {"sweep": "marginals~m-hidden~h-3~e-500", "trade-off": "point-9999"}),
        ("trade_off", {"sweep": "hybrid", "trade-off": "kind-ratio~steps-99~seeds-99"}),
        ("weights", {"weights": "h-3~seeds-99~e-999~f-joint~beside-fixed"}),
        ("surfaces", {"surfaces": "n-33~plane-flat~w-1_nan~seen-4d"}),
        ("formulations", {"formulations": "t-9~parts-0_0_0_1_0_1~beside-zz~focusing-99~true-5_5"}),
    ],
)
def test_what_the_controls_do_not_offer_never_reaches_them(
    page: str, query: dict[str, str]
) -> None:
    app = opened(page, query)
    assert state_of(app).visit.notes
    assert not app.error


def test_the_address_follows_what_is_changed_and_nothing_else(app: AppTest) -> None:
    open_page(app, "train")
    own = state_of(app)
    command(app, {"do": "speed", "speed": "full"})
    assert app.query_params["train"] == "speed-full"
    command(app, {"do": "weigh", "run": "A", "k": 0, "value": 2.0})
    assert app.query_params["A"] == "marginals~w-2"
    before, shown = dict(app.query_params), len(own.visit.seen)
    for _ in range(100):
        app.run()
    assert app.query_params == before
    assert len(own.visit.seen) == shown


def test_keys_of_others_stay_in_the_address() -> None:
    app = opened("train", {"scene": "2", "A": "joint"})
    command(app, {"do": "speed", "speed": "full"})
    assert app.query_params["scene"] == "2"
    assert app.query_params["train"] == "speed-full"


def test_every_page_of_a_changed_session_keeps_it(app: AppTest) -> None:
    open_page(app, "train")
    command(app, {"do": "weigh", "run": "A", "k": 0, "value": 2.0})
    command(app, {"do": "speed", "speed": "full"})
    lab = state_of(app).lab
    wait_until(lambda: not lab.busy)  # how many steps there will be is known
    runs = dict(lab.runs)
    for name in (*PAGES, *reversed(PAGES)):
        open_page(app, name)
        assert state_of(app).lab.runs == runs
        assert state_of(app).lab.speed == "full"
        assert not state_of(app).visit.notes


def test_a_run_that_is_as_the_link_has_it_stays_trained() -> None:
    own = session()
    run = own.lab.runs["A"]
    run.step, run.weights = 10, Weights((2.0, 1.0, 1.0))
    query = query_of(own, "train")
    assert query["A"] == "marginals~w-2"
    assert open_query(own, "train", query | {"B": "chain"}) == ()
    assert own.lab.runs["A"] is run
    assert own.lab.runs["B"].experiment.formulation == "chain"


def test_a_link_without_runs_leaves_them() -> None:
    own = session()
    runs = dict(own.lab.runs)
    assert open_query(own, "train", {"d": "feelings", "train": "speed-slow"}) == ()
    assert own.lab.runs == runs
    assert own.lab.speed == "slow"
    assert open_query(own, "train", {}) == open_query(own, "library", {"run": "1"}) == ()
    assert own.lab.speed == "slow"


def test_other_data_keep_their_bench() -> None:
    own = session()
    bench = own.bench
    open_query(own, "train", {"d": "helpdesk", "A": "joint"})
    assert own.bench is not bench
    open_query(own, "train", {"d": "feelings"})
    assert own.bench is bench


def test_a_link_about_a_file_waits_for_it_and_then_sets_its_runs_up() -> None:
    theirs = session()
    theirs.use(own_file())
    theirs.lab.put("A", theirs.lab.runs["A"].experiment.changed(epochs=7))
    query = query_of(theirs, "train")
    assert query["d"].startswith("own~")

    app = opened("train", query)
    own = state_of(app)
    assert own.data.sample == "feelings"
    assert "This link is about mine.csv" in words(app).replace("\\", "")
    assert own.visit.pending is not None
    open_page(app, "data")
    assert "waits for its file" in words(app)
    own.use(own_file())
    app.run()
    assert own.visit.pending is None
    assert own.lab.runs["A"].experiment.epochs == 7
    assert "are set up" in words(app)


def test_a_link_about_a_file_that_is_at_hand_opens_it() -> None:
    own = session()
    own.use(own_file())
    query = query_of(own, "data")
    own.use_sample("feelings")
    assert open_query(own, "data", query) == ()
    assert own.data.title == "mine.csv"


def test_a_click_that_overtakes_the_address_is_no_link() -> None:
    visit, first, second = Visit(), {"A": "joint"}, {"A": "chain"}
    visit.to_open("train", {}, by_history=False)
    visit.arrived(first)
    visit.wrote(second)
    assert visit.to_open("train", first, by_history=False) is None
    assert visit.to_open("train", first, by_history=True) == first
    assert visit.to_open("train", {"A": "focal"}, by_history=False) == {"A": "focal"}
    assert visit.to_open("train", {}, by_history=True) == first


def test_old_values_of_controls_do_not_undo_what_back_has_done() -> None:
    visit, first, second = Visit(), {"A": "joint"}, {"A": "chain"}
    visit.to_open("train", {}, by_history=False)
    visit.arrived(first)
    visit.wrote(second)
    assert visit.to_open("train", first, by_history=True) == first
    visit.query = first
    assert visit.echoed(second)
    assert visit.echoed(second)
    assert not visit.echoed(first)
    assert not visit.echoed(second)  # the page ran as it should: now it is somebody's doing
    visit.to_open("data", {}, by_history=False)
    assert not visit.echoed(second)


@pytest.mark.slow
@pytest.mark.slow
def test_the_link_costs_less_than_two_milliseconds() -> None:
    own = session()
    for letter in LETTERS:
        own.lab.put(letter, own.lab.runs["A"].experiment)
        own.lab.runs[letter].weights = Weights((2.0, 3.0, 1.0))
    query_of(own, "train")
    started = time.perf_counter()
    for _ in range(20):
        query_of(own, "train")
    assert (time.perf_counter() - started) / 20 < 0.002
