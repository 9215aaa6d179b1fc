"""What a profile says of a data set."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossviz.data import UNEDITED, Dataset, Table, edited_dataset, profile, propose, read_parts
from lossviz.data.account import account_of
from lossviz.data.profile import MOST_MISSING
from lossviz.data.profile.repetitions import MOST_OCCURRENCES
from tests.support.schemas import schema_of

MakeDataset = Callable[..., Dataset]
LABELS = st.tuples(st.sampled_from("AB"), st.sampled_from("CDE")).map("|".join)


def profile_json(table: Table) -> dict:
    """As the command line has it."""
    proposal = propose(table)
    read = read_parts(table, proposal.mapping)
    dataset = edited_dataset(table, proposal.mapping, read, UNEDITED)
    return profile(dataset).to_json(table, account_of(proposal, read, dataset))


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
    found = json.loads(json.dumps(profile_json(table), allow_nan=False))
    form = {"encoding": "utf-8", "delimiter": ",", "header": True, "format": "csv"}
    assert found["file"] == form | {"compression": "", "part": ""}
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


@given(st.lists(LABELS, min_size=12, max_size=60))
def test_expected_counts_are_products_of_shares_and_missing_come_by_them(
    make_dataset: MakeDataset, labels: list[str]
) -> None:
    found = profile(make_dataset([(f"text {n}", own) for n, own in enumerate(labels)], "|"))
    first, second = (Counter(own.split("|")[k] for own in labels) for k in (0, 1))
    for row in found.classes.rows:
        assert row.found == labels.count(row.label)
        expected = first[row.parts[0]] * second[row.parts[1]] / len(labels)
        assert row.expected == pytest.approx(expected)
    assert sum(row.expected for row in found.classes.rows) == pytest.approx(len(labels))
    present = [row.found for row in found.classes.present]
    missing = [row.expected for row in found.classes.missing]
    assert present == sorted(present, reverse=True)
    assert missing == pytest.approx(sorted(missing, reverse=True))
    assert found.classes.absent == len(missing)
    assert found.classes.surprising == sum(own >= 5 for own in missing)


def test_what_is_missed_most_is_found_among_more_combinations_than_can_be_listed() -> None:
    schema = schema_of([f"part {k}" for k in range(40)], [("a",) * 40, ("b",) * 40, ("c",) * 40])
    codes = np.repeat(np.array([0, 1, 2]), [600, 300, 100])[:, None] * np.ones(40, dtype=np.int64)
    texts = tuple(f"text {k}" for k in range(1000))
    found = profile(Dataset("made", "made", schema, texts, codes, np.arange(1000), ()))
    assert found.possible == 3**40
    assert found.classes.absent == 3**40 - 3
    first = found.classes.missing[0]
    assert first.parts.count("b") == 1 and first.parts.count("a") == 39
    assert first.expected == pytest.approx(1000 * 0.6**39 * 0.3)


def test_surprising_absences_are_counted_beyond_those_listed(make_dataset: MakeDataset) -> None:
    labels = [f"{n % 20}|{n % 20}" for n in range(4000)]
    found = profile(make_dataset([(f"t {n}", own) for n, own in enumerate(labels)], "|"))
    assert len(found.classes.missing) == MOST_MISSING
    assert found.classes.surprising == 20 * 20 - 20  # each expected 10 times


@given(st.lists(st.tuples(TEXTS, LABELS), min_size=12, max_size=60))
def test_repeated_texts_are_listed_with_their_rows_contradictory_ones_first(
    make_dataset: MakeDataset, rows: list[tuple[str, str]]
) -> None:
    own = profile(make_dataset(rows, "|")).repetitions
    texts: dict[str, list[tuple[int, str]]] = {}
    for number, (text, label) in enumerate(rows, 1):
        texts.setdefault(" ".join(text.casefold().split()), []).append((number, label))
    repeated = {text: where for text, where in texts.items() if len(where) > 1}
    assert own.repeated_rows == len(rows) - len(texts)
    assert own.group_count == len(repeated)
    contradictory = [w for w in repeated.values() if len({label for _, label in w}) > 1]
    assert own.contradictory_texts == len(contradictory)
    assert own.contradictory_rows == sum(map(len, contradictory))
    listed = {
        " ".join(group.text.casefold().split()): [(one.row, one.label) for one in group.occurrences]
        for group in own.groups
    }
    assert listed == {text: where[:MOST_OCCURRENCES] for text, where in repeated.items()}
    order = [(not group.contradictory, -group.rows) for group in own.groups]
    assert order == sorted(order)
    assert own.repeated_rows >= own.duplicates


@pytest.mark.parametrize(
    ("texts", "short", "long", "rule"),
    [
        (["one", "  two ", "x y", "a b c"], [1, 2], [], "fewer than 2 words"),
        (["好", "很好", "今天天气很好", "我们去公园散步吧"], [1, 2], [], "fewer than 3 characters"),
        (["so it goes", "so it went", "so it was", "word " * 50], [], [4], "fewer than 2 words"),
        (["word " * 900] * 3 + ["word " * 1100], [], [4], "fewer than 2 words"),
    ],
)
def test_texts_that_are_too_short_or_too_long_are_named(
    make_dataset: MakeDataset, texts: list[str], short: list[int], long: list[int], rule: str
) -> None:
    rows = [(text, "AB"[n % 2]) for n, text in enumerate(texts)]
    filler = texts[2]
    found = profile(make_dataset([*rows, *[(filler, "A")] * 20])).lengths
    assert found.short_rule == rule
    assert [own.row for own in found.short] == short
    assert [own.row for own in found.long] == long
    assert (found.too_short, found.too_long) == (len(short), len(long))
    assert found.long_rule.startswith(f"more than {found.limit:,} characters")


def test_much_that_contradicts_itself_or_is_too_short_is_warned_of(
    make_dataset: MakeDataset,
) -> None:
    rows = [("the same text", "AB"[n % 2]) for n in range(8)]
    rows += [(f"text {n}", "AB"[n % 2]) for n in range(80)] + [("word", "A")] * 10
    said = profile(make_dataset(rows)).warnings
    assert said[0].startswith("8 rows have a text that also stands with another label")
    assert said[1].startswith("10 texts have fewer than 2 words")


def test_the_new_parts_are_in_the_json_too(make_table: Callable[..., Table]) -> None:
    rows = [[f"text number {n % 25}", ("A|C", "A|D", "B|C")[n % 3]] for n in range(30)]
    table = make_table(["text", "label"], rows)
    found = profile_json(table)
    assert found["classes"][-1] == {
        "label": "B|D",
        "parts": ["B", "D"],
        "found": 0,
        "share": 0.0,
        "expected": pytest.approx(30 / 3 / 3),
    }
    (pair,) = found["dependence"]
    assert (pair["first"], pair["second"], pair["n"]) == ("part 1", "part 2", 30)
    assert 0 <= pair["low"] <= pair["v"] <= pair["high"] <= 1
    assert found["repetitions"]["repeated_rows"] == 5
    assert found["repetitions"]["groups"][0]["occurrences"][1]["row"] == 26
    assert found["lengths"]["too_short"] == {
        "rule": "fewer than 2 words",
        "texts": 0,
        "rows": [],
    }
