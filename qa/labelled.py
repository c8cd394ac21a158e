"""Files of questions whose answers are known -> paragraphs and what is asked about them."""

from __future__ import annotations

import errno
import gzip
import json
import re
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from qa.errors import ArticleError, QAError
from qa.question import clean_question

# All that gzip, json and a value of another type or a missing one raise.
BROKEN = (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, AttributeError)


@dataclass(slots=True)
class LabelledQuestion:
    """A question with the answers that people gave, none if there is no answer.

    `places` are (start, end) of each answer in the paragraph's text, wherever that is known.
    """

    text: str
    answers: list[str]
    places: list[tuple[int, int]]


@dataclass(slots=True)
class LabelledParagraph:
    """A text and what is asked about it; a text of None stands for whatever library is asked."""

    text: str | None
    questions: list[LabelledQuestion] = field(default_factory=list)


@dataclass(slots=True)
class LabelledArticle:
    """An article's paragraphs in its order."""

    title: str
    paragraphs: list[LabelledParagraph]


def open_text(path: Path) -> TextIO:
    """Open a file of UTF-8, gzip or not, with a byte-order mark or without."""
    return gzip.open(path, "rt", encoding="utf-8-sig") if path.suffix == ".gz" else path.open(encoding="utf-8-sig")


def load_labelled(path: Path) -> list[LabelledArticle]:
    """Read a file in SQuAD's format or of JSON lines, by its name; ArticleError if it is neither."""
    return load_lines(path) if is_lines(path) else load_squad(path)


def is_lines(path: Path) -> bool:
    """Say whether a file is one of JSON lines, by its name."""
    return ".jsonl" in path.suffixes


def load_squad(path: Path) -> list[LabelledArticle]:
    """Read a file in SQuAD's format, 1.1 or 2.0, gzip or not; ArticleError if it is not one."""
    try:
        with open_text(path) as file:
            articles = json.load(file)["data"]
        return [
            LabelledArticle(str(article.get("title", "")), [_read_paragraph(raw) for raw in article["paragraphs"]])
            for article in articles
        ]
    except BROKEN as error:
        raise ArticleError(f"{path}: not a file in SQuAD's format ({error!r})") from error


def _read_paragraph(raw: dict[str, Any]) -> LabelledParagraph:
    text = raw["context"]
    if not isinstance(text, str):
        raise TypeError(f"the context {text!r} is not a text")
    paragraph = LabelledParagraph(text)
    for question in raw["qas"]:
        labelled = LabelledQuestion(question["question"].strip(), [], [])
        for answer in question["answers"]:
            start, words = answer["answer_start"], answer["text"]
            if not words.strip() or start < 0 or not text.startswith(words, start):
                raise ValueError(f"the answer {words!r} is not at {start}")
            labelled.answers.append(words)
            labelled.places.append((start, start + len(words)))
        paragraph.questions.append(labelled)
    return paragraph


def load_lines(path: Path) -> list[LabelledArticle]:
    """Read lines of {"question", "answers", "article"?}; ArticleError, with the line's number, if one is not that.

    "answers" is a list of texts, empty if the article does not answer. "article" is a text, or the path of a file,
    from this one's folder; a question without it is asked of the library alone.
    """
    by_text: dict[str | None, LabelledParagraph] = {}
    place = str(path)
    try:
        with open_text(path) as file:
            for number, line in enumerate(file.buffer, start=1):  # bytes: text is decoded many lines at a time
                place = f"{path}, line {number}"
                if line.strip():
                    _read_line(json.loads(line), path.parent, by_text)
    except (*BROKEN, QAError) as error:
        raise ArticleError(
            f'{place}: not a labelled question ({error!r}); one is {{"question": "…", "answers": ["…"]}}'
        ) from error
    return [LabelledArticle("", [paragraph]) for paragraph in by_text.values()]


def _read_line(raw: dict[str, Any], folder: Path, by_text: dict[str | None, LabelledParagraph]) -> None:
    asked, answers, text = raw["question"], raw["answers"], raw.get("article")
    if not isinstance(asked, str):
        raise TypeError(f"the question {asked!r} is not a text")
    clean_question(asked)  # raises what `qa ask` would
    if not isinstance(answers, list) or not all(isinstance(answer, str) and answer.strip() for answer in answers):
        raise TypeError(f"answers are a list of texts, not {answers!r}")
    if text is not None:
        text = _read_article(text, folder)
    places = [place for answer in answers for place in _find(answer, text or "")]
    if text is not None and answers and not places:
        raise ValueError(f"the article has none of the answers {answers!r}")
    question = LabelledQuestion(asked.strip(), answers, places)
    by_text.setdefault(text, LabelledParagraph(text)).questions.append(question)


def _read_article(article: str, folder: Path) -> str:
    """Return the text of the file that an article names, or the article, if it names none."""
    one_line = "\n" not in article
    try:
        if one_line and (folder / article).is_file():
            article = (folder / article).read_text(encoding="utf-8-sig")
        elif one_line and article.endswith((".txt", ".md")):
            raise ValueError(f"there is no file {article!r}")
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:  # a long line is a text
            raise
    if not any(character.isalnum() for character in article):
        raise ValueError("the article has no words in it")
    return article


def _find(answer: str, text: str) -> list[tuple[int, int]]:
    """Return where an answer stands in a text, as a word wherever it does: "it" is seldom the one in "situation"."""
    as_word = [match.span() for match in re.finditer(rf"(?<!\w){re.escape(answer)}(?!\w)", text)]
    return as_word or [match.span() for match in re.finditer(re.escape(answer), text)]
