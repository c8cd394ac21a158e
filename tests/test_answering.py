"""What the passages of a question make of it: words, a yes or no, a sentence, several things, or a refusal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from fakes import SentenceReader, WordEmbedder
from hypothesis import given, settings
from hypothesis import strategies as st

from qa import AnswerKind, Article, Hit, Reading, Slice, Span
from qa.answering import Answerer
from qa.chunk import chunk_article
from qa.types import Answer

HEAD = "OSLO, 14 May: "
TEXT = (
    f"{HEAD}Mayor Ann Smith closed the old bridge on Monday. She promised repairs. "
    "Governor Bob Jones said exports fell by 5 percent. The talks were held at noon. "
    "Twelve people were hurt. Many boats sank."
)
ARTICLE = Article(TEXT, title="Bridge shut", date=dt.date(2024, 5, 15), body_start=len(HEAD))


class Marker:
    """Takes given words for the answer, one surer than the next."""

    name = "marker"

    def __init__(self, *words: str) -> None:
        self.words = words

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        spans = []
        for place, words in enumerate(self.words):
            for hit in hits:
                start = hit.passage.article.text.find(words, hit.passage.start, hit.passage.end)
                if start >= 0:
                    spans.append(Span(hit.passage, start, start + len(words), 8.0 - 4.0 * place))
                    break
        return Reading(question, spans)


def make_hits(*articles: Article, max_words: int = 8) -> list[Hit]:
    return [Hit(passage, 9.0, 0.5, 1.0) for a in articles for passage in chunk_article(a, max_words=max_words)]


HITS = make_hits(ARTICLE, max_words=80)


def read(question: str, *words: str, said: Sequence[Slice] = (), hits: Sequence[Hit] = HITS) -> Answer:
    reader = Marker(*words) if words else SentenceReader()
    return Answerer(WordEmbedder(), reader, 0.35).read(question, hits, said)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who closed the old bridge?", "Mayor Ann Smith"),
        ("When was the bridge closed?", "on Monday"),
        ("How many people were hurt?", "Twelve"),
        ("By how much did exports fall?", "5 percent"),
        ("What time were the talks held?", "noon"),
    ],
)
def test_words(question: str, words: str) -> None:
    """The words that the reader marks are the answer, and their sentence is quoted."""
    answer = read(question, words)
    assert (answer.kind, answer.text, answer.citations[0].words) == (AnswerKind.WORDS, words, words)
    assert words in answer.citations[0].quote


@pytest.mark.parametrize(
    ("question", "kind", "text"),
    [
        ("Did Ann Smith close the old bridge?", AnswerKind.YES, "Mayor Ann Smith closed the old bridge on Monday."),
        ("Were the talks held at noon?", AnswerKind.YES, "The talks were held at noon."),
        ("Did exports rise?", AnswerKind.NO, "Governor Bob Jones said exports fell by 5 percent."),
    ],
)
def test_yes_or_no(question: str, kind: AnswerKind, text: str) -> None:
    """A question for yes or no is answered by a whole sentence, and with no "yes" where that does not decide it."""
    answer = read(question, text[:12])
    assert (answer.kind, answer.text, answer.citations[0].words) == (kind, text, text)


def test_how_many_without_a_number() -> None:
    """Words without a number in them are no answer to "how many": their sentence is shown."""
    answer = read("How many boats sank?", "boats")
    assert (answer.kind, answer.text) == (AnswerKind.SENTENCE, "Many boats sank.")


def test_a_day_is_no_time_of_day() -> None:
    """ "What time" is not answered with a day."""
    assert not read("What time was the bridge closed?", "on Monday").found
    assert read("What day was the bridge closed?", "on Monday").text == "on Monday"


def test_the_date_in_the_head() -> None:
    """The date of an article's head is when it was published, and answers nothing else."""
    assert not read("When was the bridge closed?", "14 May").found
    assert read("Where is the bridge?", "OSLO").text == "OSLO"


@pytest.mark.parametrize(
    ("date", "when"),
    [(dt.date(2024, 5, 15), "Monday, 13 May 2024"), (dt.date(2023, 3, 1), "Monday, 27 February 2023")],
)
def test_when(date: dt.date, when: str) -> None:
    """A weekday is the one before the article's date."""
    hits = make_hits(Article(TEXT, date=date, body_start=len(HEAD)), max_words=80)
    assert read("When was the bridge closed?", "on Monday", hits=hits).when == when
    assert read("Who closed the bridge?", "Ann Smith", hits=hits).when == ""


def test_no_date() -> None:
    """Without the article's date a weekday is no date."""
    assert read("When was the bridge closed?", "on Monday", hits=make_hits(Article(TEXT), max_words=80)).when == ""


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Who is the mayor?", "Ann Smith"),
        ("Who is Bob Jones?", "Governor"),
        ("What did the governor say?", "Governor Bob Jones said exports fell by 5 percent."),
        ("What did Ann Smith promise?", "She promised repairs."),
        ("Who said “exports fell”?", "Governor Bob Jones"),
    ],
)
def test_by_rule(question: str, text: str) -> None:
    """Who somebody is, and what somebody says, is found by rules, whatever the reader marks."""
    assert read(question, text[-9:]).text == text


def test_nobody_said_so() -> None:
    """Who said what nobody is said to have said is refused, however sure the reader is."""
    answer = read("Who said “Many boats sank”?", "Ann Smith")
    assert (answer.found, answer.text, answer.citations) == (False, "", ())


def test_she_is_named() -> None:
    """ "She" is no answer where the sentence before names her: the name is, and both sentences are quoted."""
    answer = read("Who promised repairs?", "She")
    assert answer.text == "Ann Smith"
    assert answer.citations[0].quote.endswith("She promised repairs.")
    assert answer.citations[0].quote.startswith("Mayor Ann Smith")


def test_what_was_said() -> None:
    """Nothing that overlaps what was said is an answer; the next best is."""
    start = TEXT.index("Twelve")
    said = [Slice(ARTICLE.id, start + 3, start + 4)]
    assert read("What happened?", "Twelve", "boats").text == "Twelve"
    assert read("What happened?", "Twelve", "boats", said=said).text == "boats"
    assert not read("What happened?", "Twelve", said=said).found
    assert read("What happened?", "Twelve", said=[Slice("another", start, start + 6)]).text == "Twelve"


def test_refused() -> None:
    """What is not sure enough is refused: no text, no citation, and the passage that came closest."""
    answer = read("Who painted the ceiling?")
    assert (answer.found, answer.text, answer.when, answer.citations) == (False, "", "", ())
    assert answer.nearest == HITS[0].passage
    assert answer.kind is AnswerKind.WORDS


def test_no_passages() -> None:
    """Without passages nothing is found, and nothing came close."""
    answer = read("Who closed the bridge?", hits=[])
    assert (answer.found, answer.nearest, answer.passages, answer.confidence) == (False, None, (), 0.0)


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("Wer hat den Damm gebrochen und warum ist das so?", "de"),
        ("¿Quién es el alcalde de la ciudad y qué dijo?", "es"),
        ("پل کس نے بند کیا؟", "ur"),
    ],
)
def test_another_language(question: str, code: str) -> None:
    """A refused question in a language that the embedder does not know is said to be in it."""
    answer = read(question)
    assert (answer.kind, answer.note, answer.found) == (AnswerKind.FOREIGN, code, False)


def test_who_says_so() -> None:
    """A citation names who says what it quotes, None where nobody does."""
    (said,) = read("By how much did exports fall?", "5 percent").citations
    assert said.speaker is not None
    assert TEXT[slice(*said.speaker)] == "Governor Bob Jones"
    assert read("How many people were hurt?", "Twelve").citations[0].speaker is None


def test_the_cited_passages_first() -> None:
    """All passages that were read are told, each once, the cited first."""
    hits = make_hits(ARTICLE)
    answer = read("How many people were hurt?", "Twelve", hits=[*hits, *hits])
    assert answer.passages[0] == answer.citations[0].passage
    assert sorted(p.start for p in answer.passages) == sorted(hit.passage.start for hit in hits)


@settings(max_examples=60, deadline=None)
@given(
    st.text(min_size=1, max_size=60).map(lambda text: f"a{text}"), st.sampled_from(["Twelve", "on Monday", "She", ""])
)
def test_any_question(question: str, words: str) -> None:
    """Whatever is asked, what is cited is a slice of the article, and the text is made of such slices alone."""
    answer = read(question, words or "the")
    for citation in answer.citations:
        assert TEXT[citation.start : citation.end] == citation.quote
        assert 0 <= citation.answer[0] < citation.answer[1] <= len(TEXT)
    assert all(part in TEXT for part in answer.text.split("; "))
    assert bool(answer.text) == answer.found
