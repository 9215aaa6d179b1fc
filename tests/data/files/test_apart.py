"""Reading in a process of its own: the same table, and no harm done."""

from __future__ import annotations

import psutil
import pytest

from lossviz.apart import Stored
from lossviz.data import read_table
from lossviz.data.files.apart import put_away, read_apart
from lossviz.errors import LossVizError

ODD = (
    "text;mood;\n"
    + 'a text, "quoted";A|C;\n=1+1 und مرحبا 你好;B|D;\none more;NULL;\n' * 6
    + "too;many;cells;here\n"
)


def test_the_table_is_the_one_that_reading_here_gives() -> None:
    here = read_table(ODD.encode("utf-16"), "odd.csv")
    there = read_apart(Stored(ODD.encode("utf-16")), "odd.csv").result()
    assert there.frame.equals(here.frame)
    assert there.frame.dtypes.equals(here.frame.dtypes)
    assert there.rows.tolist() == here.rows.tolist()
    assert (there.name, there.columns, there.format) == (here.name, here.columns, here.format)
    assert (there.notes, there.dropped) == (here.notes, here.dropped)
    assert len(here.dropped) == 1


def test_a_table_that_is_put_away_comes_back() -> None:
    content = b"text,label\n" + b"".join(b"some text %d,A\n" % k for k in range(300_000))
    table = read_apart(Stored(content), "large.csv").result()

    def resident() -> int:
        return psutil.Process().memory_info().rss >> 20

    assert table.cells("text")[299_999] == "some text 299999"
    before = resident()
    put_away()
    assert resident() < before - 3
    assert table.cells("text")[299_999] == "some text 299999"


def test_choices_are_passed_on() -> None:
    table = read_apart(
        Stored(ODD.encode("cp1256", "replace")), "o", encoding="cp1256", header=False
    ).result()
    assert (table.format.encoding, table.format.header) == ("cp1256", False)


def test_what_cannot_be_read_is_said_in_the_same_sentence() -> None:
    with pytest.raises(LossVizError, match="PNG image"):
        read_apart(Stored(b"\x89PNG\r\n"), "picture.csv").result()


def test_a_file_that_takes_too_much_memory_is_given_up_with_a_sentence() -> None:
    content = b"text,label\n" + b"some text of a few words,A\n" * 1_500_000
    reading = read_apart(Stored(content), "large.csv", memory=20 << 20)
    with pytest.raises(LossVizError, match=r"large\.csv takes more than .* and was given up"):
        reading.result()


def test_a_reading_can_be_stopped() -> None:
    reading = read_apart(
        Stored(b"text,label\n" + b"some text of a few words,A\n" * 2_000_000), "large.csv"
    )
    assert not reading.done
    reading.stop()
    assert reading.done
    with pytest.raises(LossVizError, match="stopped"):
        reading.result()
