"""The stage: where this session's presentation stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from secrets import token_urlsafe

from lossviz.sharing.project import Scene


@dataclass
class Stage:
    """What presenter mode, the scenes and the classroom page know of each other.

    :param page: the address of the page that was shown last, besides these.
    :param opened: the scene that presenter mode brought the session to: it is not brought there
        again while one only looks at it.
    :param current: the scene that is presented, or was last.
    :param notes: whether the presenter's notes are seen.
    :param arrived: whether presenter mode is what was shown last.
    :param wanted: where a key or a button leads: the query of its address.
    :param notices: what there is to say about the last move.
    :param base: the address of the app as the audience reaches it, where the presenter typed one.
    :param room: under which the classroom page in another window finds what is presented.
    :param before: the scenes before one was deleted, while that can be undone.
    """

    page: str = ""
    opened: Scene | None = None
    current: Scene | None = None
    notes: bool = False
    arrived: bool = False
    wanted: dict[str, str] | None = None
    notices: tuple[str, ...] = ()
    base: str = ""
    room: str = field(default_factory=lambda: token_urlsafe(12))
    before: tuple[Scene, ...] | None = None
