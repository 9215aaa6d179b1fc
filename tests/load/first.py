"""``python -m tests.load.first``: from the start of a server to a page, and to the first curve."""

from __future__ import annotations

import argparse
import asyncio
import time

from tests.load.machine import busy
from tests.load.server import serve
from tests.load.visitor import Visitor


async def _first_curve(host: str, begun: float) -> tuple[float, float]:
    visitor = Visitor(host, 0)
    await visitor.arrive()
    drawn = time.perf_counter() - begun
    await visitor.play()
    while visitor.first_curve is None and not visitor.errors:
        await asyncio.sleep(0.01)
    await visitor.close()
    if visitor.first_curve is None:
        raise RuntimeError("; ".join(visitor.errors))
    return drawn, visitor.first_curve


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.first", description=__doc__)
    parser.add_argument("--steal", type=float, default=0.0, help="of a core, by something else")
    with busy(parser.parse_args().steal):
        begun = time.perf_counter()
        with serve() as server:
            drawn, curve = asyncio.run(_first_curve(server.host, begun))
    print(f"from the start to a page {drawn:.1f} s, from Play to the first curve {curve:.1f} s")


if __name__ == "__main__":
    main()
