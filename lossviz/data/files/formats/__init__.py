"""The formats that are not delimited text, by id. A new one is a new file in this package."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from lossviz.data.files.formats._base import Format

for _module in iter_modules(__path__):
    if not _module.name.startswith("_"):
        import_module(f"{__name__}.{_module.name}")

FORMATS: dict[str, Format] = {
    kind.id: kind() for kind in sorted(Format.__subclasses__(), key=lambda kind: kind.order)
}


def recognise(content: bytes, name: str) -> Format | None:
    """The format of a file that is not compressed; None where it is delimited text, or unknown.

    :param name: decides only where the content cannot.
    """
    return next((form for form in FORMATS.values() if form.recognises(content, name)), None)


__all__ = ["FORMATS", "Format", "recognise"]
