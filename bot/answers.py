"""An answer -> Telegram messages: how it was read, what is said, and the passages that say it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from telegram import MessageEntity

from bot.compose import Block, Message, split_blocks
from bot.texts import name_language, say
from qa import Answer, AnswerKind, Article, Citation, Passage

_BOLD, _ITALIC, _QUOTE = MessageEntity.BOLD, MessageEntity.ITALIC, MessageEntity.EXPANDABLE_BLOCKQUOTE
_VERDICTS = {AnswerKind.YES: "answer_yes", AnswerKind.NO: "answer_no"}
_IN_PLACE = {AnswerKind.YES, AnswerKind.NO, AnswerKind.SENTENCE, AnswerKind.MEMBERS}  # whole sentences, often
_Words = tuple[int, int]  # offsets into an article


class _Shown(NamedTuple):
    """A passage to be quoted: its label, and the words in it to be marked."""

    passage: Passage
    label: str = ""
    words: Sequence[_Words] = ()


def is_reworded(question: str, understood: str) -> bool:
    """Say whether a question was understood in other letters or digits than it was asked in, accents aside."""
    return bool(_letters(understood)) and _letters(question) != _letters(understood)


def _letters(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in decomposed if unicodedata.category(sign)[0] in "LN")


def compose_answer(answer: Answer, language: str, *, passages: int = 3, full: bool = True) -> list[Message]:
    """Return an answer, what contradicts it, and the first `passages` passages; those that contradict always stay.

    With `full` false, only the sentences that hold the answer are quoted. What is said in place of an answer is one
    line, below how the question was read if that is not as it was asked.
    """
    lead = _open(answer.question, answer.understood_as, language)
    if not answer.found:
        return split_blocks([_begin_line(lead).add(_say_instead(answer, language))])
    if answer.kind is AnswerKind.OVERVIEW:
        sentences = [Block().add(f"[{citation.number}] {citation.quote}") for citation in answer.citations]
        return split_blocks([lead, *sentences, *_name_articles(answer.citations)])
    if answer.kind is AnswerKind.FACT:
        _begin_line(lead).add(answer.text, _BOLD).add("\n" + say(language, "from_facts"))
        return split_blocks([_add_source(lead, answer.citations[0].article)])
    shown = [c for place, c in enumerate(answer.citations) if place < passages or not c.agrees]
    quotes = list(_group(shown, full=full))
    return split_blocks([_add_words(lead, answer, quotes, language), *(_quote(*quote) for quote in quotes)])


def compose_passage(
    passage: Passage, number: int, count: int, lead: str, language: str, words: _Words
) -> list[Message]:
    """Return passage `number` of `count`, from 1, in one message if it fits, under what it was cited for.

    With an empty `lead` it is one that was not cited, and said to be that. `words` are the words to mark, as offsets
    into the article, such as `Citation.answer`.
    """
    block = Block().add(lead, _BOLD).add("\n" if lead else "")
    block.add(say(language, "passage_of" if lead else "passage_besides", number=number, count=count))
    return split_blocks([block.join(_quote(passage, f"[{number}] ", [words]))])


def compose_closest(passage: Passage, language: str, *, question: str = "", understood: str = "") -> list[Message]:
    """Return a refusal with the passage that came closest, said to be no answer."""
    lead = _open(question, understood, language)
    _begin_line(lead).add(f"{say(language, 'not_found')}\n{say(language, 'closest')}")
    return split_blocks([lead.join(_quote(passage))])


def name_answer(kind: AnswerKind, answer: str, words: str, language: str) -> str:
    """Return what stands above a single passage: the answer, its verdict alone, or of several things this one."""
    if kind in _VERDICTS:
        return say(language, _VERDICTS[kind])
    return words if kind is AnswerKind.MEMBERS else answer


def _open(question: str, understood: str, language: str) -> Block:
    """Return how a question was read, as a line, if that is not how it was asked."""
    block = Block()
    if is_reworded(question, understood):
        block.add(say(language, "understood", question=understood), _ITALIC)
    return block


def _say_instead(answer: Answer, language: str) -> str:
    """Return what is said where there is no answer."""
    if answer.kind is AnswerKind.TALK:
        return say(language, f"talk_{answer.note}")
    if answer.kind is AnswerKind.WHICH:
        return say(language, "which" if answer.choices else "which_none")
    if answer.kind is AnswerKind.FACT:
        return say(language, f"no_{answer.note}")
    if answer.kind is AnswerKind.FOREIGN:
        return say(language, "foreign", language=name_language(answer.note))
    return say(language, "not_found")


def _add_words(block: Block, answer: Answer, quotes: Sequence[_Shown], language: str) -> Block:
    """Append the answer itself; sentences that are each all of a quote below are left to the quotes."""
    below = {quote.passage.text for quote in quotes} if answer.kind in _IN_PLACE else set()
    agreeing = [citation for citation in answer.citations if citation.agrees]
    if answer.kind in _VERDICTS:
        _begin_line(block).add(say(language, _VERDICTS[answer.kind]), _BOLD)
        block.add("" if answer.text in below else f"\n{answer.text}")
    elif answer.kind is AnswerKind.MEMBERS:
        for citation in [] if all(c.words in below for c in agreeing) else agreeing:
            _begin_line(block).add("• ").add(citation.words, _BOLD).add(f" [{citation.number}]")
    elif answer.text not in below:
        _begin_line(block).add(answer.text, _BOLD)
    for note in _note(answer, language):
        _begin_line(block).add(note)
    return block


def _note(answer: Answer, language: str) -> Iterator[str]:
    """Yield what is said about an answer: the day that it means, who says so, and what contradicts it."""
    if answer.when:
        yield say(language, "when", date=answer.when)
    first = answer.citations[0]
    speaker = first.article.text[slice(*first.speaker)] if first.speaker else ""
    if speaker.casefold() not in answer.text.casefold():
        yield say(language, "speaker", speaker=speaker)
    for citation in answer.citations:
        if not citation.agrees:
            yield say(language, "another", words=citation.words, number=citation.number)


def _begin_line(block: Block) -> Block:
    return block.add("\n" if block.text else "")


def _group(citations: Sequence[Citation], *, full: bool) -> Iterator[_Shown]:
    """Yield what is quoted, each passage once, with the numbers and the words of all that is cited of it."""
    passages = [c.passage if full else Passage(c.article, c.start, c.end) for c in citations]
    for passage in dict.fromkeys(passages):
        cited = [c for c, other in zip(citations, passages, strict=True) if other == passage]
        yield _Shown(passage, "".join(f"[{c.number}] " for c in cited), [c.answer for c in cited])


def _quote(passage: Passage, label: str = "", words: Sequence[_Words] = ()) -> Block:
    """Return a passage as a quote that opens on a tap, words in it in bold, and under it where it is from."""
    text, place = passage.article.text, passage.start
    block = Block().add(label, _QUOTE)
    for start, end in sorted(words):
        start, end = (min(max(offset, place), passage.end) for offset in (start, end))
        block.add(text[place:start], _QUOTE).add(text[start:end], _QUOTE, _BOLD)
        place = end
    return _add_source(block.add(text[place : passage.end], _QUOTE), passage.article)


def _name_articles(citations: Sequence[Citation]) -> Iterator[Block]:
    """Yield where sentences are from, once an article."""
    for article in dict.fromkeys(citation.article for citation in citations):
        yield Block().add_description(article)


def _add_source(block: Block, article: Article) -> Block:
    """Append a line that says where something is from, if anything is known of that."""
    line = Block().add_description(article)
    return block.add("\n").add_description(article) if line.text else block
