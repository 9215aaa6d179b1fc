"""``profile``: what was read from a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from lossviz.commands._closer_json import closer_json
from lossviz.commands._data import data_options, load, sentences
from lossviz.commands._output import json_option, say
from lossviz.data import ComponentProfile, Profile, profile
from lossviz.data.account import Account
from lossviz.experiments.closer_look import Hardness, NearDuplicates

MOST_VALUES = 20


@click.command(name="profile")
@data_options
@click.option(
    "--quick",
    is_flag=True,
    help="Leave out near-duplicates, leakage and hardness, which take some seconds.",
)
@json_option
@sentences
def profile_command(file: Path, as_json: bool, quick: bool, **reading: Any) -> None:
    """Say what was read from FILE: components, classes, repetitions, and how hard they are."""
    loaded = load(file, **reading)
    account, dataset = loaded.account, loaded.dataset
    counted = profile(dataset)
    near = hardness = None
    if not quick:
        from lossviz.engine.near_duplicates import near_duplicates
        from lossviz.engine.quick_model import hardness as judge

        near, hardness = near_duplicates(dataset), judge(dataset)
    report = counted.to_json(loaded.table, account) | closer_json(near, hardness)
    report["edits"] = json.loads(loaded.edits.to_json())
    say(
        report,
        as_json,
        lambda: [*profile_lines(account, counted), *closer_lines(near, hardness)],
    )


def _counts(component: ComponentProfile) -> str:
    """The values with their texts; of many the commonest."""
    counts = list(zip(component.values, component.counts, strict=True))
    more = len(counts) - MOST_VALUES
    if more > 0:
        counts = sorted(counts, key=lambda pair: -pair[1])[:MOST_VALUES]
    listed = ", ".join(f"{value} {count:,}" for value, count in counts)
    return f"{listed} and {more:,} more" if more > 0 else listed


def profile_lines(account: Account, profile: Profile) -> list[str]:
    """What ``profile`` prints for a person of what is counted."""
    lines = [*account.notes, f"Text: {account.text}. Label: {account.reading}"]
    lines += [f"{one.words} ({one.instead})" for one in account.assumptions]
    lines += [f"Not proposed: {column.words}." for column in account.left_out]
    lines.append(f"{profile.used:,} of {profile.rows:,} rows can be used.")
    lines += [f"Left out, {group.reason}: {group.rows:,}." for group in profile.dropped]
    for component in profile.components:
        lines.append(f"{component.name}: {_counts(component)}.")
    lines.append(
        f"Whole labels: {profile.seen:,} of {profile.possible:,} combinations occur, "
        f"with {profile.smallest:,} to {profile.largest:,} texts each."
    )
    lines += _dependence_lines(profile)
    lines.append(
        f"Texts that occurred before: {profile.duplicates:,} "
        f"({profile.repetitions.repeated_rows:,} but for case and white space); texts with more "
        f"than one label: {profile.contradictory:,} "
        f"({profile.repetitions.contradictory_texts:,})."
    )
    lines += _length_lines(profile)
    lines.append(
        f"Guessing the commonest label ({profile.majority_class}) is right "
        f"{100 * profile.majority_accuracy:.1f} %."
    )
    return lines + list(profile.warnings)


def _dependence_lines(profile: Profile) -> list[str]:
    lines = []
    if profile.classes.surprising:
        row = profile.classes.missing[0]
        lines.append(
            "Never occur though chance would bring 5 texts or more: "
            f"{profile.classes.surprising:,}, "
            f"most of all {row.label} (expected {row.expected:,.1f}, found 0)."
        )
    for dependence in profile.dependences[:3]:
        value = "" if dependence.v is None else f" (V = {dependence.v:.2f}"
        if dependence.low is not None:
            value += f" [{dependence.low:.2f}, {dependence.high:.2f}]"
        value += f", n = {dependence.n:,})" if value else ""
        lines.append(f"{dependence.first} and {dependence.second}: {dependence.words}{value}.")
    return lines


def _length_lines(profile: Profile) -> list[str]:
    text_lengths = profile.lengths
    lines = []
    if text_lengths.run_together:
        lines.append("Hardly any spaces between words: features are runs of 1 to 3 characters.")
    if text_lengths.too_short:
        lines.append(f"Too short, {text_lengths.short_rule}: {text_lengths.too_short:,}.")
    if text_lengths.too_long:
        lines.append(f"Too long, {text_lengths.long_rule}: {text_lengths.too_long:,}.")
    return lines


# What takes longer


def closer_lines(near: NearDuplicates | None, hardness: Hardness | None) -> list[str]:
    """What ``profile`` prints for a person of it."""
    lines = [] if near is None else _near_lines(near)
    if hardness is not None:
        sample = f" of {hardness.of:,}" if hardness.sampled else ""
        lines.append(
            f"A quick linear model on {hardness.texts:,}{sample} texts, "
            f"{hardness.folds}-fold cross-validated, is right:"
        )
        lines += [
            f"  {target.name}: {100 * target.accuracy:.1f} % [{100 * target.low:.1f}, "
            f"{100 * target.high:.1f}]"
            f", guessing {100 * target.guess:.1f} %: {target.verdict}."
            for target in hardness.targets
        ]
    return lines


def _near_lines(near: NearDuplicates) -> list[str]:
    least = "at least " if near.lower_bound and near.with_another else ""
    sample = f" (a random sample of {near.texts:,})" if near.compared < near.texts else ""
    lines = [
        f"Texts nearly the same as another: {least}{near.with_another:,} of "
        f"{near.compared:,}{sample}, in {near.pair_count:,} pairs, {near.contradictory:,} with "
        "different labels."
    ]
    if near.leakage is not None:
        error_rate = near.leakage.test
        lines.append(
            f"Test texts nearly the same as a training text: {least}{error_rate.wrong:,} of "
            f"{error_rate.n:,}, "
            f"{100 * error_rate.rate:.1f} % [{100 * error_rate.low:.1f}, "
            f"{100 * error_rate.high:.1f}]."
        )
    return lines
