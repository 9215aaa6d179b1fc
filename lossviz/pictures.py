"""What workers report about surfaces: plain values and arrays that need no torch to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from lossviz.sharp import Sharpness
from lossviz.surface import Floats, Surface


@dataclass(frozen=True)
class Piece:
    """Some rows of a surface, or whole lines, or the numbers of a run.

    :param surfaces: by the run whose loss it is: over the piece's own rows.
    :param y: of the whole picture.
    """

    surfaces: tuple[tuple[str, Surface], ...] = ()
    y: Floats | None = None
    sharpness: Sharpness | None = None
    problem: str = ""
    """Why there is nothing to show."""
    seconds: float = 0.0


def put_together(pieces: Sequence[Piece]) -> Surface:
    """One surface of pieces with a surface each; rows that are in none of them are ``nan``."""
    y, surfaces = pieces[0].y, [own.surfaces[0][1] for own in pieces]
    assert y is not None
    names, _, columns = surfaces[0].grids.shape
    grids = np.full((names, len(y), columns), np.nan, np.float32)
    for own in surfaces:
        grids[:, np.searchsorted(y, own.y)] = own.grids
    return replace(surfaces[0], y=y, grids=grids)


def pictures_of(pieces: Sequence[tuple[tuple[str, ...], Piece]], kind: str) -> dict[str, Surface]:
    """By their name, the surfaces of one kind that there are pieces of.

    :param pieces: each with the key of the picture that it is a piece of: its kind and its name.
    """
    found: dict[str, list[Piece]] = {}
    for key, piece in pieces:
        if key[0] == kind and piece.surfaces:
            found.setdefault(key[1], []).append(piece)
    return {name: put_together(own) for name, own in found.items()}
