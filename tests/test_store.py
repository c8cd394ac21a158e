"""The store: all or nothing, one model a library, several threads and processes, and files that are none."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fakes import WordEmbedder
from hypothesis import HealthCheck, given, settings
from test_sentences import TEXTS

from qa import Article, LibraryError
from qa.chunk import chunk_article
from qa.store import STORE_FILE, Store

MODEL = WordEmbedder()
PROBE = MODEL.encode(["probe"])[0]


def add(store: Store, article: Article, model: WordEmbedder = MODEL) -> None:
    passages = chunk_article(article, max_words=8)
    vectors = model.encode([passage.text for passage in passages])
    store.add(article, passages, vectors, model=model.name, probe=model.encode(["probe"])[0])


def dump(store: Store) -> list[object]:
    """Return all that a store holds but its own name and generation."""
    db = sqlite3.connect(store.path)
    tables = ("articles", "passages")
    rows: list[object] = [db.execute(f"SELECT * FROM {table}").fetchall() for table in tables]  # noqa: S608
    db.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, full_text, instance)")
    rows += [db.execute("SELECT * FROM temp.words").fetchall(), db.execute("SELECT model FROM library").fetchall()]
    db.close()
    return rows


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    store = Store(folder)
    yield store
    store.close()


def test_round_trip(store: Store, seed: Article) -> None:
    """An article comes back as it went in, with its passages and vectors in order."""
    add(store, seed)
    assert store.article_ids() == [seed.id]
    assert store.article(seed.id) == seed
    passages = store.passages_of(seed.id)
    assert passages == chunk_article(seed, max_words=8)
    ((numbers, rows),) = store.vector_blocks()
    assert [store.passage(number) for number in numbers.tolist()] == passages
    assert np.allclose(rows, MODEL.encode([passage.text for passage in passages]), atol=0.0005)
    assert store.count() == len(passages)
    assert store.dimension() == rows.shape[1]


def test_vectors_of_some(store: Store, seed: Article) -> None:
    """Vectors come with their numbers, in order, without those that are not there; every n-th for a sample."""
    assert store.vectors([1])[1].shape == (0, 0)
    assert list(store.vector_blocks()) == []
    add(store, seed)
    ((numbers, rows),) = store.vector_blocks()
    some, chosen = store.vectors([4, 2, 9_999])
    assert some.tolist() == [2, 4]
    assert np.array_equal(chosen, rows[[1, 3]])
    ((sample, _),) = store.vector_blocks(3)
    assert sample.tolist() == [number for number in numbers.tolist() if number % 3 == 0]


def test_changes(store: Store, seed: Article) -> None:
    """The store tells an index of an earlier generation which passages came and went since, in order."""
    add(store, Article("cats sleep"))
    add(store, seed)
    count = store.count()
    store.remove(seed.id)
    add(store, Article("birds sing"))
    came = [(range(1, 2), True), (range(2, count + 1), True), (range(2, count + 1), False), (range(2, 3), True)]
    assert store.changes(0) == came
    assert store.changes(2) == came[2:]
    assert store.changes(4) == []


def test_common_words(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A word that too many passages have is left out beside rarer ones; if all are common, all have to be there."""
    monkeypatch.setattr("qa.full_text._MOST_ROWS", 5)
    for number in range(10):
        add(store, Article(f"a cat and a dog, {number} birds" if number < 4 else f"a cat, {number} birds"))
    add(store, Article("dogs bark"))

    def found(*words: str) -> list[str]:
        return [store.passage(number).text for number, _ in store.search_text(words, 20)]

    assert sorted(found("birds", "dog")) == sorted(
        ["dogs bark", *(f"a cat and a dog, {number} birds" for number in range(4))]
    )
    assert len(found("birds", "cat")) == 10
    assert found("cat", "birds", "7") == ["a cat, 7 birds"]
    assert found("fish") == []
    assert len(found("fish", "cat")) == 10
    assert len(found("seldom", "birds", "cat")) == 10
    store.remove(Article("dogs bark").id)
    assert "dogs bark" not in found("dog")


def test_search_text_orders_by_bm25(store: Store) -> None:
    """A passage with both words comes before those with one, stems and accents count, others are left out."""
    for text in ("cats sleep", "a cat met dogs", "the café dog barked all night long", "birds sing"):
        add(store, Article(text))
    found = [store.passage(number).text for number, _ in store.search_text(["cat", "dog"], 10)]
    assert found[0] == "a cat met dogs"
    assert set(found) == {"cats sleep", "a cat met dogs", "the café dog barked all night long"}
    assert [store.passage(number).text for number, _ in store.search_text(["cafe"], 10)] == [
        "the café dog barked all night long"
    ]


def test_the_same_text_is_added_once(store: Store) -> None:
    """A second copy changes nothing."""
    add(store, Article("One text."))
    before = dump(store)
    add(store, Article("One text.", title="again"))
    assert dump(store) == before


def test_a_changed_file_replaces_its_old_text(store: Store) -> None:
    """An article from the same source takes the old one's place; texts without a source never do."""
    for text, source in (("Old words.", "a.txt"), ("Other.", None), ("New words.", "a.txt"), ("Another.", None)):
        add(store, Article(text, source=source))
    assert [store.article(i).text for i in store.article_ids()] == ["Other.", "New words.", "Another."]
    assert store.search_text(["old"], 5) == []


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(TEXTS.filter(str.strip), TEXTS.filter(str.strip))
def test_adding_then_removing_leaves_the_store_as_it_was(store: Store, kept: str, removed: str) -> None:
    """Whatever the texts are, nothing of a removed article stays behind."""
    for article_id in store.article_ids():
        store.remove(article_id)
    empty = dump(store)
    add(store, Article(kept))
    before = dump(store)
    if kept != removed:
        add(store, Article(removed))
        store.remove(Article(removed).id)
    assert dump(store) == before
    store.remove(Article(kept).id)
    assert dump(store) == empty


def test_a_failed_add_leaves_nothing(store: Store, seed: Article) -> None:
    """When an addition breaks off in the middle, nothing of it is there."""
    before = dump(store)
    passages = chunk_article(seed)

    def interrupted() -> Iterator[np.ndarray[tuple[int], np.dtype[np.float32]]]:
        yield PROBE
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.add(seed, passages, interrupted(), model="words", probe=PROBE)  # type: ignore[arg-type]
    assert dump(store) == before
    assert store.stamp()[1] == 0


def test_another_model_is_refused(store: Store) -> None:
    """A library tells its own model's vectors from another's, whatever the other is called, and names both."""
    add(store, Article("One text."))
    with pytest.raises(LibraryError, match="made with the model words, not with words2; leave --model out"):
        add(store, Article("Two."), WordEmbedder("words2", salt="x"))
    add(store, Article("Three."), WordEmbedder("the same model by another name"))
    assert store.model() == "words"
    for article_id in store.article_ids():
        store.remove(article_id)
    add(store, Article("Two."), WordEmbedder("words2", salt="x"))
    assert store.model() == "words2"


def test_unknown_article(store: Store) -> None:
    """An id that is not there is named."""
    with pytest.raises(LibraryError, match="no article abc in"):
        store.remove("abc")


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"this is no database, but it is long enough to be taken for one " * 9, "not a library; move the file away"),
     (None, "damaged; put back a copy")],
)  # fmt: skip
def test_not_a_store(folder: Path, seed: Article, content: bytes | None, message: str) -> None:
    """A file that is not SQLite, or is cut off, is told from a library and left as it is."""
    store = Store(folder)
    add(store, seed)
    store.close()
    path = folder / STORE_FILE
    content = content or path.read_bytes()[:9000]
    path.write_bytes(content)
    with pytest.raises(LibraryError, match=message):
        Store(folder).article(seed.id)
    assert path.read_bytes() == content


def test_damaged_in_the_middle(folder: Path, seed: Article) -> None:
    """Damage to the full text is not taken for a full disk."""
    store = Store(folder)
    add(store, seed)
    store.close()
    content = bytearray((folder / STORE_FILE).read_bytes())
    content[20_000:60_000] = b"A" * 40_000
    (folder / STORE_FILE).write_bytes(content)
    with pytest.raises(LibraryError, match="damaged; put back a copy"):
        Store(folder).search_text(["minister"], 5)


def test_other_formats(folder: Path) -> None:
    """A newer format and another program's database are named as such."""
    Store(folder).close()
    path = folder / STORE_FILE
    for pragma, message in (("user_version = 9", "newer article-qa .format 9, this one reads 2."),
                            ("user_version = 1", "older article-qa .*add the articles again"),
                            ("application_id = 7", "a database of another program")):  # fmt: skip
        db = sqlite3.connect(path)
        db.execute(f"PRAGMA {pragma}")
        db.close()
        with pytest.raises(LibraryError, match=message):
            Store(folder)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """A library cannot be where a file is."""
    (tmp_path / "file").touch()
    with pytest.raises(LibraryError, match="cannot make a library there"):
        Store(tmp_path / "file" / "library")


def test_a_read_only_folder(folder: Path, seed: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that may not be written to can be read, and says why it cannot be changed."""
    store = Store(folder)
    add(store, seed)
    store.close()
    monkeypatch.setattr("os.access", lambda _, mode: mode == os.F_OK)
    store = Store(folder)
    assert store.article(seed.id) == seed
    with pytest.raises(LibraryError, match="not writable; name another folder with --library"):
        store.remove(seed.id)
    store.close()


def test_threads(store: Store) -> None:
    """Threads that add and search at once neither fail nor lose anything."""
    failures: list[BaseException] = []

    def work(name: str) -> None:
        try:
            for n in range(10):
                add(store, Article(f"{name} number {n} went."))
                with store.snapshot():
                    assert len(store.search_text([name], 50)) == n + 1
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("ant", "bee", "cow")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert len(store.article_ids()) == 30


_ADD_FIVE = """
import sys; from pathlib import Path; sys.path.insert(0, sys.argv[3])
from test_store import Store, add, Article
for n in range(5):
    store = Store(Path(sys.argv[1])); add(store, Article(f"{sys.argv[2]} number {n} went.")); store.close()
"""


def test_processes(folder: Path) -> None:
    """Processes that make one library and add to it at the same moment all land."""
    here = str(Path(__file__).parent)
    command = [sys.executable, "-c", _ADD_FIVE, str(folder)]
    running = [subprocess.Popen([*command, name, here], stderr=subprocess.PIPE) for name in ("ant", "bee", "cow")]
    assert [(process.communicate()[1], process.returncode) for process in running] == [(b"", 0)] * 3
    store = Store(folder)
    assert len(store.article_ids()) == 15
    store.close()
