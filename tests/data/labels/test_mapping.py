"""Proposing the text and the label columns."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lossviz.data import ColumnMapping, Table, propose_mapping
from lossviz.errors import LossVizError

Make = Callable[..., Table]
N = 60

COLUMNS: dict[str, list[str]] = {
    "id": [str(1000 + n) for n in range(N)],
    "hash": [f"{n * 2654435761 % 2**32:08x}" for n in range(N)],
    "text": [f"this is the text number {n}, and it says something {n * 7}" for n in range(N)],
    "short_text": [f"text {n}" for n in range(N)],
    "url": [f"https://example.org/{n}/index.html?query=something-long-{n}" for n in range(N)],
    "label": ["AB"[n % 2] for n in range(N)],
    "label_text": [("alpha", "beta")[n % 2] for n in range(N)],
    "compound": [f"{'AB'[n % 2]}|{'CD'[n // 2 % 2]}" for n in range(N)],
    "sentiment": [("pos", "neg", "neutral")[n % 3] for n in range(N)],
    "original_sentiment": [("pos", "neg", "neutral")[n // 7 % 3] for n in range(N)],
    "topic": [("sport", "food", "art", "law")[n // 3 % 4] for n in range(N)],
    "tone": [("kind", "rude")[n // 5 % 2] for n in range(N)],
    "kind": [("ask", "tell")[n // 4 % 2] for n in range(N)],
    "mood": [("up", "down")[n // 6 % 2] for n in range(N)],
    "source": [("web", "mail")[n // 11 % 2] for n in range(N)],
    "constant": ["x"] * N,
    "price": [f"{n * 1.5:.2f}" for n in range(N)],
    "toxic": ["01"[n % 3 == 0] for n in range(N)],
    "very_toxic": ["01"[n % 6 == 0] for n in range(N)],
    "rude": ["01"[n // 2 % 5 == 0] for n in range(N)],
    "has_caps": ["01"[n % 7 < 3] for n in range(N)],
    "unclear": [("FALSE", "TRUE")[n % 9 == 0] for n in range(N)],
    "crossed": [("", "x")[n % 4 == 1] for n in range(N)],
    "ticked": [("", "x")[n % 5 == 2] for n in range(N)],
    "irony": ["01"[n // 3 % 4 == 0] for n in range(N)],
    "sarcasm": ["01"[n // 4 % 3 == 0] for n in range(N)],
    "label_1": ["01"[n % 5 == 0] for n in range(N)],
    "label_2": ["01"[n % 5 == 1] for n in range(N)],
    "label_3": ["01"[n % 5 == 2] for n in range(N)],
    "label_4": ["01"[n % 5 == 3] for n in range(N)],
    "label_5": ["01"[n % 7 == 3] for n in range(N)],
    "tags": [("joy", "anger", "joy,anger", "fear", "fear,joy")[n % 5] for n in range(N)],
    "month": [f"20{n % 3}0-0{n // 3 % 4 + 1}" for n in range(N)],
}


def propose(make: Make, *names: str, **chosen: object) -> ColumnMapping:
    rows = list(zip(*(COLUMNS[name] for name in names), strict=True))
    return propose_mapping(make(list(names), rows), **chosen)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("columns", "text", "labels"),
    [
        (("text", "label"), "text", ("label",)),
        (("label", "text"), "text", ("label",)),
        (("id", "text", "compound", "sentiment"), "text", ("compound", "sentiment")),
        (("id", "text", "label", "topic", "source"), "text", ("label", "topic")),
        (("text", "label", "label_text"), "text", ("label",)),
        (("id", "hash", "text", "url", "sentiment"), "text", ("sentiment",)),
        (
            ("text", "sentiment", "original_sentiment", "topic", "source"),
            "text",
            ("sentiment", "topic"),
        ),
        (
            ("text", "topic", "kind", "tone", "mood", "sentiment"),
            "text",
            ("topic", "kind", "tone", "mood", "sentiment"),
        ),
        (("text", "topic", "constant", "price"), "text", ("topic",)),
        (("text", "source"), "text", ("source",)),
        (("text", "month", "topic", "tone"), "text", ("topic", "tone")),
        (("short_text", "text", "tone"), "text", ("tone",)),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, tuple) else value,
)
def test_the_columns_a_person_would_choose_are_proposed(
    make_table: Make, columns: tuple[str, ...], text: str, labels: tuple[str, ...]
) -> None:
    mapping = propose(make_table, *columns)
    assert (mapping.text, mapping.labels) == (text, labels)
    assert len(mapping.reading.names) == len(labels) + ("compound" in labels)


@pytest.mark.parametrize(
    ("columns", "labels", "kind"),
    [
        (("id", "text", "toxic", "very_toxic", "rude"), ("toxic", "very_toxic", "rude"), "yes/no"),
        (
            ("toxic", "text", "rude", "unclear", "has_caps"),
            ("toxic", "rude", "unclear", "has_caps"),
            "yes/no",
        ),
        (("text", "crossed", "ticked", "rude"), ("crossed", "ticked", "rude"), "yes/no"),
        (("text", "irony", "sarcasm"), ("irony", "sarcasm"), "yes/no"),
        (
            ("text", "label", "toxic", "very_toxic", "rude"),
            ("label", "toxic", "very_toxic", "rude"),
            "columns",
        ),
        (
            ("text", "label_1", "label_2", "label_3", "label_4", "label_5"),
            ("label_1", "label_2", "label_3", "label_4", "label_5"),
            "yes/no",
        ),
        (("text", "tags", "source"), ("tags",), "tags"),
        (("text", "sentiment", "has_caps"), ("sentiment", "has_caps"), "columns"),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, tuple) else value,
)
def test_columns_of_yes_and_no_are_proposed_together(
    make_table: Make, columns: tuple[str, ...], labels: tuple[str, ...], kind: str
) -> None:
    mapping = propose(make_table, *columns)
    assert (mapping.text, mapping.labels, mapping.reading.kind) == ("text", labels, kind)


def test_of_many_columns_of_yes_and_no_the_twelve_that_vary_most_are_proposed(
    make_table: Make,
) -> None:
    names = [f"emotion{k}" for k in range(15)]
    rows = [
        [f"the text number {n}", *("01"[n % (k + 2) == 0] for k in range(15))] for n in range(200)
    ]
    mapping = propose_mapping(make_table(["text", *names], rows))
    assert mapping.labels == tuple(names[:12])
    assert mapping.reading.evidence.startswith("12 yes/no columns (1 and 0 in the file)")


def test_texts_without_spaces_are_texts(make_table: Make) -> None:
    rows = [[f"这部电影非常好看第{n}集", ("好", "坏")[n % 2]] for n in range(30)]
    mapping = propose_mapping(make_table(["c1", "c2"], rows))
    assert (mapping.text, mapping.labels) == ("c1", ("c2",))


def test_a_label_that_alternates_is_seen_in_a_large_table(make_table: Make) -> None:
    rows = [[f"the text number {n}", "AB"[n % 2]] for n in range(20_000)]
    assert propose_mapping(make_table(["c1", "c2"], rows)).labels == ("c2",)


def test_what_is_chosen_is_kept(make_table: Make) -> None:
    mapping = propose(make_table, "text", "short_text", "label", "topic", text="short_text")
    assert (mapping.text, mapping.labels) == ("short_text", ("label", "topic"))
    mapping = propose(make_table, "text", "label", "topic", "tone", labels=["tone", "topic"])
    assert (mapping.text, mapping.labels) == ("text", ("tone", "topic"))
    assert mapping.reading.names == ("tone", "topic")


def test_a_chosen_separator_is_kept(make_table: Make) -> None:
    mapping = propose(make_table, "text", "month", labels=["month"], separator="-")
    assert (mapping.reading.kind, mapping.reading.separator) == ("separator", "-")


@pytest.mark.parametrize(
    ("columns", "chosen", "words"),
    [
        (("text", "label"), {"text": "texts"}, "no column 'texts'.*'text', 'label'"),
        (("text", "label"), {"labels": ["lable"]}, "no column 'lable'.*'text', 'label'"),
        (("text", "label"), {"text": "text", "labels": ["text"]}, "different columns"),
        (("text", "label"), {"labels": ["label", "label"]}, "different columns"),
        (("id", "price"), {}, "looks like text.*Choose the text column.*'id', 'price'"),
        (("id", "text"), {}, "looks like a label.*Choose the label column.*'id', 'text'"),
    ],
)
def test_what_cannot_be_found_is_listed(
    make_table: Make, columns: tuple[str, ...], chosen: dict[str, object], words: str
) -> None:
    with pytest.raises(LossVizError, match=words):
        propose(make_table, *columns, **chosen)
