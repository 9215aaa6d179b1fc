"""What a person changes about labels as they were read: names, values, order, what is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
)

from lossviz.errors import LossVizError
from lossviz.guards import MAX_EDIT_VALUES, MAX_EDITS, check_json

OTHER = "other"
Order = Literal["name", "count", "file"]


def _pairs(given: Any) -> Any:
    return tuple(given.items()) if isinstance(given, Mapping) else given


# An object in JSON, and yet hashable.
Pairs = Annotated[
    tuple[tuple[str, str], ...], BeforeValidator(_pairs), PlainSerializer(dict, when_used="json")
]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PartEdits(_Frozen):
    """What is changed about one component.

    :param part: the component, by the name that was found for it.
    :param name: what it is called; "" for the name that was found.
    :param shown: a value as it was read, and what it is called. Values that are called the same
        are one value.
    :param rest: what every value that ``shown`` does not have is called; "" for itself.
    :param rare: values with fewer rows than this, once they have these names, become one.
    :param other: what that one is called.
    :param sort: the order of the values; numbers by size, everything else by the alphabet.
    :param first: values, as they are called, that come before all others.
    """

    part: str
    name: str = ""
    shown: Pairs = ()
    rest: str = ""
    rare: int = Field(0, ge=0)
    other: str = Field(OTHER, min_length=1)
    sort: Order = "name"
    first: tuple[str, ...] = ()

    def value(self, value: str) -> str:
        """What a value is called, before rare ones become one."""
        return dict(self.shown).get(value) or self.rest or value


class LabelEdits(_Frozen):
    """What is changed about the labels, in this order: values get their names and become one,
    components are left out and put in order, combinations are left out.

    What names a component or a value that the labels do not have does nothing, so that the same
    edits serve another file, or another reading of this one.

    :param parts: the changes to components, each at most once.
    :param order: components, by the names that were found, that come first; the others follow.
    :param without: components, by the names that were found, that are left out.
    :param impossible: combinations whose rows are left out: a value, as it is called, for some
        or all of the components by the names that were found.
    :param least: combinations with fewer rows than this are left out.
    """

    parts: tuple[PartEdits, ...] = ()
    order: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    impossible: tuple[Pairs, ...] = ()
    least: int = Field(0, ge=0)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Edits from their JSON.

        :raises LossVizError: naming the field, what was found and what was expected.
        """
        try:
            check_json(text, MAX_EDITS, MAX_EDIT_VALUES)
        except LossVizError as error:
            raise LossVizError(f"The label edits cannot be read: {error}.") from error
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            problem = error.errors(include_url=False)[0]
            where = ".".join(map(str, problem["loc"])) or "the text"
            raise LossVizError(
                f"The label edits cannot be read: at {where}, {problem['msg'][:1].lower()}"
                f"{problem['msg'][1:]}. Expected an object with some of "
                f"{', '.join(cls.model_fields)}."
            ) from error

    @classmethod
    def called(cls, names: Mapping[str, str]) -> Self:
        """Edits that give components other names, and do nothing else."""
        return cls(parts=tuple(PartEdits(part=part, name=name) for part, name in names.items()))

    def to_json(self) -> str:
        """Only what is changed."""
        return self.model_dump_json(exclude_defaults=True)

    def of(self, part: str) -> PartEdits:
        """The changes to a component."""
        return next(
            (part_edits for part_edits in self.parts if part_edits.part == part),
            PartEdits(part=part),
        )

    def with_part(self, part: str, **fields: Any) -> Self:
        """These edits, with other ones for a component."""
        changed = PartEdits.model_validate(self.of(part).model_dump() | fields)
        rest = tuple(part_edits for part_edits in self.parts if part_edits.part != part)
        kept = () if changed == PartEdits(part=part) else (changed,)
        return self.changed(parts=rest + kept)

    def changed(self, **fields: Any) -> Self:
        """These edits with some fields replaced, validated again."""
        return self.model_validate(self.model_dump() | fields)

    def ordered(self, names: Sequence[str]) -> tuple[str, ...]:
        """All components in their order, those that are left out included.

        :param names: by the names that were found, in the order of the file.
        """
        first = [name for name in dict.fromkeys(self.order) if name in names]
        return (*first, *(name for name in names if name not in first))

    def kept(self, names: Sequence[str]) -> tuple[str, ...]:
        """The components that stay, in their order.

        :raises LossVizError: when none would stay.
        """
        stay = tuple(name for name in self.ordered(names) if name not in self.without)
        if not stay:
            raise LossVizError(
                f"All {len(names)} parts of the label are left out ({', '.join(names)}). "
                "Keep at least one."
            )
        return stay

    def moved(self, names: Sequence[str], part: str, by: int) -> Self:
        """These edits with a component so many places further behind."""
        order = list(self.ordered(names))
        place = max(0, min(len(order) - 1, order.index(part) + by))
        order.remove(part)
        order.insert(place, part)
        return self.changed(order=() if tuple(order) == tuple(names) else tuple(order))
