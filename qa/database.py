"""An SQLite file, opened with care: made once, never trusted blindly, its errors told in words."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qa.errors import LibraryError

BUSY_TIMEOUT_S = 60.0  # the longest that one `add` waits for another's transaction


def connect(path: Path) -> sqlite3.Connection:
    """Open the file for reading and writing, or for reading where its folder is not writable."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LibraryError(
            f"{path.parent}: cannot make a library there ({error.strerror}); name another folder with --library"
        ) from error
    with translate_errors(path):
        if os.access(path, os.F_OK) and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
            return _connect_read_only(path)
        db = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
        try:
            _switch_to_wal(db)
        except BaseException:
            db.close()
            raise
        return db


def _connect_read_only(path: Path) -> sqlite3.Connection:
    """Open a file in a folder where SQLite cannot make its own; `immutable` is true when no log is left."""
    left = path.with_name(path.name + "-wal").exists()
    uri = f"{path.resolve().as_uri()}?mode=ro{'' if left else '&immutable=1'}"
    return sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)


def _switch_to_wal(db: sqlite3.Connection) -> None:
    """Let readers go on while another process writes. SQLite does not wait for this lock by itself."""
    deadline = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def prepare(db: sqlite3.Connection, path: Path, *, schema: str, application_id: int, version: int) -> None:
    """Make the tables in an empty file; raise LibraryError for a file of another program or a newer version."""
    with translate_errors(path):
        if not _is_empty(db):
            _check(db, path, application_id, version)
            return
        with transaction(db):
            if _is_empty(db):  # another process may have been quicker
                for statement in schema.split(";\n"):
                    db.execute(statement)
                db.execute(f"PRAGMA application_id = {application_id}")
                db.execute(f"PRAGMA user_version = {version}")


def _is_empty(db: sqlite3.Connection) -> bool:
    return bool(db.execute("SELECT count(*) = 0 FROM sqlite_schema").fetchone()[0])


def _check(db: sqlite3.Connection, path: Path, application_id: int, version: int) -> None:
    (found_id,) = db.execute("PRAGMA application_id").fetchone()
    (found_version,) = db.execute("PRAGMA user_version").fetchone()
    if found_id != application_id:
        raise LibraryError(f"{path}: a database of another program; name another folder with --library")
    if found_version > version:
        raise LibraryError(
            f"{path}: written by a newer article-qa (format {found_version}, this one reads {version}); "
            "upgrade with: pip install -U article-qa"
        )
    if found_version < version:
        raise LibraryError(
            f"{path}: written by an older article-qa (format {found_version}, this one reads {version}); "
            "move the file away and add the articles again"
        )


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Write all of it or none of it, also when interrupted."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # SQLite ends it by itself when the disk is full
            db.execute("ROLLBACK")
        raise


@contextmanager
def translate_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into LibraryError with the next step."""
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError) as error:
        reason = str(error)
        raise LibraryError(f"{path}: {_explain(reason)} ({reason})") from error


def _explain(reason: str) -> str:
    """Say what to do about an SQLite error."""
    steps = {
        "not a database": "not a library; move the file away or name another folder with --library",
        "decode": "damaged; put back a copy, or move it away and add the articles again",
        "malformed": "damaged; put back a copy, or move it away and add the articles again",
        "locked": "another process is writing to it; try again when that one is done",
        "readonly": "not writable; name another folder with --library",
        "unable to open": "cannot be opened; check that the folder exists and is writable",
        "vtable": "damaged; put back a copy, or move it away and add the articles again",
        "disk is full": "no space left on the disk; make room and try again",
    }
    return next((step for part, step in steps.items() if part in reason), "cannot be used")
