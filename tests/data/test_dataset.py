"""From a table to a data set."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossviz.data import (
    UNEDITED,
    Dataset,
    LabelEdits,
    LabelReading,
    Table,
    build_dataset,
    propose_mapping,
    split,
)
from lossviz.data.dataset import Sampled, live_sample
from lossviz.data.labels.mapping import ColumnMapping
from lossviz.errors import LossVizError
from tests.support.examples import examples

MakeTable = Callable[..., Table]
MakeDataset = Callable[..., Dataset]
LABELS = ("A|C", "A|D", "B|C")
ROWS = [(f"text number {n}", LABELS[n % 3]) for n in range(30)]


@given(st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from("xyz")), min_size=12, max_size=60))
def test_codes_stand_for_the_labels_of_the_file(
    make_dataset: MakeDataset, labels: list[tuple[str, str]]
) -> None:
    texts = [f"text number {n}" for n in range(len(labels))]
    rows = [(text, "|".join(parts)) for text, parts in zip(texts, labels, strict=True)]
    dataset = make_dataset(rows, separator="|")
    assert dataset.texts == tuple(texts)
    assert [dataset.schema.decode(codes) for codes in dataset.codes.tolist()] == labels
    assert {dataset.schema.decode(codes) for codes in dataset.schema.classes} == set(labels)
    named = [dataset.schema.class_names[c] for c in dataset.class_index.tolist()]
    assert named == [label for _, label in rows]
    assert dataset.rows.tolist() == list(range(1, len(rows) + 1))


def test_unusable_rows_are_dropped_with_their_reasons(make_dataset: MakeDataset) -> None:
    rows = [*ROWS * 4, (" ", "A|C"), ("no label", ""), ("odd label", "A"), ("last", "B|C")]
    dataset = make_dataset(rows)
    assert [(d.row, d.reason, d.content) for d in dataset.dropped] == [
        (121, "empty text", " ,A|C"),
        (122, "empty label", "no label,"),
        (123, "label without exactly 2 parts between '|'", "odd label,A"),
    ]
    assert len(dataset) == 121
    assert dataset.rows[-1] == 124


def test_values_are_in_alphabetical_order_and_numbers_in_numerical(
    make_dataset: MakeDataset,
) -> None:
    numbers = make_dataset([(f"t {n}", ("10", "9", "-1", "+2")[n % 4]) for n in range(20)])
    assert numbers.schema.components[0].values == ("-1", "+2", "9", "10")
    words = make_dataset([(f"t {n}", ("ten", "9", "one")[n % 3]) for n in range(20)])
    assert words.schema.components[0].values == ("9", "one", "ten")


def test_the_digest_changes_with_texts_labels_and_names_only(make_table: MakeTable) -> None:
    def digest(rows: list[tuple[str, str]], edits: LabelEdits = UNEDITED) -> str:
        table = make_table(["text", "label"], rows)
        return build_dataset(table, propose_mapping(table), edits=edits).digest

    base = digest(ROWS)
    assert len(base) == 16
    assert int(base, 16) >= 0
    assert digest(list(ROWS)) == base
    assert digest([("other", "A|C"), *ROWS[1:]]) != base
    assert digest([(ROWS[0][0], "B|C"), *ROWS[1:]]) != base
    assert digest(ROWS, LabelEdits.called({"part 1": "x", "part 2": "y"})) != base
    assert digest(ROWS, LabelEdits.called({"not there": "x"})) == base
    # Where one text ends and the next begins is part of it.
    joined = [("ab", "A|C"), ("c", "A|C"), *ROWS]
    assert digest(joined) != digest([("a", "A|C"), ("bc", "A|C"), *ROWS])


def test_a_data_set_pickles_small_and_whole(make_dataset: MakeDataset) -> None:
    dataset = make_dataset(ROWS)
    index = dataset.class_index
    copy = pickle.loads(pickle.dumps(dataset))
    assert copy.digest == dataset.digest
    assert copy.schema == dataset.schema
    assert np.array_equal(copy.class_index, index)
    assert dataset.class_index is index


def test_labels_that_contain_the_separator_still_parse(make_table: MakeTable) -> None:
    rows = [[f"text number {n}", ("a|b", "c")[n % 2], ("x", "y/z")[n // 2 % 2]] for n in range(20)]
    table = make_table(["text", "one", "two"], rows)
    reading = LabelReading("columns", "", ("one", "two"), "")
    schema = build_dataset(table, ColumnMapping("text", ("one", "two"), reading)).schema
    assert [schema.parse(name) for name in schema.class_names] == [
        schema.decode(codes) for codes in schema.classes
    ]
    whole = build_dataset(
        table, ColumnMapping("text", ("one",), LabelReading("whole", "", ("one",), ""))
    )
    assert [whole.schema.parse(name) for name in whole.schema.class_names] == [("a|b",), ("c",)]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (ROWS[:9], "9 usable rows, at least 10"),
        ([(text, "") for text, _ in ROWS], r"0 usable rows.*first row 1: empty label.*Choose"),
        (
            [(text, f"id{n}") for n, (text, _) in enumerate(ROWS)],
            "30 different values in 30 rows.*Choose",
        ),
        (
            [(f"t {n}", f"{n % 40}|{n // 40 % 40}") for n in range(3000)],
            "1,600 different labels.*at most 1,000.*Merge rare values, .*few texts.*a part",
        ),
    ],
    ids=["few", "none", "id", "many"],
)
def test_what_cannot_be_learned_from_is_refused_with_advice(
    make_dataset: MakeDataset, rows: list[tuple[str, str]], words: str
) -> None:
    with pytest.raises(LossVizError, match=words):
        make_dataset(rows)


Maker = Callable[..., Dataset]


def made(make_dataset: Maker, counts: list[int]) -> Dataset:
    labels = [f"label{k}" for k, count in enumerate(counts) for _ in range(count)]
    order = np.random.default_rng(0).permutation(len(labels))
    return make_dataset([(f"text number {n}", labels[place]) for n, place in enumerate(order)])


@examples(60)
@given(
    counts=st.lists(st.integers(1, 60), min_size=2, max_size=12).filter(lambda c: sum(c) >= 40),
    most=st.integers(24, 39),
    seed=st.integers(0, 3),
)
def test_every_label_keeps_its_share_and_none_is_lost(
    make_dataset: Maker, counts: list[int], most: int, seed: int
) -> None:
    whole = made(make_dataset, counts)
    drawn = live_sample(whole, most, seed)
    assert len(drawn) == most
    assert drawn.schema == whole.schema
    assert drawn.sampled == Sampled(len(whole), seed)
    there = dict(zip(whole.rows.tolist(), whole.texts, strict=True))
    assert all(
        there[row] == text for row, text in zip(drawn.rows.tolist(), drawn.texts, strict=True)
    )
    assert (np.diff(drawn.rows) > 0).all()
    before = np.bincount(whole.class_index)
    after = np.bincount(drawn.class_index, minlength=len(before))
    least = np.minimum(before, 2)
    assert (after >= least).all()
    assert (after <= before).all()
    share = (most - least.sum()) / (before - least).sum()
    assert (abs(after - least - (before - least) * share) < 1).all()


def test_small_data_are_not_sampled(make_dataset: Maker) -> None:
    whole = made(make_dataset, [10, 20])
    assert live_sample(whole, 30) is whole
    assert whole.sampled is None


def test_a_sample_says_so_in_its_name_and_is_other_data(make_dataset: Maker) -> None:
    whole = made(make_dataset, [40, 20])
    first, again, other = (live_sample(whole, 30, seed) for seed in (0, 0, 1))
    assert first.name == "made.csv (sample of 30 of 60 texts)"
    assert first.texts == again.texts
    assert first.digest == again.digest
    assert len({whole.digest, first.digest, other.digest}) == 3
    assert split(first, 0.2, 0).test.size == 6


def test_too_few_texts_for_the_labels_is_a_mistake_of_the_caller(make_dataset: Maker) -> None:
    with pytest.raises(ValueError, match="two of each of 3"):
        live_sample(made(make_dataset, [9, 9, 9]), 5)
