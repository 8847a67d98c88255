"""The cache of compiled models: made once, verified on load, made again when broken, refusals remembered."""

import json
import multiprocessing
import shutil
from pathlib import Path
from typing import Any

import pytest

from qabot import models
from qabot.errors import ModelError
from qabot.models import MODEL, SIGNED, TOKENIZER, CompilationError, Kind, compiled


class Copying:
    """A compiler whose model is the weights in capitals; counts how often it worked."""

    def __init__(self, settings: dict[str, Any] | None = None) -> None:
        self.times, self.settings = 0, settings or {}

    def __call__(self, kind: Kind, source: Path, target: Path) -> dict[str, Any]:
        """Write both files."""
        self.times += 1
        (target / MODEL).write_text((source / "model.safetensors").read_text().upper())
        (target / TOKENIZER).write_text("{}")
        return {"kind": kind} | self.settings


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A model's folder."""
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "model.safetensors").write_text("weights")
    (folder / "config.json").write_text("{}")
    return folder


def test_compiled_once_and_found_again(source: Path, tmp_path: Path) -> None:
    """The second time nothing is compiled and nothing is said."""
    compiler, said = Copying(), list[str]()
    first = compiled("reader", source, tmp_path / "cache", compiler, said.append)
    again = compiled("reader", source, tmp_path / "cache", compiler, said.append)
    assert first == again
    assert (compiler.times, len(said)) == (1, 1)
    assert (first.folder / MODEL).read_text() == "WEIGHTS"
    assert (first.settings, first.refused) == ({"kind": "reader"}, None)
    assert not [path for path in (tmp_path / "cache").iterdir() if ".new-" in path.name]


@pytest.mark.parametrize("part", ["model.safetensors", "config.json"])
def test_another_model_is_another_entry(source: Path, tmp_path: Path, part: str) -> None:
    """A changed configuration matters as changed weights do; both entries stay."""
    compiler = Copying()
    first = compiled("reader", source, tmp_path / "cache", compiler)
    (source / part).write_text("changed")
    second = compiled("reader", source, tmp_path / "cache", compiler)
    assert compiler.times == 2
    assert first.folder != second.folder
    assert first.folder.is_dir()


def test_another_calibration_is_the_same_model(source: Path, tmp_path: Path) -> None:
    """The confidence is read beside the model, not compiled into it."""
    compiler = Copying()
    first = compiled("reader", source, tmp_path / "cache", compiler)
    (source / "calibration.json").write_text("{}")
    assert compiled("reader", source, tmp_path / "cache", compiler) == first


@pytest.mark.parametrize("signed", [True, False])
def test_an_entry_from_another_processor_is_made_again_where_it_comes_out_wrong(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, signed: bool
) -> None:
    """Signed bytes where products saturate; unsigned ones are right everywhere."""
    compiler, saturating = Copying({SIGNED: signed}), [False]
    monkeypatch.setattr(models, "saturates", lambda: saturating[0])
    compiled("reader", source, tmp_path / "cache", compiler)
    compiled("reader", source, tmp_path / "cache", compiler)
    assert compiler.times == 1
    saturating[0] = True
    compiler.settings[SIGNED] = False
    assert compiled("reader", source, tmp_path / "cache", compiler).settings[SIGNED] is False
    assert compiler.times == 1 + signed


@pytest.mark.parametrize("harm", ["flip", "cut", "gone", "entry"])
def test_a_broken_entry_is_made_again(source: Path, tmp_path: Path, harm: str) -> None:
    """Whatever was done to its files."""
    compiler = Copying()
    folder = compiled("reader", source, tmp_path / "cache", compiler).folder
    path = folder / ("entry.json" if harm == "entry" else MODEL)
    match harm:
        case "flip" | "entry":
            path.write_bytes(bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:])
        case "cut":
            path.write_bytes(path.read_bytes()[:-1])
        case "gone":
            path.unlink()
    assert (compiled("reader", source, tmp_path / "cache", compiler).folder / MODEL).read_text() == "WEIGHTS"
    assert compiler.times == 2


def test_a_refusal_is_remembered(source: Path, tmp_path: Path) -> None:
    """A model that cannot be compiled is tried once, and the reason is kept."""
    tried = list[str]()

    def refuse(kind: Kind, source: Path, target: Path) -> dict[str, Any]:
        tried.append(kind)
        raise CompilationError("it has a strange layer")

    for _ in range(2):
        assert compiled("encoder", source, tmp_path / "cache", refuse).refused == "it has a strange layer"
    assert tried == ["encoder"]


def test_a_crash_leaves_nothing_behind(source: Path, tmp_path: Path) -> None:
    """No entry, no half-written folder; the next time it is made."""

    def crash(kind: Kind, source: Path, target: Path) -> dict[str, Any]:
        (target / MODEL).write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compiled("reader", source, tmp_path / "cache", crash)
    assert [path.name for path in (tmp_path / "cache").iterdir() if path.is_dir()] == []
    assert compiled("reader", source, tmp_path / "cache", Copying()).refused is None


def _compile_slowly(source: Path, cache: Path, log: Path) -> None:
    def slow(kind: Kind, source: Path, target: Path) -> dict[str, Any]:
        with log.open("a") as file:
            file.write("x")
        return Copying()(kind, source, target)

    compiled("reader", source, cache, slow)


def test_two_processes_compile_once(source: Path, tmp_path: Path) -> None:
    """They start together; one works, the others wait for it."""
    context = multiprocessing.get_context("fork")
    log = tmp_path / "log"
    workers = [context.Process(target=_compile_slowly, args=(source, tmp_path / "cache", log)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0, 0]
    assert log.read_text() == "x"


def test_weights_are_hashed_once(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While path, size and time are the same; a changed file is hashed again."""
    hashed, real = list[str](), models.file_hash

    def counted(path: Path) -> str:
        hashed.append(path.name)
        return real(path)

    monkeypatch.setattr(models, "file_hash", counted)
    compiled("reader", source, tmp_path / "cache", Copying())
    assert hashed.count("model.safetensors") == 1
    compiled("reader", source, tmp_path / "cache", Copying())
    assert hashed.count("model.safetensors") == 1
    (source / "model.safetensors").write_text("longer weights")
    compiled("reader", source, tmp_path / "cache", Copying())
    assert hashed.count("model.safetensors") == 2


def test_hashes_of_models_that_are_gone_are_forgotten(source: Path, tmp_path: Path) -> None:
    """What is remembered does not grow with every model that was ever tried, nor with every change of one."""
    other = source.with_name("other")
    shutil.copytree(source, other)
    compiled("reader", other, tmp_path / "cache", Copying())
    shutil.rmtree(other)
    (tmp_path / "cache" / "hashes.json").write_text(
        json.dumps(json.loads((tmp_path / "cache" / "hashes.json").read_text()) | {"no stamp": "1", "[1, 2]": "2"})
    )
    for weights in ("first", "second one"):
        (source / "model.safetensors").write_text(weights)
        compiled("reader", source, tmp_path / "cache", Copying())
    known = json.loads((tmp_path / "cache" / "hashes.json").read_text())
    assert sorted(json.loads(key)[0] for key in known) == [str(source / "config.json"), str(source / "model.safetensors")]


def test_what_is_no_model_is_named(tmp_path: Path) -> None:
    """An empty folder, a name that no hub gives, and a cache that cannot be written."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match=r"needs model\.safetensors"):
        compiled("reader", tmp_path / "empty", tmp_path / "cache", Copying())
    with pytest.raises(ModelError, match=r"no model 'nobody/none'.*QABOT_READER"):
        models.source_folder("nobody/none", "QABOT_READER")
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError, match="QABOT_CACHE"):
        compiled("reader", tmp_path / "empty", tmp_path / "file" / "cache", Copying())
