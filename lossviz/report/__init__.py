"""The report: a project as one file that needs nothing but a browser."""

from lossviz.report.report import report

__all__ = ["report"]
