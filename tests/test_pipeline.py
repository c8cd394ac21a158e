"""QA as other people's code uses it, with models whose results can be foretold."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from fakes import FirstWordsReader, WordEmbedder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from test_sentences import TEXTS

from qa import QA, Answer, Article, ArticleError, LibraryError, QuestionError, load_text
from qa.index_file import INDEX_FILE
from qa.store import STORE_FILE

TEXT = "The cat sat on the mat. The dog chased the red ball. A bird sang in the old tree."


def ask(qa: QA, question: str) -> Answer:
    answer = qa.ask(question)
    for citation in answer.citations:
        assert citation.article.text[citation.start : citation.end] == citation.quote
    return answer


def test_answer(library: QA) -> None:
    """The answer is the sentence, cited with its place in the article."""
    article = library.add(load_text(TEXT, title="Animals"))
    answer = ask(library, "Which dog chased the ball?")
    assert answer.found
    assert answer.text == "The dog chased the red ball."
    assert (answer.citations[0].number, answer.citations[0].start, answer.citations[0].end) == (1, 24, 52)
    assert answer.citations[0].article == article
    assert (answer.embedder, answer.reader) == ("words", "minilm-reader")
    assert 0.5 < answer.confidence < 1


def test_refusal(library: QA) -> None:
    """A question about something else is refused with the nearest passage, and so is one of an empty library."""
    empty = ask(library, "What is the capital of France?")
    assert (empty.found, empty.text, empty.citations, empty.nearest) == (False, "", (), None)
    library.add(load_text(TEXT))
    answer = ask(library, "Who painted a mat?")
    assert (answer.found, answer.text, answer.citations) == (False, "", ())
    assert answer.nearest
    assert answer.nearest.text == "The cat sat on the mat."


def test_hits(library: QA) -> None:
    """Passages are ranked by words and vectors, each hit with both."""
    library.add(load_text(TEXT))
    hits = library.retrieve("red ball", limit=2)
    assert hits[0].passage.text == "The dog chased the red ball."
    assert hits[0].cosine == pytest.approx(2 / 2**0.5 / 8**0.5, abs=0.0005)
    assert hits[0].score == pytest.approx(16 * hits[0].cosine + hits[0].bm25)
    assert [hits[1].cosine, hits[1].bm25] == [0, 0]


def test_reopened(folder: Path) -> None:
    """A library answers the same after it was closed, with the model that it was made with."""
    with QA.open(folder, model=WordEmbedder(), max_words=8) as qa:
        qa.add(load_text(TEXT))
        before = qa.ask("Who sang?")
    assert (folder / INDEX_FILE).exists()
    with QA.open(folder, model=WordEmbedder()) as qa:
        after = qa.ask("Who sang?")
    assert (after.text, after.citations, after.confidence) == (before.text, before.citations, before.confidence)
    with (
        QA.open(folder, model=WordEmbedder("another", salt="x")) as qa,
        pytest.raises(LibraryError, match="made with"),
    ):
        qa.ask("Who sang?")
    with (
        QA.open(folder, model=WordEmbedder("another", salt="x")) as qa,
        pytest.raises(LibraryError, match="made with"),
    ):
        qa.add(load_text("Something new."))


def test_two_open_at_once(folder: Path) -> None:
    """What one adds or removes, the other sees at its next question."""
    with QA.open(folder, model=WordEmbedder()) as one, QA.open(folder, model=WordEmbedder()) as other:
        article = one.add(load_text(TEXT))
        assert other.ask("Who chased the red ball?").found
        one.remove(article.id)
        assert not other.ask("Who chased the red ball?").found
        one.add(load_text("A red ball was chased by nobody."))
        assert other.ask("Who chased the red ball?").text == "A red ball was chased by nobody."


@pytest.mark.parametrize("damage", ["flip", "remove", "foreign"])
def test_damaged_index(folder: Path, tmp_path: Path, damage: str, caplog: pytest.LogCaptureFixture) -> None:
    """The index file is rebuilt, with one line, and the answer is the same."""
    for place, text in ((folder, TEXT), (tmp_path / "other", "Quite another text.")):
        with QA.open(place, model=WordEmbedder(), max_words=8) as qa:
            qa.add(load_text(text))
    path = folder / INDEX_FILE
    intact = path.read_bytes()
    if damage == "flip":
        path.write_bytes(intact[:-9] + bytes([intact[-9] ^ 4]) + intact[-8:])
    elif damage == "foreign":
        path.write_bytes((tmp_path / "other" / INDEX_FILE).read_bytes())
    else:
        path.unlink()
    caplog.clear()
    for _ in range(2):
        with QA.open(folder, model=WordEmbedder()) as qa:
            assert qa.ask("Who chased the ball?").text == "The dog chased the red ball."
    assert [message.endswith("rebuilt from the library") for message in caplog.messages if "index" in message] == [
        True
    ]
    assert path.read_bytes() == intact


def test_add_all_or_nothing(folder: Path) -> None:
    """An interruption while passages are embedded leaves no article behind."""

    class Interrupted(WordEmbedder):
        def encode(self, texts: object, *, query: bool = False) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
            if len(self.documents) > 50:
                raise KeyboardInterrupt
            return super().encode(texts, query=query)  # type: ignore[arg-type]

    with QA.open(folder, model=Interrupted(), max_words=8) as qa, pytest.raises(KeyboardInterrupt):
        qa.add(load_text(TEXT * 100))
    with QA.open(folder, model=WordEmbedder()) as qa:
        assert qa.is_new
        assert qa.articles() == []


def test_progress(folder: Path) -> None:
    """Long work is told of: the model first, then how many passages are through."""
    seen: list[tuple[str, int, int]] = []
    with QA.open(folder, model=WordEmbedder(), max_words=8, progress=lambda *told: seen.append(told)) as qa:
        qa.add(load_text(TEXT * 15))
    assert seen == [
        ("loading the model", 0, 0),
        ("splitting", 0, 0),
        ("embedding", 0, 45),
        ("embedding", 32, 45),
        ("indexing", 0, 0),
    ]


def test_files(library: QA, tmp_path: Path) -> None:
    """A file that has changed replaces its old text; one that cannot be read changes nothing."""
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    first = library.add(path)
    assert library.add(str(path)) == first
    path.write_text("Now it is about fish.")
    second = library.add(path)
    for nothing in (tmp_path, Article(""), Article(" . "), Article("half \ud83d")):
        with pytest.raises(ArticleError):
            library.add(nothing)
    assert library.articles() == [second]
    other = tmp_path / "b.txt"
    other.write_text("Birds.")
    library.add(other)
    other.write_text("Now it is about fish.")
    library.add(other)
    assert library.articles() == [second]
    assert library.passages(second.id)[0].text == "Now it is about fish."
    assert library.remove(second.id) == second
    assert library.articles() == []


def test_questions(library: QA) -> None:
    """A question without words is the caller's mistake; quotes and operators are words like any."""
    library.add(load_text(TEXT))
    with pytest.raises(QuestionError):
        library.ask(" ?")
    for question in (
        'the "dog" AND (ball OR',
        "ball* NEAR dog",
        "text:dog -ball",
        "_ __ dog ball",
        "dog ball " * 100,
    ):
        assert ask(library, question).text == "The dog chased the red ball."


def test_own_reader(folder: Path) -> None:
    """Any reader can be plugged in; its spans become the answer, quoted with their sentence."""
    with QA.open(folder, model=WordEmbedder(), reader=FirstWordsReader(), max_words=8) as qa:
        qa.add(load_text(TEXT))
        answer = ask(qa, "dog ball")
    assert (answer.text, answer.citations[0].quote) == ("The dog chased", "The dog chased the red ball.")
    assert answer.reader == "first words"


def test_options(folder: Path) -> None:
    """A threshold that is no probability is a mistake of the caller, found before anything is made."""
    with pytest.raises(ValueError, match=r"got 1\.5"):
        QA.open(folder, model=WordEmbedder(), min_confidence=1.5)
    with pytest.raises(ValueError, match="got 0"):
        QA.open(folder, model=WordEmbedder(), max_words=0)
    assert not folder.exists()


def test_a_library_remade_with_another_model(folder: Path) -> None:
    """A library that was emptied and filled with another model's vectors is not searched with the old one."""
    with QA.open(folder, model=WordEmbedder()) as one, QA.open(folder, model=WordEmbedder("b", salt="b")) as other:
        article = one.add(load_text(TEXT))
        assert one.ask("Which dog chased the ball?").found
        one.remove(article.id)
        other.add(load_text(TEXT))
        with pytest.raises(LibraryError, match="made with the model b, not with words"):
            one.ask("Which dog chased the ball?")
        other.remove(article.id)
        with pytest.raises(LibraryError, match="no article"):
            one.article(article.id)


def test_threads(library: QA) -> None:
    """Questions asked at once get the answers that they get one by one."""
    for n in range(20):
        library.add(load_text(f"{TEXT} The ministers were discussing the promotions of {n} happily running firms."))
    questions = ["Who sang happily in the running?", "Which dogs were chasing balls?", "Where sat the cats?"] * 15
    expected = [library.ask(question).text for question in questions]
    got: list[str] = [""] * len(questions)

    def work(n: int) -> None:
        got[n] = library.ask(questions[n]).text

    threads = [threading.Thread(target=work, args=(n,)) for n in range(len(questions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == expected


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(TEXTS.map(lambda text: text + "a"), min_size=1, max_size=3, unique=True),
    question=st.text(max_size=30),
)
def test_laws(tmp_path_factory: pytest.TempPathFactory, texts: list[str], question: str) -> None:
    """Over any texts and question: citations are slices, and asking again gives the same answer."""
    with QA.open(tmp_path_factory.mktemp("library"), model=WordEmbedder(), max_words=9, min_confidence=0.0) as qa:
        for text in texts:
            qa.add(Article(text))
        try:
            answer = ask(qa, question)
        except QuestionError:
            return
        again = ask(qa, question)
    assert (again.text, again.citations, again.confidence) == (answer.text, answer.citations, answer.confidence)
    for citation in answer.citations:
        assert citation.article.text in texts
        assert citation.passage.start <= citation.start <= citation.answer[0]
        assert citation.answer[1] <= citation.end <= citation.passage.end


def test_a_copy_put_back(folder: Path, tmp_path: Path) -> None:
    """An earlier copy of the library is searched whole, though the index beside it is of a later state."""
    with QA.open(folder, model=WordEmbedder(), max_words=8) as qa:
        for number in range(30):
            qa.add(Article(f"The river {number} rose."))
    shutil.copy(folder / STORE_FILE, tmp_path / "copy")
    with QA.open(folder, model=WordEmbedder()) as qa:
        for article_id in qa.article_ids()[:20]:
            qa.remove(article_id)
    shutil.copy(tmp_path / "copy", folder / STORE_FILE)
    with QA.open(folder, model=WordEmbedder()) as qa:
        assert len(qa.retrieve("river", limit=100)) == 30
        assert len(qa._refresh_index().search(WordEmbedder().encode(["river"])[0], 100)) == 30


def test_another_process_refills_the_library(folder: Path) -> None:
    """Vectors of another length, under another model, are refused when asked and do not stop the end."""

    class Short(WordEmbedder):
        def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
            rows = super().encode(texts, query=query)[:, :64] + np.float32(0.01)
            rows /= np.linalg.norm(rows, axis=1, keepdims=True)
            return rows

    one = QA.open(folder, model=WordEmbedder(), max_words=8)
    for number in range(60):
        one.add(Article(f"The river {number} rose."))
    one.ask("Which river rose?")
    one.add(Article("A lake froze."))
    one.ask("What froze?")
    with QA.open(folder, model=WordEmbedder()) as other:
        for article_id in other.article_ids():
            other.remove(article_id)
    with QA.open(folder, model=Short("short")) as other:
        other.add(Article("A mill burnt."))
    with pytest.raises(LibraryError, match="made with the model short"):
        one.ask("What burnt?")
    one._changed_here = True
    one.close()
    one.close()
    with QA.open(folder, model=Short("short")) as other:
        assert other.ask("What burnt?").citations


def test_one_name_two_precisions(folder: Path) -> None:
    """A model served in another precision is the library's; another model near it is not."""

    class Rounded(WordEmbedder):
        def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
            rows = super().encode(texts, query=query)
            rows[:, 0] += np.float32(0.1)
            rows /= np.linalg.norm(rows, axis=1, keepdims=True)
            return rows

    with QA.open(folder, model=WordEmbedder()) as qa:
        qa.add(load_text(TEXT))
    with QA.open(folder, model=Rounded()) as qa:
        assert qa.ask("Who sang?").found
    with QA.open(folder, model=Rounded("another")) as qa, pytest.raises(LibraryError, match="not with another"):
        qa.ask("Who sang?")
