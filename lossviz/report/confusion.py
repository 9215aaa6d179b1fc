"""What is taken for what: the matrices of all runs."""

from __future__ import annotations

from collections.abc import Mapping

from lossviz.experiments.evaluation import Confusion, confusion_of_component, confusion_of_labels
from lossviz.figures import Labels, confused, confusion_top
from lossviz.report.elements import Element, Heading, Plot, Plots, Section, Words
from lossviz.report.errors import evaluations
from lossviz.sharing.project import Desk

HEIGHT = 340


def confusion_section(desk: Desk) -> Section:
    """The whole label first, then each part; of very many labels the most confused pairs."""
    found = evaluations(desk)
    if not found:
        nothing = Words("No run has been judged on held-out texts.")
        return Section("confusion", "What is taken for what: not trained", (nothing,))
    schema = desk.data.dataset.schema
    elements: list[Element] = [
        Words(
            "Rows are true labels, columns predictions; a cell says how many held-out texts, and "
            "what share of its row. Where labels are too many for a matrix, the pairs that are "
            "confused most often stand instead. These counts are all that the report says about "
            "single texts.",
            "note",
        )
    ]
    if len(schema.names) > 1:
        matrices = {
            letter: confusion_of_labels(evaluation, schema) for letter, evaluation in found.items()
        }
        elements.append(Heading("The whole label"))
        elements.append(_plots(matrices, "whole label", Labels.whole(schema)))
    for k, name in enumerate(schema.names):
        matrices = {
            letter: confusion_of_component(evaluation, schema, k)
            for letter, evaluation in found.items()
        }
        elements.append(Heading(f"Part: {name}"))
        elements.append(_plots(matrices, name, Labels.component(schema, k)))
    return Section("confusion", "What each run takes for what", tuple(elements))


def _plots(matrices: Mapping[str, Confusion], name: str, labels: Labels) -> Plots:
    top = confusion_top(matrices.values(), "true")
    return Plots(
        tuple(
            Plot.of(confused(letter, matrix, "true", name, top, labels), HEIGHT)
            for letter, matrix in matrices.items()
        )
    )
