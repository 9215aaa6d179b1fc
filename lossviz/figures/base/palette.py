"""Colours and marks: the same on every page."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

TEXT = "text"
"""Stands for the theme's text colour; the browser knows which that is."""
PAPER = "paper"
"""Stands for the theme's background colour."""
COMPONENTS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#999999")
"""Okabe–Ito, in the order of the components."""
NEUTRAL = "#858B92"
"""Between two components' colours; at least 3.4 : 1 on the background of both themes."""
SYMBOLS = {"A": "circle", "B": "square", "C": "diamond", "D": "triangle-up"}
GLYPHS = {"circle": "●", "square": "■", "diamond": "◆", "triangle-up": "▲"}
"""The symbols, where words have to do."""
MARKERS = {letter: GLYPHS[symbol] for letter, symbol in SYMBOLS.items()}
DASHES = {"A": "solid", "B": "dash", "C": "dot", "D": "dashdot"}
DASH_MARKS = {"solid": "━━", "dash": "╍╍", "dot": "┅┅", "dashdot": "━╍"}
"""The dashes, where words have to do."""

CIVIDIS = (
    (0.0, "#00224E"),
    (0.125, "#123570"),
    (0.25, "#3B496C"),
    (0.375, "#575D6D"),
    (0.5, "#707173"),
    (0.625, "#8A8678"),
    (0.75, "#A59C74"),
    (0.875, "#C3B369"),
    (1.0, "#FEE838"),
)
"""Perceptually even, and the same for most kinds of colour vision."""


def component_colour(k: int) -> str:
    """The colour of component ``k``, counted from 0."""
    return COMPONENTS[k % len(COMPONENTS)]


def target_colour(target: int, parts: int) -> str:
    """Of a component, or of the whole label, which comes after the last of so many parts."""
    return component_colour(target) if target < parts else TEXT


def shade(share: float) -> str:
    """The cividis colour at a share of the scale between 0 and 1."""
    share = min(max(share, 0.0), 1.0)
    for (low, dark), (high, light) in pairwise(CIVIDIS):
        if share <= high:
            return mixed(dark, light, (share - low) / (high - low))
    return CIVIDIS[-1][1]


def mixed(first: str, second: str, share: float) -> str:
    """A colour between two.

    >>> mixed("#000000", "#FFFFFF", 0.5)
    '#808080'
    """
    both = zip(_rgb(first), _rgb(second), strict=True)
    return "#{:02X}{:02X}{:02X}".format(*(round(a + share * (b - a)) for a, b in both))


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2).

    >>> contrast("#000000", "#FFFFFF")
    21.0
    """
    brighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


@cache
def readable_on(colour: str) -> str:
    """Black or white, whichever stands out more: always at least 4.58 : 1.

    The product of the two contrasts is 21 for every colour, so the larger is at least √21.
    """
    return max(("#000000", "#FFFFFF"), key=lambda ink: contrast(ink, colour))


@cache
def black_from() -> float:
    """The share of the scale from which on black is :func:`readable_on` its colours, and white
    before: found by halving, as a matrix asks it of every cell."""
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (low, middle) if readable_on(shade(middle)) == "#000000" else (middle, high)
    return high


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if (part := value / 255) <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for value in _rgb(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ink(mark: str, colour: str) -> str:
    """A mark of the key, in its colour; the text's needs nothing said."""
    return mark if colour == TEXT else f'<span style="color:{colour}">{mark}</span>'


ARM_SYMBOLS = (
    "square",
    "diamond",
    "triangle-up",
    "cross",
    "star",
    "x",
    "triangle-down",
    "pentagon",
    "hexagram",
    "bowtie",
    "hourglass",
)
"""One for each weighting, in the protocol's order; fixed weights are circles."""
