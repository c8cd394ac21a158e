"""A question and the passages found for it -> the sentences that answer it best."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import snowballstemmer

from qa.question import content_words
from qa.sentences import split_article
from qa.types import Article, Embedder, Hit, Span

_CACHED_SENTENCES = 10_000  # 15 MB; the next question about the same article embeds nothing but itself


class SentenceReader:
    """Takes whole sentences for answers.

    A sentence's score is its cosine with the question plus the share of the question's content words whose stem
    it has. Learned weights came out equal (6.7 and 6.5, logistic regression on SQuAD v2.0 dev-tune), and further
    features (the passage's rank, cosine and words) did not help: the best sentence of eight passages holds the
    answer for .76 of the answerable questions, by the cosine alone for .62 (2026-11-23).
    """

    name = "sentences"

    def __init__(self, embedder: Embedder) -> None:
        """Take the model that embeds sentences and questions."""
        self._embedder = embedder
        self._vectors: dict[str, np.ndarray[tuple[int], np.dtype[np.float32]]] = {}
        self._stem = snowballstemmer.stemmer("english").stemWords

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        """Return every sentence of the hits' passages once, scored from -1 to 2."""
        places = {
            (hit.passage.article.id, start, end): hit.passage
            for hit in reversed(hits)  # a sentence that two passages share goes to the better one
            for start, end in split_article(hit.passage.article, hit.passage.start, hit.passage.end)
            if _can_answer(hit.passage.article, start, end)
        }
        if not places:
            return []
        texts = [passage.article.text[start:end] for (_, start, end), passage in places.items()]
        asked = self._stems(question)
        shares = [len(asked & self._stems(text)) / len(asked) for text in texts]
        cosines = self._embed(texts) @ self._embedder.encode([question], query=True)[0]
        return [
            Span(passage, start, end, float(cosine) + share)
            for ((_, start, end), passage), cosine, share in zip(places.items(), cosines, shares, strict=True)
        ]

    def _embed(self, texts: Sequence[str]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        if len(self._vectors) > _CACHED_SENTENCES:
            self._vectors.clear()
        if new := [text for text in dict.fromkeys(texts) if text not in self._vectors]:
            self._vectors.update(zip(new, self._embedder.encode(new), strict=True))
        return np.stack([self._vectors[text] for text in texts])

    def _stems(self, text: str) -> set[str]:
        return set(self._stem(content_words(text)))


def _can_answer(article: Article, start: int, end: int) -> bool:
    """Say whether a stretch is a sentence of the body: the dateline, headings and the title answer nothing."""
    text = article.text[start:end]
    is_title = text == article.title and not text.endswith((".", "!", "?"))
    return start >= article.body_start and not text.startswith("#") and not is_title
