"""What a column is taken for, however long its cells are."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from lossviz.data import propose, read_table
from lossviz.data.labels.roles import _CODE

SLOWER = re.compile(r"(?=\D*\d)[\w.:#/-]*\d{2,}[\w-]*|[0-9a-f]{8,}[0-9a-f-]*", re.IGNORECASE)
"""As it would be written: with a cell of some thousand digits it takes hours."""


@given(st.text("0a_.:#/- x", max_size=12))
def test_a_code_is_what_it_would_be_as_one_would_write_it(cell: str) -> None:
    assert bool(_CODE.fullmatch(cell)) == bool(SLOWER.fullmatch(cell))


def test_cells_of_many_digits_and_letters_do_not_keep_anybody_waiting() -> None:
    rows = [
        f"{'1' * 20_000 + str(row)} x,{'a' * 20_000}.{row}!,{'ab'[row % 2]}" for row in range(30)
    ]
    table = read_table("\n".join(["text,note,label", *rows]).encode(), "long.csv")
    assert propose(table).mapping.labels == ("label",)


def test_addresses_of_the_web_may_be_long() -> None:
    rows = [
        f"a text about it {row},https://host/{'a' * 900}{row},{'ab'[row % 2]}" for row in range(30)
    ]
    table = read_table("\n".join(["text,where,label", *rows]).encode(), "links.csv")
    left = {column.column: column.reason for column in propose(table).left_out}
    assert "addresses of the web" in left["where"]
