"""Files, strings and standard input -> articles, and what is no article."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import Article, ArticleError, load_file, load_text


def test_seed(seed: Article) -> None:
    """The head of the shipped article gives its date and place; the text is kept whole."""
    assert hashlib.sha256(seed.text.encode()).hexdigest() == (
        "1c3c3c646ee11d9a1292d6d5e532d5f32bbdae425f332dc2a57be7fa34a01421"
    )  # the file as it was given, byte for byte
    assert seed.text.startswith(" date 2024-05-15 ISLAMABAD: Minister of State")
    assert (seed.date, seed.place, seed.body_start) == (dt.date(2024, 5, 15), "ISLAMABAD", 28)
    assert seed.title == "Minister of State for IT and Telecommunication, Shaza Fatima Khawaja, and US…"
    assert seed.source == "seeds/000_33365600aa446036.txt"


def test_newlines_are_normalised(tmp_path: Path) -> None:
    """Windows and old Mac line ends become one newline, a byte order mark nothing."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbfOne.\r\nTwo.\rThree.\n")
    article = load_file(path)
    assert article.text == "One.\nTwo.\nThree.\n"
    assert article.source == str(path.resolve())


def test_utf16_with_its_mark_is_read(tmp_path: Path) -> None:
    """UTF-16 says what it is, so it need not be guessed."""
    path = tmp_path / "a.txt"
    path.write_bytes("Grüße. 😀".encode("utf-16"))
    assert load_file(path).text == "Grüße. 😀"


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """ "-" is standard input, which has no name to be replaced under."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"A text.")))
    article = load_file("-")
    assert (article.text, article.source) == ("A text.", None)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no words in it"),
        (b" \n\t\n", "no words in it"),
        ("\u200b\u200b...".encode(), "no words in it"),
        (b"\x7fELF\x02\x01\x00\x00rest", "binary, not text"),
        (bytes(range(1, 32)) * 4, "binary, not text"),
        (b"%PDF-1.7 ...", "a PDF; make text of it first"),
        (b"PK\x03\x04...", "a zip, Word or e-book file"),
        (b"\x1f\x8b\x08", "a gzip file"),
        ("One.\nCaf\u00e9.".encode("latin-1"), r"not UTF-8 \(line 2, byte 0xe9\); convert it first"),
    ],
)  # fmt: skip
def test_what_is_no_text(tmp_path: Path, content: bytes, message: str) -> None:
    """Empty, binary and wrongly encoded files are refused with the reason and the next step."""
    path = tmp_path / "file.txt"
    path.write_bytes(content)
    with pytest.raises(ArticleError, match=f"^{path}: {message}"):
        load_file(path)


def test_missing_file_and_folder(tmp_path: Path) -> None:
    """A path that is not there or is a folder is named."""
    with pytest.raises(ArticleError, match=r"nope\.txt: no such file or directory; check the path"):
        load_file(tmp_path / "nope.txt")
    with pytest.raises(ArticleError, match="a folder; name the files in it"):
        load_file(tmp_path)
    for no_path in ("word " * 100, "a\0b", "~nosuchuser/x"):
        with pytest.raises(ArticleError, match="check the path"):
            load_file(no_path)
    with pytest.raises(ArticleError, match="web pages are not read yet"):
        load_file("https://example.com/article")


def test_half_a_surrogate_pair() -> None:
    """A string that no file can hold is refused before it reaches the store."""
    with pytest.raises(ArticleError, match="surrogate"):
        load_text("A \ud83d text.")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_text_is_kept(text: str) -> None:
    """Nothing but newlines and a byte order mark is changed, and the body starts inside the text."""
    try:
        article = load_text(text)
    except ArticleError:
        assert not any(character.isalnum() for character in text)
        return
    assert article.text == text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    assert 0 <= article.body_start <= len(article.text)
    assert 0 < len(article.title) <= 80
