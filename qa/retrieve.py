"""A question's cosines and BM25 scores -> one ranking of passages."""

from __future__ import annotations

from collections.abc import Container, Mapping

CANDIDATES = 100  # of each kind; with 20 the order of SQuAD's first five is already the same

# BM25 plus 16 cosines, neither normalised over the candidates: hit@1 / hit@5 .830/.963 on SQuAD v2.0 dev-tune
# among 1,680 passages (2026-11-23), where the min-max sum at weight .5 has .824/.963, BM25 alone .814/.945 and
# the vectors alone .644/.877. It was the best or within .003 of the best sum tried on 35 articles of v1.1 train
# too, and in libraries of 5, 15 and 40 passages, where BM25's word weights mean little. 10 to 20 do alike.
_COSINE_WEIGHT = 16.0
# What a passage of the article that a conversation is about has ahead. Of 60 questions of SQuAD v2.0 dev-tune that
# point back ("this edict"), among 16 articles, the right passage is among the first five for .733 without, .850 with
# 4, .883 with 6 and 8; of 300 others after talk of another article for .960, .957, .953, .950 (2026-11-25).
_PREFERENCE = 6.0


def fuse(
    cosines: Mapping[int, float], bm25: Mapping[int, float], limit: int, *, preferred: Container[int] = ()
) -> list[tuple[int, float]]:
    """Return (passage number, score) of the best passages, best first.

    `cosines` has every candidate; a passage that is not in `bm25` has none of the question's words. Those `preferred`
    are of the article that a conversation is about. Equal scores are ordered by number, so that the same library
    always gives the same ranking.
    """
    scores = {
        number: _COSINE_WEIGHT * cosine + bm25.get(number, 0.0) + _PREFERENCE * (number in preferred)
        for number, cosine in cosines.items()
    }
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:limit]
