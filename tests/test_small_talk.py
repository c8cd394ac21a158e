"""What is small talk, and what may be a question about the articles."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from qa.embed import DEFAULT_MODEL, SentenceTransformerEmbedder
from qa.talk.courtesy import INTENTS, strip_courtesy
from qa.talk.small_talk import WEIGHTS, Layer, SmallTalk, match_phrase

NOTHING = np.zeros(384, np.float32)
QUESTIONS = (
    "Who are the attendees?",
    "What is your source?",
    "What is this about?",
    "Who is she?",
    "Why?",
    "And when?",
    "no, the ambassador",
    "yes but who attended",
    "What did she say about bots?",
    "Summarise it",
    "Who made the statement?",
    "What can US firms do?",
    "How old is the minister?",
    "Thank you note of whom?",
    "Who do they work for?",
    "Where is she from?",
    "help",
    "Hi, who met the minister?",
    "thanks! and when was it?",
    "What else did he say?",
    "How many people died?",
    "What is the US going to do?",
    "ok and then?",
    "Nothing else?",
    "when was it",
    "who said that",
    "exports",
    "What happened today?",
    "yes, tell me more",
    "no i mean the other one",
    "donald blome",
    "safeer kaun hai",
    "¿Quién es el embajador?",
    "کون آیا تھا؟",
)


@cache
def embedder() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder(DEFAULT_MODEL, offline=True)


@cache
def talk() -> SmallTalk:
    return SmallTalk.load(DEFAULT_MODEL)


def classify(message: str) -> str | None:
    return talk().classify(message, embedder().encode([message], query=True)[0])


def lean_to(kind: str, threshold: float = 0.5) -> SmallTalk:
    """Return what takes every vector for a kind, as surely as can be."""
    kinds = ["none", *INTENTS]
    bias = np.array([50.0 * (name == kind) for name in kinds], np.float32)
    return SmallTalk(Layer("any", kinds, np.zeros((384, len(kinds)), np.float32), bias, threshold))


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("Hi!", "greeting"),
        ("HELLO", "greeting"),
        ("hiiii 👋", "greeting"),
        ("Hello there, bot", "greeting"),
        ("hello?", "greeting"),
        ("¡Hola!", "greeting"),
        ("Здравствуйте", "greeting"),
        ("السلام علیکم", "greeting"),
        ("नमस्ते", "greeting"),
        ("Guten Morgen", "greeting"),
        ("thx", "thanks"),
        ("ok, thank you very much!!", "thanks"),
        ("Danke schön", "thanks"),
        ("شُكْراً", "thanks"),
        ("shukriya", "thanks"),
        ("शुक्रिया", "thanks"),
        ("Thanks, bye", "goodbye"),
        ("Auf Wiedersehen!", "goodbye"),
        ("Tschüß", "goodbye"),
        ("خدا حافظ", "goodbye"),
        ("Hi, how are you?", "how_are_you"),
        ("what’s up", "how_are_you"),
        ("¿Cómo estás?", "how_are_you"),
        ("Wie geht's?", "how_are_you"),
        ("کیا حال ہے؟", "how_are_you"),
        ("Hello, who are you?", "who_are_you"),
        ("Кто ты?", "who_are_you"),
        ("What can you do?", "what_can_you_do"),
        ("Are you a bot?", "are_you_a_bot"),
        ("yes yes", "yes"),
        ("sí", "yes"),
        ("D’accord", "yes"),
        ("जी हाँ", "yes"),
        ("nooooo", "no"),
        ("No, thanks.", "no"),
        ("نہیں", "no"),
        ("Ok", "acknowledgement"),
        ("👍🏽👍🏽", "acknowledgement"),
        ("❤️", "thanks"),
        ("you idiot", "insult"),
        ("say that again please", "repeat"),
        ("Tell me a joke!", "cannot"),
    ],
)
def test_phrases(message: str, kind: str) -> None:
    """A message of set phrases is known without a model, whatever its case, marks and accents."""
    assert match_phrase(message) == kind
    assert SmallTalk().classify(message, NOTHING) == kind


@pytest.mark.parametrize(
    "message", [*QUESTIONS, "", " ", "?!", "🙈", "please", "bot", "\u200d", "no?", "great?", "hi " * 90]
)
def test_no_phrases(message: str) -> None:
    """A word that is of no phrase makes a message a question, and so does a mark behind "no" or "great"."""
    assert match_phrase(message) is None


def test_every_kind_has_phrases() -> None:
    """The list names no kind that is not one, and none is missing; eight languages greet."""
    lines = (WEIGHTS.parent / "phrases.txt").read_text(encoding="utf-8").splitlines()[1:]
    heads = [tuple(line.partition(": ")[0].split()) for line in lines]
    assert {kind for kind, _ in heads} == set(INTENTS)
    greet = {language for kind, language in heads if kind == "greeting"}
    assert greet == {"en", "es", "de", "fr", "ru", "hi", "ur", "ar", "emoji"}
    assert len(heads) == len(set(heads))


@pytest.mark.parametrize("kind", INTENTS)
@pytest.mark.parametrize(
    "message", ["Who is she?", "Did Ann Smith thank you?", "Was it in 1990?", "что случилось", "no, the firm"]
)
def test_rules_take_back(message: str, kind: str) -> None:
    """However sure the layer is, who has a name, a number, "she" or other letters may ask for an article's facts."""
    assert lean_to(kind).classify(message, NOTHING) is None


@pytest.mark.parametrize(
    ("message", "kind", "found"),
    [
        ("any sisters at home", "who_are_you", None),
        ("do you have sisters", "who_are_you", "who_are_you"),
        ("Hi, Are you well today", "how_are_you", "how_are_you"),
        ("ARE YOU WELL TODAY", "how_are_you", "how_are_you"),
        ("yes but when is it", "yes", None),
        ("that is wrong?", "no", None),
        ("yes, tell me more", "yes", None),
        ("what happened today", "cannot", None),
        ("what should the us do", "cannot", None),
        ("i agree with what you said", "yes", "yes"),
        ("not sure how to say it", "acknowledgement", "acknowledgement"),
        ("a strange law that is", "insult", None),
        ("what a stupid thing", "insult", "insult"),
        ("what is intuition", "cannot", None),
        ("what did it mean", "repeat", None),
        ("are you 16 years old", "who_are_you", "who_are_you"),
        ("you " * 21, "insult", None),
    ],
)
def test_rules_of_a_kind(message: str, kind: str, found: str | None) -> None:
    """What is about the bot says "you", what insults has a word for it, what answers asks nothing."""
    assert lean_to(kind).classify(message, NOTHING) == found


def test_threshold() -> None:
    """A layer that is less sure than its threshold says nothing, and one or two bare words need more."""
    kinds = ["none", *INTENTS]
    bias = np.array(
        [1.4 * (name in ("none", "thanks")) - 9 * (name not in ("none", "thanks")) for name in kinds], np.float32
    )
    half = Layer("any", kinds, np.zeros((384, len(kinds)), np.float32), bias, 0.4)
    assert half.classify(NOTHING)[0] == "thanks"
    assert half.classify(NOTHING)[1] == pytest.approx(0.5, abs=0.01)
    assert SmallTalk(half).classify("much obliged to you", NOTHING) == "thanks"
    assert SmallTalk(half._replace(threshold=0.6)).classify("much obliged to you", NOTHING) is None
    less = half._replace(threshold=0.1, bias=bias - np.array([0, *[1.5] * len(INTENTS)], np.float32))
    assert SmallTalk(less).classify("much obliged to you", NOTHING) == "thanks"
    assert SmallTalk(less).classify("obliged", NOTHING) is None


def test_another_embedder_has_the_phrases_alone(tmp_path: Path) -> None:
    """The weights are for one embedder's vectors; a layer comes back from its file as it went in."""
    other = SmallTalk.load("sentence-transformers/other")
    assert other.classify("hello", np.ones(7, np.float32)) == "greeting"
    assert other.classify("who on earth are you", np.ones(7, np.float32)) is None
    layer = Layer.load(WEIGHTS)
    layer.save(tmp_path / "weights.npz")
    again = Layer.load(tmp_path / "weights.npz")
    assert (again.embedder, again.kinds, again.threshold) == (DEFAULT_MODEL, ["none", *INTENTS], layer.threshold)
    assert np.array_equal(again.weights, layer.weights)
    assert again.weights.shape == (384, 14)
    assert WEIGHTS.stat().st_size < 20_000


@pytest.mark.parametrize(
    ("message", "left"),
    [
        ("Hello, who is the US ambassador?", "who is the US ambassador?"),
        ("thanks! and when was it?", "and when was it?"),
        ("Thanks a lot, what else did he say", "what else did he say"),
        ("hi who is she", "who is she"),
        ("ok, who?", "who?"),
        ("Good morning! Could you please tell me who met him, thanks", "Could you please tell me who met him"),
        ("please tell me who met him", "tell me who met him"),
        ("Who met him, please?", "Who met him?"),
        ("who met him please?", "who met him?"),
        ("Who met him? Thanks!", "Who met him?"),
        ("Hello, thanks, please tell me why", "tell me why"),
    ],
)
def test_strip_courtesy(message: str, left: str) -> None:
    """A greeting, thanks and "please" round a question are not of the question."""
    assert strip_courtesy(message) == left


@pytest.mark.parametrize(
    "message",
    [
        "Who is the US ambassador?",
        "Hello Kitty was created by whom?",
        "Hello! magazine was founded when?",
        "OK Computer was released when?",
        "Hey Jude is by whom?",
        "Hi-tech exports fell why?",
        "Thank you note of whom?",
        "Thanks to whom was it found?",
        "Whom did he please?",
        "Who wrote Yes, Please?",
        "Who said thanks?",
        "Please Please Me came out when?",
        "Hi",
        "thanks",
        "please",
        ", thanks",
        "",
        "🙂",
    ],
)
def test_strip_courtesy_leaves_the_rest(message: str) -> None:
    """What only looks like a courtesy is of the question, and a courtesy alone stays."""
    assert strip_courtesy(message) == message


@pytest.mark.parametrize("part", ["hi ", "ok, ", "!", " ", "a", "no\u0301", "👍", "thanks, ", "please ", "१", "Hi. "])
def test_long_messages_take_no_time(part: str) -> None:
    """A message of 100,000 characters is done with at once."""
    message = part * (100_000 // len(part))
    started = time.perf_counter()
    assert match_phrase(message) is None
    strip_courtesy(message)
    assert lean_to("insult").classify(message, NOTHING) is None
    assert time.perf_counter() - started < 1


@pytest.mark.slow
@pytest.mark.parametrize("message", QUESTIONS)
def test_questions_are_none(message: str) -> None:
    """What may be asked of an article is no small talk to the weights that ship."""
    assert classify(message) is None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("well hello to you my good bot", "greeting"),
        ("Thank you, that was really very helpful!", "thanks"),
        ("i must be going now, see you around", "goodbye"),
        ("May I know what your name is?", "who_are_you"),
        ("Who was it that programmed you?", "who_are_you"),
        ("what sort of things could i ask you about", "what_can_you_do"),
        ("Am I talking to a real human being?", "are_you_a_bot"),
        ("how are you feeling this evening", "how_are_you"),
        ("yes, that is absolutely right", "yes"),
        ("no, i believe that is wrong", "no"),
        ("oh well, that's good to hear", "acknowledgement"),
        ("you are such a dumb robot", "insult"),
        ("Could you please say that once more?", "repeat"),
        ("do you know a good joke", "cannot"),
    ],
)
def test_small_talk_is_known(message: str, kind: str) -> None:
    """What is said to a bot is known for it by the weights that ship, in words that no list has."""
    assert match_phrase(message) is None
    assert classify(message) == kind
