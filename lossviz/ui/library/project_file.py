"""The project file on the Library page: to download everything, and to bring it back."""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from lossviz.apart import Reading, Stored
from lossviz.compute.campaigns import Gathering
from lossviz.compute.cluster import COMPUTE
from lossviz.compute.workers import Answer
from lossviz.errors import LossVizError
from lossviz.experiments.reference import WeightsPlan
from lossviz.experiments.runs.run import references
from lossviz.experiments.words import count
from lossviz.guards import MAX_UPLOAD
from lossviz.sharing.project import Project
from lossviz.sharing.project_file import SUFFIX, open_apart, write_project
from lossviz.ui.data.upload import progress_of
from lossviz.ui.keeping import Before, go_back, project_of, restore
from lossviz.ui.parts.follow import outdated
from lossviz.ui.parts.progress import bar
from lossviz.ui.parts.words import plain
from lossviz.ui.state.session import Session
from lossviz.ui.uploads import taken

KEY = "lossviz-project"


@dataclass
class Packing:
    """A project file that is being made: the runs' weights are fetched, then all is written.

    :param content: the file, once it is there.
    """

    gatherings: tuple[Gathering, ...]
    writing: Answer[bytes] | None = None
    content: bytes | None = None

    @classmethod
    def of(cls, session: Session) -> Packing:
        """Begin with everything that the session has now."""
        gatherings = tuple(
            Gathering(bench.workers, bench.data.dataset, WeightsPlan(references(bench.lab.runs)))
            for bench in session.every_bench
        )
        for gathering in gatherings:
            gathering.start()
        return cls(gatherings)

    @property
    def share(self) -> float:
        """How much is there of what is fetched."""
        total = sum(gathering.total for gathering in self.gatherings)
        return sum(gathering.done for gathering in self.gatherings) / total if total else 1.0

    @property
    def notice(self) -> str:
        """Why it cannot go on, if it cannot."""
        return next(
            (
                gathering.notice
                for gathering in self.gatherings
                if gathering.notice and not gathering.busy
            ),
            "",
        )

    def tick(self, session: Session) -> None:
        """Take what is ready, and begin what can be begun."""
        for gathering in self.gatherings:
            gathering.tick()
        if self.writing is None and all(each.complete for each in self.gatherings):
            trained = {each.dataset.digest: each.contents for each in self.gatherings}
            self.writing = COMPUTE.submit(write_project, project_of(session, trained), priority=10)
        if self.writing is not None and self.writing.done:
            self.content = self.writing.result()

    def stop(self) -> None:
        """Make it no further."""
        for gathering in self.gatherings:
            gathering.stop()
        if self.writing is not None:
            self.writing.cancel()


@dataclass
class Opening:
    """A project file that is being read."""

    name: str
    reading: Reading[Project]


@dataclass
class ProjectFile:
    """What the section remembers.

    :param before: what the session had before a file was opened.
    """

    packing: Packing | None = None
    opening: Opening | None = None
    opened: str = ""
    problem: str = ""
    before: Before | None = None
    uploads: int = field(default=0)


def project_section(session: Session) -> None:
    """Download the session, and bring one back."""
    mine = _this_file()
    st.subheader("Project file", anchor=False)
    st.markdown(
        "Everything in this session: data, runs with their weights, sweep, study, surfaces and "
        "scenes. It holds your texts. Nothing in it can be executed."
    )
    left, right = st.columns(2, gap="large")
    with left:
        _download(session, mine)
    with right:
        _bring_back(session, mine)


def make_project_file(session: Session) -> None:
    """Begin to make one; the section shows how far it is."""
    _make(session, _this_file())


def _this_file() -> ProjectFile:
    mine: ProjectFile = st.session_state.setdefault(KEY, ProjectFile())
    return mine


def _download(session: Session, mine: ProjectFile) -> None:
    packing = mine.packing
    if packing is None:
        trained = sum(len(references(bench.lab.runs)) for bench in session.every_bench)
        st.button(
            "Make the project file",
            icon=":material/folder_zip:",
            key="project-make",
            on_click=_make,
            args=(session, mine),
            help=f"{count(trained, 'trained run')} and "
            f"{count(len(session.benches) + 1, 'data set')}. "
            "A run's weights are fetched by training it again, to the same numbers.",
        )
    elif packing.content is not None:
        st.download_button(
            f"Download, {len(packing.content) / 2**20:.1f} MB",
            packing.content,
            file_name=f"{_file_name(session)}{SUFFIX}",
            mime="application/zip",
            icon=":material/download:",
            type="primary",
            key="project-download",
            on_click=_forget,
            args=(mine,),
        )
        if len(packing.content) > MAX_UPLOAD:
            st.caption(f"Files of up to {MAX_UPLOAD >> 20} MB can be opened in the browser.")
    else:
        _working(session, mine, packing)


def _working(session: Session, mine: ProjectFile, packing: Packing) -> None:
    def look() -> bool:
        try:
            packing.tick(session)
        except LossVizError as error:
            packing.stop()
            mine.packing, mine.problem = None, str(error)
        if packing.notice:
            mine.packing, mine.problem = None, packing.notice
        return mine.packing is packing and packing.content is None

    look()
    outdated("packing", look, True)
    bar("packing", lambda: (packing.share, "Fetching the runs' weights"))
    st.button("Stop", icon=":material/stop:", key="project-stop", on_click=_give_up, args=(mine,))


def _bring_back(session: Session, mine: ProjectFile) -> None:
    def take() -> None:
        file = st.session_state[f"project-file-{mine.uploads}"]
        if isinstance(file, UploadedFile):  # and not one that was taken before
            _open(mine, file.name, taken(file))

    st.file_uploader(
        f"Open a project file, up to {MAX_UPLOAD >> 20} MB",
        type=[SUFFIX.removeprefix(".")],
        key=f"project-file-{mine.uploads}",
        on_change=take,
        help="Its data, runs and scenes take the place of those in use. Your other data stay, and "
        "one press brings back what was there.",
    )
    if mine.problem:
        st.error(plain(mine.problem), icon=":material/error:")
        st.caption("Your data, runs and settings are as they were.")
    if mine.opening is not None:
        _reading(session, mine, mine.opening)
    if mine.before is not None:
        st.success(plain(f"{mine.opened} is open: {_contents(session)}."), icon=":material/check:")
        st.button(
            "Back to what was there before",
            icon=":material/undo:",
            key="project-undo",
            on_click=_undo,
            args=(session, mine),
        )


def _reading(session: Session, mine: ProjectFile, opening: Opening) -> None:
    if not opening.reading.done:
        bar("opening", lambda: (None, progress_of(opening.reading)))
        outdated("opening", lambda: opening.reading.done, False)
        return
    mine.opening = None
    mine.uploads += 1
    try:
        mine.before = restore(session, opening.reading.result())
        mine.opened = opening.name
    except LossVizError as error:
        mine.problem = str(error)
    st.rerun()


def _make(session: Session, mine: ProjectFile) -> None:
    mine.problem = ""
    mine.packing = Packing.of(session)


def _give_up(mine: ProjectFile) -> None:
    if mine.packing is not None:
        mine.packing.stop()
    _forget(mine)


def _forget(mine: ProjectFile) -> None:
    mine.packing = None


def _open(mine: ProjectFile, name: str, content: Stored) -> None:
    mine.problem, mine.before = "", None
    if content.size > MAX_UPLOAD:
        mine.problem = (
            f"{name} has {content.size / 2**20:.0f} MB; up to {MAX_UPLOAD >> 20} MB can be opened "
            "in the browser. The command line makes a report of a larger one: python -m lossviz "
            "report."
        )
        return
    mine.opening = Opening(name, open_apart(content, name))


def _undo(session: Session, mine: ProjectFile) -> None:
    assert mine.before is not None
    go_back(session, mine.before)
    mine.before = None


def _contents(session: Session) -> str:
    runs = count(len(references(session.lab.runs)), "trained run")
    data = count(len(session.data.dataset), "text")
    scenes = f", {count(len(session.scenes), 'scene')}" if session.scenes else ""
    return f"{session.data.title}, {data}, {runs}{scenes}"


def _file_name(session: Session) -> str:
    kept = "".join(c if c.isalnum() else "-" for c in session.data.title.rsplit(".", 1)[0])
    return kept.strip("-")[:40] or "project"
