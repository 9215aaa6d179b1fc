"""Labels edited by a person: what each edit does, together and to other files."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossviz.data import (
    ColumnMapping,
    Dataset,
    LabelEdits,
    PartEdits,
    Table,
    build_dataset,
    edit_labels,
    propose_mapping,
    read_parts,
    settled,
)
from lossviz.errors import LossVizError

MakeTable = Callable[..., Table]
# 8 × anger|high, 6 × anger|low, 4 × fear|high, 3 × joy|low, 2 × joy|high, 1 × hope|low
LABELS = (
    ["anger|high"] * 8
    + ["anger|low"] * 6
    + ["fear|high"] * 4
    + ["joy|low"] * 3
    + ["joy|high"] * 2
    + ["hope|low"]
)


def table_of(make_table: MakeTable, labels: list[str], header: str = "mood|arousal") -> Table:
    return make_table(["text", header], [[f"text {n}", own] for n, own in enumerate(labels)])


def edited(make_table: MakeTable, edits: LabelEdits, labels: list[str] = LABELS) -> Dataset:
    table = table_of(make_table, labels)
    return build_dataset(table, propose_mapping(table, text="text"), edits=edits)


def counts(dataset: Dataset) -> dict[str, int]:
    names = dataset.schema.class_names
    return dict(Counter(names[c] for c in dataset.class_index.tolist()))


def test_parts_and_values_are_renamed(make_table: MakeTable) -> None:
    edits = LabelEdits(
        parts=(PartEdits(part="mood", name="feeling", shown=(("joy", "happiness"),)),)
    )
    dataset = edited(make_table, edits)
    assert dataset.schema.names == ("feeling", "arousal")
    assert dataset.schema.components[0].values == ("anger", "fear", "happiness", "hope")
    assert counts(dataset)["happiness|low"] == 3


def test_values_with_the_same_name_become_one(make_table: MakeTable) -> None:
    shown = (("joy", "good"), ("hope", "good"))
    dataset = edited(make_table, LabelEdits().with_part("mood", shown=shown))
    assert dataset.schema.components[0].values == ("anger", "fear", "good")
    assert counts(dataset) == {
        "anger|high": 8,
        "anger|low": 6,
        "fear|high": 4,
        "good|low": 4,
        "good|high": 2,
    }
    assert dataset.dropped == ()


def test_a_value_named_like_another_one_joins_it(make_table: MakeTable) -> None:
    dataset = edited(make_table, LabelEdits().with_part("mood", shown={"hope": "joy"}))
    assert counts(dataset)["joy|low"] == 4


def test_rare_values_become_other_once_they_have_their_names(make_table: MakeTable) -> None:
    rare = LabelEdits().with_part("mood", rare=6)
    assert edited(make_table, rare).schema.components[0].values == ("anger", "other")
    # joy and hope have six rows together, fear four.
    named = rare.with_part("mood", shown={"joy": "good", "hope": "good"}, other="else")
    assert edited(make_table, named).schema.components[0].values == ("anger", "else", "good")


def test_the_rest_is_called_alike(make_table: MakeTable) -> None:
    edits = LabelEdits().with_part("mood", shown={"anger": "anger"}, rest="calm")
    assert edited(make_table, edits).schema.components[0].values == ("anger", "calm")


def test_parts_are_put_in_order_and_left_out(make_table: MakeTable) -> None:
    turned = edited(make_table, LabelEdits(order=("arousal",)))
    assert turned.schema.names == ("arousal", "mood")
    assert counts(turned)["high|anger"] == 8
    single = edited(make_table, LabelEdits(without=("mood",)))
    assert single.schema.names == ("arousal",)
    assert counts(single) == {"high": 14, "low": 10}


def test_no_part_left_is_refused(make_table: MakeTable) -> None:
    with pytest.raises(LossVizError, match=r"All 2 parts.*\(mood, arousal\).*Keep at least one"):
        edited(make_table, LabelEdits(without=("mood", "arousal")))


@pytest.mark.parametrize(
    ("fields", "values"),
    [
        ({}, ("anger", "fear", "hope", "joy")),
        ({"sort": "count"}, ("anger", "joy", "fear", "hope")),
        ({"sort": "file"}, ("anger", "fear", "joy", "hope")),
        ({"first": ("joy", "not there", "hope")}, ("joy", "hope", "anger", "fear")),
    ],
    ids=str,
)
def test_values_have_the_order_that_is_chosen(
    make_table: MakeTable, fields: dict[str, object], values: tuple[str, ...]
) -> None:
    dataset = edited(make_table, LabelEdits().with_part("mood", **fields))
    assert dataset.schema.components[0].values == values
    assert counts(dataset) == counts(edited(make_table, LabelEdits()))


def test_rows_of_an_impossible_combination_are_listed(make_table: MakeTable) -> None:
    edits = LabelEdits(impossible=((("mood", "joy"), ("arousal", "high")),))
    dataset = edited(make_table, edits)
    assert [(own.row, own.reason) for own in dataset.dropped] == [
        (22, "combination marked impossible"),
        (23, "combination marked impossible"),
    ]
    assert dataset.dropped[0].content == "text 21,joy|high"
    assert "joy|high" not in dataset.schema.class_names
    assert dataset.rows.tolist() == [n for n in range(1, 25) if n not in (22, 23)]
    # What never occurs is what never occurs, and what was marked does not any more.
    assert len(dataset.schema.classes) == 5


def test_a_value_that_only_impossible_combinations_have_is_gone(make_table: MakeTable) -> None:
    dataset = edited(make_table, LabelEdits(impossible=((("mood", "fear"),),)))
    assert dataset.schema.components[0].values == ("anger", "hope", "joy")
    assert len(dataset.dropped) == 4


def test_impossible_combinations_follow_a_part_that_moves_or_goes(make_table: MakeTable) -> None:
    edits = LabelEdits(impossible=((("mood", "joy"), ("arousal", "high")),))
    turned = edited(make_table, edits.changed(order=("arousal",)))
    assert len(turned.dropped) == 2
    assert edited(make_table, edits.changed(without=("arousal",))).dropped == ()


def test_combinations_with_few_texts_are_left_out(make_table: MakeTable) -> None:
    dataset = edited(make_table, LabelEdits(least=4))
    assert counts(dataset) == {"anger|high": 8, "anger|low": 6, "fear|high": 4}
    assert {own.reason for own in dataset.dropped} == {"combination with fewer than 4 texts"}
    assert [own.row for own in dataset.dropped] == [19, 20, 21, 22, 23, 24]


def test_what_does_not_fit_does_nothing(make_table: MakeTable) -> None:
    edits = LabelEdits(
        parts=(PartEdits(part="tone", name="x"), PartEdits(part="mood", shown=(("rage", "x"),))),
        order=("tone",),
        without=("kind",),
        impossible=((("mood", "rage"),), (("tone", "x"),), ()),
    )
    plain = edited(make_table, LabelEdits())
    assert edited(make_table, edits).digest == plain.digest


def test_two_parts_with_one_name_are_refused(make_table: MakeTable) -> None:
    with pytest.raises(LossVizError, match="same name"):
        edited(make_table, LabelEdits.called({"mood": "x", "arousal": "x"}))


def test_values_that_contain_the_separator_still_parse(make_table: MakeTable) -> None:
    dataset = edited(make_table, LabelEdits().with_part("mood", shown={"joy": "joy|bliss"}))
    schema = dataset.schema
    assert [schema.parse(name) for name in schema.class_names] == [
        schema.decode(codes) for codes in schema.classes
    ]


def test_letters_that_get_longer_names_are_separated(make_table: MakeTable) -> None:
    labels = ["AC", "AD", "BC", "BD"] * 5
    table = table_of(make_table, labels, "label")
    edits = LabelEdits().with_part("part 1", shown={"A": "alpha"})
    names = build_dataset(table, propose_mapping(table), edits=edits).schema.class_names
    assert names == ("B|C", "B|D", "alpha|C", "alpha|D")
    assert build_dataset(table, propose_mapping(table)).schema.class_names[0] == "AC"


def test_a_dozen_parts_with_too_many_combinations_can_be_edited(make_table: MakeTable) -> None:
    generator = np.random.default_rng(0)
    # Half of the rows say nothing, so that one combination is common.
    rows = generator.integers(0, 2, (3000, 12)) * (generator.random((3000, 1)) < 0.5)
    names = [f"q{k}" for k in range(12)]
    cells = [[f"text {n}", *map(str, row)] for n, row in enumerate(rows.tolist())]
    table = make_table(["text", *names], cells)
    mapping = propose_mapping(table, text="text", labels=names)
    with pytest.raises(LossVizError, match=r"at most 1,000.*Merge rare values.*leave out a part"):
        build_dataset(table, mapping)
    few = build_dataset(table, mapping, edits=LabelEdits(least=3))
    assert len(few.schema.classes) <= 1000
    assert len(few) + len(few.dropped) == 3000
    fewer = build_dataset(table, mapping, edits=LabelEdits(without=("q0", "q1", "q2")))
    assert fewer.schema.sizes == (2,) * 9


def test_edits_go_through_json_and_are_hashable() -> None:
    edits = LabelEdits(
        parts=(PartEdits(part="mood", name="m", shown=(("a", "b"),), rare=3, first=("b",)),),
        order=("x", "mood"),
        without=("y",),
        impossible=((("mood", "b"), ("x", "1")),),
        least=2,
    )
    text = edits.to_json()
    assert json.loads(text)["parts"][0]["shown"] == {"a": "b"}
    assert json.loads(text)["impossible"] == [{"mood": "b", "x": "1"}]
    back = LabelEdits.from_json(text)
    assert back == edits
    assert hash(back) == hash(edits)
    assert LabelEdits().to_json() == "{}"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[]", "label edits cannot be read.*Expected an object with some of parts, order"),
        ("{", "cannot be read"),
        ('{"least": -1}', "at least, .*greater than or equal to 0"),
        ('{"parts": [{"name": "x"}]}', r"at parts\.0\.part"),
        ('{"wihtout": ["x"]}', "at wihtout"),
    ],
)
def test_json_that_is_no_edits_is_refused_with_the_place(text: str, words: str) -> None:
    with pytest.raises(LossVizError, match=words):
        LabelEdits.from_json(text)


def test_a_change_that_changes_nothing_leaves_no_trace() -> None:
    edits = LabelEdits().with_part("mood", name="x")
    assert edits.with_part("mood", name="") == LabelEdits()
    names = ("a", "b", "c")
    moved = edits.moved(names, "c", -1)
    assert moved.ordered(names) == ("a", "c", "b")
    assert moved.moved(names, "c", 1) == edits
    assert edits.moved(names, "a", -1) == edits


def test_what_is_settled_does_to_other_rows_what_was_done_to_these(make_table: MakeTable) -> None:
    table = table_of(make_table, LABELS)
    mapping = propose_mapping(table)
    edits = LabelEdits(least=4).with_part("mood", rare=5, sort="count")
    train = build_dataset(table, mapping, edits=edits)
    assert counts(train) == {"anger|high": 8, "anger|low": 6, "other|high": 4}
    alike = settled(read_parts(table, mapping), edits)
    assert build_dataset(table, mapping, edits=alike).digest == train.digest
    # There fear is frequent, rage is new, and calm is as frequent as it likes.
    labels = ["fear|high"] * 30 + ["rage|high"] * 9 + ["anger|high"] * 2 + ["hope|high"]
    test = build_dataset(table_of(make_table, labels), mapping, edits=alike)
    assert counts(test) == {"other|high": 40, "anger|high": 2}


def test_combinations_left_out_as_rare_are_left_out_of_a_test_file(make_table: MakeTable) -> None:
    table = table_of(make_table, LABELS)
    mapping = propose_mapping(table)
    alike = settled(read_parts(table, mapping), LabelEdits(least=3))
    labels = ["joy|high"] * 20 + ["anger|low"] * 12
    test = build_dataset(table_of(make_table, labels), mapping, edits=alike)
    assert counts(test) == {"anger|low": 12}
    assert len(test.dropped) == 20


PARTS = st.tuples(st.sampled_from("abcd"), st.sampled_from("xyz"), st.sampled_from("12"))


@given(
    labels=st.lists(PARTS, min_size=20, max_size=80),
    shown=st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["a", "p", "q"])),
    rare=st.integers(0, 9),
    least=st.integers(0, 4),
    kept=st.permutations(["one", "two", "three"]).flatmap(
        lambda own: st.integers(1, 3).map(lambda size: own[:size])
    ),
    impossible=st.lists(PARTS, max_size=3),
)
def test_edits_do_to_each_row_what_they_would_do_by_hand(
    make_table: MakeTable,
    labels: list[tuple[str, ...]],
    shown: dict[str, str],
    rare: int,
    least: int,
    kept: list[str],
    impossible: list[tuple[str, ...]],
) -> None:
    names = ["one", "two", "three"]
    edits = LabelEdits(
        order=tuple(kept),
        without=tuple(name for name in names if name not in kept),
        least=least,
        impossible=tuple(tuple(zip(names, own, strict=True)) for own in impossible),
    ).with_part("one", shown=shown, rare=rare)
    by_hand = [{"one": shown.get(a, a), "two": b, "three": c} for a, b, c in labels]
    often = Counter(own["one"] for own in by_hand)
    for own in by_hand:
        own["one"] = own["one"] if often[own["one"]] >= rare else "other"
    wanted = [tuple(own[name] for name in kept) for own in by_hand]
    marked = {
        tuple(dict(zip(names, own, strict=True))[name] for name in kept) for own in impossible
    }
    gone = marked if len(kept) == 3 else set()
    number = Counter(wanted)
    used = [own for own in wanted if own not in gone and number[own] >= least]

    table = make_table(["text", *names], [[f"t {n}", *own] for n, own in enumerate(labels)])
    mapping = ColumnMapping("text", tuple(names), propose_mapping(table, labels=names).reading)
    read = read_parts(table, mapping)
    found = edit_labels(read, edits)
    each = [found.label(c) for c in found.index[read.index].tolist()]
    assert each == wanted
    assert [each[n] for n in np.flatnonzero(found.used[found.index[read.index]])] == used
    assert found.rows.tolist() == [number[found.label(c)] for c in range(len(found.rows))]
    if len(used) >= 10 and all(len(set(own)) <= 0.8 * len(used) for own in zip(*used, strict=True)):
        dataset = build_dataset(table, mapping, edits=edits)
        assert [dataset.schema.decode(own) for own in dataset.codes.tolist()] == used
        assert len(dataset.dropped) == len(wanted) - len(used)
