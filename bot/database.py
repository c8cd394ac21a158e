"""The bot's SQLite file: opened with care, written in short transactions, survived when the disk fails.

Every call is made on the event loop. `synchronous = NORMAL` keeps what was committed when the process is killed; only
a power cut can take the last moments. Deleted text is overwritten (`secure_delete`).
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.errors import StateError

DATABASE_FILE = "bot.sqlite3"
_BUSY_MS = 100  # the event loop waits no longer for a lock that another process holds
_QUIET_S = 60.0  # between two lines of log about a database that cannot be written
_APPLICATION_ID = 0x514142  # "QAB": marks the file as ours
_FORMAT = 2
_FORMAT_1 = """
ALTER TABLE turns ADD COLUMN user INTEGER NOT NULL DEFAULT 0;
ALTER TABLE turns ADD COLUMN kind TEXT NOT NULL DEFAULT 'words';
ALTER TABLE turns ADD COLUMN said TEXT NOT NULL DEFAULT 'null'
"""  # to what is new in format 2

_SCHEMA = """
CREATE TABLE inbox (update_id INTEGER PRIMARY KEY, chat INTEGER, tries INTEGER DEFAULT 0, body TEXT NOT NULL);
CREATE TABLE done (update_id INTEGER PRIMARY KEY);
CREATE TABLE chats (id INTEGER PRIMARY KEY, language TEXT, passages INTEGER, in_full INTEGER, gone INTEGER);
CREATE TABLE turns (number INTEGER PRIMARY KEY AUTOINCREMENT, chat INTEGER NOT NULL, asked INTEGER NOT NULL,
    at REAL NOT NULL, question TEXT NOT NULL, answer TEXT NOT NULL, passages TEXT NOT NULL, sent TEXT NOT NULL,
    user INTEGER NOT NULL, kind TEXT NOT NULL, said TEXT NOT NULL);
CREATE INDEX turns_of_chat ON turns (chat, number);
CREATE TABLE votes (turn INTEGER NOT NULL, user INTEGER NOT NULL, good INTEGER NOT NULL, PRIMARY KEY (turn, user));
CREATE TABLE counts (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TRIGGER votes_go_with_their_turn AFTER DELETE ON turns BEGIN DELETE FROM votes WHERE turn = old.number; END
"""

logger = logging.getLogger(__name__)


class Database:
    """The file. Where it cannot be written the bot goes on without, and `degraded` is true."""

    def __init__(self, folder: Path) -> None:
        """Open the database in a folder, made if missing; StateError if it is damaged, newer or another program's."""
        self.path = folder / DATABASE_FILE
        self.degraded = False
        self._complained = float("-inf")
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.path.touch(mode=0o600)
            self._db = sqlite3.connect(self.path, isolation_level=None)
            try:
                self._prepare()
            except BaseException:
                self._db.close()
                raise
        except (OSError, sqlite3.Error) as error:
            reason = error if isinstance(error, sqlite3.Error) else error.strerror
            raise StateError(
                f"{self.path}: cannot be used ({reason}); move it away, or name another folder with QA_BOT_DATA"
            ) from error

    def _prepare(self) -> None:
        self._db.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        (owner,) = self._db.execute("PRAGMA application_id").fetchone()
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        (tables,) = self._db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if tables and owner != _APPLICATION_ID:
            raise StateError(f"{self.path}: a database of another program; name another folder with QA_BOT_DATA")
        if version > _FORMAT:
            raise StateError(
                f"{self.path}: written by a newer article-qa (format {version}, this one reads {_FORMAT}); upgrade "
                "it, or name another folder with QA_BOT_DATA"
            )
        if tables and self._db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise StateError(f"{self.path}: damaged; put back a copy, or move it away")
        for setting in ("journal_mode = WAL", "synchronous = NORMAL", "secure_delete = ON", "temp_store = MEMORY"):
            self._db.execute(f"PRAGMA {setting}")
        if version < _FORMAT:
            with self._transaction():
                for statement in (_FORMAT_1 if tables else _SCHEMA).split(";\n"):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
                self._db.execute(f"PRAGMA user_version = {_FORMAT}")

    def close(self) -> None:
        """Release the file."""
        self._db.close()

    def rows(self, statement: str, *values: object) -> list[Any]:
        """Return what a query finds; nothing where the file cannot be read."""
        try:
            return self._db.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            self._complain(error)
            return []

    def execute(self, statement: str, *values: object) -> int:
        """Run one statement inside `writing` and return the number of the row that it inserted last."""
        return self._db.execute(statement, values).lastrowid or 0

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Write all of the block or nothing; a disk that is full or locked is told of once a minute, and survived."""
        try:
            before = self._db.total_changes
            with self._transaction():
                yield
            if self._db.total_changes > before:  # a full disk lets everything pass that changes nothing
                self.degraded = False
        except sqlite3.Error as error:
            self._complain(error)

    def scrub(self) -> None:
        """Leave no bytes of what was deleted, not in the log of changes either; `degraded` if that cannot be done.

        `secure_delete` does not reach the copies that stay in the gaps of pages whose rows were moved to others, so
        the file is written anew: measured, 43 MB with the answers of 100,000 chats in 0.25 s.
        """
        try:
            self._db.execute("VACUUM")
            (busy, *_) = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if busy:
                raise sqlite3.OperationalError("database is locked")
        except sqlite3.Error as error:
            self._complain(error)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN")  # asks for no lock yet: a file that is locked fails inside the block
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def _complain(self, error: sqlite3.Error) -> None:
        self.degraded = True
        if time.monotonic() - self._complained >= _QUIET_S:
            self._complained = time.monotonic()
            logger.error("%s cannot be used (%s); going on from memory", self.path, error)
