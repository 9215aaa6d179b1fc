"""The label schema: which components a compound label has, and which combinations exist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from math import prod
from typing import Self

import numpy as np

from lossviz.arrays import Bools, Integers
from lossviz.errors import LossVizError

Codes = Integers


@dataclass(frozen=True, slots=True)
class Component:
    """One part of the label: its name, and its values in order."""

    name: str
    values: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.name:
            raise LossVizError("A component needs a name.")
        if not self.values:
            raise LossVizError(f"Component {self.name!r} has no values.")
        if len(set(self.values)) != len(self.values):
            raise LossVizError(f"Component {self.name!r} lists a value twice: {self.values}.")


@dataclass(frozen=True)
class LabelTree:
    """Allowed combinations, part by part. A node is a value behind a start of a label.

    Nodes are numbered part by part, then by the start, then by the value, all ascending.

    :param paths: ``(C, K)``, the nodes that each class passes.
    :param siblings: ``(O,)``, the number of each node's group: nodes behind the same start.
    """

    paths: Codes
    siblings: Codes

    @classmethod
    def of(cls, class_codes: Codes) -> Self:
        """The tree of these classes ``(C, K)``.

        >>> LabelTree.of(np.array([[0, 0], [0, 1], [1, 1]]))
        LabelTree(paths=array([[0, 2],
               [0, 3],
               [1, 4]]), siblings=array([0, 0, 1, 1, 2]))
        """
        paths, siblings = np.zeros_like(class_codes), [np.zeros(0, dtype=np.int64)]
        nodes = groups = 0
        for k in range(class_codes.shape[1]):
            starts, behind = np.unique(class_codes[:, : k + 1], axis=0, return_inverse=True)
            paths[:, k] = nodes + behind.reshape(-1)
            _, group = np.unique(starts[:, :k], axis=0, return_inverse=True)
            siblings.append(groups + group.reshape(-1).astype(np.int64))
            nodes += len(starts)
            groups = int(siblings[-1].max()) + 1
        return cls(paths, np.concatenate(siblings))


@dataclass(frozen=True)
class LabelSchema:
    """Components in order, and the joint classes that are allowed.

    A label is handled in three forms: *text* (``"A|C"``), *parts* (``("A", "C")``) and *codes*
    (``(0, 0)``, the index of each part among its component's values).

    :param components: the components, in order. At least one.
    :param classes: the allowed joint classes as codes, in ascending order without repetition.
    :param separator: what stands between the parts in the label's text; ``""`` where every part
        is one character (``AC``).
    """

    components: tuple[Component, ...]
    classes: tuple[tuple[int, ...], ...]
    separator: str = "|"

    def __post_init__(self) -> None:
        if not self.components:
            raise LossVizError("A label needs at least one component.")
        names = [component.name for component in self.components]
        if len(set(names)) != len(names):
            raise LossVizError(f"Two components have the same name: {', '.join(names)}.")
        if not self.classes:
            raise LossVizError("A label schema needs at least one allowed combination.")
        if list(self.classes) != sorted(set(self.classes)):
            raise LossVizError("The allowed combinations must be in ascending order, each once.")
        for codes in self.classes:
            if len(codes) != len(self.components) or not all(
                0 <= code < size for code, size in zip(codes, self.sizes, strict=True)
            ):
                raise LossVizError(f"{codes} is not a combination of the values {self.sizes}.")
        if not self.separator and any(len(v) != 1 for c in self.components for v in c.values):
            raise LossVizError(
                "Values longer than one character need a separator between the parts."
            )

    @classmethod
    def full(cls, components: Sequence[Component], separator: str = "|") -> Self:
        """The schema in which every combination is allowed."""
        combinations = product(*(range(len(component.values)) for component in components))
        return cls(tuple(components), tuple(combinations), separator)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Number of values of each component, ``n_1 .. n_K``."""
        return tuple(len(component.values) for component in self.components)

    @property
    def names(self) -> tuple[str, ...]:
        """The components' names, in order."""
        return tuple(component.name for component in self.components)

    def target_name(self, target: int) -> str:
        """What can be wrong: component ``0 .. K-1`` by its name; behind them the whole label."""
        return (*self.names, "the whole label")[target]

    @property
    def possible(self) -> int:
        """Number of combinations there would be if all were allowed."""
        return prod(self.sizes)

    @cached_property
    def class_codes(self) -> Codes:
        """The allowed classes as an array ``(C, K)``."""
        return np.array(self.classes, dtype=np.int64).reshape(-1, len(self.components))

    @cached_property
    def class_names(self) -> tuple[str, ...]:
        """The text of each allowed class, in order."""
        return tuple(self.format(self.decode(codes)) for codes in self.classes)

    @cached_property
    def _positions(self) -> dict[tuple[int, ...], int]:
        return {codes: position for position, codes in enumerate(self.classes)}

    @cached_property
    def _value_codes(self) -> tuple[dict[str, int], ...]:
        return tuple({v: code for code, v in enumerate(c.values)} for c in self.components)

    @cached_property
    def tree(self) -> LabelTree:
        """The allowed combinations as a tree: which values may follow each start of a label."""
        return LabelTree.of(self.class_codes)

    @cached_property
    def memberships(self) -> tuple[Bools, ...]:
        """For each component ``(C, n_k)``: does class ``c`` have value ``v``?"""
        return tuple(
            self.class_codes[:, k, None] == np.arange(size) for k, size in enumerate(self.sizes)
        )

    @cached_property
    def agreeing(self) -> tuple[tuple[Codes, Bools], ...]:
        """For each component the classes that have a value: their positions ``(m, n_k)``, and
        which of these only fill up to the value with the most classes."""
        return tuple(_filled_up(member) for member in self.memberships)

    def pair(self, first: tuple[int, int, int], second: tuple[int, int, int]) -> LabelSchema:
        """Two components with two values each: the two by two labels inside a larger schema.

        :param first: a component, and two of its values' codes, in the order to be kept.
        :param second: likewise, another component.
        :raises LossVizError: when no label has these values.
        """
        chosen = (first, second)
        components = tuple(
            Component(component.name, (component.values[a], component.values[b]))
            for component, a, b in ((self.components[k], a, b) for k, a, b in chosen)
        )
        codes = self.class_codes[:, [k for k, _, _ in chosen]]
        places = [
            np.where(column == a, 0, np.where(column == b, 1, -1))
            for column, (_, a, b) in zip(codes.T, chosen, strict=True)
        ]
        inside = np.stack(places, axis=1)
        classes = {tuple(row) for row in inside[(inside >= 0).all(axis=1)].tolist()}
        return LabelSchema(components, tuple(sorted(classes)), self.separator)

    def only(self, places: Codes) -> LabelSchema:
        """The same, with these of its classes alone.

        :param places: ascending, ``(C',)``.
        """
        if len(places) == len(self.classes):
            return self
        return replace(self, classes=tuple(self.classes[place] for place in places.tolist()))

    def parse(self, text: str) -> tuple[str, ...]:
        """The parts of a label's text; they need not be known values.

        :raises LossVizError: when the text does not have one part for each component.
        """
        parts = tuple(text.split(self.separator)) if self.separator else tuple(text)
        if len(parts) != len(self.components):
            raise LossVizError(
                f"Expected {len(self.components)} parts ({', '.join(self.names)}), "
                f"found {len(parts)} in {text!r}."
            )
        return tuple(part.strip() for part in parts)

    def format(self, parts: Sequence[str]) -> str:
        """The text of a label from its parts: the inverse of :meth:`parse`."""
        return self.separator.join(parts)

    def encode(self, parts: Sequence[str]) -> tuple[int, ...]:
        """The codes of a label from its parts.

        :raises LossVizError: naming the component and the value that it does not have.
        """
        if len(parts) != len(self.components):
            raise LossVizError(f"Expected {len(self.components)} parts, found {tuple(parts)}.")
        for component, index, part in zip(self.components, self._value_codes, parts, strict=True):
            if part not in index:
                raise LossVizError(
                    f"{part!r} is not a value of component {component.name!r} "
                    f"(known: {', '.join(component.values[:8])})."
                )
        return tuple(index[part] for index, part in zip(self._value_codes, parts, strict=True))

    def decode(self, codes: Sequence[int]) -> tuple[str, ...]:
        """The parts of a label from its codes: the inverse of :meth:`encode`."""
        return tuple(
            component.values[code] for component, code in zip(self.components, codes, strict=True)
        )

    def class_index(self, codes: Codes) -> Codes:
        """The position of each label among the allowed classes; -1 where it is not allowed.

        :param codes: ``(N, K)``.
        :returns: ``(N,)``.
        """
        positions = self._positions
        return np.array([positions.get(tuple(row), -1) for row in codes.tolist()], dtype=np.int64)


TEXTBOOK = LabelSchema.full(
    [Component("first", ("A", "B")), Component("second", ("C", "D"))], separator=""
)
"""AC, AD, BC, BD: the label of the question that started it."""


def _filled_up(member: Bools) -> tuple[Codes, Bools]:
    """Where ``(C, n)`` is true, column by column: the rows' positions ``(m, n)``, and a mask."""
    counts = member.sum(axis=0)
    most = int(counts.max(initial=0))
    order = np.argsort(~member, axis=0, kind="stable")[:most]
    return order.astype(np.int64), np.arange(most)[:, None] >= counts
