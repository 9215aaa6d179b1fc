"""``python -m tests.load``: so many browsers on one server, and a small table."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tests.load.crowd import measure


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--sessions", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=40.0, help="after all have started")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write every number there")
    own = parser.parse_args()
    result = measure(own.sessions, own.seconds, lambda text: print(text, file=sys.stderr))
    print(result.table())
    if own.json is not None:
        own.json.write_text(json.dumps(result.to_json(), indent=1) + "\n")


if __name__ == "__main__":
    main()
