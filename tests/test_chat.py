"""A conversation: follow-ups, choices, corrections, small talk, and what others say was said."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import SentenceReader, WordEmbedder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa import QA, Answer, AnswerKind, Article, QuestionError, Slice, Timing, Turn
from qa.talk.words import split_words

BRIDGE = Article(
    "Mayor Ann Smith closed the bridge. She promised repairs. Governor Bob Jones said exports fell. "
    "The dam broke on Monday. Smith said taxes rose. Smith said rents fell.",
    title="The old bridge is closed to all traffic",
    date=dt.date(2024, 5, 15),
)
TEAM = Article(
    "Coach Tim Brown and striker Leo Marsh spoke. Tim Brown wore a hat. Leo Marsh wore a coat. "
    "Marsh said he won. Brown said he left.",
    title="Two of a team speak after the long game",
)
LUND = Article("Mayor Eva Lund cut a ribbon. The lake froze.", title="Lund cuts a ribbon at the new school today")
BERG = Article("Mayor Ada Berg rode a horse. The lake froze.", title="Berg rides a horse to the old school today")


@pytest.fixture
def bridge(library: QA) -> QA:
    """A library of one article."""
    library.add(BRIDGE)
    return library


@pytest.fixture
def team(library: QA) -> QA:
    """A library of one article, on two men."""
    library.add(TEAM)
    return library


def timeless(answer: Answer) -> Answer:
    return replace(answer, ms=Timing(0.0, 0.0, 0.0))


def obey(answer: Answer) -> None:
    """Every citation is a slice of its article, with the answering words in it."""
    for citation in answer.citations:
        text, (first, last) = citation.article.text, citation.answer
        assert 0 <= citation.start < citation.end <= len(text)
        assert text[citation.start : citation.end] == citation.quote
        assert 0 <= first < last <= len(text)
        assert text[first:last] == citation.words


# Follow-ups.


@pytest.mark.parametrize(
    ("first", "follow_up", "understood", "text"),
    [
        ("Who is the mayor?", "What did she say about taxes?", "What did Ann Smith say about taxes?",
         "Smith said taxes rose."),
        ("Who is the mayor?", "Did she close the bridge?", "Did Ann Smith close the bridge?",
         "Mayor Ann Smith closed the bridge."),
        ("What did Smith say about taxes?", "and rents?", "What did Smith say about rents?",
         "Smith said rents fell."),
        ("What did Smith say about taxes?", "no, rents", "What did Smith say about rents?",
         "Smith said rents fell."),
        ("What about taxes?", "sorry, I meant exports", "What about exports?",
         "Governor Bob Jones said exports fell."),
        ("Who closed the bridge?", "pls, how abt the dam?", "What about the dam?", "The dam broke on Monday."),
        ("Which dam broke on Monday?", "Who said that?", "Who said “The dam broke on Monday.”?", ""),
        ("Who is the mayor?", "And the governor?", "Who is the governor?", "Bob Jones"),
    ],
)  # fmt: skip
def test_follow_up(bridge: QA, first: str, follow_up: str, understood: str, text: str) -> None:
    """A follow-up is answered as the whole question that it means, and shown as it was typed."""
    chat = bridge.chat()
    chat.ask(first)
    answer = chat.ask(follow_up)
    assert (answer.question, answer.understood_as, answer.text) == (follow_up, understood, text)
    assert chat.turns[-1].question == understood
    obey(answer)


@pytest.mark.parametrize(
    "question",
    [
        "Who is the governor?",
        "Which dam broke on Monday?",
        "What did the mayor say about taxes?",
        "Did the dam break on Monday?",
        "Who painted the ceiling?",
        "What did Beyoncé say about her album?",
        "Is it true that exports fell?",
        "taxes",
        "wat broke on Monday",
        "When was this article published?",
    ],
)
def test_standing_alone(bridge: QA, question: str) -> None:
    """A question that stands alone gets the answer of `QA.ask`, before a conversation and after one."""
    alone = timeless(bridge.ask(question))
    chat = bridge.chat()
    assert timeless(chat.ask(question)) == replace(alone, question=question)
    for other in ("Who is the mayor?", "What did she say about rents?", "hello"):
        chat.ask(other)
    assert timeless(chat.ask(question)) == replace(alone, question=question)


@pytest.mark.parametrize("question", ["And when?", "Why?", "How old is she?", "What else?", "tell me more", "and?"])
def test_nothing_to_follow(bridge: QA, question: str) -> None:
    """Before the first turn a follow-up is asked back, with nothing to choose from, and nothing cited."""
    answer = bridge.chat().ask(question)
    assert (answer.kind, answer.choices, answer.citations, answer.text) == (AnswerKind.WHICH, (), (), "")
    assert (answer.question, answer.understood_as) == (question, question)


def test_a_refused_follow_up_says_what_was_asked(bridge: QA) -> None:
    """What the articles do not say about somebody is refused under the name."""
    chat = bridge.chat()
    chat.ask("Who is the mayor?")
    answer = chat.ask("What did she say about ferries?")
    assert (answer.understood_as, answer.found) == ("What did Ann Smith say about ferries?", False)


# What else.


@pytest.mark.parametrize("more", ["what else did she say?", "What else did the mayor say?"])
def test_what_else_says_nothing_twice(bridge: QA, more: str) -> None:
    """What is asked for more never gets what was said, and in the end nothing."""
    chat = bridge.chat()
    answers = [chat.ask("What did the mayor say about taxes?"), *(chat.ask(more) for _ in range(4))]
    said = [(citation.start, citation.end) for answer in answers for citation in answer.citations]
    assert len(said) == len(set(said)) > 2
    assert not any(a < d and c < b for a, b in said for c, d in said if (a, b) != (c, d))
    assert [answer.found for answer in answers[-2:]] == [False, False]


def test_the_same_question_says_the_same(bridge: QA) -> None:
    """Only what asks for more leaves out what was said."""
    chat = bridge.chat()
    assert chat.ask("Who is the mayor?").citations == chat.ask("Who is the mayor?").citations


# Which of them.


@pytest.mark.parametrize(
    ("reply", "understood", "text"),
    [
        ("1", "What did Tim Brown wear?", "Tim Brown wore a hat."),
        ("2", "What did Leo Marsh wear?", "Leo Marsh wore a coat."),
        (" #2. ", "What did Leo Marsh wear?", "Leo Marsh wore a coat."),
        ("2)", "What did Leo Marsh wear?", "Leo Marsh wore a coat."),
        ("Leo Marsh", "What did Leo Marsh wear?", "Leo Marsh wore a coat."),
        ("brown", "What did Tim Brown wear?", "Tim Brown wore a hat."),
        ("What did Tim Brown wear?", "What did Tim Brown wear?", "Tim Brown wore a hat."),
    ],
)
def test_two_people_are_as_likely(team: QA, reply: str, understood: str, text: str) -> None:
    """Where a pronoun may be either of two, both questions are offered, and a number or a name picks one."""
    chat = team.chat()
    chat.ask("Who spoke?")
    which = chat.ask("What did he wear?")
    choices = ("What did Tim Brown wear?", "What did Leo Marsh wear?")
    assert (which.kind, which.choices, which.found, which.text) == (AnswerKind.WHICH, choices, False, "")
    assert chat.turns[-1].choices == choices
    answer = chat.ask(reply)
    assert (answer.question, answer.understood_as, answer.text) == (reply, understood, text)
    assert chat.turns[-1] == Turn(understood, text, tuple(Slice(TEAM.id, *c.answer) for c in answer.citations))


@pytest.mark.parametrize("reply", ["0", "3", "99999999999999999999", "-1", "he", "²"])
def test_no_choice(team: QA, reply: str) -> None:
    """What names none of the choices, or both, picks none."""
    chat = team.chat()
    chat.ask("Who spoke?")
    choices = chat.ask("What did he wear?").choices
    assert chat.ask(reply).understood_as not in choices


def test_small_talk_leaves_the_choice_open(team: QA) -> None:
    """A choice can still be made behind small talk, and not behind another question."""
    chat = team.chat()
    chat.ask("Who spoke?")
    chat.ask("What did he wear?")
    chat.ask("thanks")
    assert chat.ask("2").understood_as == "What did Leo Marsh wear?"
    assert chat.ask("1").understood_as != "What did Tim Brown wear?"


# Small talk, and what cannot be read.


@pytest.mark.parametrize(
    ("message", "intent"),
    [
        ("hello", "greeting"),
        ("Hi there!", "greeting"),
        ("👍", "acknowledgement"),
        ("👍🏽", "acknowledgement"),
        ("thanks a lot", "thanks"),
        ("ok, bye", "goodbye"),
        ("who are you?", "who_are_you"),
        ("what can you do?", "what_can_you_do"),
        ("are you a bot", "are_you_a_bot"),
        ("how are you", "how_are_you"),
        ("yes", "yes"),
        ("no", "no"),
        ("tell me a joke", "cannot"),
    ],
)
def test_small_talk(bridge: QA, message: str, intent: str) -> None:
    """Small talk has a kind, cites nothing, is no turn, and costs no look at the articles."""
    embedder = bridge.embedder
    assert isinstance(embedder, WordEmbedder)
    chat = bridge.chat()
    chat.ask("Who is the mayor?")
    asked, turns = list(embedder.queries), chat.turns
    answer = chat.ask(message)
    assert (answer.kind, answer.note, answer.question) == (AnswerKind.TALK, intent, message)
    assert (answer.citations, answer.text, answer.nearest, answer.passages) == ((), "", None, ())
    assert (chat.turns, embedder.queries) == (turns, asked)


def test_another_language(bridge: QA) -> None:
    """A question that is refused for its language is no turn."""
    chat = bridge.chat()
    answer = chat.ask("Wer hat den Damm gebrochen und warum ist das so?")
    assert (answer.kind, answer.note, answer.found) == (AnswerKind.FOREIGN, "de", False)
    assert chat.turns == ()


@pytest.mark.parametrize("question", ["", "   ", "?!", "\u200b", "x" * 1001, "why " * 300])
def test_no_question(bridge: QA, question: str) -> None:
    """What is no question raises what `QA.ask` raises, and is no turn."""
    chat = bridge.chat()
    with pytest.raises(QuestionError) as here:
        chat.ask(question)
    with pytest.raises(QuestionError) as there:
        bridge.ask(question)
    assert str(here.value) == str(there.value)
    assert chat.turns == ()


# What is remembered.


def test_at_most_twenty(bridge: QA) -> None:
    """The last twenty turns are remembered, the oldest first."""
    chat = bridge.chat()
    for number in range(25):
        chat.ask(f"Which dam broke on Monday {number}?")
    assert [turn.question for turn in chat.turns] == [f"Which dam broke on Monday {n}?" for n in range(5, 25)]


def test_a_turn(bridge: QA) -> None:
    """A turn has the question as it was understood, the answer and where its words stand."""
    chat = bridge.chat()
    chat.ask("Who is the mayor?")
    start = BRIDGE.text.index("Ann Smith")
    known = Turn("Who is the mayor?", "Ann Smith", (Slice(BRIDGE.id, start, start + 9),))
    chat.ask("Who painted the ceiling?")
    assert [*chat.turns] == [known, Turn("Who painted the ceiling?")]


def test_forget(bridge: QA) -> None:
    """What is forgotten cannot be followed."""
    chat = bridge.chat()
    chat.ask("Who is the mayor?")
    assert chat.turns
    chat.forget()
    assert not chat.turns
    assert chat.ask("What did she say about taxes?").kind is AnswerKind.WHICH


def test_gone_on_with(bridge: QA) -> None:
    """A conversation that is taken up again goes on as if it had not stopped."""
    chat = bridge.chat()
    chat.ask("Who is the mayor?")
    again = bridge.chat(iter(chat.turns))
    follow_up = "What did she say about taxes?"
    assert timeless(again.ask(follow_up)) == timeless(chat.ask(follow_up))
    assert again.turns == chat.turns


def test_two_conversations(bridge: QA) -> None:
    """One conversation knows nothing of another."""
    one, other = bridge.chat(), bridge.chat()
    one.ask("Who is the mayor?")
    assert other.ask("What did she say about taxes?").kind is AnswerKind.WHICH
    assert len(one.turns) == 1


def test_a_thousand_turns(bridge: QA) -> None:
    """Of a history of a thousand turns the last twenty count."""
    turns = [Turn(f"Who is mayor {number}?", "nobody") for number in range(1_000)]
    chat = bridge.chat(turns)
    assert chat.turns == tuple(turns[-20:])
    assert chat.ask("And the governor?").understood_as == "Who is the governor?"


# What others say was said.


def make_turns() -> dict[str, tuple[Turn, ...]]:
    size, here = len(BRIDGE.text), BRIDGE.id
    places = {
        "negative": (-9, -1),
        "before": (-5, 20),
        "reversed": (40, 3),
        "empty": (7, 7),
        "behind": (size, size + 9),
        "over the end": (size - 5, size + 5),
        "far": (10**12, 10**15),
        "all": (0, size),
    }
    turns: dict[str, tuple[Turn, ...]] = {
        name: (Turn("Who is the mayor?", "Ann Smith", (Slice(here, *at), Slice("", *at))),)
        for name, at in places.items()
    }
    turns |= {
        "nothing": (Turn(""),),
        "no words": (Turn("?!", "…", (), ("", "?")),),
        "long": (Turn("what about " * 900, "x" * 90_000, (Slice(here, 0, 5),) * 500),),
        "injected": (Turn("'; DROP TABLE articles; --", "\x00\ud800", (Slice(here, 0, 9),)),),
        "contradictory": (
            Turn("Who is the mayor?", "Ann Smith", (Slice(here, 6, 15),)),
            Turn("Who is the mayor?", "Bob Jones", (Slice(here, 6, 15),)),
            Turn("Who is the mayor?", "", (Slice(here, 6, 15),), ("Who is the mayor?", "Who is the mayor?")),
        ),
    }
    return turns


@pytest.mark.parametrize("name", make_turns())
def test_forged_turns(bridge: QA, name: str) -> None:
    """Turns that never were, or are of articles that are not there, do no harm: what is cited is in the library."""
    for message in (
        "Why?",
        "And the governor?",
        "What did she say about taxes?",
        "what else?",
        "Who said that?",
        "no, the dam",
        "1",
        "2",
        "tell me more",
        "taxes",
        "How old is he?",
        "Is it closed there?",
    ):
        try:
            answer = bridge.chat(make_turns()[name]).ask(message)
        except QuestionError:
            continue
        obey(answer)
        assert {citation.article.id for citation in answer.citations} <= {BRIDGE.id}


@pytest.mark.parametrize("name", make_turns())
def test_forged_turns_change_no_other_answer(bridge: QA, name: str) -> None:
    """Whatever is said to have been said, a question that stands alone gets its answer."""
    for question in ("Who is the governor?", "Did the dam break on Monday?", "taxes"):
        alone = timeless(bridge.ask(question))
        assert timeless(bridge.chat(make_turns()[name]).ask(question)) == replace(alone, question=question)


@pytest.mark.parametrize("name", ["negative", "before", "reversed", "empty", "behind", "over the end", "far"])
def test_no_place_names_nobody(bridge: QA, name: str) -> None:
    """A place that is none in its article says nothing of who "she" is."""
    assert bridge.chat((Turn("Who spoke?", "", (Slice(BRIDGE.id, 0, 5),)),)).ask("How old is she?").understood_as == (
        "How old is Ann Smith?"
    )
    turns = (replace(make_turns()[name][0], question="Who spoke?", answer=""),)
    assert bridge.chat(turns).ask("How old is she?").understood_as == "How old is she?"


@pytest.mark.parametrize("message", ["Why?", "What did she say about taxes?", "Who said that?", "what else?"])
def test_an_article_that_is_gone(bridge: QA, message: str) -> None:
    """A conversation about an article that has been removed goes on with what is left."""
    bridge.add(TEAM)
    chat = bridge.chat()
    chat.ask("Which dam broke on Monday?")
    bridge.remove(BRIDGE.id)
    answer = chat.ask(message)
    obey(answer)
    assert {citation.article.id for citation in answer.citations} <= {TEAM.id}


# Which article.


@pytest.mark.parametrize("articles", [(LUND, BERG), (BERG, LUND)])
@pytest.mark.parametrize(("first", "wanted"), [("Who cut a ribbon?", LUND), ("Who rode a horse?", BERG)])
def test_the_article_talked_about(library: QA, articles: tuple[Article, ...], first: str, wanted: Article) -> None:
    """Of two articles with the same sentence, a follow-up cites the one that was talked about first."""
    for article in articles:
        library.add(article)
    chat = library.chat()
    assert chat.ask(first).citations[0].article == wanted
    answer = chat.ask("And the lake?")
    assert (answer.citations[0].article, answer.citations[0].quote) == (wanted, "The lake froze.")


@pytest.mark.parametrize(("first", "wanted"), [("Who cut a ribbon?", LUND), ("Who rode a horse?", BERG)])
def test_the_article_at_hand(library: QA, first: str, wanted: Article) -> None:
    """After an answer, "this article" is the one that was talked about."""
    for article in (LUND, BERG):
        library.add(article)
    chat = library.chat()
    chat.ask(first)
    answer = chat.ask("What is this article about?")
    assert (answer.kind, {citation.article for citation in answer.citations}) == (AnswerKind.OVERVIEW, {wanted})


def test_another_article(library: QA) -> None:
    """A question that stands alone is answered out of whichever article has the answer."""
    for article in (LUND, BERG):
        library.add(article)
    chat = library.chat()
    chat.ask("Who cut a ribbon?")
    assert chat.ask("Who rode a horse?").citations[0].article == BERG
    for question in ("Which lake froze?", "lake"):
        assert timeless(chat.ask(question)) == timeless(library.ask(question))


# What else people, and worse, may send.


@pytest.mark.parametrize("emoji", ["😀", "👍", "🇵🇰", "👩‍👩‍👧‍👦", "\U000e0041"])
def test_emoji(bridge: QA, emoji: str) -> None:
    """4,096 emoji are small talk or no question."""
    for text in (emoji, emoji * (4096 // len(emoji)), emoji * 50):
        try:
            assert bridge.chat().ask(text).kind is AnswerKind.TALK
        except QuestionError:
            continue


def test_garbage(bridge: QA) -> None:
    """A thousand characters of anything are answered, refused or no question, alone and behind a question."""
    draw = random.Random(2024)  # noqa: S311 - no secret
    signs = "".join(map(chr, range(32, 127))) + "éß中ع\u202e\u0301\ud800\x00“”…😀"
    for _ in range(30):
        text = "".join(draw.choices(signs, k=1000))
        for first in ((), ("Who is the mayor?",)):
            chat = bridge.chat()
            for question in (*first, text):
                try:
                    obey(chat.ask(question))
                except QuestionError:
                    assert question == text


@pytest.fixture(scope="module")
def talker(tmp_path_factory: pytest.TempPathFactory) -> QA:
    """A library that outlives an example of hypothesis."""
    folder: Path = tmp_path_factory.mktemp("talk")
    qa = QA.open(folder / "library", model=WordEmbedder(), reader=SentenceReader(), max_words=8)
    for article in (BRIDGE, TEAM):
        qa.add(article)
    return qa


WORDS = split_words(
    "who what when why how did does is was he she it they him her that this there else more no sorry I mean the a "
    "Ann Smith mayor Bob dam bridge say said about on in of Monday , “dam” 2 é 😀 wat thanks article"
)
SENTENCES = st.lists(st.sampled_from(sorted(WORDS)), min_size=1, max_size=7).map(" ".join)
MESSAGES = st.text(max_size=40) | SENTENCES


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(MESSAGES, min_size=1, max_size=4))
def test_any_messages(talker: QA, messages: list[str]) -> None:
    """Whatever is said in a row, nothing but QuestionError is raised, and every citation is a slice of an article."""
    chat = talker.chat()
    for message in messages:
        try:
            answer = chat.ask(message)
        except QuestionError:
            continue
        obey(answer)
        assert answer.question == message
        assert not (answer.choices and answer.found)
    assert len(chat.turns) <= len(messages)
