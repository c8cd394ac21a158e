"""The language of a question, and whether a model understands it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import qa.talk.language
from qa.embed import SentenceTransformerEmbedder
from qa.talk.language import detect_language, knows_language

if TYPE_CHECKING:
    from qa.types import Rows


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("وزیر سے کس نے ملاقات کی؟", "ur"),
        ("امریکی سفیر کون ہے", "ur"),
        ("من هو السفير الأمريكي؟", "ar"),
        ("سفیر آمریکا کیست؟", "fa"),
        ("मंत्री से कौन मिला?", "hi"),
        ("iPhone की कीमत क्या है", "hi"),
        ("Кто встретился с министром?", "ru"),
        ("Хто зустрівся з міністром?", "uk"),
        ("Τι είπε ο υπουργός;", "el"),
        ("谁会见了部长？", "zh"),
        ("大臣は誰に会いましたか", "ja"),
        ("장관을 만난 사람은 누구입니까?", "ko"),
        ("মন্ত্রীর সাথে কে দেখা করেছেন?", "bn"),
        ("அமைச்சரை சந்தித்தது யார்?", "ta"),
        ("ใครพบรัฐมนตรี", "th"),
        ("מי פגש את השר?", "he"),
    ],
)
def test_script(question: str, language: str) -> None:
    """Another script tells the language, its letters those that share a script."""
    assert detect_language(question) == language


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("¿Quién se reunió con el ministro?", "es"),
        ("quien es el embajador", "es"),
        ("¿Murió alguien en el incendio?", "es"),
        ("QUIÉN GANÓ", "es"),
        ("Wer hat den Minister getroffen?", "de"),
        ("wann beginnt der Streik", "de"),
        ("Qui a rencontré le ministre ?", "fr"),
        ("qui est l'ambassadeur", "fr"),
        ("Chi ha incontrato il ministro?", "it"),
        ("Quem se reuniu com o ministro?", "pt"),
        ("Wie is de ambassadeur?", "nl"),
        ("büyükelçi kim", "tr"),
        ("Siapa yang bertemu dengan menteri?", "id"),
        ("Kto spotkał się z ministrem?", "pl"),
        ("US ambassador kaun hai", "ur"),
        ("minister ne exports ke baray mein kya kaha", "ur"),
    ],
)
def test_latin_script(question: str, language: str) -> None:
    """Function words tell the language, without accents and marks too, and in questions of two words."""
    assert detect_language(question) == language


@pytest.mark.parametrize(
    "question",
    [
        "",
        "?!",
        "🙂" * 4_096,
        "42",
        "Who met the minister?",
        "us ambassador name",
        "minister meet who when",
        "What does 'Guten Tag' mean?",
        "meaning “wer ist das”",
        "who is وزیراعظم شہباز شریف",
        "what does 北京大学的校长先生 mean",
        "La Casa de Papel director",
        "la casa de papel director",
        "Robert De Niro Al Pacino film",
        "El Niño causes",
        "Charles de Gaulle airport",
        "Ludwig van Beethoven",
        "Recep Tayyip Erdoğan age",
        "Kim Jong Un visit",
        "i haven't a clue",
        "died in hospital",
        "Café de Flore owner",
        "𝐖𝐡𝐨 𝐦𝐞𝐭 𝐭𝐡𝐞 𝐦𝐢𝐧𝐢𝐬𝐭𝐞𝐫",
        "Ⅻ ꙮ ᚠᚢᚦ",
    ],
)
def test_english_or_not_told(question: str) -> None:
    """English stays English with foreign names and quotations in it; what has no letters has no language."""
    assert detect_language(question) is None


@given(st.text())
def test_any_text(text: str) -> None:
    """Any text has an answer of two letters or none."""
    assert len(detect_language(text) or "en") == 2


@pytest.mark.parametrize("text", ["«" * 100_000, '"' * 100_001, "de la " * 20_000, "ж" * 100_000, "a\u0301" * 50_000])
def test_long_text(text: str) -> None:
    """The time is proportional to the length."""
    started = time.perf_counter()
    detect_language(text)
    assert time.perf_counter() - started < 1


class FakeEncoder:
    """Has one direction a meaning, whatever the language, or one a text."""

    def __init__(self, *, several: bool, blur: float = 0.0) -> None:
        self.several = several
        self.blur = blur

    def __call__(self, texts: Sequence[str]) -> Rows:
        probes = [probe.split("|") for probe in qa.talk.language._PROBES.values()]
        places = [
            next(p.index(text) for p in probes if text in p) if self.several else i for i, text in enumerate(texts)
        ]
        rows = np.eye(len(texts), dtype=np.float32)[places] + np.float32(self.blur)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


@pytest.mark.parametrize("language", sorted(qa.talk.language._PROBES))
def test_a_model_of_several_languages(language: str) -> None:
    """One that puts a translation next to its original knows the language; one that does not, or hardly, does not."""
    assert knows_language(FakeEncoder(several=True), language) is True
    assert knows_language(FakeEncoder(several=True, blur=3.0), language) is False
    if language != "en":
        assert knows_language(FakeEncoder(several=False), language) is False


@pytest.mark.parametrize("language", ["xx", "", "EN", "ka"])
def test_a_language_without_probes(language: str) -> None:
    """Of it nothing can be said, and nothing is encoded."""

    def encode(texts: Sequence[str]) -> Rows:
        raise AssertionError(texts)

    assert knows_language(encode, language) is None


def test_probes() -> None:
    """Each language has each sentence once, and the sentences of no language are those of another."""
    probes = [probe.split("|") for probe in qa.talk.language._PROBES.values()]
    assert {len(probe) for probe in probes} == {3}
    assert len({sentence for probe in probes for sentence in probe}) == 3 * len(probes)


@pytest.mark.slow
def test_the_default_model_reads_english_only() -> None:
    """Measured on its vectors, not looked up by its name."""
    encode = SentenceTransformerEmbedder().encode
    assert [language for language in qa.talk.language._PROBES if knows_language(encode, language)] == ["en"]
