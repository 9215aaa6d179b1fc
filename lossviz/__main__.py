"""The command line: ``python -m lossviz``."""

from __future__ import annotations

import click

from lossviz import __version__
from lossviz.commands import COMMANDS


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__)
def main() -> None:
    """What does a loss function for compound labels really ask for?"""


for _command in COMMANDS:
    main.add_command(_command)

if __name__ == "__main__":
    main(prog_name="lossviz")
