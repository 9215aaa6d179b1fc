"""The library on a disk that is full, or read-only."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
from sqlalchemy import Engine, NullPool, create_engine, event, text

from lossviz.errors import LossVizError
from lossviz.sharing.library import MB, Library, Limits, Links, NotPublished
from lossviz.sharing.library.database import FULL, READ_ONLY, RUNS
from lossviz.sharing.project import Publication
from tests.support.disks import fill, make_read_only, small_disk
from tests.support.postgres import server_user
from tests.support.publications import publication

LIMITS = Limits(run=MB)
PAGE = 4096


def large(name: str = "Large") -> Publication:
    """Half a megabyte that cannot be compressed."""
    return publication(name=name, trained=np.random.default_rng(1).bytes(MB // 2))


def publish_until_full(library: Library) -> list[Links]:
    links: list[Links] = []
    with pytest.raises(LossVizError) as refusal:
        while True:
            links.append(library.publish(large()))
    assert str(refusal.value) == FULL
    assert links
    return links


@pytest.fixture
def disk() -> Iterator[Path]:
    with small_disk(6) as folder:
        yield folder


def library_on(disk: Path) -> Library:
    """Without connections that stay open."""
    return Library(create_engine(f"sqlite:///{disk / 'library.db'}", poolclass=NullPool), LIMITS)


def test_on_a_full_disk_runs_are_opened_and_deleted_and_then_there_is_room(disk: Path) -> None:
    library, reserve = library_on(disk), disk / "library.db-reserve"
    first, *_, last = publish_until_full(library)
    fill(disk)
    library = library_on(disk)  # as after a restart
    assert library.open(last.id).name == "Large"
    for deleted in (first, last):
        runs = library.used().runs
        library.delete(deleted.id, deleted.secret)
        assert library.used().runs == runs - 1
        assert reserve.stat().st_size >= LIMITS.run + MB - 8 * PAGE
        assert library.open(library.publish(large("New")).id).name == "New"
        assert reserve.stat().st_size >= LIMITS.run + MB - 8 * PAGE
        with pytest.raises(LossVizError, match="is full"):
            library.publish(large())


def test_on_a_full_disk_what_has_expired_goes_whatever_it_takes_together(disk: Path) -> None:
    library = library_on(disk)
    days = [library.publish(large(), days=7) for _ in range(5)]
    fill(disk)
    late = Library(
        create_engine(f"sqlite:///{disk / 'library.db'}"),
        Limits(run=MB // 2),  # the room for one, of five
        lambda: datetime.now(UTC) + timedelta(days=8),
    )
    with pytest.raises(NotPublished):
        late.open(days[0].id)
    with late._database.transaction() as connection:
        assert connection.execute(text(f"select count(*) from {RUNS.name}")).scalar_one() == 0


def test_where_the_disk_is_small_less_room_is_kept_and_does(disk: Path) -> None:
    library = Library(create_engine(f"sqlite:///{disk / 'library.db'}"), Limits(run=20 * MB))
    first, *_ = publish_until_full(library)
    fill(disk)
    library.delete(first.id, first.secret)
    assert library.open(library.publish(large("New")).id).name == "New"


def test_a_database_without_room_says_so_and_deletes(tmp_path: Path) -> None:
    """Where nothing can be mounted, too: SQLite's own limit of pages."""
    engine = create_engine(f"sqlite:///{tmp_path / 'library.db'}")
    pages = "PRAGMA max_page_count = 512"
    event.listen(engine, "connect", lambda connection, _: connection.execute(pages))
    library = Library(engine, LIMITS)
    first, *_ = publish_until_full(library)
    library.delete(first.id, first.secret)
    library.publish(large())


def test_a_full_postgresql_says_so_and_deletes(server: str, disk: Path) -> None:
    shutil.chown(disk, server_user())
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    engine = create_engine(f"{server}?options={quote('-c default_tablespace=small')}")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE TABLESPACE small LOCATION '{disk}'"))
        try:
            library = Library(engine, LIMITS)
            first, *_, last = publish_until_full(library)
            fill(disk)
            assert library.open(last.id).name == "Large"
            library.delete(first.id, first.secret)
            assert library.open(last.id).name == "Large"
            with pytest.raises(NotPublished):
                library.open(first.id)
        finally:
            RUNS.metadata.drop_all(connection)
            connection.execute(text("DROP TABLESPACE small"))
            engine.dispose()
            admin.dispose()


def test_what_is_deleted_is_overwritten(tmp_path: Path) -> None:
    file, name = tmp_path / "library.db", "a name that is looked for"
    library = Library(create_engine(f"sqlite:///{file}"), LIMITS)
    links = library.publish(large(name))
    assert name.encode() in file.read_bytes()
    library.delete(links.id, links.secret)
    assert name.encode() not in file.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["library.db", "library.db-reserve"]


def read_but_not_changed(engine: Engine, kept: Links, expired: Links) -> None:
    library = Library(engine, LIMITS, lambda: datetime.now(UTC) + timedelta(days=8))
    assert library.open(kept.id).name == "Kept"
    assert library.about([kept.id])[0].summary.name == "Kept"
    with pytest.raises(NotPublished):
        library.open(expired.id)
    for change in (
        lambda: library.publish(publication()),
        lambda: library.delete(kept.id, kept.secret),
        library.sweep_out,
    ):
        with pytest.raises(LossVizError) as refusal:
            change()
        assert str(refusal.value) == READ_ONLY
    engine.dispose()


@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
def test_on_a_read_only_disk_what_is_there_is_opened(disk: Path, journal: str) -> None:
    library = library_on(disk)
    kept, expired = library.publish(publication(name="Kept")), library.publish(large(), days=7)
    with sqlite3.connect(disk / "library.db") as connection:
        connection.execute(f"PRAGMA journal_mode = {journal}")
    connection.close()
    make_read_only(disk)
    read_but_not_changed(create_engine(f"sqlite:///{disk / 'library.db'}"), kept, expired)


def test_a_database_that_may_only_be_read_is(url: str) -> None:
    """Where nothing can be mounted, too: SQLite's and PostgreSQL's own ways."""
    engine = create_engine(url)
    library = Library(engine, LIMITS)
    kept, expired = library.publish(publication(name="Kept")), library.publish(large(), days=7)
    engine.dispose()
    read_only = (
        url.replace("sqlite:///", "sqlite:///file:") + "?mode=ro&uri=true"
        if url.startswith("sqlite")
        else f"{url}?options={quote('-c default_transaction_read_only=on')}"
    )
    read_but_not_changed(create_engine(read_only), kept, expired)
