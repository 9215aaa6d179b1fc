"""The command line: ``python -m lossviz``."""

from __future__ import annotations

from time import perf_counter

BEGUN = perf_counter()
"""Before anything is imported, which takes longer than a small fit."""

import click  # noqa: E402

from lossviz import __version__  # noqa: E402
from lossviz.commands import COMMANDS  # noqa: E402


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__)
def main() -> None:
    """What does a loss function for compound labels really ask for?"""


for _command in COMMANDS:
    main.add_command(_command)

if __name__ == "__main__":
    main(prog_name="lossviz", obj=BEGUN)
