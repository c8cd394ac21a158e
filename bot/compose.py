"""Texts with marks -> Telegram messages of text and entities, which nothing in an article can turn into markup."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple
from urllib.parse import urlsplit

from telegram import MessageEntity

from bot.texts import isolate, say
from qa import Article

LIMIT = 4096  # UTF-16 units; Telegram says "characters", and this is the stricter reading
MAX_ENTITIES = 100

_GAP = "\n\n"
_MAX_PART = 80  # characters of a title, a place, a source or a choice
_MAX_LINK = 500  # characters of an address that becomes a link
_MAX_GRAPHEME = 64  # code points that a cut steps back at most, to keep a letter and its accents together

# Telegram changes most of these by itself, which would leave our offsets to its repair.
_CLEAN = (
    dict.fromkeys([*range(0x09), *range(0x0E, 0x20), *range(0x7F, 0xA0)], " ")
    | dict.fromkeys([0x0B, 0x0C, 0x85, 0x2028, 0x2029], "\n")
    | dict.fromkeys([0x0D, *range(0x202A, 0x202F)])  # overrides of direction; isolates end with their line
    | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
)

_SENTENCE_END = re.compile(r"[.!?…؟۔।][\"'”’»)\]]*\s+|[。！？][”’」』）]*\s*|\n\s*")
_SPACE = re.compile(r"\s+")
_UNSEEN = "\u034f\u115f\u1160\u2800\u3164\uffa0\ufffc"  # fillers: Telegram takes a text of them for empty
_JOINED = re.compile("[\u200d\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")  # ZWJ, skin tones, tags of flags
_FLAG_LETTERS = "".join(map(chr, range(0x1F1E6, 0x1F200)))
_ABSOLUTE = re.compile(r"/|\\\\|[A-Za-z]:[\\/]")


@dataclass(frozen=True, slots=True)
class Message:
    """One message to send: `entities` count in UTF-16 units of `text`, as Telegram does."""

    text: str
    entities: tuple[MessageEntity, ...] = ()


class Mark(NamedTuple):
    """What a stretch of a text looks like: offsets in code points, `kind` a MessageEntityType, `url` of a link."""

    start: int
    end: int
    kind: str
    url: str | None = None


@dataclass(slots=True)
class Block:
    """A text with its marks, which stays in one message if it can."""

    text: str = ""
    marks: list[Mark] = field(default_factory=list)

    def add(self, text: str, *kinds: str, url: str | None = None) -> Block:
        """Append a text that looks like all of `kinds`, and leads to `url` if there is one; return the block.

        Stretches of one kind that touch become one mark. Every line end becomes a line feed; controls, overrides of
        direction and surrogates do not get in.
        """
        start = len(self.text)
        self.text += text.translate(_CLEAN)
        wanted = [(kind, None) for kind in kinds] + ([(MessageEntity.TEXT_LINK, url)] if url else [])
        for kind, target in wanted if len(self.text) > start else ():
            new = Mark(start, start, kind, target)
            begun = next((mark for mark in self.marks if mark[1:] == new[1:]), new)
            self.marks = [*(mark for mark in self.marks if mark is not begun), begun._replace(end=len(self.text))]
        return self

    def join(self, other: Block) -> Block:
        """Append another block behind a blank line; return this one."""
        self.text += _GAP if self.text else ""
        shift, self.text = len(self.text), self.text + other.text
        self.marks += [m._replace(start=m.start + shift, end=m.end + shift) for m in other.marks]
        return self

    def add_description(self, article: Article) -> Block:
        """Append title, date, place and source of an article, in italics, a web source as a link; return it."""
        for place, (part, url) in enumerate(_describe(article)):
            self.add(" · " if place else "", MessageEntity.ITALIC).add(part, MessageEntity.ITALIC, url=url)
        return self


def compose_text(text: str) -> list[Message]:
    """Return one of the bot's own texts."""
    return split_blocks([Block().add(text)])


def compose_article(article: Article, language: str) -> list[Message]:
    """Return what is known of an article, with an invitation to ask about it."""
    return split_blocks([Block().add_description(article), Block().add(say(language, "article_hint"))])


def split_blocks(blocks: Iterable[Block], *, limit: int = LIMIT) -> list[Message]:
    """Pack blocks, with a blank line between them, into messages of at most `limit` UTF-16 units, in order.

    A block that no message could hold is cut behind a sentence, else at white space, else between characters; its
    pieces, joined, are its text, and a mark goes on behind the cut. Nothing blank is sent: such a piece is left out.
    """
    messages: list[Message] = []
    packed = Block()
    pieces = (pair for block in blocks for pair in enumerate(_cut(block, limit)))
    for place, piece in ((place, piece) for place, piece in pieces if not _is_blank(piece.text)):
        room = limit - _units(packed.text)[-1] - len(_GAP) - _units(piece.text)[-1]
        if packed.text and (place or room < 0 or len(packed.marks) + len(piece.marks) > MAX_ENTITIES):
            messages.append(_to_message(packed))
            packed = Block()
        packed.join(piece)
    return [*messages, _to_message(packed)] if packed.text else messages


def _describe(article: Article) -> Iterator[tuple[str, str | None]]:
    """Yield title, date, place and source of an article as (text, link), each isolated in its direction."""
    day = f"{article.date.day} {article.date:%B %Y}" if article.date else None
    source = article.source
    url = source if source and _is_link(source) else None
    if source and _ABSOLUTE.match(source):  # a file of the operator's, whose folders are nobody's business
        source = re.split(r"[\\/]", source.rstrip("\\/"))[-1]
    for part, target in ((article.title, None), (day, None), (article.place, None), (source, url)):
        short = shorten(part or "")
        if not _is_blank(short):
            yield isolate(short), target


def shorten(text: str) -> str:
    """Return a text on one line, cut at a word or, in a very long word, at a character."""
    line = " ".join(text.translate(_CLEAN).split())
    if len(line) <= _MAX_PART:
        return line
    space = line.rfind(" ", _MAX_PART // 2, _MAX_PART)
    return line[: space if space > 0 else _step_back(line, 0, _MAX_PART - 1)] + "…"


def _is_link(source: str) -> bool:
    """Say whether a source is an address of the web that shows where it leads."""
    try:
        parts = urlsplit(source)
    except ValueError:
        return False
    plain = len(source) <= _MAX_LINK and source == source.translate(_CLEAN) and not _SPACE.search(source)
    return plain and parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc


def _is_blank(text: str) -> bool:
    """Say whether a text shows nothing, as Telegram sees it."""
    return all(sign.isspace() or sign in _UNSEEN or unicodedata.category(sign) in {"Cc", "Cf"} for sign in text)


def _units(text: str) -> list[int]:
    """Return how many UTF-16 units stand before each place of a text; the last is how many it has."""
    return list(accumulate((1 + (sign > "\uffff") for sign in text), initial=0))


def _to_message(block: Block) -> Message:
    at = _units(block.text)
    marks = sorted(block.marks, key=lambda mark: (mark.start, -mark.end))  # as Telegram orders them
    entities = (MessageEntity(m.kind, at[m.start], at[m.end] - at[m.start], m.url) for m in marks)
    return Message(block.text, tuple(entities))


def _cut(block: Block, limit: int) -> Iterator[Block]:
    """Yield a block in pieces that fit a message each."""
    units, marks = _units(block.text), sorted(block.marks, key=lambda mark: mark.start)
    start = 0
    while start < len(block.text):
        marks = [mark for mark in marks if mark.end > start]
        end = max(start + 1, bisect_right(units, units[start] + limit) - 1)
        if len(marks) > MAX_ENTITIES:
            end = min(end, max(marks[MAX_ENTITIES].start, start + 1))
        if end < len(block.text):
            end = _find_cut(block.text, start, end)
        inside = [Mark(max(m.start, start) - start, min(m.end, end) - start, m.kind, m.url) for m in marks]
        kept = [m for m in inside if m.end > m.start and not _is_blank(block.text[start + m.start : start + m.end])]
        yield Block(block.text[start:end], kept[:MAX_ENTITIES])
        start = end


def _find_cut(text: str, start: int, end: int) -> int:
    """Return the best place to cut a text between `start` and `end`, in the second half if that is possible."""
    middle = start + (end - start) // 2
    for pattern in (_SENTENCE_END, _SPACE):
        cuts = [found.end() for found in pattern.finditer(text, middle, end)]
        if cuts:
            return cuts[-1]
    return _step_back(text, start, end)


def _step_back(text: str, start: int, end: int) -> int:
    """Return `end`, or the place before it where the last character that a reader sees begins."""
    for place in range(end, max(start, end - _MAX_GRAPHEME), -1):
        before, sign = text[start:place], text[place]
        half_flag = sign in _FLAG_LETTERS and (len(before) - len(before.rstrip(_FLAG_LETTERS))) % 2
        attached = _JOINED.match(sign) or unicodedata.category(sign)[0] == "M"
        if not (half_flag or attached or before.endswith("\u200d")):
            return place
    return end
