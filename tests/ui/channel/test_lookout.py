"""The lookout: who is woken, and when."""

from __future__ import annotations

from weakref import WeakValueDictionary

import pytest

from lossviz.ui.channel import channel as channel_module
from lossviz.ui.channel import socket as socket_module
from lossviz.ui.channel.channel import Channel
from lossviz.ui.channel.socket import AT_ONCE, Lookout
from tests.support.listening import Listener


def test_pages_that_are_outdated_together_are_woken_a_few_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Pages of other tests may be open still, and are looked at too.
    alone: WeakValueDictionary[str, Channel] = WeakValueDictionary()
    for module in (channel_module, socket_module):
        monkeypatch.setattr(module, "CHANNELS", alone)
    over = [False]
    channels = [Channel() for _ in range(2 * AT_ONCE + 1)]
    for channel in channels:
        channel.follow("runs", lambda: over[0], over[0])
    listeners = [Listener(channel) for channel in channels]

    def woken() -> int:
        return sum(bool(listener.woken) for listener in listeners)

    lookout = Lookout()
    assert lookout.look()
    assert woken() == 0
    over[0] = True
    for rounds in (1, 2):
        assert not lookout.look()
        assert woken() == AT_ONCE * rounds
        assert not lookout.look()
        assert woken() == AT_ONCE * rounds, "until those are drawn"
        for channel, listener in zip(channels, listeners, strict=True):
            if listener.woken:
                channel.follow("runs", lambda: over[0], over[0])
    assert lookout.look()
    assert woken() == len(channels)
