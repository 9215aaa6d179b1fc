"""Present: one panel at a time, for a room."""

from lossviz.ui.present.presenter import presenter
from lossviz.ui.state.session import this_session

presenter(this_session())
