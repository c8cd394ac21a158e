"""Times the shipped reader on eight passages of about a hundred words: `python tests/bench/reading.py`."""

from __future__ import annotations

import statistics
import time

from qa.chunk import chunk_article
from qa.load import load_shipped
from qa.read import SpanReader
from qa.types import Hit

PASSAGES, RUNS = 8, 50
QUESTION = "Who attended the meeting between the minister and the ambassador?"


def main() -> None:
    """Print the median, the fastest and the slowest run, in milliseconds."""
    (article,) = load_shipped()
    passages = chunk_article(article)
    hits = [Hit(passages[i % len(passages)], score=1.0, cosine=1.0, bm25=0.0) for i in range(PASSAGES)]
    reader = SpanReader()
    reader.read(QUESTION, hits)  # loads the model
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        reader.read(QUESTION, hits)
        times.append(1000 * (time.perf_counter() - started))
    words = sum(len(hit.passage.text.split()) for hit in hits) / PASSAGES
    median, least, most = statistics.median(times), min(times), max(times)
    print(f"{PASSAGES} passages of {words:.0f} words: median {median:.0f} ms, from {least:.0f} to {most:.0f}")


if __name__ == "__main__":
    main()
