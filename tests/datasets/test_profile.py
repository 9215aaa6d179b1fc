"""What a profile says of a data set."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossviz.datasets import Dataset, Table, build_dataset, profile, propose_mapping
from lossviz.datasets.profile import MOST_MISSING

MakeDataset = Callable[..., Dataset]
LABELS = st.tuples(st.sampled_from("AB"), st.sampled_from("CDE")).map("|".join)
TEXTS = st.sampled_from(["one", "two words", "Two words", "three short words", "so it goes on"])


@given(st.lists(st.tuples(TEXTS, LABELS), min_size=12, max_size=60))
def test_every_number_agrees_with_counting_by_hand(
    make_dataset: MakeDataset, rows: list[tuple[str, str]]
) -> None:
    dataset = make_dataset(rows, separator="|")
    found = profile(dataset)
    labels = [label for _, label in rows]
    texts = [text for text, _ in rows]
    assert dict(zip(found.class_names, found.class_counts, strict=True)) == {
        label: labels.count(label) for label in labels
    }
    assert found.duplicates == sum(text in texts[:n] for n, text in enumerate(texts))
    assert found.contradictory == sum(
        len({label for text, label in rows if text == own}) > 1 for own in set(texts)
    )
    assert found.majority_accuracy == max(map(labels.count, labels)) / len(rows)
    assert labels.count(found.majority_class) == found.largest
    assert found.smallest == min(map(labels.count, labels))
    for k, component in enumerate(found.components):
        parts = [label.split("|")[k] for label in labels]
        assert [parts.count(value) for value in component.values] == list(component.counts)
        assert component.majority_accuracy == max(component.counts) / len(rows)
        assert parts.count(component.majority) == max(component.counts)
    assert found.possible == found.seen + len(found.missing)
    assert not set(found.missing) & set(labels)
    lengths = [len(text.split()) for text in texts]
    assert (found.words.minimum, found.words.maximum) == (min(lengths), max(lengths))
    assert found.unspaced == lengths.count(1) / len(rows)


def test_many_missing_combinations_are_cut_at_two_hundred(make_dataset: MakeDataset) -> None:
    found = profile(make_dataset([(f"t {n}", f"{n % 30}|{n % 30}") for n in range(90)], "|"))
    assert (found.possible, found.seen) == (900, 30)
    assert len(found.missing) == MOST_MISSING


def test_rows_left_out_are_counted_by_reason(make_dataset: MakeDataset) -> None:
    rows = [(f"t {n}", "AB"[n % 2]) for n in range(20)] + [("", "A"), (" ", "A"), ("x", "")]
    found = profile(make_dataset(rows))
    assert [(group.reason, group.rows) for group in found.dropped] == [
        ("empty text", 2),
        ("empty label", 1),
    ]
    assert (found.rows, found.used) == (23, 20)


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (["A"], "Every row has the label 'A'"),
        (["A|C", "A|D"], "'part 1' is 'A' in every row"),
        (["A"] * 20 + ["B"], "1 of 2 labels have fewer than 5 rows, for example 'B'"),
    ],
)
def test_what_stands_in_the_way_is_said(
    make_dataset: MakeDataset, labels: list[str], words: str
) -> None:
    rows = [(f"t {n}", labels[n % len(labels)]) for n in range(42)]
    separator = "|" if "|" in labels[0] else None
    assert words in profile(make_dataset(rows, separator)).warnings[0]


def test_the_json_has_the_keys_of_the_command_line(make_table: Callable[..., Table]) -> None:
    rows = [[f"text number {n}", ("A|C", "A|D", "B|C")[n % 3]] for n in range(30)]
    table = make_table(["text", "label"], rows)
    mapping = propose_mapping(table)
    found = json.loads(
        json.dumps(profile(build_dataset(table, mapping)).to_json(table, mapping), allow_nan=False)
    )
    assert found["file"] == {"encoding": "utf-8", "delimiter": ",", "header": True, "format": "csv"}
    assert (found["text"], found["label"]) == ("text", ["label"])
    assert (found["rows"], found["used"], found["dropped"]) == (30, 30, [])
    assert found["components"][0] == {"name": "part 1", "values": ["A", "B"], "counts": [20, 10]}
    joint = {
        key: found["joint_classes"][key] for key in ("possible", "seen", "smallest", "largest")
    }
    assert joint == {"possible": 4, "seen": 3, "smallest": 10, "largest": 10}
    assert found["joint_classes"]["missing"] == ["B|D"]
    assert (found["duplicates"], found["contradictory"]) == (0, 0)
    assert found["majority_accuracy"] == pytest.approx(1 / 3)
