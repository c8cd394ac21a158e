"""A conversation: follow-ups are made whole, small talk is told apart, what was asked is remembered, in bounds."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from qa.english.people import Person, find_people
from qa.english.polar import is_polar
from qa.errors import QAError
from qa.question import MAX_QUESTION_CHARS, clean_question, content_words
from qa.sentences import split_article
from qa.talk.courtesy import match_phrase, strip_courtesy
from qa.talk.followup import Meaning, complete, find_meaning
from qa.talk.forms import Shape, find_form
from qa.talk.mentions import Context
from qa.talk.shorthand import write_out
from qa.talk.small_talk import SmallTalk
from qa.types import Answer, AnswerKind, Slice, Timing, Turn
from qa.whole import find_whole

if TYPE_CHECKING:
    from qa.types import Article, Embedder

REMEMBERED_TURNS = 20
_PIECE = 4  # words of what may be a piece of a question, if it is not answered as it stands
_LOOKED_AT = 4  # of them, for what a pronoun means
_SENTENCE = 1_000  # characters on either side of words in which their sentence is looked for
_AROUND = 8_000  # characters of an article before and behind a citation in which people are looked for


class Asks(Protocol):
    """What a conversation needs of a library."""

    @property
    def embedder(self) -> Embedder:
        """What the library's passages are embedded with."""

    @property
    def reader_name(self) -> str:
        """The name of the library's reader."""

    def ask(self, question: str, *, about: str | None = None, said: Sequence[Slice] = ()) -> Answer:
        """Answer one question that stands alone, rather out of the article `about`, with nothing that was `said`."""

    def article(self, article_id: str) -> Article:
        """Return one article."""


class Chat:
    """One conversation about a library."""

    def __init__(self, qa: Asks, turns: Iterable[Turn] = ()) -> None:
        """Begin a conversation about the articles of `qa`, or go on with one; only the last 20 turns count."""
        self._qa = qa
        self._turns: deque[Turn] = deque(turns, maxlen=REMEMBERED_TURNS)
        self._small_talk: SmallTalk | None = None

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The last questions with their answers, the oldest first, at most 20; small talk is not among them."""
        return tuple(self._turns)

    def forget(self) -> None:
        """Begin anew."""
        self._turns.clear()

    def ask(self, question: str) -> Answer:
        """Answer the next question; raises what `QA.ask` raises.

        A question that stands alone gets the answer that `QA.ask` gives. Of any other, `understood_as` is the whole
        question that was answered; where several are as likely, the answer is none, and `choices` has them.
        """
        intent = match_phrase(question)
        if intent:  # before the question is cleaned: a thumb has no words
            return self._make_answer(question, AnswerKind.TALK, note=intent)
        words = write_out(clean_question(question))
        answer = self._choose(words) or self._reply(words) or self._answer(strip_courtesy(words))
        forgotten = answer.kind in {AnswerKind.TALK, AnswerKind.FOREIGN}
        if not forgotten and (answer.kind is not AnswerKind.WHICH or answer.choices):
            self._turns.append(_remember(answer))
        return replace(answer, question=question)

    def _choose(self, words: str) -> Answer | None:
        """Answer the one of the questions just offered that is named by its number or its words."""
        choices = self._turns[-1].choices if self._turns else ()
        number = words.strip(" .)#")
        if number.isdecimal() and 0 < int(number[:9]) <= len(choices):
            return self._ask(Meaning((choices[int(number) - 1],), follows=True))
        form = find_form(words)
        is_piece = form.kind in {Shape.BARE, Shape.PIECE, Shape.CORRECTION}
        said = set(content_words(form.words)) if is_piece else set()
        named = [choice for choice in choices if said and said <= set(content_words(choice))]
        if len(named) == 1:
            return self._ask(Meaning((named[0],), follows=True))
        return None

    def _reply(self, words: str) -> Answer | None:
        """Return what kind of small talk this is; None for a question."""
        if find_form(words).kind in {Shape.CORRECTION, Shape.MORE, Shape.ALONE} or find_whole(words):
            return None
        embedder = self._qa.embedder
        self._small_talk = self._small_talk or SmallTalk.load(embedder.name)
        intent = self._small_talk.classify(words, embedder.encode([words], query=True)[0])
        return self._make_answer(words, AnswerKind.TALK, note=intent) if intent else None

    def _answer(self, words: str) -> Answer:
        """Make the question whole and ask it."""
        turns = [turn for turn in self._turns if not turn.choices]
        contexts = _carry_on([self._see(turn) for turn in turns[-_LOOKED_AT:]])
        meaning = Meaning((words,), follows=True) if find_whole(words) else find_meaning(words, contexts)
        if not meaning.questions:
            return self._make_answer(words, AnswerKind.WHICH)
        if len(meaning.questions) > 1:
            return self._ask_back(words, meaning)
        if meaning.loosely and (answer := self._ask(Meaning((words,)))).found:
            return answer
        answer = self._ask(meaning)
        if answer.found or answer.kind in {AnswerKind.WHICH, AnswerKind.FACT}:
            return answer
        if not contexts:
            return self._make_answer(words, AnswerKind.WHICH) if meaning.follows else answer
        # A question in telegraphic style, or a piece of one.
        if find_form(words).kind is Shape.BARE and len(words.split()) <= _PIECE and not words[:1].isdigit():
            other = self._ask(complete(words, contexts))
            return other if other.found else answer
        return answer

    def _ask_back(self, words: str, meaning: Meaning) -> Answer:
        """Offer the questions that this may be, unless the articles answer one of them alone."""
        answers = [self._ask(replace(meaning, questions=(question,))) for question in meaning.questions]
        found = [answer for answer in answers if answer.found]
        if len(found) == 1:
            return found[0]
        return self._make_answer(words, AnswerKind.WHICH, choices=meaning.questions)

    def _ask(self, meaning: Meaning) -> Answer:
        """Ask a question, and where it owes something to those before, rather of the article that they were about."""
        quoted = [(turn, s) for turn in reversed(self._turns) for s in turn.words if self._find(s)]
        about = quoted[0][1].article if quoted else None
        # The sentence that decides a question for yes or no is not all that it tells.
        said = [slice_ for turn, slice_ in quoted if meaning.more and not is_polar(turn.question)]
        question = meaning.questions[0][:MAX_QUESTION_CHARS]
        return self._qa.ask(question, about=about if meaning.follows else None, said=said)

    def _make_answer(self, words: str, kind: AnswerKind, *, note: str = "", choices: Sequence[str] = ()) -> Answer:
        """Return an answer for which nothing was looked up."""
        return Answer(
            question=words,
            understood_as=words,
            text="",
            confidence=0.0,
            citations=(),
            nearest=None,
            embedder=self._qa.embedder.name,
            reader=self._qa.reader_name,
            ms=Timing(0.0, 0.0, 0.0),
            kind=kind,
            note=note,
            choices=tuple(choices),
        )

    # What the articles say of earlier turns.

    def _see(self, turn: Turn) -> Context:
        """Return a turn with what its article says of it; slices of no article are left out."""
        quotes: list[str] = []
        title, people = "", ()  # type: str, tuple[Person, ...]
        for place, slice_ in enumerate(turn.words):
            article = self._find(slice_)
            if article is None:
                continue
            near = split_article(article, max(0, slice_.start - _SENTENCE), slice_.end + _SENTENCE)
            quotes += [article.text[s:e] for s, e in near if s < slice_.end and slice_.start < e]
            if not place:
                title, people = article.title, _find_people(article, slice_.start)
        return Context(turn.question, turn.answer, tuple(quotes), title, people)

    def _find(self, slice_: Slice) -> Article | None:
        """Return the article of a slice, None for what is not in the library, whoever says so."""
        try:
            article = self._qa.article(slice_.article)
        except QAError:
            return None
        return article if 0 <= slice_.start < slice_.end <= len(article.text) else None


def _carry_on(contexts: Sequence[Context]) -> list[Context]:
    """Return the contexts, those without an article with the people of the one that was talked about before."""
    found: list[Context] = []
    for context in contexts:
        if found and not context.people and not context.quotes:
            context = context._replace(people=found[-1].people)
        found.append(context)
    return found


def _find_people(article: Article, place: int) -> tuple[Person, ...]:
    return find_people(article.text[max(0, place - _AROUND) : place + _AROUND])


def _remember(answer: Answer) -> Turn:
    words = tuple(Slice(c.article.id, *c.answer) for c in answer.citations)
    return Turn(answer.understood_as, answer.text, words, answer.choices)
