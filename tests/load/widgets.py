"""What a browser tells the server about a widget that it has just mounted."""

from __future__ import annotations

from typing import Any

from streamlit.proto.Element_pb2 import Element
from streamlit.proto.WidgetStates_pb2 import WidgetState


def content(element: Element) -> tuple[str, Any]:
    """The kind of an element, and its own message."""
    kind = element.WhichOneof("type") or ""
    return kind, getattr(element, kind, None)


def mounted(element: Element) -> WidgetState | None:
    """A widget's state after mounting: its default, or what the script set it to.

    None for what is not a widget, and for one that has no value before it is used.
    """
    kind, own = content(element)
    describe = _KINDS.get(kind)
    if describe is None or not own.id:
        return None
    value = describe(own)
    if value is None:
        return None
    state = WidgetState(id=own.id)
    if isinstance(value, list):
        state.string_array_value.data.extend(value)
    elif isinstance(value, str):
        state.string_value = value
    else:
        state.double_value = value
    return state


def _slider(own: Any) -> list[str] | None:
    if not own.options:
        return None
    return list(own.raw_value) if own.set_value else [own.options[int(k)] for k in own.default]


def _group(own: Any) -> list[str]:
    return list(own.raw_values) if own.set_value else [own.options[k].content for k in own.default]


def _choice(own: Any) -> str | None:
    if own.set_value:
        return str(own.raw_value)
    return str(own.options[own.default]) if own.HasField("default") else None


def _typed(own: Any) -> str | float:
    value: str | float = own.value if own.set_value else own.default
    return value


_KINDS = {
    "slider": _slider,
    "button_group": _group,
    "selectbox": _choice,
    "radio": _choice,
    "number_input": _typed,
    "text_input": _typed,
}
