"""A file, a string or standard input -> Article. Newlines are normalised here and nowhere else."""

from __future__ import annotations

import datetime as dt
import os
import re
import sys
from dataclasses import replace
from pathlib import Path

from qa.errors import ArticleError
from qa.head import read_head
from qa.types import Article

MAX_BYTES = 500_000_000  # SQLite's limit for one value is 1 GB

_SIGNATURES = {
    b"%PDF": "a PDF; make text of it first, for example with pdftotext",
    b"PK\x03\x04": "a zip, Word or e-book file; save it as text first",
    b"\x1f\x8b": "a gzip file; unpack it first",
    b"{\\rtf": "an RTF file; save it as text first",
}
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def load_file(path: str | Path) -> Article:
    """Read a text or Markdown file, or standard input for "-"; ArticleError if there is no text in it."""
    if str(path) == "-":
        return load_text(_decode(sys.stdin.buffer.read(MAX_BYTES + 1), "standard input"))
    if re.match(r"https?:/", str(path)):
        raise ArticleError(f"{path}: web pages are not read yet; save the text to a file and add that")
    try:
        path = Path(path).expanduser()
        if path.is_dir():
            raise ArticleError(f"{path}: a folder; name the files in it, as in {path}/*.txt")
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
        source = os.fsencode(path.resolve()).decode("utf-8", "replace")
    except (OSError, ValueError, RuntimeError) as error:  # the last two: no path at all, no such user
        reason = (isinstance(error, OSError) and error.strerror) or str(error)
        raise ArticleError(f"{str(path)[:200]}: {reason.lower()}; check the path") from error
    return load_text(_decode(raw, str(path)), source=source)


def load_shipped() -> list[Article]:
    """Return the articles that come with the package."""
    package = Path(__file__).parent
    folder = next(f for f in (package / "seeds", package.parent / "seeds") if f.is_dir())  # installed, or a checkout
    return [replace(load_file(path), source=f"seeds/{path.name}") for path in sorted(folder.glob("*.txt"))]


def load_text(
    text: str,
    *,
    title: str | None = None,
    date: dt.date | None = None,
    place: str | None = None,
    source: str | None = None,
) -> Article:
    """Make an article of a text, taking from its head what is not given.

    The text is kept whole but for its newlines. `source` is where it is from, such as a file or an address: in a
    library, an article replaces the one that was added from the same source before. Raises ArticleError for a
    text without any words.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    check_text(text, source or "the text")
    head = read_head(text)
    return Article(
        text,
        title=title or head.title,
        date=date or head.date,
        place=place or head.place,
        source=source,
        body_start=head.body_start,
    )


def check_text(text: str, name: str) -> None:
    """Raise ArticleError for a text that has no words, or that no file could hold."""
    if not any(character.isalnum() for character in text):
        raise ArticleError(f"{name}: no words in it; expected an article's text")
    if re.search("[\ud800-\udfff]", text):
        raise ArticleError(f"{name}: holds half a surrogate pair; decode it from UTF-8 first")


def _decode(raw: bytes, name: str) -> str:
    """Decode UTF-8, or UTF-16 that says so; raise ArticleError for all else, since a guess can be wrong."""
    if len(raw) > MAX_BYTES:
        raise ArticleError(f"{name}: larger than {MAX_BYTES // 1_000_000} MB; split it into several files")
    for signature, what in _SIGNATURES.items():
        if raw.startswith(signature):
            raise ArticleError(f"{name}: {what}")
    marked = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not marked and b"\x00" in raw:
        raise ArticleError(f"{name}: binary, not text; expected a .txt or .md file in UTF-8")
    try:
        text = raw.decode("utf-16" if marked else "utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ArticleError(
            f"{name}: not UTF-8 (line {line}, byte 0x{raw[error.start]:02x}); "
            f"convert it first, for example with: iconv -f WINDOWS-1252 -t UTF-8"
        ) from error
    if len(_CONTROLS.findall(text)) > len(text) / 100:
        raise ArticleError(f"{name}: binary, not text; expected a .txt or .md file in UTF-8")
    return text
