"""Paragraphs that name people with their offices -> questions who holds an office, and which office somebody holds.

Readers of news ask "Who is the ambassador?" and "Who is Donald Blome?"; of SQuAD's 87,000 questions few are so plain,
and a reader trained on those alone takes the most talked-of person for whoever is asked for.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import NamedTuple

from qa.train.labelled import Labelled, Paragraph, Question

_OFFICES = """
    president|premier|minister|ambassador|envoy|consul|secretary|chairman|chairwoman|chairperson|director|mayor|
    governor|senator|congressman|congresswoman|general|admiral|colonel|captain|sergeant|lieutenant|king|queen|emperor|
    empress|prince|princess|duke|duchess|sultan|pope|bishop|archbishop|cardinal|imam|rabbi|priest|professor|chancellor|
    spokesman|spokeswoman|spokesperson|commissioner|judge|justice|attorney|lawyer|prosecutor|founder|cofounder|
    co-founder|executive|CEO|manager|coach|trainer|head|leader|member|officer|commander|inspector|analyst|economist|
    historian|scientist|physicist|chemist|biologist|mathematician|astronomer|geologist|engineer|architect|author|
    writer|poet|novelist|playwright|journalist|reporter|editor|publisher|producer|composer|conductor|singer|vocalist|
    rapper|guitarist|drummer|pianist|musician|actor|actress|filmmaker|designer|painter|sculptor|artist|philosopher|
    theologian|explorer|inventor|businessman|businesswoman|entrepreneur|investor|owner|principal|dean|rector|curator|
    player|quarterback|striker|goalkeeper|midfielder|footballer|cricketer|champion|activist|politician|lawmaker|
    diplomat|surgeon|doctor|psychologist|sociologist|anthropologist|linguist|critic|scholar|teacher|chief|wife|husband|
    son|daughter|brother|sister|father|mother
    """
_OFFICE = "(?:" + re.sub(r"\s+", "", _OFFICES) + ")"
_WORD = r"[A-Z][\w’'-]*(?<!’s)(?<!'s)"
_NAME = rf"{_WORD}(?: (?:[A-Z]\.|de|da|van|von|bin|al|el|{_WORD})){{0,3}}(?![\w’'-]| [A-Z])"
_FULL_NAME = rf"{_WORD}(?: (?:[A-Z]\.|de|da|van|von|bin|al|el|{_WORD})){{0,2}} {_WORD}(?![\w’'-])"
_OF = rf" (?:of|to|for|at|in)(?: the)? {_WORD}(?: (?:and |of )?{_WORD}){{0,3}}"
_NO_START = r"(?!(?:The|A|An|In|On|At|As|By|When|While|After|His|Her|Former|Then)\b)"
_BEFORE = rf"(?:{_NO_START}[A-Z][\w’'-]* ){{0,3}}(?i:{_OFFICE})"
_LOWER = (
    r"(?:(?!(?i:the|a|an|by|with|of|and|or|as|his|her|their|its|to|for|in|on|at|from|that|who|was|is|were|are)\b)"
    rf"[\w’'-]+ ){{0,3}}{_OFFICE}"
)
_HEADED = rf"(?:[\w’'-]+ ){{0,4}}{_OFFICE}(?: (?:of|to|for|at|in)(?: the)?(?: [\w’'-]+){{1,5}})?"
_ENDS = r"(?=[,.;:)]| and )"  # a name between commas; without the second, it may begin another clause
_PATTERNS = [
    re.compile(pattern)
    for pattern in (
        # US Ambassador to Pakistan, X,
        rf"\b(?P<office>{_BEFORE}(?:{_OF}| [A-Z]\w*[A-Z]\w*)?), (?P<name>{_FULL_NAME}){_ENDS}",
        rf"\b(?P<office>{_LOWER}) (?P<name>{_FULL_NAME})",  # the club's former coach X
        rf"\b(?P<office>{_LOWER}(?:{_OF})?), (?P<name>{_FULL_NAME}){_ENDS}",  # the president of France, X,
        rf"\b(?P<office>{_BEFORE}) (?P<name>{_NAME})",  # Prime Minister X
        rf"\b(?P<name>{_FULL_NAME}), (?:the |a |an )?(?P<office>{_HEADED})(?=[,.;)])",  # X, the head of the UN,
        rf"\b(?P<name>{_FULL_NAME}) (?:is|was|became) (?:the |a |an )"
        rf"(?P<office>{_HEADED})(?=[,.;)]| (?:who|and|when))",
    )
]
_THINGS = re.compile(
    r"\b(?:League|Council|University|College|School|Society|Company|Channel|America|Africa|Europe|Asia|States?|House|"
    r"Committee|Department|Ministry|Court|Party|Union|Association|Institute|Museum|Church|Cathedral|Club|Cup|Award|"
    r"Awards|Prize|City|County|Street|River|Island|Islands|Empire|Kingdom|Republic|Army|Navy|Force|Corps|Assembly|"
    r"Parliament|Congress|Senate|Office|Bank|Group|Ltd|Inc|Corporation|Records|Press|Times|News|War|Act|Treaty|"
    r"Superintendent|General|Master|Games|Square|Park|Hall|Center|Centre|Hospital|Staff|Strike|Bridge|Officer|Airport|Station|Service|Board)\b"
)
_NO_NAME = re.compile(
    rf"(?:The|A|An|In|On|At|As|By|When|After|It|He|She|They|This|And|But|January|February|March|April|May|June|July|"
    rf"August|September|October|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|"
    rf"(?i:{_OFFICE}))\b"
)
_HEAD = re.compile(rf"(?i:{_OFFICE})\b(?!.*\b(?i:{_OFFICE})\b)|(?i:{_OFFICE})\b")

_FOR_NAME = (
    "Who is the {}?", "Who is the {}?", "Who is the {}?", "Who was the {}?", "Who is {}?",
    "What is the name of the {}?",
    "What was the name of the {}?", "What is the {}'s name?", "Who serves as {}?", "Name the {}.", "who is the {}",
)  # fmt: skip
_FOR_OFFICE = (
    "Who is {}?", "Who is {}?", "Who is {}?", "Who was {}?", "What is {}'s position?", "What post does {} hold?",
    "Which office does {} hold?", "What is {}'s job?", "What is the role of {}?", "What does {} do?", "who is {}",
)  # fmt: skip


class Holder(NamedTuple):
    """Somebody and the office that a text gives them, each as (start, end) in it."""

    name: tuple[int, int]
    office: tuple[int, int]


def ask_about_people(articles: Labelled, seed: int) -> Labelled:
    """Return the paragraphs that name office-holders with questions about those, a third of them unanswerable."""
    rng = random.Random(f"{seed} people")  # noqa: S311 - nothing secret
    found = [[(p.text, list(find_holders(p.text))) for p in article] for article in articles]
    others = [(text[slice(*h.name)], text[slice(*h.office)]) for pairs in found for text, held in pairs for h in held]
    asked = [
        [Paragraph(text, list(_ask(text, held, others, rng))) for text, held in pairs if held] for pairs in found
    ]
    return [article for article in asked if article]


def find_holders(text: str) -> Iterator[Holder]:
    """Yield who is said to hold an office, in the ways that news say it."""
    taken: set[tuple[int, int]] = set()
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            name, office = match.span("name"), match.span("office")
            if (
                _NO_NAME.match(match["name"])
                or match["name"].isupper()
                or _THINGS.search(match["name"])
                or len(match["name"]) < 4
            ):
                continue
            if any(name[0] < end and start < name[1] for start, end in taken):
                continue
            taken.add(name)
            yield Holder(name, office)


def _ask(text: str, holders: list[Holder], others: list[tuple[str, str]], rng: random.Random) -> Iterator[Question]:
    heads = [_head(text[slice(*holder.office)]).lower() for holder in holders]
    for holder, head in zip(holders, heads, strict=True):
        name, office = text[slice(*holder.name)], text[slice(*holder.office)]
        asked = _vary(office, rng, whole=heads.count(head) > 1)
        yield Question(rng.choice(_FOR_NAME).format(asked), holder.name)
        surname = name.split()[-1]
        called = surname if rng.random() < 0.3 and text.count(surname) == text.count(name) else name
        yield Question(rng.choice(_FOR_OFFICE).format(called), holder.office)
        other_name, other_office = rng.choice(others)
        if rng.random() < 0.5:
            if other_name.split()[-1] not in text:
                mixed = f"{name.split()[0]} {other_name.split()[-1]}" if rng.random() < 0.5 else other_name
                yield Question(rng.choice(_FOR_OFFICE).format(mixed), None)
        elif (new := _head(other_office)).lower() not in text.lower():
            swapped = office.replace(_head(office), new, 1) if rng.random() < 0.5 else other_office
            yield Question(rng.choice(_FOR_NAME).format(_vary(swapped, rng, whole=False)), None)


def _head(office: str) -> str:
    found = _HEAD.search(office)
    return found[0] if found else office


def _vary(office: str, rng: random.Random, *, whole: bool) -> str:
    """Return an office as people ask for it: in full, without its place, or by its noun alone; mostly lower-case."""
    chance = rng.random()
    if not whole and chance < 0.3:
        office = _head(office)
    elif not whole and chance < 0.6:
        office = re.split(r" (?:of|to|for|at|in) ", office)[0]
    if rng.random() < 0.7:
        office = " ".join(
            word if sum(map(str.isupper, word)) > 1 or word not in _head(office) else word.lower()
            for word in office.split()
        )
    return office
