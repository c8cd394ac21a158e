"""A piece of a question and the question before it -> the whole question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from qa.english.people import find_person
from qa.english.vocabulary import is_office
from qa.talk.mentions import find_capitals, find_named, find_topic_phrase
from qa.talk.words import AUXILIARIES, BE, DO, ELSE, PREPOSITIONS

if TYPE_CHECKING:
    from qa.english.people import Person

_LEAD = re.compile(r"^\W*(?:(?:and|but|so|ok|then|well) )+", re.IGNORECASE)
_WH = r"(?:(?:by|to|with|for|from|at|in|on|since|until|about|of) )?(?:what|which|who|whom|whose|when|where|why|how)"
_OPENING = re.compile(rf"^\W*({_WH}(?: (?:much|many|long|often|old|far|big|else|exactly))?)\b", re.IGNORECASE)
_FULL_OPENING = re.compile(
    rf"^\W*({_WH}(?: [\w’'-]+){{1,3}}?) (?=(?:{'|'.join(sorted(AUXILIARIES))})\b)", re.IGNORECASE
)
_ALONE = re.compile(  # what of a piece is asked for: "in which sector", not "is it", "not", "then"
    rf"^\W*({_WH}(?: (?:much|many|long|often|old|far|big))?"
    r"(?: (?!(?:else|exactly|not|so|then|is|was|that|it|this|ones?|come)\b)[\w’'-]+){0,3}?)"
    r"(?P<tail> (?:to|from|for|with|by|about|in))?"
    r"(?= (?:else|exactly|not|so|then|is|was|that|it|this|ones?|come)\b|\W*$)",
    re.IGNORECASE,
)
_CAPITALS = r"[^\W\da-z_][\w.’'-]*(?: [^\W\da-z_][\w.’'-]*)*"
_SUBJECT = re.compile(rf"^(?:{_CAPITALS}(?: and {_CAPITALS})?|(?i:he|she|they|it)|(?i:the) \w+) ")
_WHO_IS = re.compile(
    r"(\W*(?:who(?: is|['’]?s| was| are| were)|(?:what(?: is|['’]?s| was) |tell me )?the name of)) ", re.IGNORECASE
)
_CONTRACTED = re.compile(r"\b(what|who|where|when|how|why)['’]s\b", re.IGNORECASE)
_SHORT_ANSWER = 12  # words


def ask_why(alone: str, previous: str, answer: str) -> str:
    """Return the previous question asked with another question word: "When did they meet?" of "When?"."""
    wh = _ALONE.match(alone)
    if wh is None:
        return previous
    word = "why" if re.match(r"\W*how come\b", alone, re.IGNORECASE) else f"{wh[1][:1].lower()}{wh[1][1:]}"
    tail = wh["tail"] or ""
    body = _write_out(_LEAD.sub("", previous).strip().rstrip("?!. "))
    cleft = body.partition(" was it that ")[2]
    if cleft:
        return _ask(f"{word} was it that {cleft}")
    noun = word.split()[-1]
    if len(word.split()) > 1 and re.search(rf"\b{re.escape(noun)}\b", body, re.IGNORECASE):
        return alone  # "Which two countries?" of a question that speaks of the two countries
    opening = _OPENING.match(body)
    if opening is None:
        return _ask(_open_polar(word, body, has_else=bool(ELSE.search(alone))))
    if _first(body[opening.end() :]) not in AUXILIARIES:
        opening = _FULL_OPENING.match(body) or opening
    asked, rest = opening[1].lower(), body[opening.end() :].strip()
    if ELSE.search(alone):
        return _ask(f"{asked} else {rest}")
    short = answer if len(answer.split()) <= _SHORT_ANSWER else ""
    return _ask((f"{word} {rest}" if word == asked else _exchange(word, asked, rest, short)) + tail)


def _exchange(word: str, asked: str, rest: str, answer: str) -> str:
    """Return what was `asked` with another question word, and the answer in the place of the one that it had."""
    first = _first(rest)
    noun = re.sub(rf"^{_WH}(?: (?:much|many|long|often|old|far|big))?\s*", "", asked, flags=re.IGNORECASE)
    if asked in {"when", "where", "why", "how"}:
        return f"{word} {rest}"
    if noun and first in AUXILIARIES - DO:  # what the noun was asked of was the subject
        verb, _, state = rest.partition(" ")
        return f"{word} {verb} the {noun} {state}"
    answer = f"{answer} {noun}" if noun and answer and answer[-1:].isalnum() and noun not in answer else answer
    if first in BE and len(rest.split()) > 1 and asked in {"who", "what"} and answer:
        verb, _, state = rest.partition(" ")
        return f"{word} {verb} {answer} {state}"
    if first in DO:
        return f"{word} {_fill(rest, answer)}"
    if first in AUXILIARIES:
        return f"{word} {rest}"
    return f"{word} was it that {answer or ('somebody' if asked.startswith('who') else 'something')} {rest}"


def _open_polar(word: str, body: str, *, has_else: bool) -> str:
    """Return a question for yes or no as one for something: "Who is the mayor" of "Is Ann Smith the mayor"."""
    verb, _, rest = body.partition(" ")
    if verb.lower() not in AUXILIARIES:
        return f"{word}: {body}"
    if word != "who":
        return f"{word} {verb.lower()} {rest}"
    return f"who {'else ' if has_else else ''}{verb.lower()} {_SUBJECT.sub('', rest, count=1)}"


def ask_about(piece: str, previous: str, people: Sequence[Person]) -> str:
    """Return the previous question, asked about something else: "What did she say of exports?" for "And exports?"."""
    piece, body = piece.strip().rstrip("?!., "), _write_out(previous.strip().rstrip("?!. "))
    if not piece:
        return previous
    persons = find_person(re.sub(r"^the ", "", piece, flags=re.IGNORECASE), people)
    who_is = _WHO_IS.match(body)
    if who_is and _first(piece) not in PREPOSITIONS and not (tail := _find_tail(body, piece)):
        return _ask(f"{who_is[1]} {piece}")
    if who_is and _first(piece) not in PREPOSITIONS and tail:
        return _ask(f"{body[:tail]} {piece}")
    name = persons[0].name if len(persons) == 1 else piece
    first = _first(piece)
    if first in PREPOSITIONS:
        place = body.lower().rfind(f" {first} ")
        return _ask(f"{body[:place]} {piece}" if place > 0 else f"{body} {piece}")
    if persons and (slot := _find_person(body, people, persons[0])):
        return _ask(body[: slot[0]] + name + body[slot[1] :])
    if is_office(piece.split()[-1]) and (slot := _find_person(body, people, None)):
        return _ask(body[: slot[0]] + piece + body[slot[1] :])
    slot = _find_like(body, piece) or _find_topic(body) or _find_name(body, piece) or _find_object(body)
    return _ask(body[: slot[0]] + name + body[slot[1] :] if slot else f"what about {piece}")


def _find_tail(body: str, piece: str) -> int | None:
    """Return where the name behind "of" begins in "who is the coach of Cadiz", for a piece that is a name too."""
    names = find_capitals(piece)
    tail = re.search(r"(?<= of| at|for) [^\W\da-z_][\w’' -]*$", body)
    return tail.start() if tail and len(names) == 1 and names[0].group() == piece else None


def add_else(question: str) -> str:
    """Return a question asked for what has not been said yet: "What else did she say?"."""
    opening = _OPENING.match(question)
    if opening is None or ELSE.search(question):
        return question
    return f"{question[: opening.end()]} else{question[opening.end() :]}"


def _ask(words: str) -> str:
    words = " ".join(words.split())
    return f"{words[:1].upper()}{words[1:]}?"


def _first(words: str) -> str:
    return words.split(maxsplit=1)[0].lower() if words.split() else ""


def _fill(rest: str, answer: str) -> str:
    """Return "did she say that about exports" of "did she say about exports", or with a short answer at its end."""
    about = re.search(r" (?:about|to|on|regarding) ", rest, re.IGNORECASE)
    if about:
        return f"{rest[: about.start()]} that{rest[about.start() :]}"
    return f"{rest} {answer or 'that'}"


def _write_out(question: str) -> str:
    """Return "Where is the final" of "Where's the final"."""
    return _CONTRACTED.sub(r"\1 is", question)


def _find_person(body: str, people: Sequence[Person], other: Person | None) -> tuple[int, int] | None:
    """Return where a question names a person, other than the one that the piece names."""
    for person in find_named(body, people):
        if person == other:
            continue
        forms = (*person.forms, *(f"the {role}" for role in sorted(person.roles, key=len, reverse=True)))
        for form in forms:
            found = re.search(rf"\b{re.escape(form)}\b", body, re.IGNORECASE)
            if found:
                return found.span()
    pronoun = re.search(r"\b(?:he|she)\b", body)
    return pronoun.span() if pronoun else None


def _find_like(body: str, piece: str) -> tuple[int, int] | None:
    """Return the phrase that ends as the piece does: "the bus line" for "the tram line"."""
    last = piece.split()[-1]
    if not re.match(r"(?:the|a|an)\b", piece, re.IGNORECASE):
        return None
    found = re.search(rf"\b(?:the|a|an) (?:[\w’'-]+ ){{0,3}}{re.escape(last)}\b", body, re.IGNORECASE)
    return found.span() if found else None


def _find_topic(body: str) -> tuple[int, int] | None:
    topic = find_topic_phrase(body)
    return (len(body) - len(topic), len(body)) if topic and body.endswith(topic) else None


def _find_name(body: str, piece: str) -> tuple[int, int] | None:
    """Return the last name, for a piece that is one too."""
    names = find_capitals(body)
    is_name = len(found := find_capitals(piece)) == 1 and found[0].group() == piece
    return names[-1].span() if names and is_name else None


def _find_object(body: str) -> tuple[int, int] | None:
    """Return what stands behind the verb of a question such as "… did NAME VERB", or behind its last preposition."""
    aux = re.search(rf"\b(?:{'|'.join(sorted(DO))}) ", body, re.IGNORECASE)
    subject = _SUBJECT.match(body[aux.end() :]) if aux else None
    if aux and subject:
        rest = body[aux.end() + subject.end() :]
        what = rest.partition(" ")[2]
        return (len(body) - len(what), len(body)) if what else None
    tail = re.search(r"\b(?:of|in|for|at|with|to) ((?:the )?[\w’' -]{2,40})$", body, re.IGNORECASE)
    return tail.span(1) if tail else None
