"""Texts that give a part of their label away are said, before anything is trained."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lossviz.data import Dataset, profile, read_table
from lossviz.data.giveaways import giveaways
from tests.support.opened import opened

MakeDataset = Callable[..., Dataset]
FINE = ("DESC:manner", "DESC:def", "ENTY:food", "ENTY:animal", "HUM:ind", "LOC:city")


def text(n: int) -> str:
    return (
        f"{('how', 'what', 'who', 'why', 'when')[n % 5]} is it with the thing number {n * 7} then"
    )


@pytest.mark.parametrize(
    ("write", "where"),
    [
        (lambda n: f"{FINE[n % 6]} {text(n)}", "the first word"),
        (lambda n: f"{FINE[n % 6].split(':')[1]} {text(n)}", "the first word"),
        (lambda n: f"{text(n)} #{FINE[n % 6]}", "the last word"),
        (lambda n: f"{text(n)}, says {FINE[n % 6].split(':')[0]}. Or so {n}", "a word"),
    ],
)
def test_a_word_that_tells_the_label_is_named(
    write: Callable[[int], str], where: str, make_dataset: MakeDataset
) -> None:
    dataset = make_dataset([(write(n), FINE[n % 6].split(":")[0]) for n in range(120)])
    (found,) = giveaways(dataset)
    assert (found.component, found.where) == ("label", where)
    assert found.share == 1.0
    assert any("gives 'label' away" in warning for warning in profile(dataset).warnings)


def test_what_texts_begin_with_by_chance_gives_nothing_away(make_dataset: MakeDataset) -> None:
    assert giveaways(make_dataset([(text(n), "ABC"[n % 3]) for n in range(120)])) == ()
    rare = [(text(n), "B" if n == 7 else "A") for n in range(120)]
    assert giveaways(make_dataset(rare)) == ()


@pytest.mark.parametrize("heads", [FINE, ("0", "1"), ("pos", "neg")])
def test_lines_that_begin_with_their_label_are_read_without_it(heads: tuple[str, ...]) -> None:
    content = "\n".join(f"{heads[n % len(heads)]} {text(n)}" for n in range(120)).encode()
    found = opened(content)
    assert found.proposal.table.cells("text")[0] == text(0)
    assert found.proposal.mapping.labels == ("label",)
    assert found.account.giveaways == ()
    assert "first word of each line" in found.said
    if ":" in heads[0]:
        assert sorted(map(len, found.parts)) == [4, 6]
        plain = read_table(content, "trec.txt", without=("heads",))
        assert plain.columns == ("column 1", "column 2")
