"""Data sets: read a table, say what its labels are, profile it, split it; samples."""

from lossviz.datasets.cells import TableFormat
from lossviz.datasets.dataset import Dataset, build_dataset
from lossviz.datasets.dropped import Dropped
from lossviz.datasets.labels import LabelReading, parse_label, propose_readings, reading_for
from lossviz.datasets.mapping import ColumnMapping, propose_mapping
from lossviz.datasets.profile import (
    ComponentProfile,
    DroppedCount,
    Lengths,
    Profile,
    profile,
)
from lossviz.datasets.samples import Sample, load_sample, samples
from lossviz.datasets.split import Split, check_trainable, split
from lossviz.datasets.table import Table, read_table

__all__ = [
    "ColumnMapping",
    "ComponentProfile",
    "Dataset",
    "Dropped",
    "DroppedCount",
    "LabelReading",
    "Lengths",
    "Profile",
    "Sample",
    "Split",
    "Table",
    "TableFormat",
    "build_dataset",
    "check_trainable",
    "load_sample",
    "parse_label",
    "profile",
    "propose_mapping",
    "propose_readings",
    "read_table",
    "reading_for",
    "samples",
    "split",
]
