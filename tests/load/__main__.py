"""``python -m tests.load``: so many browsers on one server, and a small table."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tests.load import comings
from tests.load.comings import Comings
from tests.load.crowd import Crowd, measure


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--sessions", type=int, default=30, help="that train")
    parser.add_argument("--seconds", type=float, default=40.0, help="after all have started")
    parser.add_argument(
        "--room", type=int, default=0, help="sessions that have the page open and do not train"
    )
    parser.add_argument(
        "--wave", action="store_true", help="all press Play within a second, and end together"
    )
    parser.add_argument(
        "--steal", type=float, default=0.0, help="the share of a core that something else takes"
    )
    parser.add_argument("--json", type=Path, metavar="OUT", help="write every number there")
    parser.add_argument(
        "--come-and-go",
        type=float,
        default=0.0,
        metavar="MINUTES",
        help="instead: so many sessions at a time come and go for so long; what memory is left",
    )
    options = vars(parser.parse_args())
    if minutes := options.pop("come_and_go"):
        level = comings.measure(Comings(options["sessions"], minutes), print)
        print(level.table())
        return
    out = options.pop("json")
    result = measure(Crowd(**options), lambda text: print(text, file=sys.stderr))
    print(result.table())
    if out is not None:
        out.write_text(json.dumps(result.to_json(), indent=1) + "\n")


if __name__ == "__main__":
    main()
