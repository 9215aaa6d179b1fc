"""The commands: the same engine without a browser."""

from lossviz.commands.fit import fit_command
from lossviz.commands.predict import predict_command
from lossviz.commands.profile import profile_command
from lossviz.commands.report import report_command
from lossviz.commands.surface import surface_command
from lossviz.commands.sweep import sweep_command

COMMANDS = (
    profile_command,
    fit_command,
    predict_command,
    sweep_command,
    surface_command,
    report_command,
)

__all__ = ["COMMANDS"]
