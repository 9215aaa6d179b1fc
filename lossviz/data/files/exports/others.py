"""Exports that need a word, and little more."""

from __future__ import annotations

from collections.abc import Iterator

from lossviz.data.files.exports._export import Beginning, Export, Fields, without_prefix


def _is_chat(head: Beginning) -> bool:
    objects = (*head.objects("messages"), *head.objects("conversations"))
    roles = {key for item in objects for key in item}
    return {"role", "content"} <= roles or {"from", "value"} <= roles


def _is_rows(head: Beginning) -> bool:
    return head.has("row_idx") and bool(head.starting("row."))


def _of_row(row: Fields, _head: Beginning) -> Iterator[Fields]:
    yield without_prefix(row, "row.")


CHAT = Export(
    "chat",
    "a chat model's fine-tuning",
    _is_chat,
    refusal="holds conversations for the fine-tuning of a chat model (messages with roles), and no "
    "columns of a text and its labels. Write a row for each conversation: what the user says as "
    "text, and what the assistant answers as label, where its answers are labels.",
)
HUGGING_FACE_ROWS = Export(
    "hugging-face-rows", "Hugging Face", _is_rows, _of_row, "what stands under 'row' is the row"
)
