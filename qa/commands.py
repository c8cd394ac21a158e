"""What the `qa` command can do. With `qa.terminal`, the only file of the package that prints."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa.errors import ArticleError, QAError
from qa.question import clean_question
from qa.render import describe, printable, to_json
from qa.terminal import complain, print_answer

if TYPE_CHECKING:
    from qa.session import Session

_ENDS = {"/quit", "/exit", "quit", "exit"}
FOUND, NOT_FOUND, FAILED, INTERRUPTED = 0, 1, 2, 130  # as grep's


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="article-qa")
def commands() -> None:
    """Answer questions about articles in the articles' own words.

    Exit status: 0 answered, 1 not in the articles, 2 something went wrong.
    """


def _open(**options: Any) -> Session:  # noqa: ANN401
    """Open the library; the import costs half a second that `qa --help` does not need."""
    from qa.session import Session

    return Session(**options)


_library = click.option(
    "--library", metavar="DIR", envvar="QA_LIBRARY", help="The library's folder [env QA_LIBRARY]."
)
_model = click.option("--model", metavar="NAME-OR-FOLDER", help="Another sentence-transformers model.")
_reader = click.option(
    "--reader", metavar="NAME-OR-FOLDER", help="Another extractive question-answering model to read with."
)
_offline = click.option("--offline", is_flag=True, help="Ask nothing of a model hub; name at once what is missing.")
_confidence = click.option(
    "--min-confidence", type=click.FloatRange(0, 1), help="Refuse answers that are less likely than this to be right."
)


@commands.command()
@click.argument("question", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@_confidence
@_library
@_offline
@_model
@_reader
def ask(question: tuple[str, ...], as_json: bool, **options: Any) -> int:  # noqa: ANN401 - click's own
    """Answer a question with the passage that the answer stands in."""
    asked = " ".join(question)
    clean_question(asked)  # before anything is loaded for it
    with _open(**options) as session:
        session.add_shipped_article()
        answer = session.qa.ask(asked)
    if as_json:
        encoding = sys.stdout.encoding if sys.stdout else "utf-8"
        print(json.dumps(to_json(answer), ensure_ascii=encoding.lower() != "utf-8"))
    else:
        print_answer(answer)
    return FOUND if answer.found else NOT_FOUND


@commands.command()
@_confidence
@_library
@_offline
@_model
@_reader
def chat(**options: Any) -> int:  # noqa: ANN401
    """Ask question after question; /new begins anew, Ctrl-D ends it."""
    from qa.prompt import read_lines

    with _open(**options) as session:
        session.add_shipped_article()
        conversation = session.qa.chat()
        for line in read_lines():
            if line.strip() in _ENDS:
                break
            if line.strip() == "/new":
                conversation.forget()
                continue
            try:
                answer = conversation.ask(line)
            except QAError as error:
                session.bar.hide()
                complain(str(error))
                continue
            session.bar.hide()
            print_answer(answer)
            print()
    return FOUND


@commands.command()
@click.argument("files", nargs=-1, required=True)
@click.option("--max-words", type=click.IntRange(1), help="The longest passage, in words.")
@_library
@_offline
@_model
def add(files: tuple[str, ...], **options: Any) -> int:  # noqa: ANN401
    """Add text or Markdown FILES; - is standard input."""
    status = FOUND
    with _open(**options) as session:
        for file in files:
            known = set(session.qa.article_ids())
            try:
                article = session.qa.add(file)
            except ArticleError as error:  # the other files can still be good
                session.bar.hide()
                complain(str(error))
                status = FAILED
                continue
            session.bar.hide()
            word = "already there:" if article.id in known else "added"
            print(printable(f"{word} {article.id}  {describe(article)}"))
    return status


@commands.command(name="list")
@_library
def list_(**options: Any) -> int:  # noqa: ANN401
    """List the articles, a line each: id, date, title, source."""
    with _open(**options, must_exist=True) as session:
        for article in session.qa.articles():
            day = article.date.isoformat() if article.date else "-" * 10
            print("\t".join(map(printable, (article.id, day, article.title, article.source or "-"))))
    return FOUND


@commands.command()
@click.argument("article_id", metavar="ID")
@_library
def show(article_id: str, **options: Any) -> int:  # noqa: ANN401
    """Show an article's passages; the first letters of its ID are enough."""
    with _open(**options, must_exist=True) as session:
        article = session.find_article(article_id)
        print(describe(article))
        for number, passage in enumerate(session.qa.passages(article.id), start=1):
            print(f"\n{number}. {passage.start}-{passage.end}, {len(passage.text.split())} words")
            print(printable(passage.text))
    return FOUND


@commands.command()
@click.argument("article_ids", metavar="ID...", nargs=-1, required=True)
@_library
def remove(article_ids: tuple[str, ...], **options: Any) -> int:  # noqa: ANN401
    """Remove articles; the first letters of an ID are enough."""
    with _open(**options, must_exist=True) as session:
        found = [session.find_article(article_id) for article_id in article_ids]
        for article in {article.id: article for article in found}.values():
            session.qa.remove(article.id)
            print(f"removed {article.id}  {describe(article)}")
    return FOUND


@commands.command()
@_library
@_offline
@_model
def doctor(library: str | None, model: str | None, offline: bool) -> int:
    """Say whether the library, its model and its index are sound, a line each.

    Exit status 2 if one is not.
    """
    from qa.doctor import examine
    from qa.embed import SentenceTransformerEmbedder
    from qa.session import find_folder

    def load(recorded: str) -> SentenceTransformerEmbedder:
        return SentenceTransformerEmbedder(model or recorded, offline=offline)

    findings = []
    for finding in examine(find_folder(library, must_exist=True), load):
        findings.append(finding)
        print(f"{'ok' if finding.sound else 'bad':4}{finding.subject:9} {printable(finding.text)}")
    return FOUND if all(finding.sound for finding in findings) else FAILED


@commands.group(invoke_without_command=True)
@click.pass_context
def models(context: click.Context) -> None:
    """List the models that are ready on this machine; `prepare` makes one ready ahead."""
    if context.invoked_subcommand:
        return
    from qa.embed import DEFAULT_MODEL
    from qa.exports import list_exports
    from qa.read import SHIPPED_FOLDER, SHIPPED_READER

    ready = [(SHIPPED_READER, SHIPPED_FOLDER), *((export.name, folder) for export, folder in list_exports())]
    for name, folder in ready:
        size = sum(file.stat().st_size for file in folder.glob("*.*")) / 1e6
        print("\t".join(("ready", printable(name), f"{size:.0f} MB", printable(str(folder)))))
    if DEFAULT_MODEL not in dict(ready):
        print(f"not yet\t{DEFAULT_MODEL}\t-\tmade ready by the first question, or by: qa models prepare")


@models.command()
@click.argument("name", metavar="NAME-OR-FOLDER", required=False)
def prepare(name: str | None) -> int:
    """Make an embedding model ready: load it, from the hub if need be, and export it into the user's cache."""
    from qa.embed import DEFAULT_MODEL, SentenceTransformerEmbedder
    from qa.exports import list_exports

    embedder = SentenceTransformerEmbedder(name or DEFAULT_MODEL)
    embedder.encode([])
    folders = [folder for export, folder in list_exports() if export.name == embedder.name]
    for folder in folders:
        print(printable(f"ready {embedder.name} {folder}"))
    return FOUND if folders else FAILED


_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_SHARE = click.FloatRange(0, 1)


@commands.command("eval")
@click.argument("file", type=_FILE)
@click.option("--setting", type=click.Choice(["closed", "open", "both"]), default="both", show_default=True)
@click.option("--questions", type=click.IntRange(1), help="At most so many with an answer, and so many without.")
@click.option("--only", metavar="TITLE", multiple=True, help="Ask about this article alone; may be repeated.")
@click.option("--distractors", type=_FILE, help="More articles for the library, in SQuAD's format.")
@click.option(
    "--distractor-articles", type=click.IntRange(0), default=20, show_default=True, help="How many of them."
)
@click.option("--whole-articles", is_flag=True, help="Open: fill the library with articles, not with paragraphs.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
@click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), help="Draw risk and calibration into a PNG.")
@click.option("--min-f1", type=_SHARE, help="Fail if F1 is less.")
@click.option("--min-exact", type=_SHARE, help="Fail if exact match is less.")
@click.option("--min-citation-precision", type=_SHARE, help="Fail if citation precision is less.")
@click.option("--min-refusal-recall", type=_SHARE, help="Fail if refusal recall is less.")
@click.option("--max-calibration-error", type=_SHARE, help="Fail if the calibration error is more.")
@_confidence
@_library
@_offline
@_model
@_reader
def evaluate(file: Path, setting: str, as_json: bool, plot: Path | None, **options: Any) -> int:  # noqa: ANN401
    """Ask the labelled questions of FILE, in SQuAD's format or JSON lines, and print figures on the answers.

    Exit status 1 if a figure is beyond its bound.
    """
    from qa import evaluate, figures, metrics
    from qa.answer import MIN_CONFIDENCE

    given = {name: options.pop(name) for name in list(options) if name.startswith(("min_", "max_"))}
    threshold = given.pop("min_confidence")
    threshold = MIN_CONFIDENCE if threshold is None else threshold
    library, models = options.pop("library"), {name: options.pop(name) for name in ("model", "reader", "offline")}
    test = evaluate.prepare(file, setting=setting, **options)
    with tempfile.TemporaryDirectory() as folder:
        place = {"library": folder} if test.articles else {"library": library, "must_exist": True}
        with _open(**place, **models, max_words=test.max_words, min_confidence=0.0) as session:
            outcomes = evaluate.ask(session.qa, test, setting, session.bar.show)
    found = {name: metrics.measure(asked, threshold) for name, asked in outcomes.items()}
    print(json.dumps(figures.to_json(found)) if as_json else "\n".join(figures.to_lines(found)))
    if plot:
        figures.plot(outcomes, threshold, plot)
    failures = list(figures.find_failures(found, {name: bound for name, bound in given.items() if bound is not None}))
    for failure in failures:
        complain(failure)
    return NOT_FOUND if failures else FOUND
