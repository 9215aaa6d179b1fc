"""The quick model beside guessing."""

from __future__ import annotations

from collections.abc import Sequence

from lossviz.experiments.closer_look import Hardness, Target
from lossviz.figures.base.chart import Cell, Chart, by_row, escaped
from lossviz.figures.base.dots import Dot, guess_marks, interval_dots, rows_frame
from lossviz.figures.base.layout import axis, note
from lossviz.figures.base.palette import target_colour

ROW_HEIGHT = 34
COLUMNS = ("part", "right, %", "low", "high", "guessing, %", "n", "in words")


def hardness_beside_guessing(hardness: Hardness | None, parts: int) -> Chart:
    """A row for each component and one for the whole label: how often the quick model is right,
    with its interval, and a dashed tick where guessing is.

    :param parts: number of components.
    """
    targets = () if hardness is None else hardness.targets
    layout = rows_frame(
        [escaped(target.name, 24) for target in targets],
        axis("right, % of texts not trained on", range=[0, 101], ticks="outside", dtick=25),
        110,
        title="" if targets else "part",
        annotations=[] if targets else [note("How hard each part is appears here")],
    )
    title = "A quick model, with 95 % intervals"
    if targets:
        title += f" (n = {targets[0].error.n:,}); dashed: guessing"
    dots = [
        Dot(
            row,
            100 * target.accuracy,
            100 * target.low,
            100 * target.high,
            f"{escaped(target.name)}: {numbers(target)}; {target.verdict}",
        )
        for row, target in enumerate(targets)
    ]
    colours = [target_colour(target.place, parts) for target in targets]
    guesses = guess_marks(
        [100 * target.guess for target in targets], [target.name for target in targets]
    )
    return Chart(
        title,
        _alt(targets),
        (*guesses, interval_dots(dots, colours, name="quick model")) if targets else (),
        layout,
        COLUMNS,
        by_row([_row(target) for target in targets], COLUMNS),
    )


def height_of_hardness(parts: int) -> int:
    """Of the chart, in pixels, before it is known what it shows."""
    return 96 + ROW_HEIGHT * (parts + (parts > 1))


def numbers(target: Target) -> str:
    """``56.6 % [55.2, 58.0], n = 4,850``."""
    low, high = 100 * target.low, 100 * target.high
    return f"{100 * target.accuracy:.1f} % [{low:.1f}, {high:.1f}], n = {target.error.n:,}"


def _row(target: Target) -> tuple[Cell, ...]:
    rates = [
        round(100 * rate, 1) for rate in (target.accuracy, target.low, target.high, target.guess)
    ]
    return (target.name, *rates, target.error.n, target.verdict)


def _alt(targets: Sequence[Target]) -> str:
    if not targets:
        return "The quick model has not been trained yet."
    rows = "; ".join(
        f"{target.name} {numbers(target)}, guessing {100 * target.guess:.1f} %: {target.verdict}"
        for target in targets
    )
    return f"How often a quick model is right: {rows}."
