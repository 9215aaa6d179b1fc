"""Runs of the library side by side: their errors in one chart, and what each confuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from lossviz.errors import LossVizError
from lossviz.experiments.runs.provisos import looks_words
from lossviz.experiments.runs.run import LETTERS, Run
from lossviz.experiments.words import count
from lossviz.figures import Look, ShownRuns
from lossviz.figures.base.palette import MARKERS
from lossviz.figures.exhibits import EXHIBITS
from lossviz.schema import LabelSchema
from lossviz.ui.library.rows import OwnRun, Row
from lossviz.ui.library.shelf import Shelf
from lossviz.ui.parts.confusion import CONFUSION, target_choice
from lossviz.ui.parts.exhibits import hang
from lossviz.ui.parts.words import plain

MOST = len(LETTERS)


@dataclass(frozen=True, eq=False)
class Judged:
    """A run with its answers, under the letter that it has in the comparison."""

    letter: str
    title: str
    data: str
    schema: LabelSchema
    run: Run


def side_by_side(shelf: Shelf, rows: Sequence[Row]) -> None:
    """What is ticked; runs with the same labels share a chart."""
    runs = _judged(shelf, rows)
    if not runs:
        return
    st.subheader("Side by side" if len(runs) > 1 else "Its errors", anchor=False)
    named = (f"{MARKERS[run.letter]} {run.letter}: {run.title}, on {run.data}" for run in runs)
    st.text("\n".join(named))
    groups = _by_schema(runs)
    if len(groups) > 1:
        st.caption("Runs with different labels cannot share a chart, so each kind has its own.")
    for place, group in enumerate(groups):
        shown = ShownRuns(group[0].schema, {judged.letter: judged.run for judged in group})
        _errors(shown, f"library-{place}")
        target = target_choice(shown.schema, f"library-target-{place}")
        hang(CONFUSION, replace(shown, look=Look(target)), f"library-{place}")
    for bench in {id(row.bench): row.bench for row in rows if isinstance(row, OwnRun)}.values():
        texts = len(next(iter(bench.lab.evaluations.values()), ()))
        if looked := looks_words(bench.lab.looks, texts):
            st.caption(plain(looked))


def _judged(shelf: Shelf, rows: Sequence[Row]) -> list[Judged]:
    runs: list[Judged] = []
    for row in rows:
        taken = [run.letter for run in runs]
        wanted = row.letter if isinstance(row, OwnRun) else ""
        letter = wanted if wanted and wanted not in taken else _free(taken, rows)
        if isinstance(row, OwnRun):
            data = row.bench.data
            if row.run.evaluation is not None:
                runs.append(Judged(letter, row.title, data.title, data.dataset.schema, row.run))
            continue
        try:
            publication = shelf.open(row.key)
        except LossVizError as error:
            st.warning(plain(str(error)), icon=":material/warning:")
            continue
        if publication.run.evaluation is not None:
            runs.append(
                Judged(
                    letter,
                    publication.name,
                    publication.data,
                    publication.schema,
                    publication.run,
                )
            )
    return sorted(runs, key=lambda run: run.letter)


def _free(taken: Sequence[str], rows: Sequence[Row]) -> str:
    """A letter that none of them has; where all are wanted, the first that is not taken."""
    wanted = [row.letter for row in rows if isinstance(row, OwnRun)]
    free = [letter for letter in LETTERS if letter not in taken]
    return next((letter for letter in free if letter not in wanted), free[0])


def _by_schema(runs: Sequence[Judged]) -> list[list[Judged]]:
    groups: dict[LabelSchema, list[Judged]] = {}
    for run in runs:
        groups.setdefault(run.schema, []).append(run)
    return list(groups.values())


def _errors(runs: ShownRuns, key: str) -> None:
    hang(EXHIBITS["errors"], runs, key)
    if not runs.alike:
        sizes = ", ".join(
            f"{letter} on {count(len(evaluation), 'text')}"
            for letter, evaluation in runs.evaluations.items()
        )
        st.caption(
            f"They were judged on different held-out texts ({sizes}), so their intervals say less "
            "about a difference than those of runs on the same texts."
        )
