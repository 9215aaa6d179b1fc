"""The data: what there is, and what was left out."""

from __future__ import annotations

from lossviz.data import Dataset, Profile, profile
from lossviz.experiments.words import count, listed, percent, weight_symbol
from lossviz.figures.data.shown import ShownProfile
from lossviz.figures.exhibits import REPORT, placed
from lossviz.report.elements import Element, Plots, Points, Section, TextTable, Words
from lossviz.sharing.project import Data, Desk


def data_section(data: Data) -> Section:
    """Texts, parts, values, and what to know before believing in a number."""
    dataset = data.dataset
    profiled = profile(dataset)
    elements: list[Element] = [
        Words(_what(data, profiled)),
        Words(
            f"Always guessing the commonest label, {profiled.majority_class}, would be right on "
            f"{percent(profiled.majority_accuracy)} of them.",
        ),
        *_sampled(dataset),
        _parts(profiled),
        *_charts(profiled),
        *_left_out(profiled),
        Points(tuple(("", warning) for warning in (*_repeated(profiled), *profiled.warnings))),
    ]
    title = f"The data: {count(len(dataset), 'text')} with {count(profiled.seen, 'label')}"
    return Section("data", title, tuple(elements))


def _what(data: Data, profile: Profile) -> str:
    parts = count(len(profile.components), "part")
    return (
        f"{data.title}: {count(profile.used, 'text')} are used, of {count(profile.rows, 'row')}. "
        f"Labels have {parts}; {profile.seen:,} of "
        f"{count(profile.possible, 'possible combination')} "
        f"occur, with {profile.smallest:,} to {count(profile.largest, 'text')} each. Texts have "
        f"{profile.words.median:,.0f} words in the median. The data set's digest is "
        f"{data.dataset.digest}."
    )


def _sampled(dataset: Dataset) -> list[Element]:
    sampled = dataset.sampled
    if sampled is None:
        return [Words("All of them were used, not a sample.", "note")]
    return [
        Words(
            f"This is a sample of {len(dataset):,} of {sampled.whole:,} texts, drawn at random "
            "(seed "
            f"{sampled.seed}) so that each label keeps its share. Everything below is about the "
            "sample; the command line trains on all texts.",
            "warning",
        )
    ]


def _parts(profile: Profile) -> TextTable:
    rows = [
        (component.name, value, texts, f"{100 * texts / profile.used:.1f} %")
        for component in profile.components
        for value, texts in zip(component.values, component.counts, strict=True)
    ]
    return TextTable.of(
        "Parts of the label and their values", ("part", "value", "texts", "%"), rows
    )


def _charts(profile: Profile) -> list[Element]:
    """Of labels with a single part the table says the same."""
    if len(profile.components) == 1:
        return []
    shown = ShownProfile(profile)
    return [Plots.of(exhibit, shown) for exhibit in placed(REPORT, ShownProfile)]


def _left_out(profile: Profile) -> list[Element]:
    if not profile.dropped:
        return [Words("No row was left out.")]
    rows = [(dropped_count.reason, dropped_count.rows) for dropped_count in profile.dropped]
    total = sum(dropped_count.rows for dropped_count in profile.dropped)
    return [
        Words(f"{count(total, 'row')} of the file {'was' if total == 1 else 'were'} left out."),
        TextTable.of("Rows that were left out, and why", ("reason", "rows"), rows),
    ]


def _repeated(profile: Profile) -> tuple[str, ...]:
    repetitions = profile.repetitions
    if not repetitions.repeated_rows:
        return ("No text occurs twice, but for case and white space.",)
    again = (
        f"{count(repetitions.repeated_rows, 'text')} occurred before, but for case and white "
        "space; "
        "identical texts are kept on one side of the split."
    )
    if not repetitions.contradictory_texts:
        return (again, "No text occurs with more than one label.")
    return (
        again,
        f"{count(repetitions.contradictory_texts, 'different text')} occur with more than one "
        "label, in "
        f"{count(repetitions.contradictory_rows, 'row')}: no model can be right on all of them.",
    )


TITLE = "The question: what does the loss ask for, and do its weights matter?"


def question_section(desk: Desk) -> Section:
    """What is asked, of these labels."""
    names = desk.data.dataset.schema.names
    if len(names) == 1:
        asked = (
            f"The labels have a single part, {names[0]}, so there is nothing to weigh against it. "
            "What can be asked is how often each run is wrong on it."
        )
    else:
        weighed = listed([f"{weight_symbol(k)} on {name}" for k, name in enumerate(names)])
        asked = (
            f"A label is made of {listed(names)}. A loss may look at the whole label or at its "
            f"parts, and put a weight on each: {weighed}. What does each loss really ask for, and "
            "does moving these weights change anything on these data?"
        )
    return Section(
        "question",
        TITLE,
        (
            Words(asked, "lead"),
            Words(
                "“Wrong on” a part means: that part of the predicted label differs from the true "
                "one. “The whole label” is wrong when any part is. Brackets hold 95 % intervals, "
                "and n is how many held-out texts a rate was counted on.",
                "note",
            ),
        ),
    )
