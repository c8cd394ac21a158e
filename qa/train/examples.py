"""Labelled questions -> examples to train on: a question, a window of text, and where in it the answer is."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qa.question import content_words
from qa.sentences import split_sentences
from qa.train.labelled import Labelled, Paragraph, Question
from qa.train.swaps import Neighbours, swap_in_question, swap_in_window

_WINDOW_WORDS = (30, 140)
_WHOLE_WORDS = 220  # at most, of a paragraph to which somebody put a question that it does not answer

# How often a question gives each kind of unanswerable beside itself.
_SWAPPED, _SWAPPED_WINDOW, _REMOVED, _OTHER_PASSAGE = 0.30, 0.10, 0.10, 0.25
_CROPPED = 0.5  # how often a question that somebody meant to be unanswerable is seen with a part of its paragraph
# How often a question, answerable or not, is written as people write on a telephone.
_LOWERED, _UNMARKED, _MISSPELT = 0.15, 0.10, 0.06


class Example(NamedTuple):
    """`answer` is (start, end) in the window, None if the window does not answer the question."""

    question: str
    window: str
    answer: tuple[int, int] | None


class _Text:
    """A paragraph with what is needed of it often."""

    def __init__(self, paragraph: Paragraph) -> None:
        self.text = paragraph.text
        self.questions = paragraph.questions
        self.sentences = list(split_sentences(paragraph.text))
        self.words = set(content_words(paragraph.text))


class Corpus:
    """Articles prepared for making examples of their questions."""

    def __init__(self, articles: Labelled, near: Neighbours) -> None:
        self._articles = [[_Text(paragraph) for paragraph in article] for article in articles]
        self._whole = ["\n".join(text.text for text in article) for article in self._articles]
        self._paragraphs_with = Counter(word for article in self._articles for text in article for word in text.words)
        self._near = near
        self.places = [
            (a, p, q)
            for a, article in enumerate(articles)
            for p, paragraph in enumerate(article)
            for q in range(len(paragraph.questions))
        ]

    def make(self, place: tuple[int, int, int], rng: random.Random) -> Iterator[Example]:
        """Yield the question with a window that answers it, and some that do not."""
        a, p, q = place
        text = self._articles[a][p]
        question = text.questions[q]
        for example in self._make_kinds(a, text, question, rng):
            yield example._replace(question=_scribble(example.question, rng))

    def _make_kinds(self, a: int, text: _Text, question: Question, rng: random.Random) -> Iterator[Example]:
        if question.answer is None:
            yield Example(question.text, _crop_unanswering(text, question.text, rng), None)
            return
        start, end = cut_window(text.text, text.sentences, question.answer, rng)
        window, answer = text.text[start:end], (question.answer[0] - start, question.answer[1] - start)
        yield Example(question.text, window, answer)
        if rng.random() < _SWAPPED:
            swapped = swap_in_question(question.text, window, self._whole[a], rng, self._near)
            if swapped and swapped != question.text:
                yield Example(swapped, window, None)
        if rng.random() < _SWAPPED_WINDOW:
            changed = swap_in_window(question.text, window, answer, self._whole[a], rng)
            if changed and changed != window:
                yield Example(question.text, changed, None)
        words = window[answer[0] : answer[1]]
        if rng.random() < _REMOVED:
            left = _remove_sentences(text, start, end, question.answer)
            if left and words not in left:
                yield Example(question.text, left, None)
        if rng.random() < _OTHER_PASSAGE and (other := self._find_other(a, text, question.text, words, rng)):
            sentence = rng.choice(other.sentences)
            start, end = cut_window(other.text, other.sentences, sentence, rng)
            yield Example(question.text, other.text[start:end], None)

    def _find_other(self, a: int, text: _Text, question: str, answer: str, rng: random.Random) -> _Text | None:
        """Return one of the three passages of the article that have most of the question's words, not its answer."""
        asked = content_words(question)

        def weigh(other: _Text) -> float:
            return sum(1 / self._paragraphs_with[word] for word in asked if word in other.words)

        others = [
            other for other in self._articles[a] if other is not text and other.sentences and answer not in other.text
        ]
        return rng.choice(sorted(others, key=weigh)[-3:]) if others else None


def cut_window(
    text: str, sentences: Sequence[tuple[int, int]], answer: tuple[int, int], rng: random.Random
) -> tuple[int, int]:
    """Return a stretch of whole sentences round an answer, of a random length and with the answer anywhere in it."""
    held = [i for i, (s, e) in enumerate(sentences) if s < answer[1] and answer[0] < e]
    first, last = (held[0], held[-1]) if held else (0, len(sentences) - 1)
    wanted = rng.randint(*_WINDOW_WORDS)
    while len(text[sentences[first][0] : sentences[last][1]].split()) < wanted:
        sides = [side for side, there in ((-1, first > 0), (1, last < len(sentences) - 1)) if there]
        if not sides:
            break
        if rng.choice(sides) < 0:
            first -= 1
        else:
            last += 1
    return min(sentences[first][0], answer[0]), max(sentences[last][1], answer[1])


def _remove_sentences(text: _Text, start: int, end: int, answer: tuple[int, int]) -> str:
    kept = [
        text.text[s:e] for s, e in text.sentences if start <= s and e <= end and not (s < answer[1] and answer[0] < e)
    ]
    return " ".join(kept)


def _crop_unanswering(text: _Text, question: str, rng: random.Random) -> str:
    """Return the paragraph, or a window of it round the sentence that has most of the question's words."""
    if rng.random() >= _CROPPED or not text.sentences:
        return " ".join(text.text.split(" ")[:_WHOLE_WORDS])
    asked = set(content_words(question))
    nearest = max(text.sentences, key=lambda place: len(asked & set(content_words(text.text[slice(*place)]))))
    start, end = cut_window(text.text, text.sentences, nearest, rng)
    return text.text[start:end]


def _scribble(question: str, rng: random.Random) -> str:
    """Return the question as typed in haste, sometimes: lower-case, without its mark, two letters swapped."""
    if rng.random() < _LOWERED:
        question = question.lower()
    if rng.random() < _UNMARKED:
        question = question.rstrip("?. ")
    if rng.random() < _MISSPELT and len(question) > 12:
        i = rng.randrange(6, len(question) - 2)
        question = question[:i] + question[i + 1] + question[i] + question[i + 2 :]
    return question
