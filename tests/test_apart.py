"""Reading in processes of their own: a few at once, and no longer than anybody waits."""

from __future__ import annotations

import gc
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import IO

import psutil
import pytest

from lossviz import apart
from lossviz.apart import AT_ONCE, NICE, Reader, Reading, Stored
from lossviz.errors import LossVizError
from tests.conftest import ROOT
from tests.load.test_end import left
from tests.support.waiting import wait_until


def repeat(content: bytes, out: IO[bytes], times: int) -> None:
    out.write(content * times)


def stand_still(content: bytes, out: IO[bytes]) -> None:
    """In C, where nothing of this process gets a turn."""
    re.fullmatch(rb"(a+)+", b"a" * 60 + b"b")


def refuse(content: bytes, out: IO[bytes]) -> None:
    out.write(b"half of it")
    raise LossVizError("This is odd.")


def reading(content: bytes = b"ab") -> Reading[bytes]:
    return Reading(Reader(repeat, lambda file: file.read()), Stored(content), "x", 3, advice="")


def endless(size: int = 1) -> Reading[None]:
    return Reading(Reader(stand_still, lambda _: None), Stored(b"x" * size), "x", advice="Do.")


def below() -> list[psutil.Process]:
    """Those that read for this process."""
    readers = []
    for child in psutil.Process().children():
        with suppress(psutil.Error):  # it has just ended
            if apart.__name__ in child.cmdline():
                readers.append(child)
    return readers


def test_what_was_read_comes_back() -> None:
    assert reading().result() == b"ababab"


def test_several_may_read_the_same_content() -> None:
    content = Stored(b"some of it")
    reader: Reader[bytes] = Reader(repeat, lambda file: file.read())
    both = [Reading(reader, content, "x", 1, advice="") for _ in range(2)]
    assert [each.result() for each in both] == [content.read()] * 2


def test_a_sentence_is_all_that_comes_back() -> None:
    refused = Reading(Reader(refuse, lambda _: None), Stored(b""), "x", advice="")
    with pytest.raises(LossVizError, match=r"^This is odd\.$"):
        refused.result()


def test_who_comes_late_waits_and_is_told_for_whom() -> None:
    first = [endless(20_000_000) for _ in range(AT_ONCE)]
    late, last = reading(), reading()
    waiting = [each.before[0] for each in (*first, late, last)]
    assert waiting == [0] * AT_ONCE + [AT_ONCE, AT_ONCE + 1]
    assert late.before[1] > 0
    assert not late.wait(0.5)
    assert len(below()) == AT_ONCE
    last.stop()
    assert last.done
    first[1].stop()
    assert late.before == (0, 0.0)
    assert late.result() == b"ababab"
    with pytest.raises(LossVizError, match="stopped"):
        first[1].result()
    first[0].stop()


def test_what_nobody_keeps_is_given_up() -> None:
    forgotten = endless()
    wait_until(lambda: len(below()) == 1)
    del forgotten
    gc.collect()
    wait_until(lambda: not below())
    assert reading().result() == b"ababab"


def test_it_gives_way_to_whoever_trains() -> None:
    going = endless()
    lower = min(os.nice(0) + NICE, 19)
    wait_until(lambda: [child.nice() for child in below()] == [lower])
    going.stop()


PARENT = """
import time
from tests.test_apart import endless
reading = endless()
print("begun", flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it ends after its seconds")
def test_it_ends_with_a_parent_that_is_killed() -> None:
    command = [sys.executable, "-c", PARENT]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        (child,) = psutil.Process(parent.pid).children()
        wait_until(lambda: child.cpu_times().user > 1.0)  # it is at work, and hears of nothing
        begun = time.monotonic()
        parent.send_signal(signal.SIGKILL)
        wait_until(lambda: not left([child]))
    assert time.monotonic() - begun < 2.0
