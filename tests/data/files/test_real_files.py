"""Files as people have them, from reading to splitting."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lossviz.data import (
    Dataset,
    Table,
    build_dataset,
    check_trainable,
    profile,
    propose_mapping,
    read_table,
    split,
)
from lossviz.errors import LossVizError

Reader = Callable[[str], Table]


def load(table: Table) -> Dataset:
    return build_dataset(table, propose_mapping(table))


@pytest.mark.parametrize(
    ("name", "rows", "sizes", "seen"),
    [
        ("emobank_arousal_valence.csv", 4850, (2, 2), 4),
        ("nlu_scenario_intent.csv", 11016, (18, 51), 64),
        ("uci_source_polarity.csv", 3000, (3, 2), 6),
        ("arsarcasm_ar.csv", 10547, (5, 2, 3), 29),
    ],
)
def test_compound_labels_in_one_column_become_components(
    real_table: Reader, name: str, rows: int, sizes: tuple[int, ...], seen: int
) -> None:
    table = real_table(name)
    mapping = propose_mapping(table)
    dataset = build_dataset(table, mapping)
    assert (mapping.text, mapping.labels) == ("text", ("label",))
    assert (mapping.reading.kind, mapping.reading.separator) == ("separator", "|")
    assert dataset.schema.sizes == sizes
    assert len(dataset.schema.classes) == seen
    assert len(dataset) == rows
    assert dataset.dropped == ()
    parts = split(dataset, 0.2, seed=0)
    assert len(parts.train) + len(parts.test) == rows


def test_a_file_with_many_annotations_proposes_the_three_that_matter(real_table: Reader) -> None:
    table = real_table("awkward/arsarcasm_triple_quotes.csv")
    mapping = propose_mapping(table)
    assert mapping.text == "tweet"
    assert mapping.labels == ("dialect", "sarcasm", "sentiment")
    dataset = build_dataset(table, mapping)
    assert dataset.schema.sizes == (5, 2, 3)
    assert len(dataset) == 8437
    assert dataset.texts[0].startswith('"')
    assert not dataset.texts[0].startswith('""')


def test_tabs_without_a_header_are_recognised(real_table: Reader) -> None:
    table = real_table("awkward/imdb_tab_noheader.txt")
    assert (table.format.delimiter, table.format.header) == ("\t", False)
    assert len(table) == 1000
    dataset = load(table)
    assert dataset.schema.sizes == (2,)
    assert dataset.schema.components[0].values == ("0", "1")
    assert profile(dataset).majority_accuracy == 0.5


def test_semicolons_with_one_label_throughout_load_but_cannot_be_trained_on(
    real_table: Reader,
) -> None:
    table = real_table("awkward/nlu_semicolon.csv")
    assert table.format.delimiter == ";"
    mapping = propose_mapping(table)
    assert mapping.labels == ("scenario", "intent")
    assert mapping.text.startswith("answer_from")
    dataset = build_dataset(table, mapping)
    assert (len(dataset), dataset.schema.sizes) == (19, (1, 1))
    assert "nothing to learn" in profile(dataset).warnings[0]
    for refuse in (check_trainable, lambda own: split(own, 0.2, 0)):
        with pytest.raises(LossVizError, match=r"'alarm\|query'.*nothing to learn.*Choose"):
            refuse(dataset)


def test_empty_trailing_columns_are_left_out_with_a_note(real_table: Reader) -> None:
    table = real_table("awkward/sms_spam_empty_trailing_columns.csv")
    assert table.columns == ("v1", "v2")
    assert any("3 empty column(s)" in note and "50 rows" in note for note in table.notes)
    mapping = propose_mapping(table)
    assert (mapping.text, mapping.labels) == ("v2", ("v1",))
    dataset = build_dataset(table, mapping)
    assert dataset.schema.components[0].values == ("ham", "spam")
    assert len(dataset) == 5572


def test_the_same_file_in_latin_1_gives_the_same_table(
    real_file: Callable[[str], bytes], real_table: Reader
) -> None:
    name = "awkward/sms_spam_empty_trailing_columns.csv"
    text = real_file(name).decode("utf-8").encode("latin-1", "ignore").decode("latin-1")
    table = read_table(text.encode("latin-1"), "sms.csv")
    assert table.format.encoding in ("latin-1", "cp1252")
    assert table.columns == real_table(name).columns
    assert len(table) == len(real_table(name))


def test_the_profile_of_emobank_has_the_numbers_of_its_documentation(real_table: Reader) -> None:
    found = profile(load(real_table("emobank_arousal_valence.csv")))
    assert (found.rows, found.used) == (4850, 4850)
    assert (found.possible, found.seen, found.smallest, found.largest) == (4, 4, 1022, 1384)
    assert (found.duplicates, found.contradictory) == (46, 17)
    assert round(found.majority_accuracy, 3) == 0.285
    assert found.components[0].values == ("emotional", "unemotional")
    assert found.components[0].counts == (2444, 2406)


def test_the_one_combination_that_never_occurs_is_named(real_table: Reader) -> None:
    found = profile(load(real_table("arsarcasm_ar.csv")))
    assert found.possible - found.seen == len(found.missing) == 1
    assert found.missing[0] not in found.class_names
