"""Tables on a page: as high as their rows, each text in its direction, and to download."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from unicodedata import bidirectional

import pandas as pd
import streamlit as st

from lossviz.sharing.spreadsheet import neutral_csv
from lossviz.ui.parts.controls import download

HEAD, ROW = 38, 35
"""Of a table, in pixels."""
LOOKED_AT = 200
RIGHT_TO_LEFT = "\u061c"
"""The Arabic letter mark: no width, and a letter of such a script for whoever looks. The tables do
not know the right-to-left mark."""


def directed(text: str) -> str:
    """The text, marked where most of its letters run from right to left but the first does not.

    A cell takes its direction from the first letter. Of an Arabic text behind ``RT @name`` a narrow
    cell would otherwise show the name and the end.

    >>> directed("RT: \u0634\u0643\u0631\u0627")[0] == RIGHT_TO_LEFT, directed("RT: thanks")
    (True, 'RT: thanks')
    """
    strong = [name for name in map(bidirectional, text[:LOOKED_AT]) if name in ("L", "R", "AL")]
    right = sum(name != "L" for name in strong)
    return RIGHT_TO_LEFT + text if 2 * right > len(strong) and strong[0] == "L" else text


def table_height(rows: int, most: int) -> int:
    """Of so many rows, in pixels; where there are more they scroll."""
    return min(HEAD + ROW * rows, most)


def show_table(
    frame: pd.DataFrame,
    *,
    alt: str,
    most: int,
    columns: Mapping[str, Any] | None = None,
    key: str | None = None,
) -> None:
    """A table to read.

    :param most: its height at most, in pixels.
    :param columns: how they are shown, by name.
    """
    height = table_height(len(frame), most)
    st.dataframe(frame, hide_index=True, height=height, column_config=columns, key=key, alt=alt)


def download_table(
    label: str,
    table: Callable[[], pd.DataFrame],
    file_name: str,
    *,
    key: str,
    icon: str | None = ":material/download:",
) -> None:
    """A table to download, as CSV in which no cell is taken for a formula."""
    download(label, lambda: neutral_csv(table()), file_name, key=key, icon=icon)
