"""What a click on a matrix means, and the texts behind a cell, without a page."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lossviz.figures import ShownRuns
from lossviz.ui.parts.confusion import cell_at, texts_behind
from tests.support.shown import UNTRAINED, runs

NO_POSITIONS = st.one_of(
    st.none(),
    st.integers(max_value=-1),
    st.integers(min_value=10_000),
    st.floats(0.01, 0.99),
    st.just(float("nan")),
    st.text(),
    st.lists(st.integers(0, 1), max_size=2),
)


@given(runs(), st.data())
def test_every_text_is_behind_the_cell_that_counts_it(
    shown: ShownRuns, data: st.DataObject
) -> None:
    letter = data.draw(st.sampled_from(sorted(shown.matrices)))
    matrix, evaluation = shown.matrices[letter], shown.evaluations[letter]
    texts = [f"text {row}" for row in range(len(evaluation))]
    behind: list[str] = []
    for true, predicted in zip(*matrix.counts.nonzero(), strict=True):
        cell = cell_at(shown, letter, [int(true), int(predicted)])
        assert cell is not None
        table = texts_behind(shown, texts, letter, cell)
        assert len(table) == matrix.counts[true, predicted]
        behind.extend(table["text"])
    assert sorted(behind) == sorted(texts)


@given(runs(), NO_POSITIONS)
def test_what_is_no_cell_is_not_listened_to(shown: ShownRuns, position: object) -> None:
    # Two numbers in a list are where a cell would be.
    alone = [] if isinstance(position, list) and len(position) == 2 else [position]
    for clicked in (*alone, [position], [position, 0], [0, position], [0, 0, 0]):
        assert cell_at(shown, "A", clicked) is None


def test_a_run_that_is_not_judged_has_no_cells() -> None:
    shown = UNTRAINED[ShownRuns]
    assert isinstance(shown, ShownRuns)
    assert cell_at(shown, "A", [0, 0]) is None
