"""The policy: what a browser lets the report do. It lets it ask nobody for anything."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256

NOTHING = ""
"""Plotly adds an empty style element, and then single rules."""


def policy(scripts: Sequence[str], styles: Sequence[str]) -> str:
    """A content security policy for these scripts and styles, and for no others.

    Plotly sets ``style`` attributes on what it draws, in some hundred places of a report, so those
    are allowed; they cannot load anything, as no address is allowed to be loaded from. Pictures
    come from the charts' own downloads, which are drawn in the browser.
    """
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {' '.join(map(hashed, scripts))}",
            f"style-src-elem {' '.join(map(hashed, [*styles, NOTHING]))}",
            "style-src-attr 'unsafe-inline'",
            "img-src data: blob:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def hashed(content: str) -> str:
    """As a policy names the content of an inline element.

    >>> hashed("")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode('ascii')}'"
