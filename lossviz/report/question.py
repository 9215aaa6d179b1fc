"""The question that the report answers."""

from __future__ import annotations

from lossviz.project import Desk
from lossviz.report.blocks import Section, Words
from lossviz.snippets import weight_symbol
from lossviz.wording import listed

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
