"""A question in a conversation -> the whole question that it means, or the several that it may mean.

Nothing is made up: pronouns give way to what was named before, and a piece of a question is set into the question
before it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from qa.english.people import find_person
from qa.question import content_words
from qa.talk.anaphora import Pointer, find_pointers
from qa.talk.forms import Form, Shape, find_form
from qa.talk.mentions import Context, find_meant, find_topic_phrase
from qa.talk.rephrase import add_else, ask_about, ask_why
from qa.talk.words import AUXILIARIES, ELSE, PREPOSITIONS

# A second reading whose weight is at least so much of the first's makes the question ambiguous. Not measured.
_CLOSE = 0.9
_MOST = 3  # readings to choose from

_WHO_SAID = re.compile(
    r"^\W*(?:(?:and|so|but) )?who (?:said|says|told|claimed|stated|thinks) (?:that|so|it|this|you that|us that)\W*$",
    re.IGNORECASE,
)
_SHORT = 2  # words that are not enough to be found again
_TOLD_CHARS = 300
_ASKS_ABOUT = re.compile(r"^\W*(?:what|how) about (?!(?:it|that|this|him|her|them)\W*$)", re.IGNORECASE)
_ADDRESSED = re.compile(r",\s+((?:the )?[\w’'-]+(?: [\w’'-]+)?)(?=\W*$)")  # "and her position, Moriani?"
_NAMED_FIRST = re.compile(r"^\W*([\w’' -]{2,50})[.:;?!–—]+\s+(\w.+)$")  # "the minister. what did she say"

_CLASSES = {"he": "he", "him": "he", "his": "he", "himself": "he", "she": "she", "her": "she", "hers": "she"}
_CLASSES |= {"herself": "she", "they": "they", "them": "they", "their": "they", "theirs": "they"}
_CLASSES |= {
    "it": "it",
    "its": "it",
    "this": "that",
    "that": "that",
    "these": "they",
    "those": "they",
    "there": "there",
}
_DEMONSTRATIVES = {"this", "that", "these", "those"}
_NO_NOUNS = AUXILIARIES | PREPOSITIONS | {"and", "or", "else", "again", "too", "a", "an", "the"}
_OWNERS = {"his", "its", "their", "hers", "theirs"}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a question means: one question, several to choose from, or none, where nobody can tell.

    `follows` says whether it owes anything to the turns before; `more` that what was already said is not wanted;
    `loosely` that it may as well stand alone, as one about "this river" does that names it elsewhere.
    """

    questions: tuple[str, ...]
    follows: bool = False
    more: bool = False
    loosely: bool = False


def find_meaning(question: str, turns: Sequence[Context]) -> Meaning:
    """Resolve a question after the turns of its conversation, the oldest first."""
    named = _NAMED_FIRST.match(question)
    if named and find_form(named[1]).kind is Shape.BARE and (pointers := find_pointers(named[2])):
        return Meaning((_replace(named[2], pointers[0], named[1], turns),), follows=bool(turns))
    if turns and turns[-1].quotes and _WHO_SAID.match(question):
        told = turns[-1].answer if len(turns[-1].answer.split()) > _SHORT else turns[-1].quotes[0]
        return Meaning((f"Who said “{told[:_TOLD_CHARS]}”?",), follows=True)
    form = find_form(question)
    if form.kind in {Shape.WHOLE, Shape.BARE}:  # what else a bare one may mean, `complete` says
        return Meaning((question,))
    if form.kind is Shape.POINTING:
        return _resolve(form, turns)
    is_piece = find_form(form.words).kind in {Shape.PIECE, Shape.BARE}
    if form.kind is Shape.CORRECTION and not (turns and is_piece):
        return find_meaning(form.words, turns)
    if not turns:
        return Meaning((question,) if _ASKS_ABOUT.match(question) else ())
    return _follow(form, turns)


def _follow(form: Form, turns: Sequence[Context]) -> Meaning:
    """Make a piece whole by the question before it."""
    previous = turns[-1]
    if form.kind is Shape.ALONE:
        more = bool(ELSE.search(form.words))
        return Meaning((ask_why(form.words, previous.question, previous.answer),), follows=True, more=more)
    if form.kind is Shape.MORE:
        topic = find_topic_phrase(previous.question)
        return Meaning((f"What about {topic}?" if topic else add_else(previous.question),), follows=True, more=True)
    return complete(form.words, turns)


def complete(piece: str, turns: Sequence[Context]) -> Meaning:
    """Set a piece of a question into the question before it."""
    form = find_form(piece)
    words = form.words
    if find_pointers(words) and (found := _resolve(Form(form.kind, words), turns)).questions:
        words = found.questions[0]
    people = tuple(dict.fromkeys(person for turn in reversed(turns) for person in turn.people))
    return Meaning((ask_about(words, turns[-1].question, people),), follows=True)


def _resolve(form: Form, turns: Sequence[Context]) -> Meaning:
    """Put what is meant in the place of the words that point back."""
    words, addressed = _find_addressed(form.words, turns)
    pointers = find_pointers(words)
    more = bool(ELSE.search(words))
    kinds = [_CLASSES[pointer.word] for pointer in pointers]
    if not turns and (not _said(words) or {"he", "she"} & set(kinds)):
        return Meaning(())
    readings, taken = [words], set[str]()
    for place, pointer in reversed(list(enumerate(pointers))):  # from the back: what is before it stays in its place
        meant: list[str | None] = [None]
        if kinds[place] not in kinds[:place]:  # a second "she" is clear from the first
            meant = _find_close(kinds[place], words, turns, taken)
            if addressed and kinds[place] in {"he", "she"}:
                meant = [addressed]
            taken |= {name for name in meant if name}
        readings = [_replace(text, pointer, name, turns) for text in readings for name in meant]
    loosely = bool(pointers) and all(_is_noun_behind(words, pointer) for pointer in pointers)
    follows = bool(pointers) or more
    return Meaning(tuple(dict.fromkeys(readings))[:_MOST], follows=follows, more=more, loosely=loosely)


def _find_close(kind: str, question: str, turns: Sequence[Context], taken: Set[str]) -> list[str | None]:
    """Return what a pronoun may mean, the likeliest and what is nearly as likely, or None; none of those taken."""
    meant = [mention for mention in find_meant(kind, question, turns) if mention.text not in taken]
    close: list[str | None] = [m.text for m in meant if m.weight >= _CLOSE * meant[0].weight]
    return close[:_MOST] or [None]


def _find_addressed(words: str, turns: Sequence[Context]) -> tuple[str, str | None]:
    """Return a question without the name that is only put behind it, and that name: "What is her job, Moriani?"."""
    named = _ADDRESSED.search(words)
    people = {person for turn in turns for person in find_person(named[1], turn.people)} if named else set()
    if named is None or len(people) != 1:
        return words, None
    return words[: named.start()] + words[named.end() :], people.pop().name


def _said(question: str) -> list[str]:
    """Return the words of a question that say anything by themselves."""
    words = content_words(question)
    light = {
        "say",
        "said",
        "tell",
        "happen",
        "happened",
        "mean",
        "think",
        "do",
        "make",
        "go",
        "get",
        "it",
        "he",
        "she",
    }
    return [word for word in words if word not in light and word not in AUXILIARIES and word not in _CLASSES]


def _is_noun_behind(text: str, pointer: Pointer) -> bool:
    """Say whether this is "that" of "that meeting"."""
    following = re.match(r"\s+[\"“]?([\w’'-]+)", text[pointer.end :])
    noun = following[1].lower() if following else ""
    return bool(noun) and pointer.word in _DEMONSTRATIVES and noun not in _NO_NOUNS and not _is_state(text, pointer)


def _is_state(text: str, pointer: Pointer) -> bool:
    """Say whether this is "that" of "Is that true?"."""
    return bool(re.match(r"\W*(?:is|was|are|were)\W+$", text[: pointer.start], re.IGNORECASE)) and (
        len(text[pointer.end :].split()) == 1
    )


def _replace(text: str, pointer: Pointer, meant: str | None, turns: Sequence[Context]) -> str:
    """Return the text with what a pointer means in its place."""
    before, behind = text[: pointer.start], text[pointer.end :]
    following = re.match(r"\s+[\"“]?([\w’'-]+)", behind)
    noun = following[1].lower() if following else ""
    is_noun = bool(noun) and noun not in _NO_NOUNS
    if pointer.word in _DEMONSTRATIVES and is_noun and not _is_state(text, pointer):
        named = turns[-1] if turns else None
        asked = named and re.search(rf"\b(?:what|which)\b.*\b{re.escape(noun)}\b", named.question, re.IGNORECASE)
        name = f" {named.answer}" if named and asked and 0 < len(named.answer.split()) <= 5 and following else ""
        end = following.end() if following and name else 0
        return f"{before}the{behind[:end]}{name}{behind[end:]}"
    if meant is None:
        return text
    if pointer.word == "there":
        return f"{before}{'at' if meant.startswith('the ') else 'in'} {meant}{behind}"
    owns = pointer.word in _OWNERS or (pointer.word == "her" and is_noun)
    suffix = ("'" if meant.endswith("s") else "'s") if owns else ""
    return f"{before}{meant}{suffix}{behind}"
