"""The code of each formulation, to take away."""

from __future__ import annotations

from lossviz.project import Desk
from lossviz.report.blocks import Block, Code, Heading, Section, Words
from lossviz.snippets import snippet


def code_section(desk: Desk) -> Section:
    """A complete program for each formulation that was set up, with its weights in it."""
    schema = desk.data.dataset.schema
    programs: dict[str, list[str]] = {}
    for letter, run in desk.runs.items():
        own = run.experiment.changed(**run.weights.fields())
        programs.setdefault(snippet(own, schema), []).append(letter)
    blocks: list[Block] = [
        Words(
            "Each is a program in plain PyTorch that runs by itself: the loss for these labels, "
            "and a training loop around it with stand-ins for the data.",
            "note",
        )
    ]
    for program, letters in programs.items():
        own = desk.runs[letters[0]].experiment
        which = f"run{'s' if len(letters) > 1 else ''} {', '.join(letters)}"
        title = f"{own.objective.title} ({own.formulation}), {which}"
        blocks += [Heading(title), Code(f"Code: {own.formulation}, {which}", program)]
    return Section("code", "The code of each formulation", tuple(blocks))
