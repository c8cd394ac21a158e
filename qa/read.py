"""A question and the passages found for it -> the words that answer it.

Question and passage are read together, in windows where a passage is too long for the model, and each passage on
its own: a span's score owes nothing to the other passages.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qa.english.speakers import ask_for_said, find_said
from qa.question import count_named, find_names, find_topic
from qa.sentences import split_article
from qa.span_model import SpanModel, find_room, load_span_model, make_inputs
from qa.tidy import asks_for_many, count_listed, tidy_span
from qa.types import Hit, Passage, Reading, Span

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Encoding, Tokenizer

    from qa.types import Rows

SHIPPED_READER = "minilm-reader"
SHIPPED_FOLDER = Path(__file__).parent / "models" / SHIPPED_READER

WINDOW_TOKENS = 256  # the length that the shipped model was trained with
# Of a passage at a time, and those that two windows of it share. The first of the two trainings whose mean ships has
# a best F1 of .689 so, and of .673 with paragraphs read whole in windows of 256 (1,468 questions of SQuAD v2.0 on
# articles kept from training, 2026-11-25). Nine other pairs of lengths were tried on the same questions.
_PASSAGE_TOKENS = 110
_STRIDE = 32
_QUESTION_TOKENS = 96  # of a whole window; a model that reads less is asked in the same share of it
_ANSWER_TOKENS = 40
_KEPT = 3  # spans of a passage, of which no two overlap
# A span scores so much less for each point that its passage's hit is behind the best hit. It put the right passage
# first for .906 instead of .863 of 117 answerable questions, among eight of 1,680 passages, and left alone how well a
# score tells answerable from unanswerable (2026-11-24, with an earlier reader's weights). The share of the hit's own
# score did not: questions differ in it.
_BEHIND = 0.25
# "What did she say about exports?" is answered where exports are named: an answer in another sentence scores so much
# less, or a part of it if the sentence has a part of the topic's words. Not measured: SQuAD hardly asks so.
_OFF_TOPIC = 4.0
# And by what she says: one in a sentence that others say, or nobody, scores so much less. Of 17 questions that put
# words into another's mouth 16 are refused with 0 and 2, all with 3 to 6. One that she says and that has all of the
# topic scores so much more: of 37 questions 18 are answered rightly with 0, 25 with 2, 29 with 3 (2026-11-25).
_NOT_SAID = 4.0
_SAID_SO = 3.0
# A list may score so much less than its best member. Of 202 questions for many on articles kept from training, F1 is
# .795 without lists, .806 with 2, .813 with 4, .805 with 6, .802 with any (2026-11-25). Of these 6 is the least that
# gives all who attended in the shipped article.
_LIST_MARGIN = 6.0
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

    def __init__(self, name: str = SHIPPED_READER, *, model: SpanModel | None = None, offline: bool = False) -> None:
        """Take a model's folder, or its name on the hub; ModelError at the first question if it cannot be had.

        `offline` asks nothing of the hub.
        """
        is_folder = name != SHIPPED_READER and Path(name).is_dir()
        self.name = str(Path(name).resolve()) if is_folder else name
        self._model = model
        self._offline = offline
        self._window: int | None = None  # tokens, when the model is ready
        self._lock = threading.Lock()
        self._cores = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="reader")

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        """Return the best spans of every passage; see `qa.types.Reader`."""
        model, window_tokens = self._load()
        most = window_tokens * _QUESTION_TOKENS // WINDOW_TOKENS
        question = _cut_question(model.tokenizer, question, most)
        asked = model.tokenizer.encode(question, add_special_tokens=False)
        asked.truncate(most)  # for a cut that made tokens of its own
        topic, speaker = find_topic(question), ask_for_said(question)
        unlisted = find_names(question) if asks_for_many(question) else None
        best = max((hit.score for hit in hits), default=0.0)
        spans: list[Span] = []
        windows = list(_cut_windows(model.tokenizer, asked, hits, window_tokens))
        inputs = [make_inputs(window.encoding.ids, window.encoding.type_ids) for window in windows]
        # One by one: the shipped model scales its 8-bit integers by all that it reads at once. Beside two other
        # passages a span's score was up to 1.2 off. As many at a time as there are cores: sixteen windows took 85 ms
        # on two, and 101 ms with both cores on the same window (2026-11-25).
        for window, (start, end) in zip(windows, self._cores.map(model.score, inputs), strict=True):
            off = _weigh_sentences(window, topic, speaker) if topic or speaker else 0.0
            behind = _BEHIND * (best - window.hit.score)
            found = _find_spans(window, start[0] - off, end[0], unlisted)
            spans += (replace(span, score=span.score - behind) for span in found)
        return Reading(question, _keep_best(spans))

    def _load(self) -> tuple[SpanModel, int]:
        with self._lock:
            if self._model is None:
                self._model = self._load_model()
            if self._window is None:  # a tokenizer's own limit and padding are for other uses of it
                self._model.tokenizer.no_padding()
                self._model.tokenizer.no_truncation()
                self._model.tokenizer.encode_special_tokens = True  # "[SEP]" in a text is text like any other
                self._window = find_room(self._model, self.name, WINDOW_TOKENS)
            return self._model, self._window

    def _load_model(self) -> SpanModel:
        name = str(SHIPPED_FOLDER) if self.name == SHIPPED_READER else self.name
        return load_span_model(name, offline=self._offline)


def _cut_question(tokenizer: Tokenizer, question: str, most: int) -> str:
    """Return as many of a question's words as leave room for the passage, in at most so many tokens."""
    encoding = tokenizer.encode(question, add_special_tokens=False)
    if len(encoding.ids) <= most:
        return question
    end = encoding.offsets[most - 1][1]
    space = question.rfind(" ", 0, end + 1)
    # A word is left out whole, unless it is most of the question, as where words have no spaces between them.
    return question[: space if space > end // 2 else end].rstrip()


def _cut_windows(tokenizer: Tokenizer, asked: Encoding, hits: Sequence[Hit], most: int) -> Iterator[_Window]:
    """Yield the windows of each passage, none of more than `most` tokens, without those that show nothing of it."""
    room = min(_PASSAGE_TOKENS, most - len(asked.ids) - tokenizer.num_special_tokens_to_add(is_pair=True))
    texts = [hit.passage.text for hit in hits]
    for hit, text, encoding in zip(hits, texts, tokenizer.encode_batch(texts, add_special_tokens=False), strict=True):
        encoding.truncate(room, stride=min(_STRIDE, room // 2))
        for part in (encoding, *encoding.overflowing):
            pair = tokenizer.post_process(asked, part)
            inside = [
                place
                for place, (sequence, (start, end)) in enumerate(zip(pair.sequence_ids, pair.offsets, strict=True))
                if sequence == 1 and text[start:end].strip()  # some tokenizers make tokens of white space
            ]
            if inside:
                yield _Window(hit, pair, np.array(inside, dtype=np.intp))


def _find_spans(
    window: _Window, start: NDArray[np.float32], end: NDArray[np.float32], unlisted: Sequence[str] | None
) -> Iterator[Span]:
    """Yield the best spans of a window that do not overlap, from its logits, each of shape (tokens,).

    They are widened to lists, unless `unlisted` is None, but to none with one of its names.
    """
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
        if unlisted is not None:
            first, last = _widen_to_list(window, scores, first, last, unlisted)
        yield Span(window.passage, *_place(window, first, last), score)
        scores[: last + 1, first:] = -np.inf  # all that overlap it


def _number_blocks(window: _Window) -> NDArray[np.intp]:
    """Return for each token which paragraph it is in; no answer begins in a dateline and ends behind it."""
    passage = window.passage
    cuts = [blank.start() for blank in _BLANK_LINE.finditer(passage.text)]
    starts = [window.encoding.offsets[i][0] for i in window.inside]
    return np.searchsorted(sorted([*cuts, passage.article.body_start - passage.start]), starts, side="right")


def _weigh_sentences(window: _Window, topic: Sequence[str], speaker: str | None) -> NDArray[np.float32]:
    """Return for each token how much less it scores for its sentence's topic and speaker; shape (tokens,)."""
    less = np.zeros(len(window.encoding.ids), np.float32)
    article, first, last = window.passage.article, window.passage.start, window.passage.end
    sentences, said = list(split_article(article, first, last)), find_said(article, first, last, speaker or "")
    off = np.zeros(len(sentences) + 1, np.float32)
    for place, (start, end) in enumerate(sentences):
        missed = 1 - count_named(article.text[start:end], topic) / len(topic) if topic else 0.0
        off[place] = _OFF_TOPIC * missed
        if speaker:
            by_her = any(left < end and start < right for left, right in said)
            off[place] += (-_SAID_SO if topic and not missed else 0.0) if by_her else _NOT_SAID
    places = [window.encoding.offsets[i][0] + first for i in window.inside]
    less[window.inside] = off[np.searchsorted([end for _, end in sentences], places, side="right")]
    return less


def _widen_to_list(window: _Window, scores: Rows, first: int, last: int, unlisted: Sequence[str]) -> tuple[int, int]:
    """Return the longest list that holds the span, of those that the model thinks nearly as much of as of the span.

    Of lists that are equally long, the best. Whom a question names is not who it asks for: "Who met Ann Smith?".
    """
    part = _slice(window, first, last)
    enough = scores[first, last] - _LIST_MARGIN
    wider = scores[: first + 1, last:]
    most, place = 0, (first, last)
    for row, column in sorted(np.argwhere(wider >= enough).tolist(), key=lambda place: -wider[*place]):
        wide = _slice(window, row, last + column)
        listed = count_listed(wide, part)
        if listed > most and not any(name in wide and name not in part for name in unlisted):
            most, place = listed, (row, last + column)
    return place


def _slice(window: _Window, first: int, last: int) -> str:
    start, end = _place(window, first, last)
    return window.passage.article.text[start:end]


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
