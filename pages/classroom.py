"""Classroom: the link to what is presented, for everybody in the room."""

from lossviz.ui.present.classroom import classroom
from lossviz.ui.state.session import this_session

classroom(this_session())
