"""A profile as plain values, with the keys that the command line promises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lossviz.datasets.mapping import ColumnMapping
from lossviz.datasets.profile.class_table import ClassRow
from lossviz.datasets.profile.dependence import Dependence
from lossviz.datasets.profile.lengths import Lengths, OddText, TextLengths
from lossviz.datasets.profile.repetitions import Repetitions
from lossviz.datasets.table import Table

if TYPE_CHECKING:
    from lossviz.datasets.profile.profile import Profile


def profile_json(found: Profile, table: Table, mapping: ColumnMapping) -> dict[str, Any]:
    """Numbers, texts and lists only; nothing that JSON does not have."""
    form, classes = table.format, found.classes
    return {
        "file": {
            "encoding": form.encoding,
            "delimiter": form.delimiter,
            "header": form.header,
            "format": form.format,
            "compression": form.compression,
            "part": form.part,
        },
        "text": mapping.text,
        "label": list(mapping.labels),
        "rows": found.rows,
        "used": found.used,
        "dropped": [{"reason": group.reason, "rows": group.rows} for group in found.dropped],
        "components": [
            {"name": c.name, "values": list(c.values), "counts": list(c.counts)}
            for c in found.components
        ],
        "joint_classes": {
            "possible": found.possible,
            "seen": found.seen,
            "smallest": found.smallest,
            "largest": found.largest,
            "counts": dict(zip(found.class_names, found.class_counts, strict=True)),
            "missing": list(found.missing),
        },
        "classes": [_class(row, found.used) for row in classes.rows],
        "dependence": [_dependence(own) for own in found.dependences],
        "duplicates": found.duplicates,
        "contradictory": found.contradictory,
        "repetitions": _repetitions(found.repetitions),
        "majority_class": found.majority_class,
        "majority_accuracy": found.majority_accuracy,
        "words": _lengths(found.words),
        "characters": _lengths(found.characters),
        "unspaced": found.unspaced,
        "lengths": _odd_lengths(found.lengths),
        "reading": mapping.reading.evidence,
        "notes": list(table.notes),
        "warnings": list(found.warnings),
    }


def _class(row: ClassRow, texts: int) -> dict[str, Any]:
    return {
        "label": row.label,
        "parts": list(row.parts),
        "found": row.found,
        "share": row.found / texts,
        "expected": row.expected,
    }


def _dependence(own: Dependence) -> dict[str, Any]:
    return {
        "first": own.first,
        "second": own.second,
        "v": own.v,
        "low": own.low,
        "high": own.high,
        "n": own.n,
    }


def _repetitions(own: Repetitions) -> dict[str, Any]:
    return {
        "repeated_rows": own.repeated_rows,
        "contradictory_texts": own.contradictory_texts,
        "contradictory_rows": own.contradictory_rows,
        "texts": own.group_count,
        "groups": [
            {
                "text": group.text,
                "rows": group.rows,
                "labels": group.labels,
                "occurrences": [{"row": one.row, "label": one.label} for one in group.occurrences],
            }
            for group in own.groups
        ],
    }


def _lengths(lengths: Lengths) -> dict[str, float]:
    return {"min": lengths.minimum, "median": lengths.median, "max": lengths.maximum}


def _odd_lengths(own: TextLengths) -> dict[str, Any]:
    return {
        "words_run_together": own.run_together,
        "too_short": {"rule": own.short_rule, "texts": own.too_short, "rows": _rows(own.short)},
        "too_long": {"rule": own.long_rule, "texts": own.too_long, "rows": _rows(own.long)},
    }


def _rows(odd: tuple[OddText, ...]) -> list[int]:
    return [own.row for own in odd]
