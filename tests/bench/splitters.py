"""Compare sentence splitters on joined news sentences whose boundaries are known.

    pip install pysbd syntok sacremoses
    python tests/bench/splitters.py qamr-wikinews.jsonl.gz

The file has one JSON object a line with a tokenised "sentence" (QAMR, Wikinews part). The sentences that end in a
full stop are detokenised, shuffled three times and joined five at a time.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import sys
import time
from collections.abc import Callable, Iterator
from itertools import accumulate

import pysbd
import sentencex
from sacremoses import MosesDetokenizer
from syntok import segmenter

from qa.sentences import split_sentences

_PYSBD = pysbd.Segmenter(language="en", clean=False, char_span=True)


def read_sentences(path: str) -> list[str]:
    """Return the distinct sentences of the file that end in a full stop, as they would be printed."""
    detokenizer = MosesDetokenizer("en")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        tokenised = dict.fromkeys(json.loads(line)["sentence"] for line in file)
    printed = (detokenizer.detokenize(s.replace("``", '"').replace("''", '"').split()) for s in tokenised)
    return [sentence for sentence in printed if re.search(r"[.!?][\"')]?$", sentence)]


def make_texts(sentences: list[str]) -> Iterator[tuple[str, set[int]]]:
    """Yield texts of five sentences with the offsets at which the second to fifth begin."""
    for seed in range(3):
        shuffled = random.Random(seed).sample(sentences, len(sentences))  # noqa: S311 - no secret
        for first in range(0, len(shuffled), 5):
            joined = shuffled[first : first + 5]
            yield " ".join(joined), set(accumulate(len(sentence) + 1 for sentence in joined[:-1]))


def split_with_sentencex(text: str) -> list[int]:
    return [boundary["start_index"] for boundary in sentencex.get_sentence_boundaries("en", text)]


def split_with_pysbd(text: str) -> list[int]:
    return [sentence.start for sentence in _PYSBD.segment(text)]


def split_with_syntok(text: str) -> list[int]:
    return [next(iter(sentence)).offset for paragraph in segmenter.analyze(text) for sentence in paragraph]


def split_with_ours(text: str) -> list[int]:
    return [start for start, _ in split_sentences(text)]


def measure(name: str, split: Callable[[str], list[int]], texts: list[tuple[str, set[int]]]) -> None:
    """Print precision, recall and speed of one splitter."""
    right = found = wanted = 0
    started = time.perf_counter()
    for text, gold in texts:
        got = {start + len(text[start:]) - len(text[start:].lstrip()) for start in split(text)} - {0}
        right, found, wanted = right + len(gold & got), found + len(got), wanted + len(gold)
    speed = sum(len(text) for text, _ in texts) / 1e6 / (time.perf_counter() - started)
    print(f"{name:12} precision {right / found:.3f}  recall {right / wanted:.3f}  {speed:5.1f} MB/s")


if __name__ == "__main__":
    known = list(make_texts(read_sentences(sys.argv[1])))
    for splitter in (split_with_ours, split_with_sentencex, split_with_pysbd, split_with_syntok):
        measure(splitter.__name__.removeprefix("split_with_"), splitter, known)
