"""Data sets: read a table, say what its labels are, profile it, split it; samples."""

from lossviz.datasets.cells import TableFormat
from lossviz.datasets.dataset import UNEDITED, Dataset, build_dataset, edited_dataset
from lossviz.datasets.dropped import Dropped
from lossviz.datasets.edited import EditedLabels, edit_labels, separator_for, settled
from lossviz.datasets.edits import LabelEdits, PartEdits
from lossviz.datasets.labels import propose_readings, reading_for
from lossviz.datasets.mapping import ColumnMapping, propose_mapping
from lossviz.datasets.parts import LabelParts, read_parts
from lossviz.datasets.profile import (
    ClassRow,
    ClassTable,
    ComponentProfile,
    Dependence,
    DroppedCount,
    Lengths,
    OddText,
    Profile,
    Repeated,
    Repetitions,
    TextLengths,
    profile,
)
from lossviz.datasets.reading import LabelReading, parse_label
from lossviz.datasets.samples import Sample, load_sample, samples
from lossviz.datasets.sampling import live_sample
from lossviz.datasets.split import Split, check_trainable, split
from lossviz.datasets.table import Table, read_table

__all__ = [
    "UNEDITED",
    "ClassRow",
    "ClassTable",
    "ColumnMapping",
    "ComponentProfile",
    "Dataset",
    "Dependence",
    "Dropped",
    "DroppedCount",
    "EditedLabels",
    "LabelEdits",
    "LabelParts",
    "LabelReading",
    "Lengths",
    "OddText",
    "PartEdits",
    "Profile",
    "Repeated",
    "Repetitions",
    "Sample",
    "Split",
    "Table",
    "TableFormat",
    "TextLengths",
    "build_dataset",
    "check_trainable",
    "edit_labels",
    "edited_dataset",
    "live_sample",
    "load_sample",
    "parse_label",
    "profile",
    "propose_mapping",
    "propose_readings",
    "read_parts",
    "read_table",
    "reading_for",
    "samples",
    "separator_for",
    "settled",
    "split",
]
