"""Reading: windows, spans and their places in the article."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from test_sentences import TEXTS
from tokenizers import Tokenizer

import qa
from qa import Article, Hit, Passage, Span
from qa.read import WINDOW_TOKENS, SpanReader

TOKENIZER = Path(qa.__file__).parent / "models" / "minilm-reader" / "tokenizer.json"
Ids = NDArray[np.int64]


class MarkedWords:
    """A model that starts answers at some words and ends them at others, 5 each; "no answer" has 0."""

    def __init__(self, starts: Mapping[str, float], ends: Mapping[str, float]) -> None:
        self.tokenizer = Tokenizer.from_file(str(TOKENIZER))
        self._marks = [{self.tokenizer.token_to_id(w): score for w, score in m.items()} for m in (starts, ends)]
        self.shapes: list[tuple[int, ...]] = []

    def score(self, inputs: Mapping[str, Ids]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        ids = inputs["input_ids"]
        assert all(array.shape == ids.shape for array in inputs.values())
        assert (ids[inputs["attention_mask"] == 0] == 0).all()
        self.shapes.append(ids.shape)
        start, end = (
            np.array([[marks.get(int(i), -5.0) for i in row] for row in ids], np.float32) for marks in self._marks
        )
        start[:, 0] = end[:, 0] = 0.0
        return start, end


def hits(*texts: str) -> list[Hit]:
    return [Hit(Passage(Article(text), 0, len(text)), 1.0, 1.0, 1.0) for text in texts]


def read(text: str, starts: str, ends: str, question: str = "who?") -> list[tuple[str, float]]:
    model = MarkedWords(dict.fromkeys(starts.split(), 5.0), dict.fromkeys(ends.split(), 5.0))
    return [(span.text, span.score) for span in SpanReader(model=model).read(question, hits(text)).spans]


def test_start_and_end_are_chosen_together() -> None:
    """The end stands behind the start, whichever the model likes better on its own."""
    assert read("Smith met Khan in May", "khan", "smith may")[0] == ("Khan in May", 10.0)


def test_the_question_is_never_the_answer() -> None:
    """Words of the question are scored by the model too, and are not looked at."""
    assert read("Khan came", "smith khan", "smith khan", question="smith?")[0] == ("Khan", 10.0)


def test_answers_are_of_bounded_length() -> None:
    """A start at the beginning and an end far behind make no answer."""
    text = "Khan " + "and so on " * 30 + "Smith"
    assert read(text, "khan", "smith")[0][1] < 10


def test_spans_of_a_passage_do_not_overlap() -> None:
    """The second best is another place, not the best with a word more."""
    spans = read("Smith and Khan met Ann", "smith khan ann", "smith khan ann")
    assert [text for text, _ in spans[:2]] == ["Smith and Khan", "Ann"]


def test_long_passages_are_read_in_windows() -> None:
    """An answer anywhere in a passage of several windows is found, at its place."""
    text = "one two three. " * 300 + "Then Smith came. " + "four five six. " * 300
    model = MarkedWords({"smith": 5.0}, {"smith": 5.0})
    (best, *_) = SpanReader(model=model).read("who came?", hits(text)).spans
    assert (best.text, best.start, best.score) == ("Smith", text.index("Smith"), 10.0)
    assert max(width for _, width in model.shapes) == WINDOW_TOKENS


def test_an_answer_where_two_windows_overlap_is_one() -> None:
    """Two windows that both see an answer give one span."""
    text = "one two three. " * 20 + "Smith " * 1 + "four five six. " * 40
    for shift in range(0, 400, 40):
        spans = [span for span in read("x " * shift + text, "smith", "smith") if span[1] == 10.0]
        assert [span for span, _ in spans] == ["Smith"]


def test_each_passage_is_scored_on_its_own() -> None:
    """A passage's spans are the same whatever else is read, in a batch of any width."""
    model = MarkedWords({"smith": 5.0, "khan": 4.0}, {"smith": 5.0, "khan": 4.0})
    alone = SpanReader(model=model).read("who?", hits("Khan came")).spans
    together = SpanReader(model=model).read("who?", hits("Smith came and went again", "Khan came")).spans
    assert [s for s in together if "Khan came" in s.passage.text] == alone
    assert [s.text for s in together[:2]] == ["Smith", "Khan"]


def test_a_worse_hit_needs_a_better_span() -> None:
    """A span scores less for what its passage is behind the best one; the best one's own score does not matter."""
    model = MarkedWords({"smith": 5.0, "khan": 4.0}, {"smith": 5.0, "khan": 4.0})
    for best in (20.0, 50.0):
        found = [replace(hit, score=best - 12 * n) for n, hit in enumerate(hits("Khan came", "Smith came"))]
        spans = SpanReader(model=model).read("who?", found).spans
        assert [(s.text, s.score) for s in spans[:2]] == [("Khan", 8.0), ("Smith", 7.0)]


def test_no_answer_crosses_a_head_or_a_blank_line() -> None:
    """A dateline or a heading and the text behind it are not one answer."""
    text = "LAHORE: Khan came"
    article = Article(text, body_start=8)
    model = MarkedWords({"lahore": 5.0, "khan": 1.0}, {"khan": 5.0})
    hit = Hit(Passage(article, 0, len(text)), 1.0, 1.0, 1.0)
    assert SpanReader(model=model).read("who?", [hit]).spans[0].text == "Khan"
    assert read("Lahore\n\nKhan", "lahore", "khan")[0][1] < 10


def test_a_list_is_given_whole_if_the_model_thinks_nearly_as_much_of_it() -> None:
    """ "Who came?" is answered by all who came if the model would have it; "Who is Ann?" by the one."""

    def ask(question: str, tom: float) -> str:
        model = MarkedWords({"ann": 5.0}, {"ann": 5.0, "tom": tom})
        return SpanReader(model=model).read(question, hits("Ann, Bob and Tom came")).spans[0].text

    assert ask("Who came?", 4.0) == "Ann, Bob and Tom"
    assert ask("Who came?", 2.0) == "Ann"
    assert ask("Who is first?", 4.0) == "Ann"


def test_long_questions_are_cut_at_a_word() -> None:
    """A question that leaves no room for the passage is cut, and the reading says what was read."""
    model = MarkedWords({"smith": 5.0}, {"smith": 5.0})
    question = "why " * 150 + "who?"
    reading = SpanReader(model=model).read(question, hits("Smith came"))
    assert question.startswith(reading.question)
    assert reading.question.endswith("why")
    assert 80 < len(reading.question.split()) < 100
    assert reading.spans[0].text == "Smith"
    assert SpanReader(model=model).read("who came?", []).question == "who came?"
    cut = SpanReader(model=model).read("x-" * 450, hits("Smith came"))
    assert 0 < len(cut.question) < 900


def test_nothing_to_read() -> None:
    """No passages, no spans."""
    assert SpanReader(model=MarkedWords({}, {})).read("one", []).spans == []


@settings(max_examples=60, deadline=None)
@given(TEXTS.filter(str.strip), st.integers(1, 60), st.integers(0, 50))
def test_law(text: str, repeats: int, seed: int) -> None:
    """Whatever the text, its length and the scores: spans lie in their passage, whole, ordered, apart."""

    class Noise(MarkedWords):
        def score(self, inputs: Mapping[str, Ids]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
            rng = np.random.default_rng(seed)
            shape = inputs["input_ids"].shape
            return rng.normal(size=shape).astype(np.float32), rng.normal(size=shape).astype(np.float32)

    whole = f"# head\n\n{text * repeats} tail"
    passage = Passage(Article(whole, body_start=2), 8, len(whole) - 3)
    spans = SpanReader(model=Noise({}, {})).read("what is it?", [Hit(passage, 1.0, 1.0, 1.0)]).spans
    assert [s.score for s in spans] == sorted((s.score for s in spans), reverse=True)
    for span in spans:
        assert passage.start <= span.start < span.end <= passage.end
        assert span.text.strip() == span.text
    assert not any(overlap(a, b) for i, a in enumerate(spans) for b in spans[:i])


def overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


@pytest.mark.slow
def test_the_shipped_model() -> None:
    """The model that ships marks names, times and reasons, and scores what is not said far lower."""
    text = "Donald Smith met the minister in Islamabad on Wednesday to discuss trade."
    reader = SpanReader()
    answers = [reader.read(q, hits(text)).spans[0] for q in ("Who met the minister?", "Where did they meet?")]
    assert [span.text for span in answers] == ["Donald Smith", "Islamabad"]
    unsaid = reader.read("How many moons has Jupiter?", hits(text)).spans[0]
    assert unsaid.score < min(span.score for span in answers) - 3
