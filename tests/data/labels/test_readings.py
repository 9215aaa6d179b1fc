"""Reading labels in parts, and not where they have none."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lossviz.data import LabelReading, parse_label, propose_readings, reading_for
from lossviz.data.labels.items import list_of
from lossviz.data.labels.single import SEPARATORS
from lossviz.errors import LossVizError

FOUR = [("A", "C"), ("A", "D"), ("B", "C"), ("B", "D")]


def first(labels: list[str], name: str = "label") -> LabelReading:
    return propose_readings([(name, labels * 20)])[0]


@pytest.mark.parametrize(
    "separator", ["|", ":", "/", "-", "_", ",", "+", " ", ";", "::", "->", "||"]
)
@pytest.mark.parametrize("combinations", [FOUR, FOUR[:3]], ids=["all", "one missing"])
def test_every_separator_is_found(separator: str, combinations: list[tuple[str, str]]) -> None:
    reading = first([separator.join(parts) for parts in combinations])
    assert (reading.kind, reading.separator) == ("separator", separator)
    assert reading.names == ("part 1", "part 2")
    assert [parse_label(reading, [separator.join(parts)]) for parts in FOUR] == FOUR


@pytest.mark.parametrize("combinations", [FOUR, FOUR[:3]], ids=["all", "one missing"])
def test_letters_that_recombine_are_components(combinations: list[tuple[str, str]]) -> None:
    reading = first(["".join(parts) for parts in combinations])
    assert reading.kind == "characters"
    assert parse_label(reading, ["BC"]) == ("B", "C")


def test_personality_types_are_four_components() -> None:
    reading = first(["".join(parts) for parts in product("EI", "NS", "FT", "JP")])
    assert (reading.kind, len(reading.names)) == ("characters", 4)


@pytest.mark.parametrize(
    "labels",
    [
        ["ham", "hum"],
        ["ham", "spam"],
        ["pos", "neg", "neu"],
        ["0", "1"],
        ["-1", "1"],
        ["-1", "0", "+1"],
        ["1", "2", "3", "4", "5"],
        ["10", "20", "30"],
        ["10", "11", "12", "20", "21"],
        ["1.0", "2.5"],
        ["very-good", "very-bad"],
        ["very-good", "good", "bad"],
        ["New York", "Los Angeles", "New Orleans"],
        ["New York"],
        ["not_entailment", "entailment"],
        ["N/A", "yes", "no"],
        ["en", "de", "fr", "es", "it", "nl"],
        ["joy", "joy,anger", "anger,fear", "sad"],
        ["rec.autos", "sci.space"],
        ["TRUE", "FALSE"],
        ["C1", "C2", "C3"],
        ["billing-refund", "billing-invoice", "tech-login", "tech-crash"],
    ],
    ids=str,
)
def test_a_value_that_only_looks_compound_stays_whole(labels: list[str]) -> None:
    assert first(labels).kind == "whole"


@given(
    sizes=st.tuples(st.integers(2, 4), st.integers(2, 4)),
    separator=st.sampled_from(SEPARATORS),
    repeats=st.integers(1, 9),
)
def test_parts_that_fully_cross_are_always_found(
    sizes: tuple[int, int], separator: str, repeats: int
) -> None:
    rows = list(
        product(["left", "mid", "right", "top"][: sizes[0]], ["x1", "x2", "y", "z"][: sizes[1]])
    )
    labels = [separator.join(parts) for parts in rows] * repeats
    reading = propose_readings([("label", labels)])[0]
    assert (reading.kind, reading.separator) == ("separator", separator)
    assert [parse_label(reading, [label]) for label in labels] == rows * repeats


@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=30))
def test_the_whole_label_is_always_offered_once(labels: list[str]) -> None:
    assume(any(label.strip() for label in labels))
    readings = propose_readings([("label", labels)])
    assert [reading.kind for reading in readings].count("whole") == 1
    assert len({(reading.kind, reading.separator) for reading in readings}) == len(readings)


def test_evidence_counts_what_was_found() -> None:
    labels = ["A|C", "A|D", "B|C", "B|D"] * 300
    evidence = propose_readings([("label", labels)])[0].evidence
    assert evidence == (
        "all 1,200 labels have exactly one '|'; left has 2 values, right 2; "
        "4 of 4 combinations occur"
    )


def test_a_few_labels_that_do_not_fit_are_counted_and_refused() -> None:
    labels = ["A|C", "A|D", "B|C", "B|D"] * 50 + ["odd"] * 2
    reading = propose_readings([("label", labels)])[0]
    assert reading.separator == "|"
    assert (
        "200 of 202 labels have exactly one '|', the other 2 would be left out" in reading.evidence
    )
    with pytest.raises(LossVizError, match=r"label without exactly 2 parts between '\|'"):
        parse_label(reading, ["odd"])


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ("arousal|valence", ("arousal", "valence")),
        ("arousal_valence", ("arousal", "valence")),
        ("arousal / valence", ("arousal", "valence")),
        ("label", ("part 1", "part 2")),
        ("class_label", ("part 1", "part 2")),
        ("column 2", ("part 1", "part 2")),
        ("same|same", ("part 1", "part 2")),
    ],
)
def test_a_compound_header_names_the_parts(header: str, names: tuple[str, ...]) -> None:
    assert first(["A|C", "A|D", "B|C", "B|D"], header).names == names


def test_columns_are_components_named_by_their_headers() -> None:
    (reading,) = propose_readings([("tone", ["a", "b"]), ("kind", ["x", "x"])])
    assert (reading.kind, reading.names) == ("columns", ("tone", "kind"))
    assert "tone 2, kind 1" in reading.evidence
    assert parse_label(reading, [" a ", "x"]) == ("a", "x")


@pytest.mark.parametrize(
    ("reading", "cells"),
    [
        (LabelReading("whole", "", ("label",), ""), [" "]),
        (LabelReading("columns", "", ("a", "b"), ""), ["", " "]),
        (LabelReading("separator", "|", ("a", "b"), ""), [""]),
        (LabelReading("separator", "|", ("a", "b"), ""), ["|"]),
        (LabelReading("whole", "", ("label",), ""), ["?"]),
    ],
)
def test_an_empty_cell_is_an_empty_label(reading: LabelReading, cells: list[str]) -> None:
    with pytest.raises(LossVizError, match=r"^empty label$"):
        parse_label(reading, cells)


@pytest.mark.parametrize(
    ("reading", "cells", "reason"),
    [
        (LabelReading("separator", "|", ("a", "b"), ""), ["A|"], "no value for the part 'b'"),
        (LabelReading("separator", "|", ("a", "b"), ""), ["?|B"], "no value for the part 'a'"),
        (LabelReading("columns", "", ("a", "b"), ""), ["x", ""], "no value for the part 'b'"),
        (LabelReading("separator", "|", ("a", "b"), ""), ["A|B|C"], "2 parts"),
        (LabelReading("characters", "", ("a", "b"), ""), ["ABC"], "2 characters"),
        (LabelReading("columns", "", ("a", "b"), ""), ["A"], "2 cells"),
    ],
)
def test_a_label_that_does_not_parse_says_what_was_expected(
    reading: LabelReading, cells: list[str], reason: str
) -> None:
    with pytest.raises(LossVizError, match=reason):
        parse_label(reading, cells)


def test_a_chosen_separator_is_used_whatever_the_data_suggest() -> None:
    columns = [("label", ["very-good", "very-bad"] * 9)]
    assert reading_for(columns, "-").separator == "-"
    assert reading_for(columns, None).kind == "whole"
    assert reading_for([("label", ["ham", "hum"])], "").kind == "characters"


@pytest.mark.parametrize("separator", ["|", ""])
def test_a_chosen_separator_that_no_label_has_is_refused(separator: str) -> None:
    with pytest.raises(LossVizError, match="cannot be split"):
        reading_for([("label", ["a", "b"])], separator)


def test_a_separator_for_several_columns_is_refused() -> None:
    with pytest.raises(LossVizError, match="one label column; 2 were chosen"):
        reading_for([("a", ["x"]), ("b", ["y"])], "|")


def test_no_label_column_is_refused() -> None:
    with pytest.raises(LossVizError, match="at least one label column"):
        propose_readings([])


def test_columns_that_say_yes_or_no_are_read_so_first() -> None:
    columns = [("joy", ["1", "0", "1"]), ("fear", ["0", "0", "1"]), ("hope", ["1", "1", "0"])]
    first, second = propose_readings(columns)
    assert (first.kind, first.names, first.unmarked) == ("yes/no", ("joy", "fear", "hope"), ())
    assert first.evidence == "3 yes/no columns (1 and 0 in the file), read as 3 parts"
    assert second.kind == "columns"
    assert parse_label(first, ["1", "0", " 1"]) == ("yes", "no", "yes")
    assert parse_label(second, ["1", "0", "1"]) == ("1", "0", "1")
    with pytest.raises(LossVizError, match="no value for the part 'fear'"):
        parse_label(first, ["1", "", "1"])
    with pytest.raises(LossVizError, match="neither yes nor no"):
        parse_label(first, ["1", "2", "1"])
    with pytest.raises(LossVizError, match="3 cells"):
        parse_label(first, ["1", "0"])


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        *[("yes", "no"), ("Y", "N"), ("TRUE", "FALSE"), ("ja", "nein"), ("x", "-"), ("1.0", "0.0")],
        *[("oui", "non"), ("да", "нет"), ("evet", "hayır"), ("はい", "いいえ"), ("是", "否")],
        *[("نعم", "لا"), ("כן", "לא"), ("tak", "nie"), ("\u200fYes ", "NO"), ("vero", "falso")],
    ],
)
def test_yes_and_no_are_known_in_many_words(yes: str, no: str) -> None:
    reading = propose_readings([("a", [yes, no]), ("b", [no, yes])])[0]
    assert reading.kind == "yes/no"
    assert parse_label(reading, [yes, no]) == ("yes", "no")


def test_an_empty_cell_means_no_where_nothing_else_does() -> None:
    crosses = propose_readings([("a", ["x", "", ""]), ("b", ["", "x", ""])])[0]
    assert crosses.unmarked == ("a", "b")
    assert crosses.evidence.endswith("read as 2 parts; an empty cell means no")
    assert parse_label(crosses, ["", "X"]) == ("no", "yes")
    assert parse_label(crosses, ["", ""]) == ("no", "no")
    mixed = propose_readings([("a", ["x", "", ""]), ("b", ["1", "0", ""])])[0]
    assert mixed.unmarked == ("a",)
    assert "an empty cell in a means no" in mixed.evidence
    with pytest.raises(LossVizError, match="no value for the part 'b'"):
        parse_label(mixed, ["x", ""])


@pytest.mark.parametrize(
    "columns",
    [
        [("a", ["1", "0"]), ("b", ["joy", "fear"])],
        [("a", ["1", "0"]), ("b", ["1", "1"])],
        [("a", ["1", "0"]), ("b", ["yes", "y"])],
        [("a", ["-1", "1"]), ("b", ["+", "-"])],
        [("a", ["1", "2"]), ("b", ["2", "1"])],
    ],
)
def test_columns_that_say_something_else_are_not_yes_and_no(
    columns: list[tuple[str, list[str]]],
) -> None:
    assert [own.kind for own in propose_readings(columns)] == ["columns"]


FREE = ["joy", "anger", "joy,anger", "fear", "fear,joy", "anger, fear", "joy,anger,fear"]


def test_lists_of_tags_that_combine_freely_are_parts() -> None:
    reading = first([*FREE, ""], "feelings")
    assert (reading.kind, reading.separator) == ("tags", ",")
    assert reading.names == ("anger", "fear", "joy")
    assert "lists of 0 to 3 tags between ',': 3 tags in 8 combinations" in reading.evidence
    assert "20 rows have none" in reading.evidence
    assert parse_label(reading, ["joy , anger"]) == ("yes", "no", "yes")
    assert parse_label(reading, [""]) == ("no", "no", "no")
    with pytest.raises(LossVizError, match="tag that was not there"):
        parse_label(reading, ["joy,rage"])


def test_lists_as_python_writes_them_are_tags() -> None:
    reading = first([str(own.replace(" ", "").split(",")) for own in FREE] + ["[]"])
    assert (reading.kind, reading.names) == ("tags", ("anger", "fear", "joy"))
    assert parse_label(reading, ["['fear', 'joy']"]) == ("no", "yes", "yes")
    assert parse_label(reading, ["[]"]) == ("no", "no", "no")


def test_tags_that_are_not_sure_come_after_the_whole_label() -> None:
    readings = propose_readings([("label", ["joy", "joy,anger", "anger,fear", "sad"] * 20)])
    assert [own.kind for own in readings] == ["whole", "tags"]
    assert (
        propose_readings([("label", ["1,5", "2,5", "3,5", "1", "2", "3"] * 9)])[0].kind == "whole"
    )


def test_more_than_twelve_tags_are_values() -> None:
    names = [f"tag {chr(97 + k)}" for k in range(13)]
    labels = [*names, *(f"{a},{b}" for a in names for b in names if a < b)]
    assert {own.kind for own in propose_readings([("label", labels)])} == {"whole"}


def test_a_separator_between_tags_can_be_chosen() -> None:
    assert reading_for([("label", FREE * 9)], ",").kind == "tags"
    assert reading_for([("label", ["A,B", "C,D", "A,D"] * 9)], ",").kind == "separator"


def test_of_very_many_labels_some_are_looked_at() -> None:
    labels = [f"a{n % 300}|b{n // 300}" for n in range(60_000)]
    reading = propose_readings([("label", labels)])[0]
    assert (reading.kind, reading.separator) == ("separator", "|")
    assert reading.evidence.startswith("20,000 of 60,000 different labels looked at: all 20,000")
    ids = propose_readings([("label", [f"row_{n}" for n in range(60_000)])])
    assert [own.kind for own in ids] == ["whole"]
    assert "60,000 different values" in ids[0].evidence


@pytest.mark.parametrize(
    "cell", ['<img src="http://host/x" onerror="act()">', "<svg onload=act()>", "<a=b>"]
)
def test_markup_is_a_value_and_no_list(cell: str) -> None:
    assert list_of(cell) is None
    assert list_of("<joy> <anger>") == ("joy", "anger")
