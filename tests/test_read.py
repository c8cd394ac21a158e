"""Reading: windows, spans and their places in the article."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from test_sentences import TEXTS
from tokenizers import Regex, Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Replace
from tokenizers.pre_tokenizers import Split
from tokenizers.processors import RobertaProcessing

import qa
from qa import Article, Hit, Passage, Span
from qa.answer import cite
from qa.calibration import Fit
from qa.read import SHIPPED_READER, WINDOW_TOKENS, SpanReader

TOKENIZER = Path(qa.__file__).parent / "models" / "minilm-reader" / "tokenizer.json"
FIT = Fit(slope=1.0, intercept=0.0, data="made up")
Ids = NDArray[np.int64]


@cache
def load_tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(TOKENIZER))


class MarkedWords:
    """A model that starts answers at some words and ends them at others, 5 each; "no answer" has 0."""

    def __init__(self, starts: Mapping[str, float], ends: Mapping[str, float]) -> None:
        self.tokenizer = load_tokenizer()
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


def test_what_is_said_about_a_topic_stands_where_it_is_named() -> None:
    """An answer in a sentence without the topic gives way, unless the model is much surer of it."""
    text = "Smith praised the weather. Khan praised the exporters."

    def first(question: str, smith: float) -> str:
        marks = {"smith": smith, "khan": 5.0}
        return SpanReader(model=MarkedWords(marks, marks)).read(question, hits(text)).spans[0].text

    assert first("Who spoke?", 6.0) == "Smith"
    assert first("Who spoke about exports?", 6.0) == "Khan"
    assert first("Who spoke about exports?", 8.0) == "Smith"


def test_what_somebody_says_is_what_they_say() -> None:
    """What another says gives way; the asked-for one's words on the topic are preferred, through pronouns too."""
    text = "Mayor Smith praised the ports. Envoy Khan came by train. He said the ports were small."
    marks = {"praised": 6.0, "small": 4.0}

    def ask(question: str) -> tuple[float, float]:
        spans = SpanReader(model=MarkedWords(marks, marks)).read(question, hits(text)).spans
        scores = {span.text: span.score for span in spans}
        return scores["praised"], scores["small"]

    assert ask("What happened?") == ask("What did he say?") == (12.0, 8.0)
    assert ask("What did Khan say?") == (8.0, 8.0)
    assert ask("What did Khan say about ports?") == (8.0, 11.0)
    assert ask("What did the mayor say about ports?") == (15.0, 4.0)
    assert ask("What did the minister say about ports?") == (8.0, 4.0)


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
    tried, *read = model.shapes
    assert tried == (1, WINDOW_TOKENS)
    assert max(width for _, width in read) == 3 + len(["who", "came", "?"]) + 110


def test_an_answer_where_two_windows_overlap_is_one() -> None:
    """Two windows that both see an answer give one span."""
    text = "one two three. " * 20 + "Smith " * 1 + "four five six. " * 40
    for shift in range(0, 400, 40):
        spans = [span for span in read("x " * shift + text, "smith", "smith") if span[1] == 10.0]
        assert [span for span, _ in spans] == ["Smith"]


def test_each_passage_is_scored_on_its_own() -> None:
    """A passage's spans are the same whatever else is read: no model is shown two at once."""
    model = MarkedWords({"smith": 5.0, "khan": 4.0}, {"smith": 5.0, "khan": 4.0})
    alone = SpanReader(model=model).read("who?", hits("Khan came")).spans
    together = SpanReader(model=model).read("who?", hits("Smith came and went again", "Khan came")).spans
    assert [s for s in together if "Khan came" in s.passage.text] == alone
    assert [s.text for s in together[:2]] == ["Smith", "Khan"]
    assert {rows for rows, _ in model.shapes} == {1}


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
    assert ask("Who came?", -2.0) == "Ann"
    assert ask("Who is first?", 4.0) == "Ann"


def test_who_met_whom() -> None:
    """Whom a question names is not in the list that answers it, though the article lists all who met."""
    model = MarkedWords({"ann": 4.5, "tom": 5.0}, {"ray": 5.0})
    found = hits("Ann Lee, Bob and Tom Ray met")
    assert SpanReader(model=model).read("Who met?", found).spans[0].text == "Ann Lee, Bob and Tom Ray"
    assert SpanReader(model=model).read("Who met Ann Lee?", found).spans[0].text == "Tom Ray"
    assert SpanReader(model=model).read("Who met Ann?", found).spans[0].text == "Ann Lee, Bob and Tom Ray"


def test_part_of_a_list_is_not_taken_for_all_of_it() -> None:
    """A list is given from its first member to its last, though the model likes a part of it better."""
    model = MarkedWords({"ann": 4.5, "tom": 5.0}, {"tom": 5.0, "eve": 4.5})
    (best, *_) = SpanReader(model=model).read("Who came?", hits("Ann, Bob, Tom and Eve came")).spans
    assert best.text == "Ann, Bob, Tom and Eve"
    model = MarkedWords({"ann": 5.0}, {"bob": 5.0, "eve": 4.5})
    (best, *_) = SpanReader(model=model).read("Who came?", hits("Ann, Bob, Tom and Eve came")).spans
    assert best.text == "Ann, Bob, Tom and Eve"


def test_words_without_spaces_end_where_the_model_says() -> None:
    """Chinese has no spaces between words: a span is not widened to the whole sentence."""
    model = MarkedWords({"大": 5.0}, {"国": 5.0})
    assert SpanReader(model=model).read("谁？", hits("来了大中国人。")).spans[0].text == "大中国"


def test_special_tokens_in_a_text_are_text() -> None:
    """What stands between question and passage cannot be written into an article or a question."""
    shown: list[list[int]] = []

    class Watch(MarkedWords):
        def score(self, inputs: Mapping[str, Ids]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
            shown.append(inputs["input_ids"][0].tolist())
            return super().score(inputs)

    model = Watch({"smith": 5.0}, {"smith": 5.0})
    reading = SpanReader(model=model).read("[SEP] who?", hits("[CLS] Smith came [SEP] [PAD] [MASK]"))
    assert reading.spans[0].text == "Smith"
    ids = [model.tokenizer.id_to_token(number) for number in shown[-1]]
    assert [ids.count(token) for token in ("[CLS]", "[SEP]", "[PAD]", "[MASK]")] == [
        1,
        2,
        0,
        0,
    ]


def test_a_text_without_tokens() -> None:
    """A passage of what the tokenizer does not see has no answer, and one of unknown words may have."""
    model = MarkedWords({"[UNK]": 5.0}, {"[UNK]": 5.0})
    reader = SpanReader(model=model)
    assert reader.read("who?", hits("\x01\x02 \u0301", "\u200d")).spans == []
    assert [s.text for s in reader.read("y" * 900, hits("x" * 150)).spans] == ["x" * 150]
    assert [s.text for s in reader.read("😀?", hits("👨\u200d👩 and ❤\ufe0f")).spans[:2]] == ["👨\u200d👩", "❤\ufe0f"]


def test_the_shipped_reader_is_not_taken_from_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that happens to have the shipped reader's name is not it."""
    (tmp_path / SHIPPED_READER).mkdir()
    monkeypatch.chdir(tmp_path)
    assert SpanReader().name == SHIPPED_READER
    assert SpanReader(f"./{SHIPPED_READER}").name == str((tmp_path / SHIPPED_READER).resolve())


class Narrow(MarkedWords):
    """A model that has places for 140 tokens."""

    def score(self, inputs: Mapping[str, Ids]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        if inputs["input_ids"].shape[1] > 140:
            raise IndexError("index out of range in self")
        return super().score(inputs)


def test_a_model_that_reads_less() -> None:
    """A model with fewer places than a window is shown smaller windows, and asked less."""
    text = "one two three. " * 100 + "Then Smith came. " + "four five six. " * 100
    model = Narrow({"smith": 5.0}, {"smith": 5.0})
    reading = SpanReader(model=model).read("why " * 150, hits(text))
    assert reading.spans[0].text == "Smith"
    assert len(reading.question.split()) == 48
    assert max(width for _, width in model.shapes) == 128


def test_a_tokenizer_that_makes_tokens_of_white_space() -> None:
    """RoBERTa's makes one of a line's end and puts four tokens round a pair; the first is "no answer" there too."""
    vocabulary = {token: n for n, token in enumerate(["<s>", "</s>", "<unk>", "who", "Smith", "came", "\n"])}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="<unk>"))  # noqa: S106 - a word, not a password
    tokenizer.pre_tokenizer = Split(Regex(r" ?\S+|\n"), "isolated")
    tokenizer.normalizer = Replace(" ", "")
    tokenizer.post_processor = RobertaProcessing(("</s>", 1), ("<s>", 0))

    class Lines(MarkedWords):
        def __init__(self) -> None:
            super().__init__({}, {})
            self.tokenizer = tokenizer

        def score(self, inputs: Mapping[str, Ids]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
            ids = inputs["input_ids"]
            assert not inputs["token_type_ids"].any()
            logits = np.where(ids == 0, 1.0, np.where(ids == 6, 9.0, np.where(ids == 4, 5.0, -5.0))).astype(
                np.float32
            )
            return logits, logits

    (best, *rest) = SpanReader(model=Lines()).read("who", hits("came\nSmith\ncame")).spans
    assert (best.text, best.score) == ("Smith", 8.0)
    assert all(span.text.strip() == span.text for span in rest)


def test_several_threads() -> None:
    """One reader may be asked by several threads at once, from the first question on."""
    reader = SpanReader(model=MarkedWords({"smith": 5.0}, {"smith": 5.0}))
    found = hits("word " * 600 + "Smith came")
    with ThreadPoolExecutor(8) as pool:
        readings = list(pool.map(lambda _: reader.read("who came?", found), range(16)))
    assert all(reading == readings[0] for reading in readings)


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
    assert SpanReader(model=model).read("问" * 1000, hits("Smith came")).question == "问" * 96
    assert SpanReader(model=model).read("谁: " + "问" * 900, hits("Smith came")).question == "谁: " + "问" * 94


def test_nothing_to_read() -> None:
    """No passages, no spans."""
    assert SpanReader(model=MarkedWords({}, {})).read("one", []).spans == []


class Noise(MarkedWords):
    """A model that likes any place as much as any other, the same whenever it is asked."""

    def __init__(self, seed: int) -> None:
        super().__init__({}, {})
        self._seed = seed

    def score(self, inputs: Mapping[str, Ids]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        rng = np.random.default_rng(self._seed)
        shape = inputs["input_ids"].shape
        self.shapes.append(shape)
        return rng.normal(size=shape).astype(np.float32), rng.normal(size=shape).astype(np.float32)


PIECES = [
    "x" * 130,
    "word" * 12,
    "Ann, ",
    "Bob and ",
    "Dr. Cid. ",
    "1,200 ",
    "-5 ",
    "[SEP] ",
    " ",
    "\n",
    "\n\n",
    "\x01",
]
PIECES += [
    "\x1c",
    "\u2028",
    "\u202e",
    "👩\u200d🚀",
    "❤\ufe0f",
    "e\u0301\u0323",
    "שלום ",
    "مرحبًا ",
    "布洛姆大使",
    "ไทยแลนด์",
    "한국어",
]
STRANGE = st.lists(
    st.sampled_from(PIECES)
    | st.text(st.characters(exclude_characters="\r\x00", exclude_categories=["Cs"]), max_size=6),
    max_size=40,
).map("".join)


@settings(max_examples=150, deadline=None)
@given(
    TEXTS | STRANGE,
    STRANGE.filter(str.strip),
    st.integers(1, 20),
    st.integers(0, 50),
    st.sampled_from([(256, 96, 96), (40, 90, 15), (24, 5, 9), (16, 1, 6)]),
    st.booleans(),
)
def test_law(text: str, question: str, repeats: int, seed: int, sizes: tuple[int, int, int], many: bool) -> None:
    """Whatever the text, the question, the windows and the scores: spans lie in their passage, whole, ordered, apart.

    Every citation of them quotes the article exactly and holds its answer.
    """
    whole = f"# head\n\n{text * repeats} tail"
    article = Article(whole, body_start=2)
    passages = [Passage(article, 8, len(whole) - 3), Passage(article, len(whole) // 2, len(whole))]
    model = Noise(seed)
    with pytest.MonkeyPatch.context() as patch:
        for name, size in zip(("WINDOW_TOKENS", "_STRIDE", "_QUESTION_TOKENS"), sizes, strict=True):
            patch.setattr(qa.read, name, size)
        reading = SpanReader(model=model).read(
            ("Who are " if many else "") + question, [Hit(p, 1.0, 1.0, 1.0) for p in passages if p.start < p.end]
        )
    assert max(width for _, width in model.shapes) <= sizes[0]
    spans = reading.spans
    assert [s.score for s in spans] == sorted((s.score for s in spans), reverse=True)
    for span in spans:
        assert span.passage.start <= span.start < span.end <= span.passage.end
        assert span.text.strip() == span.text
    assert not any(overlap(a, b) for i, a in enumerate(spans) for b in spans[:i] if a.passage == b.passage)
    for number, citation in enumerate(cite(spans, FIT, 0.0), start=1):
        assert citation.number == number
        assert whole[citation.start : citation.end] == citation.quote
        assert citation.start <= citation.answer[0] < citation.answer[1] <= citation.end


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["word ", "x-", "布", "👩\u200d🚀 ", "e\u0301"]), max_size=120), st.integers(0, 8))
def test_every_token_is_in_a_window(pieces: list[str], stride: int) -> None:
    """However small the windows, an answer anywhere in a passage is found at its place."""
    before = "".join(pieces) + " "
    with pytest.MonkeyPatch.context() as patch:
        for name, size in {"WINDOW_TOKENS": 20, "_STRIDE": stride, "_QUESTION_TOKENS": 6}.items():
            patch.setattr(qa.read, name, size)
        model = MarkedWords({"smith": 5.0}, {"smith": 5.0})
        (best, *_) = SpanReader(model=model).read("who?", hits(f"{before}Smith {before}")).spans
    assert (best.start, best.text) == (len(before), "Smith")


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
