"""An HTML document, taken apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "img", "br", "hr", "input"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    text: str = ""
    inside: list[str] = field(default_factory=list)
    """The tags that it stands in, from the outside."""


class Document(HTMLParser):
    """Every element, in order, with all text in it.

    :attr:`words` is what a person reads.
    """

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.words = ""
        self._open: list[Element] = []
        self.feed(source)
        self.close()
        assert not self._open, [own.tag for own in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        own = Element(tag, given, inside=[other.tag for other in self._open])
        self.elements.append(own)
        if tag not in VOID:
            self._open.append(own)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for own in self._open:
            own.text += data
        if self._open and self._open[-1].tag not in ("script", "style"):
            self.words += data

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Those with this tag and these attributes; ``kind`` stands for ``class``."""
        wanted = {("class" if name == "kind" else name): own for name, own in attributes.items()}
        return [
            own
            for own in self.elements
            if own.tag == tag and wanted.items() <= own.attributes.items()
        ]

    @property
    def scripts(self) -> list[str]:
        """Those that a browser executes."""
        return [own.text for own in self.all("script") if "type" not in own.attributes]

    @property
    def data(self) -> list[str]:
        """Those that hold JSON."""
        return [own.text for own in self.all("script", type="application/json")]
