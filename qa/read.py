"""A question and the passages found for it -> the words that answer it.

Question and passage are read together, in windows where a passage is too long for the model, and each passage on
its own: a span's score owes nothing to the other passages.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qa.span_model import SpanModel, load_span_model
from qa.tidy import asks_for_many, is_list_with, tidy_span
from qa.types import Hit, Passage, Reading, Span

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Encoding, Tokenizer

    from qa.types import Rows

SHIPPED_READER = "minilm-reader"
_SHIPPED_FOLDER = Path(__file__).parent / "models" / SHIPPED_READER

WINDOW_TOKENS = 256  # the length that the shipped model was trained with
_STRIDE = 96  # tokens that two windows of a passage share
_QUESTION_TOKENS = 96
_ANSWER_TOKENS = 40
_BATCH = 16  # windows
_KEPT = 3  # spans of a passage, of which no two overlap
# A span scores so much less for each point that its passage's hit is behind the best hit. It puts the right passage
# first for .906 instead of .863 of 117 answerable questions, among eight of 1,680 passages, and leaves alone how
# well a score tells answerable from unanswerable. The share of the hit's own score did not: questions differ in it.
_BEHIND = 0.25
_LIST_MARGIN = 2.0  # a list may score so much less than its best member
_BLANK_LINE = re.compile(r"\n\s*\n")


class _Window(NamedTuple):
    """A stretch of a passage as the model sees it, and which of its tokens are the passage's."""

    hit: Hit
    encoding: Encoding
    inside: NDArray[np.intp]

    @property
    def passage(self) -> Passage:
        return self.hit.passage


class SpanReader:
    """Marks spans with an extractive question-answering model, loaded when the first question is read.

    A span's score is the sum of its start and end logits less those of "no answer" (Devlin et al., 2019,
    section 4.3), and less a share of what its passage's hit is behind the best hit.
    """

    def __init__(self, name: str = SHIPPED_READER, *, model: SpanModel | None = None) -> None:
        """Take a model's folder, or its name on the hub; ModelError at the first question if it cannot be had."""
        self.name = str(Path(name).resolve()) if Path(name).is_dir() else name
        self._model = model
        self._ready = False
        self._lock = threading.Lock()

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        """Return the best spans of every passage; see `qa.types.Reader`."""
        model = self._load()
        question = _cut_question(model.tokenizer, question)
        many = asks_for_many(question)
        best = max((hit.score for hit in hits), default=0.0)
        spans: list[Span] = []
        windows = list(_cut_windows(model.tokenizer, question, hits))
        windows.sort(key=lambda window: len(window.encoding.ids))  # so that little of a batch is padding
        for first in range(0, len(windows), _BATCH):
            batch = windows[first : first + _BATCH]
            for window, start, end in zip(batch, *model.score(_pad(batch)), strict=True):
                behind = _BEHIND * (best - window.hit.score)
                spans += (replace(s, score=s.score - behind) for s in _find_spans(window, start, end, many=many))
        return Reading(question, _keep_best(spans))

    def _load(self) -> SpanModel:
        with self._lock:
            if self._model is None:
                self._model = load_span_model(str(_SHIPPED_FOLDER) if self.name == SHIPPED_READER else self.name)
            if not self._ready:  # a tokenizer's own limit and padding are for other uses of it
                self._model.tokenizer.no_padding()
                self._model.tokenizer.no_truncation()
                self._ready = True
            return self._model


def _cut_question(tokenizer: Tokenizer, question: str) -> str:
    """Return as many of a question's words as leave room for the passage."""
    encoding = tokenizer.encode(question, add_special_tokens=False)
    if len(encoding.ids) <= _QUESTION_TOKENS:
        return question
    end = encoding.offsets[_QUESTION_TOKENS - 1][1]
    if question[end : end + 1].isalnum():
        end = question.rfind(" ", 0, end) + 1 or end  # a word is left out whole, unless it is the only one
    return question[:end].rstrip()


def _cut_windows(tokenizer: Tokenizer, question: str, hits: Sequence[Hit]) -> Iterator[_Window]:
    asked = tokenizer.encode(question, add_special_tokens=False)
    room = WINDOW_TOKENS - len(asked.ids) - tokenizer.num_special_tokens_to_add(is_pair=True)
    texts = [hit.passage.text for hit in hits]
    for hit, encoding in zip(hits, tokenizer.encode_batch(texts, add_special_tokens=False), strict=True):
        encoding.truncate(room, stride=min(_STRIDE, room // 2))
        for part in (encoding, *encoding.overflowing):
            pair = tokenizer.post_process(asked, part)
            inside = np.array([i for i, sequence in enumerate(pair.sequence_ids) if sequence == 1], dtype=np.intp)
            if len(inside):
                yield _Window(hit, pair, inside)


def _pad(windows: Sequence[_Window]) -> dict[str, NDArray[np.int64]]:
    """Return the model's inputs, each of shape (windows, tokens of the longest)."""
    shape = (len(windows), max(len(window.encoding.ids) for window in windows))
    inputs = {name: np.zeros(shape, np.int64) for name in ("input_ids", "attention_mask", "token_type_ids")}
    for row, window in enumerate(windows):
        length = len(window.encoding.ids)
        inputs["input_ids"][row, :length] = window.encoding.ids
        inputs["attention_mask"][row, :length] = 1
        inputs["token_type_ids"][row, :length] = window.encoding.type_ids
    return inputs


def _find_spans(
    window: _Window, start: NDArray[np.float32], end: NDArray[np.float32], *, many: bool
) -> Iterator[Span]:
    """Yield the best spans of a window that do not overlap, from its logits, each of shape (tokens,)."""
    scores = start[window.inside, None] + end[None, window.inside] - (start[0] + end[0])
    length = len(window.inside)
    scores[np.tril_indices(length, -1)] = -np.inf  # would end before it starts
    scores[np.triu_indices(length, _ANSWER_TOKENS)] = -np.inf
    blocks = _number_blocks(window)
    scores[blocks[:, None] != blocks[None, :]] = -np.inf
    for _ in range(_KEPT):
        first, last = divmod(int(scores.argmax()), length)
        score = float(scores[first, last])
        if not np.isfinite(score):
            return
        if many:
            first, last = _widen_to_list(window, scores, first, last)
        yield Span(window.passage, *_place(window, first, last), score)
        scores[: last + 1, first:] = -np.inf  # all that overlap it


def _number_blocks(window: _Window) -> NDArray[np.intp]:
    """Return for each token which paragraph it is in; no answer begins in a dateline and ends behind it."""
    passage = window.passage
    cuts = [blank.start() for blank in _BLANK_LINE.finditer(passage.text)]
    starts = [window.encoding.offsets[i][0] for i in window.inside]
    return np.searchsorted(sorted([*cuts, passage.article.body_start - passage.start]), starts, side="right")


def _widen_to_list(window: _Window, scores: Rows, first: int, last: int) -> tuple[int, int]:
    """Return the best list that holds the span, if the model thinks nearly as much of it as of the span itself."""
    start, end = _place(window, first, last)
    item = window.passage.article.text[start:end]
    enough = scores[first, last] - _LIST_MARGIN
    wider = scores[: first + 1, last:]
    places = np.argwhere(wider >= enough)
    for row, column in sorted(places.tolist(), key=lambda place: -wider[*place]):
        start, end = _place(window, row, last + column)
        if is_list_with(window.passage.article.text[start:end], item):
            return row, last + column
    return first, last


def _place(window: _Window, first: int, last: int) -> tuple[int, int]:
    """Return where in the article the tokens from `first` to `last` of a window stand."""
    offsets, shift = window.encoding.offsets, window.passage.start
    start, end = tidy_span(window.passage.text, offsets[window.inside[first]][0], offsets[window.inside[last]][1])
    return start + shift, end + shift


def _keep_best(spans: Sequence[Span]) -> list[Span]:
    """Return the best spans of each passage, best first; of those that overlap, two windows' views, the better."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: -span.score):
        same = [other for other in kept if other.passage == span.passage]
        if len(same) < _KEPT and not any(s.start < span.end and span.start < s.end for s in same):
            kept.append(span)
    return kept
