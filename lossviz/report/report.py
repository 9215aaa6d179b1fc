"""The report of a project: one HTML file, whole in itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from lossviz import __version__
from lossviz.arrays import Doubles
from lossviz.report.bundle import (
    ASSETS,
    plotly_script,
    plotly_styles,
    policy,
    report_script,
    styles,
)
from lossviz.report.data import data_section, question_section
from lossviz.report.elements import Section
from lossviz.report.exhibits import run_sections
from lossviz.report.learned import learned_section
from lossviz.report.reproduce import code_section, reproduce_section
from lossviz.report.runs import runs_section
from lossviz.report.sealed import sealed_section
from lossviz.report.surfaces import surfaces_section
from lossviz.report.trade import trade_section
from lossviz.report.trust import trust_section
from lossviz.sharing.project import Project

ESCAPES = {ord(text): f"\\u{ord(text):04x}" for text in "<>&\u2028\u2029"}
"""What could end a script element or a line of code; in JSON it occurs in strings only."""


def report(
    project: Project, *, decided: Doubles | None = None, made: datetime | None = None
) -> str:
    """What was found, as one HTML file that asks nobody for anything.

    :param decided: what deciding by the stated costs gets wrong: see
        :func:`lossviz.experiments.sweep.recommendation.recommend`; without it nothing is said of
    that.
    :param made: when; now by default.
    """
    desk = project.desk
    moment = (made or datetime.now(UTC)).astimezone(UTC)
    scripts = (Markup(plotly_script()), Markup(report_script()))
    return _template().render(
        title=f"What does the loss ask for? {desk.data.title}",
        name="LossViz",
        version=__version__,
        made=f"{moment.day} {moment:%B %Y, %H:%M} UTC",
        policy=policy(scripts, [styles()]),
        plotly=scripts[0],
        unused=plotly_styles(),
        script=scripts[1],
        styles=Markup(styles()),
        sections=sections(project, decided),
    )


def sections(project: Project, decided: Doubles | None = None) -> tuple[Section, ...]:
    """What it says, in this order."""
    desk = project.desk
    return (
        question_section(desk),
        data_section(desk.data),
        runs_section(desk),
        *run_sections(desk),
        *sealed_section(desk),
        trade_section(desk, decided),
        *learned_section(desk),
        surfaces_section(project),
        *trust_section(project),
        code_section(desk),
        reproduce_section(desk),
    )


def embedded(value: Any) -> Markup:
    """JSON that may stand in a script element, whatever names are in it.

    >>> print(embedded({"name": "</script><b>"}))
    {"name":"\\u003c/script\\u003e\\u003cb\\u003e"}
    """
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    # A lone half of a sign, as a hostile file may hold, is no text that can be written down.
    text = text.encode("utf-8", "replace").decode("utf-8")
    return Markup(text.translate(ESCAPES))


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(ASSETS / "report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["embedded"] = embedded
    return environment.get_template("report.html.jinja")
