"""Properties of the whole package: imports go one way, and a heavy library stands in its one file."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from qabot.encoder import PACKAGED
from qabot.reader import EMBEDDED
from qabot.wiring import load_encoder, load_reader
from tests.conftest import ROOT

# Top to bottom: a module imports only from those above it.
ORDER = [
    "errors", "address", "language", "dates", "records", "stages", "passages", "cpus", "articles", "loaders", "origin", "shelf",
    "hosts", "web", "media", "pages", "sentences", "chunking", "session", "models", "encoder",
    "faiss_index", "postings", "keyword_index", "word_vectors", "manifest", "generation", "store", "rollback",
    "index_store", "folder_store", "milvus", "build", "shards", "ray_build", "watch",
    "wording", "definition", "lifespan", "scope", "conflict", "names", "mentions", "pronouns", "ellipsis", "conversation",
    "duplicates", "retriever", "spans", "stopping", "trimming", "evidence", "polar", "headings", "reader",
    "settings", "confidence", "pipeline", "reply",
    "torch_models", "probes", "smoothing", "export",
    "measures", "evaluate", "gate", "diagram", "lines", "terminal", "chat", "output", "wiring", "building",
    "checking", "doctor", "cli", "__main__",
]  # fmt: skip
ONE_FILE = {
    "faiss": {"faiss_index"}, "bm25s": {"keyword_index"}, "Stemmer": {"keyword_index"}, "sentence_transformers": {"torch_models"},
    "torch": {"torch_models", "export"}, "transformers": {"torch_models"}, "onnx": {"smoothing", "export"},
    "onnxruntime": {"session", "smoothing", "export"}, "tokenizers": {"encoder", "reader", "torch_models"}, "yaml": {"articles"},
    "markdown_it": {"articles"}, "prompt_toolkit": {"chat"}, "typer": {"cli"}, "filelock": {"models", "store"}, "watchfiles": {"watch"},
    "matplotlib": {"diagram"}, "pydantic_settings": {"settings"}, "platformdirs": {"settings"}, "huggingface_hub": {"models"},
    "trafilatura": {"loaders"}, "pypdfium2": {"loaders"}, "docx": {"loaders"}, "lxml": {"loaders"}, "mwparserfromhell": {"loaders"},
    "py3langid": {"language"},
    "aiohttp": {"web"}, "protego": {"pages"}, "pymilvus": {"milvus"}, "milvus_lite": {"milvus"}, "grpc": {"milvus"},
    "discord": set(), "simcord": set(),  # the bot's package alone, the tests alone
    "dotenv": {"settings"}, "ray": {"ray_build"}, "pyarrow": {"shards"},
}  # fmt: skip


# The same for the Discord bot's package; those above the bar know nothing of Discord's types.
DISCORD_BOT = [
    "neutral", "links", "card", "strings", "rendering", "archive", "migrations", "state", "preferences", "engine", "queue", "admission",
    "metrics", "answering", "pulse", "identifies", "logs", "gaps", "reindex",
    "|",
    "failure", "buttons", "layout", "modals", "presses", "asking", "listening", "translator", "sync", "information", "checkup",
    "rebuilding", "administration", "client", "web", "run",
]  # fmt: skip
LATE = {  # within functions, or for types
    ("buttons", "presses"), ("modals", "asking"), ("buttons", "client"), ("modals", "client"), ("asking", "client"),
    ("listening", "client"), ("information", "client"), ("checkup", "client"), ("rebuilding", "client"), ("administration", "client"),
}  # fmt: skip


def _imports(module: str) -> Iterator[str]:
    files = [ROOT / "qabot" / f"{module}.py", *(ROOT / "qabot" / module).glob("*.py")]
    nodes = (node for file in files if file.exists() for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "qabot":
            yield from (f"qabot.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_every_module_has_its_place() -> None:
    """A new module is put into the order."""
    assert {path.stem for path in (ROOT / "qabot").glob("*.py")} - {"__init__"} | {"loaders", "milvus"} == set(ORDER)


@pytest.mark.parametrize("module", ORDER)
def test_imports_go_one_way(module: str) -> None:
    """A module imports only from above; nothing imports the training."""
    own = {name.split(".")[1] for name in _imports(module) if name.startswith("qabot.")} - {module}
    front_end = {"discord_bot"} if module == "cli" else set()
    assert own <= set(ORDER[: ORDER.index(module)]) | front_end


def test_every_module_of_the_bot_has_its_place() -> None:
    """A new module is put into the order."""
    assert {path.stem for path in (ROOT / "qabot" / "discord_bot").glob("*.py")} - {"__init__"} == set(DISCORD_BOT) - {"|"}


@pytest.mark.parametrize("module", [module for module in DISCORD_BOT if module != "|"])
def test_the_bot_imports_one_way(module: str) -> None:
    """A module of the bot imports only from above, and discord only below the bar."""
    names = list(_imports(f"discord_bot/{module}"))
    own = {name.removeprefix("qabot.discord_bot.") for name in names if name.startswith("qabot.discord_bot.")}
    late = {other for user, other in LATE if user == module}
    assert own <= set(DISCORD_BOT[: DISCORD_BOT.index(module)]) | late
    if DISCORD_BOT.index(module) < DISCORD_BOT.index("|"):
        assert "discord" not in {name.split(".")[0] for name in names}


@pytest.mark.parametrize("module", [module for module in ORDER if module != "cli"])
def test_only_the_command_line_knows_the_bot(module: str) -> None:
    """Answering does not depend on Discord."""
    assert not [name for name in _imports(module) if name.startswith("qabot.discord_bot")]


@pytest.mark.parametrize("library", ONE_FILE)
def test_a_heavy_library_has_one_file(library: str) -> None:
    """Whoever replaces a library changes one file."""
    users = {module for module in ORDER for name in _imports(module) if name.split(".")[0] == library}
    assert users == ONE_FILE[library]


TORCH = "{'pymilvus', 'ray', 'torch', 'transformers', 'sentence_transformers', 'onnx'} & set(sys.modules)"


@pytest.mark.parametrize(
    "args", [["ask", "Who overthrew Torres?"], ["chat"], ["eval", "questions.jsonl"], ["ask", "--jsonl", "questions.jsonl"]], ids=" ".join
)
def test_questions_are_answered_without_torch(args: list[str], tmp_path: Path, cache: Path) -> None:
    """Once the models are compiled, a question answered on the command line imports neither torch nor an engine's library."""
    load_encoder(PACKAGED, cache)
    load_reader(EMBEDDED, cache)
    (tmp_path / "questions.jsonl").write_text('{"id": "1", "question": "Who overthrew Torres?", "answers": ["Hugo Banzer"]}\n')
    code = f"import sys; from qabot.cli import app; app({[*args, '--index', str(ROOT / 'index')]}, standalone_mode=False); print({TORCH})"
    done = subprocess.run(
        [sys.executable, "-c", code], input="Who overthrew Torres?\n/quit\n", capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert "Banzer" in done.stdout or args[0] == "eval"
    assert done.stdout.splitlines()[-1] == "set()"


def test_a_parser_is_loaded_where_it_parses() -> None:
    """Importing the shelf brings none of the formats' libraries: they are loaded in the process that parses."""
    code = "import qabot.shelf, sys; print(sorted({'trafilatura', 'pypdfium2', 'docx', 'lxml', 'mwparserfromhell'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_help_loads_nothing_heavy() -> None:
    """The command line's module brings no numpy, torch, faiss or pydantic."""
    code = (
        "import qabot.cli, sys; print(sorted({'numpy', 'torch', 'faiss', 'pydantic', 'transformers', 'rich.progress'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
