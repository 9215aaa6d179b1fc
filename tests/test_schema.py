"""The label schema: three forms of a label, and what is refused."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossviz.errors import LossVizError
from lossviz.schema import Component, LabelSchema
from tests.support.schemas import schema_of

LETTERS = st.characters(codec="utf-8", exclude_categories=["Z", "C"], exclude_characters="|")
VALUES = st.lists(st.text(LETTERS, min_size=1, max_size=5), min_size=1, max_size=4, unique=True)


@st.composite
def schemas(draw: st.DrawFn, separator: str = "|") -> LabelSchema:
    """Up to four components; any combinations of their values may be forbidden."""
    own = VALUES if separator else st.lists(LETTERS, min_size=1, max_size=4, unique=True)
    values = draw(st.lists(own, min_size=1, max_size=4))
    components = tuple(Component(f"part {k}", tuple(v)) for k, v in enumerate(values))
    everything = list(product(*(range(len(v)) for v in values)))
    allowed = draw(st.sets(st.sampled_from(everything), min_size=1))
    return LabelSchema(components, tuple(sorted(allowed)), separator)


@given(schemas())
def test_encode_undoes_decode_for_every_class(schema: LabelSchema) -> None:
    for codes in schema.classes:
        assert schema.encode(schema.decode(codes)) == codes


@given(schemas())
def test_decode_undoes_encode_for_every_combination(schema: LabelSchema) -> None:
    for parts in product(*(component.values for component in schema.components)):
        assert schema.decode(schema.encode(parts)) == parts


@pytest.mark.parametrize("separator", ["|", " | ", ""])
@given(data=st.data())
def test_parse_undoes_format(data: st.DataObject, separator: str) -> None:
    schema = data.draw(schemas(separator))
    for codes, name in zip(schema.classes, schema.class_names, strict=True):
        assert schema.parse(name) == schema.decode(codes)
        assert schema.format(schema.parse(name)) == name


@given(schemas())
def test_class_index_is_the_position_of_a_class_and_minus_one_elsewhere(
    schema: LabelSchema,
) -> None:
    everything = np.array(list(product(*map(range, schema.sizes))), dtype=np.int64)
    expected = [
        schema.classes.index(codes) if codes in schema.classes else -1
        for codes in map(tuple, everything.tolist())
    ]
    assert schema.class_index(everything).tolist() == expected


@given(schemas())
def test_memberships_mark_one_value_of_each_component(schema: LabelSchema) -> None:
    assert len(schema.memberships) == len(schema.components)
    for k, membership in enumerate(schema.memberships):
        assert membership.shape == (len(schema.classes), schema.sizes[k])
        assert membership.argmax(axis=1).tolist() == [codes[k] for codes in schema.classes]
        assert membership.sum(axis=1).tolist() == [1] * len(schema.classes)


@given(schemas())
def test_class_codes_are_the_classes(schema: LabelSchema) -> None:
    assert schema.class_codes.shape == (len(schema.classes), len(schema.components))
    assert [tuple(row) for row in schema.class_codes.tolist()] == list(schema.classes)


@given(schemas())
def test_the_full_schema_forbids_nothing(schema: LabelSchema) -> None:
    full = LabelSchema.full(schema.components)
    assert len(full.classes) == full.possible == schema.possible
    assert set(schema.classes) <= set(full.classes)
    assert -1 not in full.class_index(full.class_codes)


@given(schemas())
def test_a_schema_is_a_value(schema: LabelSchema) -> None:
    copy = pickle.loads(pickle.dumps(schema))
    assert copy == schema
    assert hash(copy) == hash(schema)


def test_a_forbidden_combination_still_has_codes() -> None:
    schema = schema_of(["first", "second"], [("A", "C"), ("A", "D"), ("B", "C")])
    assert (schema.possible, len(schema.classes)) == (4, 3)
    assert schema.encode(["B", "D"]) == (1, 1)
    assert schema.class_index(np.array([[1, 1], [1, 0]])).tolist() == [-1, 2]
    assert "B|D" not in schema.class_names


def test_spaces_around_the_parts_do_not_count() -> None:
    schema = schema_of(["first", "second"], [("A", "C"), ("B", "D")])
    assert schema.parse(" A | C ") == ("A", "C")


TWO = (Component("first", ("A", "B")), Component("second", ("C", "D")))
SCHEMA = LabelSchema(TWO, ((0, 0), (1, 1)))


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda: Component("", ("A",)), "needs a name"),
        (lambda: Component("first", ()), "'first' has no values"),
        (lambda: Component("first", ("A", "A")), "'first' lists a value twice"),
        (lambda: LabelSchema((), ()), "at least one component"),
        (lambda: LabelSchema((TWO[0], TWO[0]), ((0, 0),)), "same name: first, first"),
        (lambda: LabelSchema(TWO, ()), "at least one allowed combination"),
        (lambda: LabelSchema(TWO, ((1, 1), (0, 0))), "ascending order"),
        (lambda: LabelSchema(TWO, ((0, 0), (0, 0))), "ascending order, each once"),
        (lambda: LabelSchema(TWO, ((0, 2),)), r"\(0, 2\) is not a combination"),
        (lambda: LabelSchema(TWO, ((0,),)), r"\(0,\) is not a combination"),
        (lambda: LabelSchema(TWO, ((-1, 0),)), r"\(-1, 0\) is not a combination"),
        (lambda: LabelSchema((Component("a", ("xy",)),), ((0,),), ""), "need a separator"),
        (lambda: SCHEMA.parse("A"), r"Expected 2 parts \(first, second\), found 1 in 'A'"),
        (lambda: SCHEMA.parse("A|C|E"), "found 3 in"),
        (lambda: SCHEMA.encode(["A"]), "Expected 2 parts"),
        (
            lambda: SCHEMA.encode(["A", "E"]),
            r"'E' is not a value of component 'second' \(known: C, D\)",
        ),
    ],
)
def test_what_is_wrong_is_named(attempt: Callable[[], object], words: str) -> None:
    with pytest.raises(LossVizError, match=words):
        attempt()
