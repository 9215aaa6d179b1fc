"""The samples that come with the app."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

import pytest

from lossviz.data import Sample, load_sample, profile, propose_mapping, samples, split
from lossviz.errors import LossVizError


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.id)
def test_a_sample_loads_with_its_components_and_loses_no_row(sample: Sample) -> None:
    _, mapping, dataset = load_sample(sample.id)
    assert dataset.schema.names == sample.names
    assert dataset.name == sample.title
    assert dataset.dropped == ()
    assert all(size > 1 for size in dataset.schema.sizes)
    found = profile(dataset)
    assert mapping.labels == sample.labels
    assert found.smallest >= 5
    assert len(split(dataset, 0.2, 0).test) > 50


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.id)
def test_a_sample_uploaded_by_hand_is_understood_alike(sample: Sample) -> None:
    table, mapping, _ = load_sample(sample.id)
    proposed = propose_mapping(table)
    assert (proposed.text, proposed.labels) == (mapping.text, mapping.labels)
    assert (proposed.reading.kind, proposed.reading.separator) == (
        mapping.reading.kind,
        mapping.reading.separator,
    )


def test_feelings_comes_first_and_is_two_by_two() -> None:
    assert samples()[0].id == "feelings"
    schema = load_sample("feelings")[2].schema
    assert schema.names == ("feeling", "polarity")
    assert schema.sizes == (2, 2)
    assert schema.separator == "|"


def test_a_sample_without_its_file_is_not_offered_and_says_why_it_does_not_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gone = replace(samples()[0], id="gone", file=samples()[0].file.with_name("gone.csv"))
    module = import_module("lossviz.data.samples")
    monkeypatch.setattr(module, "_SAMPLES", (*samples(), gone))
    assert gone not in samples()
    with pytest.raises(LossVizError, match=r"cannot be read.*expected gone\.csv"):
        load_sample("gone")


def test_the_help_desk_has_combinations_that_never_occur() -> None:
    schema = load_sample("helpdesk")[2].schema
    assert schema.names == ("topic", "kind", "tone")
    assert len(schema.classes) < schema.possible


def test_an_unknown_sample_is_refused_with_the_known_ones() -> None:
    with pytest.raises(LossVizError, match=r"'emotions'.*feelings, helpdesk"):
        load_sample("emotions")
