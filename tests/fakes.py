"""Models without weights whose results a test can foretell."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qa import Hit, Reading, Span
from qa.question import content_words
from qa.sentences import split_article

DIMENSION = 4096


class WordEmbedder:
    """Counts words: the cosine of two texts is the share of words they have in common."""

    def __init__(self, name: str = "words", *, salt: str = "", offline: bool = False) -> None:
        self.offline = offline
        self.name = name
        self.salt = salt
        self.queries: list[str] = []
        self.documents: list[str] = []

    def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        (self.queries if query else self.documents).extend(texts)
        rows = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in re.findall(r"\w+", text.lower()):
                row[zlib.crc32((self.salt + word).encode("utf-8", "replace")) % (DIMENSION - 1)] += 1
            row[-1] = 0 if row.any() else 1  # a text without words is like no other
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return rows


class SentenceReader:
    """Takes the sentence that has the most of the question's words for the answer: 10 if it has all, -10 if none."""

    def __init__(self, name: str = "sentences", *, offline: bool = False) -> None:
        self.offline = offline
        self.name = name

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        asked = {word[:5] for word in content_words(question)}
        spans = []
        for hit in hits:
            for start, end in split_article(hit.passage.article, hit.passage.start, hit.passage.end):
                found = asked & {word[:5] for word in content_words(hit.passage.article.text[start:end])}
                spans.append(Span(hit.passage, start, end, 20 * len(found) / len(asked) - 10))
        return Reading(question, spans)


class FirstWordsReader:
    """Takes the first three words of every passage for an answer, surest of the best passage."""

    name = "first words"

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        return Reading(
            question,
            [
                Span(
                    hit.passage,
                    hit.passage.start,
                    hit.passage.start + len(" ".join(hit.passage.text.split()[:3])),
                    2.0 - n,
                )
                for n, hit in enumerate(hits)
            ],
        )
