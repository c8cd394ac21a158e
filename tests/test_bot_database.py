"""The bot's database: refused when it is not its own, survived when it cannot be written, and forgetful."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from clock import run
from disk import full_disk

from bot.database import DATABASE_FILE, Database
from bot.errors import StateError

Log = pytest.LogCaptureFixture


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(Database(tmp_path)) as database:
        yield database


def done(database: Database) -> list[int]:
    return [number for (number,) in database.rows("SELECT update_id FROM done ORDER BY 1")]


def note(database: Database, *numbers: int) -> None:
    with database.writing():
        for number in numbers:
            database.execute("INSERT INTO done VALUES (?)", number)


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    """A11: what people asked is readable for the operator's account alone."""
    folder = tmp_path / "a" / "b"
    Database(folder).close()
    assert {(path.name, oct(path.stat().st_mode & 0o777)) for path in (folder, folder / DATABASE_FILE)} == {
        ("b", "0o700"),
        (DATABASE_FILE, "0o600"),
    }


def test_what_was_written_is_there_after_a_kill(tmp_path: Path) -> None:
    """A process that is gone without closing the file has lost nothing that it had written."""
    killed = Database(tmp_path)
    note(killed, 3, 1, 2)
    with closing(Database(tmp_path)) as database:
        assert done(database) == [1, 2, 3]
    killed.close()


def test_a_block_is_written_whole_or_not_at_all(database: Database) -> None:
    """An error in the middle of a block takes back what it had written, and is raised."""

    def fail() -> None:
        with database.writing():
            database.execute("INSERT INTO done VALUES (1)")
            raise ValueError("in the middle")

    with pytest.raises(ValueError, match="in the middle"):
        fail()
    note(database, 2, 2)
    assert done(database) == []
    note(database, 3)
    assert done(database) == [3]


def test_the_number_of_a_row(database: Database) -> None:
    """`execute` says which row it made."""
    with database.writing():
        assert database.execute("INSERT INTO done VALUES (77)") == 77


@pytest.mark.parametrize(
    ("statements", "reason"),
    [
        (["CREATE TABLE t (x)"], "a database of another program; name another folder with QA_BOT_DATA"),
        (
            ["CREATE TABLE t (x)", "PRAGMA application_id = 0x514142", "PRAGMA user_version = 3"],
            "written by a newer article-qa (format 3, this one reads 2); upgrade it, or name another folder with "
            "QA_BOT_DATA",
        ),
    ],
)
def test_foreign_and_newer_files_are_left_alone(tmp_path: Path, statements: list[str], reason: str) -> None:
    """U14: a file that is not this version's own is refused by name, and not changed."""
    path = tmp_path / DATABASE_FILE
    with closing(sqlite3.connect(path)) as other:
        for statement in statements:
            other.execute(statement)
    before = path.read_bytes()
    with pytest.raises(StateError) as caught:
        Database(tmp_path)
    assert str(caught.value) == f"{path}: {reason}"
    assert caught.value.status == 2
    assert path.read_bytes() == before


def test_an_older_file_is_taken_over(tmp_path: Path) -> None:
    """What a bot of format 1 has kept is there, with what it did not know left empty, at every start."""
    path = tmp_path / DATABASE_FILE
    new = "number INTEGER PRIMARY KEY AUTOINCREMENT, chat, asked, at, question, answer, passages, sent"
    with closing(sqlite3.connect(path)) as other:
        for statement in (
            f"CREATE TABLE turns ({new})",
            "INSERT INTO turns VALUES (9, 5, 70, 1.5, 'Who?', 'She.', '[]', '[71]')",
            "PRAGMA application_id = 0x514142",
            "PRAGMA user_version = 1",
        ):
            other.execute(statement)
        other.commit()
    for _ in range(2):
        with closing(Database(tmp_path)) as database:
            row = (9, 5, 70, 1.5, "Who?", "She.", "[]", "[71]", 0, "words", "null")
            assert database.rows("SELECT * FROM turns") == [row]
            assert database.rows("PRAGMA user_version") == [(2,)]


def test_damaged_files_are_left_alone(tmp_path: Path) -> None:
    """U14: a file that is no database, or a broken one, is refused and not changed."""
    path = tmp_path / DATABASE_FILE
    path.write_bytes(b"not a database, but something that somebody may still want" * 100)
    with pytest.raises(StateError, match="file is not a database"):
        Database(tmp_path)
    assert path.read_bytes().startswith(b"not a database, but")
    path.unlink()
    with closing(Database(tmp_path)) as database:
        note(database, *range(5_000))
    pages = path.read_bytes()
    path.write_bytes(pages[:8192] + b"\xff" * 20_000 + pages[28_192:])
    broken = path.read_bytes()
    with pytest.raises(StateError, match=r"damaged; put back a copy, or move it away|cannot be used \("):
        Database(tmp_path)
    assert path.read_bytes() == broken


def test_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """A data folder that is a file is told of with what to do."""
    (tmp_path / "file").touch()
    with pytest.raises(StateError, match=r"cannot be used \(Not a directory\); move it away, or name another folder"):
        Database(tmp_path / "file" / "data")


def test_locked_file_is_survived(database: Database, caplog: Log) -> None:
    """U13: while another process holds the file, blocks are lost with one line of log a minute, and nothing ends."""
    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        note(database, 1)
        note(database, 2)
        assert database.degraded
        assert done(database) == []
        other.execute("ROLLBACK")
    note(database, 3)
    assert not database.degraded
    assert done(database) == [3]
    assert caplog.messages == [f"{database.path} cannot be used (database is locked); going on from memory"]


def test_full_disk_is_survived(database: Database) -> None:
    """U13: a disk without room takes nothing, gives what it has, and is used again when there is room."""
    note(database, 1)
    with full_disk():
        note(database, 2)
        assert done(database) == [1]
        with database.writing():
            database.execute("DELETE FROM done WHERE update_id = 77")
        assert database.degraded, "nothing was changed, so nothing is known to work again"
    note(database, 3)
    assert not database.degraded
    assert done(database) == [1, 3]


def test_complaints_once_a_minute(database: Database, caplog: Log) -> None:
    """U13: an hour of failures is told of sixty times, however many there are."""

    async def fail_for_an_hour() -> None:
        for _ in range(3600):
            database.rows("SELECT * FROM nothing")
            await asyncio.sleep(1)

    run(fail_for_an_hour())
    assert len(caplog.records) == 60
    assert {record.levelno for record in caplog.records} == {logging.ERROR}


def test_closed_file_is_survived(tmp_path: Path) -> None:
    """What comes late, after the end, finds nothing and ends nothing."""
    database = Database(tmp_path)
    database.close()
    assert done(database) == []
    assert database.degraded


def test_no_bytes_are_left(database: Database) -> None:
    """A6: what was deleted is in no byte of the file or of its log of changes."""
    words = "a-question-nobody-should-read"
    with database.writing():
        database.execute("INSERT INTO inbox (update_id, body) VALUES (1, ?)", words)
    files = [database.path, *database.path.parent.glob("*-wal")]
    assert any(words.encode() in path.read_bytes() for path in files)
    with database.writing():
        database.execute("DELETE FROM inbox")
    database.scrub()
    assert not any(words.encode() in path.read_bytes() for path in database.path.parent.iterdir())
