"""What the bot remembers of chats, and how it forgets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from disk import full_disk
from hypothesis import given
from hypothesis import strategies as st

from bot.ask import Place
from bot.database import Database
from bot.memory import TURNS_KEPT, ChatSettings, Memory, Turn
from qa import AnswerKind, Slice
from qa import Turn as Said

PLACES = (Place("a1", 0, 100, 10, 20), Place("b2", 100, 250, 250, 250))
SAID = Said("Who is it?", "She.", (Slice("a1", 10, 20), Slice("b2", 0, 9)))
NOTHING = {"answered": 0, "refused": 0, "good": 0, "bad": 0, "chats": 0}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(Database(tmp_path)) as database:
        yield database


@pytest.fixture
def memory(database: Database) -> Memory:
    return Memory(database)


def make_turn(chat: int = 5, asked: int = 70, question: str = "Who?", answer: str = "She.") -> Turn:
    return Turn(chat, asked, 1_770_000_000.5, 5, question, answer, PLACES, AnswerKind.WORDS, SAID)


def add_turn(memory: Memory, chat: int = 5, asked: int = 70, question: str = "Who?", answer: str = "She.") -> Turn:
    return memory.begin_turn(make_turn(chat, asked, question, answer))


def test_settings_of_a_chat(memory: Memory) -> None:
    """What a chat has chosen is its own; every other has the defaults."""
    chosen = ChatSettings("ur", 1, full=False)
    memory.choose(-100, chosen)
    assert memory.settings(-100) == chosen
    assert memory.settings(5) == ChatSettings(None, 3, full=True, gone=False)
    memory.choose(-100, ChatSettings())
    assert memory.settings(-100) == ChatSettings()


def test_gone_chats_keep_their_settings(memory: Memory) -> None:
    """N8: a chat that blocked the bot finds what it had chosen when it comes back."""
    memory.choose(5, ChatSettings("de", 2))
    memory.mark_gone(5, gone=True)
    assert memory.settings(5) == ChatSettings("de", 2, gone=True)
    memory.mark_gone(5, gone=False)
    assert memory.settings(5) == ChatSettings("de", 2)


def test_a_turn_is_found_as_it_was(memory: Memory) -> None:
    """An answer is found by its number, by the message that asked, and as the last of its chat."""
    first, second = add_turn(memory, asked=70), add_turn(memory, asked=72, question="Wo? 🦊 \u202e", answer="")
    assert first == replace(make_turn(), number=first.number)
    assert memory.turn(first.number, 5) == memory.turn_of(5, 70) == first
    assert memory.last_turn(5) == memory.turn_of(5, 72) == second
    memory.mark_sent(second, [71, 73])
    assert memory.last_turn(5) == replace(second, sent=(71, 73))
    assert memory.turn_of(5, 71) is None


def test_no_turn_of_another_chat(memory: Memory) -> None:
    """T11: with another chat's number nothing is found."""
    turn = add_turn(memory)
    assert memory.turn(turn.number, 6) is None
    assert memory.turn_of(6, 70) is None
    assert memory.last_turn(6) is None
    assert memory.turn(turn.number + 1, 5) is None
    assert memory.turn(-1, 5) is None


def test_an_edited_question_replaces_its_turn(memory: Memory) -> None:
    """U11: an answer to the same message takes the number and the sent messages of the former one."""
    before = add_turn(memory)
    memory.mark_sent(before, [71])
    later = add_turn(memory, asked=72)
    after = add_turn(memory, question="Where?", answer="There.")
    assert after == replace(before, question="Where?", answer="There.", sent=(71,))
    assert memory.last_turn(5) == later
    memory.mark_sent(after, [71, 73])
    assert memory.turn_of(5, 70) == replace(after, sent=(71, 73))


def test_an_edit_that_was_cut_short_is_done_again(memory: Memory) -> None:
    """U6, U11: until the edited answer is sent the former question stands, so that the next start answers it."""
    before = add_turn(memory)
    memory.mark_sent(before, [71])
    add_turn(memory, question="Where?", answer="There.")
    found = memory.turn_of(5, 70)
    assert found
    assert (found.question, found.answer, found.sent) == ("Who?", "There.", (71,))


def test_twenty_are_kept(memory: Memory) -> None:
    """L6: of a chat the last twenty answers are kept, with the votes on them; another chat's stay."""
    other = add_turn(memory, chat=6)
    turns = [add_turn(memory, asked=number) for number in range(TURNS_KEPT)]
    memory.vote(turns[0], 5, good=True)
    memory.vote(turns[1], 5, good=False)
    newest = add_turn(memory, asked=99)
    assert memory.turn(turns[0].number, 5) is None
    assert [memory.turn(turn.number, 5) for turn in (*turns[1:], newest)] == [*turns[1:], newest]
    assert memory.turn(other.number, 6) == other
    assert memory.stats() == NOTHING | {"bad": 1, "chats": 2}


def test_votes(memory: Memory) -> None:
    """A user's second vote on an answer replaces the first; others' and other answers' count."""
    first, second = add_turn(memory), add_turn(memory, asked=72)
    for turn, user, good in ((first, 1, True), (first, 1, False), (first, 2, True), (second, 1, True)):
        memory.vote(turn, user, good=good)
    assert memory.stats() == NOTHING | {"good": 2, "bad": 1, "chats": 1}


def test_answers_are_counted_once(memory: Memory) -> None:
    """An answer counts when it is sent, not again when it is edited; a refusal counts as one."""
    answered, refused = add_turn(memory), add_turn(memory, chat=6, answer="")
    assert memory.stats() == NOTHING | {"chats": 2}
    memory.mark_sent(answered, [71])
    memory.mark_sent(refused, [71])
    memory.mark_sent(add_turn(memory, question="Where?"), [71, 72])
    assert memory.stats() == NOTHING | {"answered": 1, "refused": 1, "chats": 2}


def test_a_new_talk_keeps_the_settings(memory: Memory) -> None:
    """/new takes a chat's answers away, and nothing else."""
    kept = add_turn(memory, chat=6)
    memory.vote(add_turn(memory), 5, good=True)
    memory.choose(5, ChatSettings("es"))
    memory.forget_turns(5)
    assert memory.last_turn(5) is None
    assert memory.settings(5) == ChatSettings("es")
    assert memory.last_turn(6) == kept
    assert memory.stats() == NOTHING | {"chats": 1}


def test_forgetting_leaves_no_bytes(memory: Memory, database: Database) -> None:
    """A6: after /forget nothing of the chat is in any file: no words, no settings, no votes."""
    in_group = add_turn(memory, chat=-100)
    memory.vote(in_group, 5, good=True)
    memory.vote(in_group, 6, good=False)
    for asked in range(30):
        memory.mark_sent(add_turn(memory, asked=asked, question="secret-question", answer="secret-answer"), [asked])
    memory.choose(5, ChatSettings("ru"))
    assert memory.forget(5) is True
    assert memory.last_turn(5) is None
    assert memory.settings(5) == ChatSettings()
    assert memory.last_turn(-100) == replace(in_group, user=0)
    assert memory.stats() == NOTHING | {"answered": 30, "bad": 1, "chats": 1}
    for path in database.path.parent.iterdir():
        assert b"secret-" not in path.read_bytes()


def test_numbers_are_not_used_again(memory: Memory) -> None:
    """A button under a forgotten answer never leads to a later one."""
    old = add_turn(memory)
    memory.forget(5)
    assert add_turn(memory).number > old.number


def test_a_group_that_moved_keeps_all(memory: Memory) -> None:
    """N16: the supergroup that a group became has its settings and answers."""
    turn = add_turn(memory, chat=-100)
    memory.choose(-100, ChatSettings("hi", 2))
    memory.choose(-200, ChatSettings("en"))
    memory.move(-100, -200)
    assert memory.settings(-200) == ChatSettings("hi", 2)
    assert memory.settings(-100) == ChatSettings()
    found = memory.turn(turn.number, -200)
    assert found
    assert (found.question, found.chat) == ("Who?", -200)
    assert memory.turn(turn.number, -100) is None


def test_a_move_of_a_chat_without_settings(memory: Memory) -> None:
    """N16: what the new chat has chosen stays if the old one had chosen nothing."""
    memory.choose(-200, ChatSettings("en"))
    memory.move(-100, -200)
    assert memory.settings(-200) == ChatSettings("en")


def test_without_the_disk(memory: Memory, database: Database) -> None:
    """U13: where nothing can be written an answer has no number, and nothing ends."""
    known = add_turn(memory)
    with full_disk():
        turn = add_turn(memory, asked=72)
        assert turn == replace(known, asked=72, number=0)
        assert add_turn(memory, question="Where?").number == 0
        assert database.degraded
        memory.mark_sent(turn, [73])
        memory.vote(turn, 5, good=True)
        memory.mark_gone(5, gone=True)
        assert memory.forget(5) is False
        assert memory.last_turn(5) == known
        assert memory.stats() == NOTHING | {"chats": 1}
    assert memory.forget(5) is True
    assert not database.degraded


TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Memory]:
    with closing(Database(tmp_path_factory.mktemp("shared"))) as database:
        yield Memory(database)


OFFSETS = st.integers(0, 1 << 62)
PLACES_OF_ANY = st.lists(st.builds(Place, TEXTS, *[OFFSETS] * 4)).map(tuple)
SLICES = st.lists(st.builds(Slice, TEXTS, OFFSETS, OFFSETS)).map(tuple)
ANY_SAID = st.none() | st.builds(Said, TEXTS, TEXTS, SLICES, st.lists(TEXTS).map(tuple))


@given(TEXTS, TEXTS, PLACES_OF_ANY, st.sampled_from(AnswerKind), ANY_SAID, st.integers(-(1 << 52), 1 << 52))
def test_any_turn_comes_back(
    shared: Memory, question: str, answer: str, passages: tuple[Place, ...], kind: AnswerKind, said: Said, user: int
) -> None:
    """Whatever is in a question, an answer, an article's id or what was understood, it is remembered as it is."""
    turn = Turn(5, 70, 0.0, user, question, answer, passages, kind, said)
    begun = shared.begin_turn(turn)
    assert shared.turn_of(5, 70) == begun == replace(turn, number=begun.number)


# Conversations.


def test_turns_before(memory: Memory) -> None:
    """The turns of a chat come oldest first, up to one of them if it is named, and none of another chat's."""
    turns = [add_turn(memory, asked=number) for number in (70, 72, 74)]
    add_turn(memory, chat=6)
    assert memory.turns_before(None, 5) == turns
    assert memory.turns_before(turns[2], 5) == turns[:2]
    assert memory.turns_before(turns[0], 5) == []
    assert memory.turns_before(replace(turns[0], number=0), 5) == turns
    assert memory.turns_before(None, 7) == []


def test_small_talk_is_kept_until_the_next_answer(memory: Memory) -> None:
    """A reply to small talk is remembered, is no turn to go on from, counts for nothing and pushes nothing out."""
    talk = replace(make_turn(asked=80, question="thanks", answer=""), passages=(), kind=AnswerKind.TALK, said=None)
    turns = [add_turn(memory, asked=number) for number in range(TURNS_KEPT - 1)]
    begun = memory.begin_turn(talk)
    memory.mark_sent(begun, [81])
    assert memory.turn_of(5, 80) == replace(begun, sent=(81,))
    assert memory.last_turn(5) == turns[-1]
    assert memory.stats()["refused"] == 0
    later = add_turn(memory, asked=82)
    assert memory.turn_of(5, 80) is None
    assert memory.turns_before(None, 5) == [*turns, later]


def test_a_choice_is_no_answer_and_no_refusal(memory: Memory) -> None:
    """Who is asked back has not been answered, nor told that the articles do not say it."""
    asked_back = replace(make_turn(answer=""), kind=AnswerKind.WHICH, said=Said("Who?", choices=("Who a?", "Who b?")))
    begun = memory.begin_turn(asked_back)
    memory.mark_sent(begun, [71])
    assert memory.stats() == NOTHING | {"chats": 1}
    assert begun.choices == ("Who a?", "Who b?")
    assert make_turn().choices == replace(make_turn(), said=None).choices == ()


def test_forgetting_in_groups(memory: Memory) -> None:
    """A6: after /forget in private no answer in a group says that it was this user who asked."""
    mine = add_turn(memory, chat=-100)
    memory.begin_turn(replace(make_turn(chat=-100, asked=72), user=6))
    memory.forget(5)
    assert [turn.user for turn in memory.turns_before(None, -100)] == [0, 6]
    assert memory.turn_of(-100, 70) == replace(mine, user=0)
