"""A question and the passages found for it -> the sentences that answer it best."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import snowballstemmer

from qa.question import content_words
from qa.sentences import split_article
from qa.types import Article, Embedder, Hit, Passage, Span

_CACHED_SENTENCES = 10_000  # 15 MB; the next question about the same article embeds nothing but itself


_CARRIED = 0.4  # what a word counts that only the sentence before has


class _Candidate(NamedTuple):
    """A sentence that may answer, and the sentence before it in the passage."""

    passage: Passage
    start: int
    end: int
    before: str

    @property
    def text(self) -> str:
        return self.passage.article.text[self.start : self.end]


class SentenceReader:
    """Takes whole sentences for answers.

    A sentence's score is its cosine with the question plus the share of the question's content words whose stem
    it has; a stem that only the sentence before it has counts in part, since "He also said" goes on about that
    one. The best of eight passages' sentences holds the answer for .77 of the answerable questions of SQuAD v2.0
    dev-tune, for .76 without the sentence before, by the cosine alone for .62. The weights are those of a
    logistic regression, rounded; the passage's rank, cosine and words added nothing (2026-11-23).
    """

    name = "sentences"

    def __init__(self, embedder: Embedder) -> None:
        """Take the model that embeds sentences and questions."""
        self._embedder = embedder
        self._vectors: dict[str, np.ndarray[tuple[int], np.dtype[np.float32]]] = {}
        self._stem = snowballstemmer.stemmer("english").stemWords
        self._lock = threading.Lock()  # the stemmer keeps the word it is at, the cache is cleared

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        """Return every sentence of the hits' passages once, scored from -1 to 2."""
        candidates = _find_candidates(hits)
        if not candidates:
            return []
        cosines = self._embed([c.text for c in candidates]) @ self._embedder.encode([question], query=True)[0]
        asked = self._stems(question)
        return [
            Span(candidate.passage, candidate.start, candidate.end, float(cosine) + self._share(asked, candidate))
            for candidate, cosine in zip(candidates, cosines, strict=True)
        ]

    def _share(self, asked: set[str], candidate: _Candidate) -> float:
        """Return how much of the question's words a sentence and the one before it have, 0 to 1."""
        own = asked & self._stems(candidate.text)
        carried = asked & self._stems(candidate.before) - own
        return (len(own) + _CARRIED * len(carried)) / len(asked)

    def _embed(self, texts: Sequence[str]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        with self._lock:
            if len(self._vectors) > _CACHED_SENTENCES:
                self._vectors.clear()
            known = {text: self._vectors[text] for text in texts if text in self._vectors}
        if new := [text for text in dict.fromkeys(texts) if text not in known]:
            embedded = dict(zip(new, self._embedder.encode(new), strict=True))
            known |= embedded
            with self._lock:
                self._vectors |= embedded
        return np.stack([known[text] for text in texts])

    def _stems(self, text: str) -> set[str]:
        with self._lock:
            return set(self._stem(content_words(text)))


def _find_candidates(hits: Sequence[Hit]) -> list[_Candidate]:
    """Return the sentences of the hits' passages; one that two passages share goes with the better passage."""
    found: dict[tuple[str, int, int], _Candidate] = {}
    for hit in hits:
        passage, before = hit.passage, ""
        for start, end in split_article(passage.article, passage.start, passage.end):
            if _can_answer(passage.article, start, end):
                key = (passage.article.id, start, end)
                known = found.get(key, _Candidate(passage, start, end, ""))
                found[key] = known._replace(before=known.before or before)
                before = known.text
    return list(found.values())


def _can_answer(article: Article, start: int, end: int) -> bool:
    """Say whether a stretch is a sentence of the body: the dateline, headings and the title answer nothing."""
    text = article.text[start:end]
    if text.endswith((".", "!", "?")):
        return not text.startswith("#")
    names_the_matter = start < article.body_start or text.startswith("#") or text == article.title
    return not names_the_matter or article.text.strip() == text
