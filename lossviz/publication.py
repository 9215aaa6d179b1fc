"""A publication: one run as others may look at it, without anything else of the session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lossviz.run import Run
from lossviz.schema import LabelSchema
from lossviz.surface import Surface


@dataclass(frozen=True)
class Publication:
    """A run that was published.

    :param name: what its owner calls it.
    :param data: what the data are called.
    :param sample: the id of the sample that they are, or "".
    :param digest: of the data set.
    :param rows: texts in the data, and held-out texts.
    :param run: with its curve and evaluation.
    :param surfaces: of the run, by the plane's id.
    :param texts: of the held-out rows, in the evaluation's order; None where its owner did not
        want them to be seen.
    :param trained: the model's weights, as the content of a ``.safetensors`` file.
    :param published: in UTC.
    """

    name: str
    data: str
    sample: str
    digest: str
    schema: LabelSchema
    rows: tuple[int, int]
    run: Run
    surfaces: Mapping[str, Surface]
    texts: tuple[str, ...] | None
    trained: bytes
    published: datetime
