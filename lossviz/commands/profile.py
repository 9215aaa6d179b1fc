"""``profile``: what was read from a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from lossviz.commands._data import data_options, load, sentences
from lossviz.datasets import ColumnMapping, Profile, Table, profile


@click.command(name="profile")
@data_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@sentences
def profile_command(file: Path, as_json: bool, **reading: Any) -> None:
    """Say what was read from FILE: components, classes, duplicates, the majority."""
    table, mapping, dataset = load(file, **reading)
    found = profile(dataset)
    if as_json:
        report = found.to_json(table, mapping)
        click.echo(json.dumps(report, ensure_ascii=False, allow_nan=False))
        return
    for line in profile_lines(table, mapping, found):
        click.echo(line)


def profile_lines(table: Table, mapping: ColumnMapping, found: Profile) -> list[str]:
    """What ``profile`` prints for a person."""
    lines = [*table.notes, f"Text: {mapping.text}. Label: {mapping.reading.evidence}"]
    lines.append(f"{found.used:,} of {found.rows:,} rows can be used.")
    lines += [f"Left out, {group.reason}: {group.rows:,}." for group in found.dropped]
    for component in found.components:
        counts = zip(component.values, component.counts, strict=True)
        listed = ", ".join(f"{value} {count:,}" for value, count in counts)
        lines.append(f"{component.name}: {listed}.")
    lines.append(
        f"Whole labels: {found.seen:,} of {found.possible:,} combinations occur, "
        f"with {found.smallest:,} to {found.largest:,} texts each."
    )
    lines.append(
        f"Texts that occurred before: {found.duplicates:,}; texts with more than one label: "
        f"{found.contradictory:,}."
    )
    lines.append(
        f"Guessing the commonest label ({found.majority_class}) is right "
        f"{100 * found.majority_accuracy:.1f} %."
    )
    return lines + list(found.warnings)
