"""Data sets: read a table, say what its labels are, profile it, split it; samples."""

from lossviz.data.assumptions import Assumption, LeftOut
from lossviz.data.combinations import split_combinations
from lossviz.data.dataset import UNEDITED, Dataset, build_dataset, edited_dataset, live_sample
from lossviz.data.files.table import Table, read_table
from lossviz.data.labels.edited import EditedLabels, edit_labels, separator_for, settled
from lossviz.data.labels.edits import LabelEdits, PartEdits
from lossviz.data.labels.mapping import ColumnMapping, Proposal, propose, propose_mapping
from lossviz.data.labels.parse import parse_label
from lossviz.data.labels.parts import LabelParts, read_parts
from lossviz.data.labels.reading import LabelReading
from lossviz.data.labels.readings import propose_readings, reading_for
from lossviz.data.profile import (
    ClassRow,
    ComponentProfile,
    Dependence,
    OddText,
    Profile,
    Repeated,
    Repetitions,
    profile,
)
from lossviz.data.samples import Sample, load_sample, samples
from lossviz.data.split import (
    Split,
    beside,
    check_trainable,
    folds,
    sealed_rows,
    split,
    split_as_told,
)

__all__ = [
    "UNEDITED",
    "Assumption",
    "ClassRow",
    "ColumnMapping",
    "ComponentProfile",
    "Dataset",
    "Dependence",
    "EditedLabels",
    "LabelEdits",
    "LabelParts",
    "LabelReading",
    "LeftOut",
    "OddText",
    "PartEdits",
    "Profile",
    "Proposal",
    "Repeated",
    "Repetitions",
    "Sample",
    "Split",
    "Table",
    "beside",
    "build_dataset",
    "check_trainable",
    "edit_labels",
    "edited_dataset",
    "folds",
    "live_sample",
    "load_sample",
    "parse_label",
    "profile",
    "propose",
    "propose_mapping",
    "propose_readings",
    "read_parts",
    "read_table",
    "reading_for",
    "samples",
    "sealed_rows",
    "separator_for",
    "settled",
    "split",
    "split_as_told",
    "split_combinations",
]
