"""The bundle: the modules that draw charts on the pages, as one script without addresses.

A page loads these modules from the server, and each imports its neighbours by their address. A file
that is opened from a disk has no server, and a policy that lets scripts be loaded from ``blob:`` or
``data:`` lets any script be. So each module becomes a function in one script, whose hash the policy
names; the modules themselves stay as they are.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

import plotly

ASSETS = Path(__file__).resolve().parents[2] / "assets"
MODULES = ("table.js", "rings.js", "line.js", "weights.js", "chart.js", "surface.js")
ENTRY = "report/report.js"
PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"

_EXPORT = re.compile(r"^export (default )?((?:async )?(?:function|class) (\w+))", re.MULTILINE)
_WRAPPED = """\
window.lossvizPlotly = Promise.resolve(window.Plotly);
const modules = new Map();
const load = (address) => {{
  const name = String(address).split("?")[0].split("/").at(-1);
  if (!modules.has(name)) modules.set(name, sources[name]());
  return modules.get(name);
}};
const sources = {{
{modules}
}};
(async () => {{
{entry}
}})();
"""


@cache
def plotly_script() -> str:
    """The library that draws."""
    return inline(PLOTLY.read_text(encoding="utf-8"))


@cache
def plotly_styles() -> tuple[str, ...]:
    """The ids of style elements that the library adds unless they are there: those of its maps,
    which no report has. Elements with these ids keep the policy free of them."""
    return tuple(re.findall(r'getElementById\("([0-9a-f]{64})"\)', plotly_script()))


@cache
def report_script() -> str:
    """Our own modules, and what begins with them."""
    modules = [module(name, (ASSETS / name).read_text(encoding="utf-8")) for name in MODULES]
    entry = (ASSETS / ENTRY).read_text(encoding="utf-8")
    return inline(_WRAPPED.format(modules=",\n".join(modules), entry=entry))


@cache
def styles() -> str:
    """What the charts look like on the pages, and what the report looks like."""
    files = (ASSETS / "lossviz.css", ASSETS / "report" / "report.css")
    return inline("\n".join(file.read_text(encoding="utf-8") for file in files))


def module(name: str, source: str) -> str:
    """One module as a function that returns what it exports.

    >>> print(module("one.js", "export function two() {}"))
    "one.js": async () => {
    function two() {}
    return { two };
    }
    """
    exported = [("default", name) if default else (name, name) for default, name in _names(source)]
    body = _EXPORT.sub(r"\2", source)
    if re.search(r"^(?:import|export)\b", body, re.MULTILINE):
        raise ValueError(f"{name} imports or exports in a way that cannot be bundled")
    # Addresses lead nowhere in a file of its own; only their last part is looked at.
    body = re.sub(r"\bimport\(", "load(", body).replace("import.meta.url", '"file:///"')
    names = ", ".join(text if key == text else f"{key}: {text}" for key, text in exported)
    return f"{json.dumps(name)}: async () => {{\n{body.strip()}\nreturn {{ {names} }};\n}}"


def _names(source: str) -> Sequence[tuple[str, str]]:
    """Of each export, whether it is the default, and its name."""
    return [(export[1] or "", export[3]) for export in _EXPORT.finditer(source)]


def inline(text: str) -> str:
    """Text that may stand in an element of a page as it is.

    :raises ValueError: where the browser would take it for the element's end.
    """
    if re.search(r"</(?:script|style)|<!--", text, re.IGNORECASE):
        raise ValueError("a script or style holds something that ends it")
    return text


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
