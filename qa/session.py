"""An open library for one run of the command, with a progress bar on stderr."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from types import TracebackType
from typing import Any

from qa.errors import LibraryError
from qa.load import load_shipped
from qa.pipeline import QA, default_library
from qa.progress import ProgressBar
from qa.store import STORE_FILE
from qa.types import Article

logger = logging.getLogger(__name__)


def find_folder(library: str | None, *, must_exist: bool) -> Path:
    """Return the folder that an option names, or the user's default; LibraryError if there is no such library."""
    folder = Path(library) if library else default_library()
    if must_exist and not os.access(folder / STORE_FILE, os.F_OK):
        raise LibraryError(f"no library in {folder}; make one with: qa add FILE")
    return folder


class Session:
    """Opens the library that the command's options name, and closes it."""

    def __init__(self, *, library: str | None, must_exist: bool = False, **options: Any) -> None:  # noqa: ANN401
        """Take the options of `QA.open`, None for those not given; LibraryError if there is no such library."""
        self.folder = find_folder(library, must_exist=must_exist)
        self.bar = ProgressBar()
        given = {name: value for name, value in options.items() if value is not None}
        self.qa = QA.open(self.folder, progress=self.bar.show, **given)

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.bar.hide()
        try:
            self.qa.close()  # which may take its time, and tell of it
        finally:
            self.bar.hide()

    def add_shipped_article(self) -> None:
        """Fill a library that never held an article, so that the first question has something to be asked of."""
        if self.qa.is_new:
            logger.warning("no articles in %s yet; adding the one that comes with qa", self.folder)
            for article in load_shipped():
                self.qa.add(article)
            self.bar.hide()

    def find_article(self, prefix: str) -> Article:
        """Return the article whose id begins so; LibraryError if there is none, or more than one."""
        matches = [article_id for article_id in self.qa.article_ids() if article_id.startswith(prefix)]
        if not prefix or len(matches) != 1:
            what = f"{len(matches)} articles begin" if matches else "no article's id begins"
            raise LibraryError(f"{what} with {prefix!r}; see the ids with: qa list")
        return self.qa.article(matches[0])
