"""The structure: who may import whom, what an import costs, and which names are public."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import qa

PACKAGE = Path(qa.__file__).parent
GROUND = {
    "types",
    "errors",
    "hub",
    "span_model",
    "tidy",
    "labelled",
    "metrics",
    "sentences",
    "question",
    "head",
    "calibration",
    "database",
}
STAGES = {"load", "chunk", "embed", "store", "index", "retrieve", "read", "answer", "chat"}
ALLOWED = {
    **dict.fromkeys(GROUND | STAGES, GROUND),
    "pipeline": GROUND | STAGES,
    "render": GROUND,
    "session": GROUND | STAGES | {"pipeline"},
    "evaluate": GROUND | STAGES | {"pipeline"},
    "prompt": GROUND,
    "figures": GROUND,
    "cli": GROUND | STAGES | {"render", "session", "evaluate", "figures", "prompt", "qa"},
    "__init__": GROUND | STAGES | {"pipeline"},
}  # fmt: skip
HEAVY = {"torch", "transformers", "sentence_transformers", "faiss", "numpy", "huggingface_hub", "rich", "sqlite3"}


def imports(path: Path) -> set[str]:
    """Return the modules of the package that a file imports, at whatever depth."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[2] for alias in node.names if alias.name.startswith(("qa.", "bot"))}
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in {"qa", "bot"}:
            found.add(node.module.partition(".")[2] or node.module)
    return found


def test_dependencies_point_one_way() -> None:
    """Stages know the nouns and the ground they stand on, never each other."""
    for path in PACKAGE.glob("*.py"):
        assert imports(path) <= ALLOWED[path.stem], f"{path.name} imports {imports(path) - ALLOWED[path.stem]}"


def test_public_names() -> None:
    """What `qa.__all__` says can be imported, and is sorted."""
    assert list(qa.__all__) == sorted(qa.__all__, key=lambda name: (not name.isupper(), not name[0].isupper(), name))
    assert all(getattr(qa, name).__doc__ for name in qa.__all__)
    assert not hasattr(qa, "nothing")


def loaded_by(code: str) -> set[str]:
    """Return which heavy modules a fresh interpreter has loaded after some code."""
    report = f"{code}; import sys; print(*({HEAVY!r} & set(sys.modules)))"
    return set(
        subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True).stdout.split()
    )


def test_import_is_cheap_and_silent() -> None:
    """`import qa` and the command's help load no model, array, database or network library."""
    assert loaded_by("import qa") == set()
    assert loaded_by("import qa.cli") == set()
    assert not loaded_by("from qa import QA; QA.open") & {"torch", "transformers", "sentence_transformers", "faiss"}


def test_only_the_command_prints() -> None:
    """No other module prints or reads the environment."""
    for path in set(PACKAGE.glob("*.py")) - {PACKAGE / "cli.py"}:
        source = path.read_text(encoding="utf-8")
        assert not re.search(r"(?<!\.)\bprint\(", source), path.name
        assert not re.search(r"environ\b(?!\.setdefault)|getenv", source), path.name
