"""The sample data sets that come with the app."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lossviz.data.dataset import Dataset, build_dataset
from lossviz.data.files.table import Table, read_table
from lossviz.data.labels.edits import LabelEdits
from lossviz.data.labels.mapping import ColumnMapping, propose_mapping
from lossviz.errors import LossVizError

_FOLDER = Path(__file__).resolve().parents[2] / "assets" / "samples"


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample: its file, and how its columns are read.

    :param names: the components, in order.
    :param separator: between the parts in a single label column; None for several columns.
    """

    id: str
    title: str
    description: str
    file: Path
    text: str
    labels: tuple[str, ...]
    names: tuple[str, ...]
    separator: str | None = None

    def edits(self, mapping: ColumnMapping) -> LabelEdits:
        """What its components are called, where the file calls them otherwise."""
        names = zip(mapping.reading.names, self.names, strict=True)
        return LabelEdits.called({read: name for read, name in names if read != name})


_SAMPLES = (
    Sample(
        id="feelings",
        title="Feelings",
        description=(
            "Short sentences, emotional or matter-of-fact, positive or negative: the two by "
            "two labels of the question that started it."
        ),
        file=_FOLDER / "feelings.csv",
        text="text",
        labels=("label",),
        names=("feeling", "polarity"),
        separator="|",
    ),
    Sample(
        id="helpdesk",
        title="Help desk",
        description=(
            "Messages to a help desk with their topic, kind and tone in three columns; some "
            "combinations never occur."
        ),
        file=_FOLDER / "helpdesk.csv",
        text="text",
        labels=("topic", "kind", "tone"),
        names=("topic", "kind", "tone"),
    ),
)


def samples() -> tuple[Sample, ...]:
    """Every sample that is installed, the one to begin with first.

    A sample whose file was left out is not offered: one that cannot be opened helps nobody.
    """
    return tuple(sample for sample in _SAMPLES if sample.file.exists())


@cache
def load_sample(id: str) -> tuple[Table, ColumnMapping, Dataset]:
    """Read a sample; the same objects each time.

    :raises LossVizError: when there is no such sample, or its file is not there.
    """
    known = {sample.id: sample for sample in _SAMPLES}
    if id not in known:
        raise LossVizError(f"There is no sample {id!r}. There are: {', '.join(known)}.")
    sample = known[id]
    try:
        content = sample.file.read_bytes()
    except OSError as error:
        raise LossVizError(
            f"The file of the sample {sample.title!r} cannot be read ({error.strerror}): "
            f"expected {sample.file.name} in assets/samples. Install the project again."
        ) from None
    table = read_table(content, sample.title)
    mapping = propose_mapping(
        table, text=sample.text, labels=sample.labels, separator=sample.separator
    )
    return table, mapping, build_dataset(table, mapping, edits=sample.edits(mapping))
