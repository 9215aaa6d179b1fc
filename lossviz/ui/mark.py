"""The mark: whether what is here is kept on the server, and what to do about it."""

from __future__ import annotations

from functools import partial

import streamlit as st

from lossviz.ui.keeper import forget, keep_again, standing
from lossviz.ui.library.database import kept_sessions
from lossviz.ui.library.project_file import make_project_file
from lossviz.ui.parts.chart import mounted
from lossviz.ui.parts.follow import bind
from lossviz.ui.parts.words import plain
from lossviz.ui.returning import go_on_with, others_kept
from lossviz.ui.root import ROOT
from lossviz.ui.state.session import Session

_mark = st.components.v2.component(
    "lossviz.kept",
    js=mounted("kept.js"),
    html='<button type="button" class="lv-kept" hidden></button>',
    isolate_styles=False,
)


def kept_mark(session: Session) -> None:
    """Says so beside the data; a press says more."""
    now = bind("kept", partial(standing, session))
    pressed = _mark(
        data={"now": now}, key="kept-mark", width="content", on_pressed_change=lambda: None
    )
    if pressed.pressed:
        _explained(session)


@st.dialog("What is kept")
def _explained(session: Session) -> None:
    kept = session.kept
    if kept.off:
        st.markdown("Nothing of this browser is kept on the server, as you asked.")
    elif not session.browser:
        st.markdown(
            "This browser takes no cookies from here, so what you did would not be found again. "
            "A project file keeps it."
        )
    elif kept_sessions() is None:
        st.markdown("This server keeps no sessions. A project file keeps what you did.")
    elif kept.problem:
        st.markdown(f"{plain(kept.problem)} A project file keeps it.")
    else:
        st.markdown(
            "Data, runs, results, scenes and notes are kept on this server for a day after the "
            "last change. This browser finds them when a page is loaded again, in a new tab, and "
            "after the server was started again; no other browser does. Runs are trained on from "
            "where they were, to the same numbers. A project file keeps all of it for longer."
        )
    for former in others_kept(session):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"This browser has, too: {former.words}.", width="stretch")
            if st.button("Go on with it", key=f"mark-go-on-{former.id}"):
                go_on_with(former)
                st.rerun()
    with st.container(horizontal=True):
        if st.button("Make a project file", icon=":material/folder_zip:", key="mark-make"):
            make_project_file(session)
            st.switch_page(ROOT / "pages" / "library.py")
        if kept.off:
            if st.button("Keep it from now on", key="mark-keep"):
                keep_again(session)
                st.rerun()
        elif session.browser and st.button(
            "Forget it", icon=":material/delete:", key="mark-forget"
        ):
            forget(session)
            st.rerun()
