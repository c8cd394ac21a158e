"""Files of labelled questions -> articles of paragraphs with questions and answers."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from qa import labelled
from qa.errors import ArticleError

_Given = TypeVar("_Given")

_QAMR_SENTENCES = 5  # that stand as one paragraph

# QAMR's text is tokenised as the Penn Treebank is; these undo it.
_TREEBANK = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"-LRB- ?", "("), (r" ?-RRB-", ")"), (r"-LSB- ?", "["), (r" ?-RSB-", "]"), (r"`` ?", '"'), (r" ?''", '"'),
        (r" (?=[,.;:?!%)])", ""), (r"(?<=[($]) ", ""), (r" (?='(?:s|m|d|re|ve|ll)\b|n't\b)", ""), (r" - ", "-"),
    )
]  # fmt: skip


@dataclass(slots=True)
class Question:
    """A question about a paragraph; `answer` is where in its text the answer starts and ends, None if nowhere."""

    text: str
    answer: tuple[int, int] | None


@dataclass(slots=True)
class Paragraph:
    """A text and what is asked about it."""

    text: str
    questions: list[Question] = field(default_factory=list)


Labelled = list[list[Paragraph]]  # the paragraphs of each article


def load_squad(path: Path, *, left_out: Collection[str] = ()) -> Labelled:
    """Read a file in SQuAD's format, 1.1 or 2.0; of several people's answers the one that most gave.

    Articles with one of the titles in `left_out` are kept for measuring.
    """
    return [
        [
            Paragraph(paragraph.text or "", [Question(q.text, _most_given(q.places)) for q in paragraph.questions])
            for paragraph in article.paragraphs
        ]
        for article in labelled.load_squad(path)
        if article.title not in left_out
    ]


def load_qamr(path: Path) -> Labelled:
    """Read QAMR's lines (a sentence, a question, its answers), gzip or not; ArticleError if they are not that."""
    by_sentence: dict[str, Paragraph] = {}
    try:
        with labelled.open_text(path) as file:
            for line in file:
                _read_qamr(json.loads(line), by_sentence)
    except labelled.BROKEN as error:
        raise ArticleError(f"{path}: not a file of QAMR's lines ({error!r})") from error
    sentences = list(by_sentence.values())
    return [[_join(sentences[i : i + _QAMR_SENTENCES]) for i in range(0, len(sentences), _QAMR_SENTENCES)]]


def untokenise(text: str) -> str:
    """Write Penn Treebank tokens as people write."""
    for pattern, replacement in _TREEBANK:
        text = pattern.sub(replacement, text)
    return text.strip()


def _read_qamr(raw: dict[str, Any], by_sentence: dict[str, Paragraph]) -> None:
    text = untokenise(raw["sentence"])
    paragraph = by_sentence.setdefault(text, Paragraph(text))
    answer = _most_given([untokenise(answer) for answer in raw["answers"]])
    if answer and answer in text:
        # "it" is seldom the one in "situation".
        word = re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", text)
        start = word.start() if word else text.index(answer)
        paragraph.questions.append(Question(untokenise(raw["question"]), (start, start + len(answer))))


def _most_given(answers: Sequence[_Given]) -> _Given | None:
    """Return what most of several people answered, of two the first; None if nobody did."""
    return max(answers, key=answers.count, default=None)


def _join(sentences: Sequence[Paragraph]) -> Paragraph:
    joined = Paragraph(" ".join(sentence.text for sentence in sentences))
    shift = 0
    for sentence in sentences:
        for question in sentence.questions:
            answer = question.answer and (question.answer[0] + shift, question.answer[1] + shift)
            joined.questions.append(Question(question.text, answer))
        shift += len(sentence.text) + 1
    return joined
