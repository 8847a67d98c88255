"""Weights -> a compiled model in the cache, made once for each model and served without torch from then on.

    CACHE/encoder-53aa51172d14-1c04/    model.onnx, tokenizer.json, entry.json (written last: hashes and settings)
    CACHE/hashes.json                   the weights' hashes by path, size and time, so that a start need not read them

An entry's name holds the hash of everything that the model is made of and of the compiler's settings: another model, or
another version of the compiler or of ONNX Runtime, is another entry. Entries are written beside and moved into place under a
lock, so that two processes do the work once; files are verified on load, and a broken entry is made again. What cannot be
compiled is remembered with the reason, and served by torch. An entry that was made on another machine and has weights that come out
wrong on this one's processor is made again; the other way round it is kept. Does not compile: `export` does.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from qabot.errors import ModelError
from qabot.session import saturates

Kind = Literal["encoder", "reader"]
Compile = Callable[[Kind, Path, Path], dict[str, Any]]  # kind, model's folder, folder to write into -> the entry's settings
MODEL, TOKENIZER = "model.onnx", "tokenizer.json"
SIGNED = "signed"  # the setting that says that an entry's weights are signed bytes
COMPILER = {"version": 6, "weights": "int8", "per_channel": True}
_ENTRY = "entry.json"
_PARTS = (".json", ".txt", ".safetensors", ".bin", ".model")
_NOT_PARTS = ("calibration.json",)
_LOCK_SECONDS = 600


class CompilationError(Exception):
    """Raised by a compiler for a model that it cannot compile truly; the text says why."""


@dataclass(frozen=True, slots=True)
class Model:
    """A model ready to be loaded. `folder` holds MODEL and TOKENIZER; where `refused` says why not, torch must serve `source`."""

    source: Path
    weights_sha256: str
    folder: Path
    settings: dict[str, Any]
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class _Entry:
    settings: dict[str, Any]
    refused: str | None
    files: dict[str, str]  # name -> sha256


def source_folder(name: str, setting: str) -> Path:
    """The folder of a model: `name` itself, or the hub's copy of it. Raises ModelError that names `setting` when there is none."""
    if Path(name).is_dir():
        return Path(name)
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, allow_patterns=[f"*{suffix}" for suffix in _PARTS]))
    except (HFValidationError, HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        raise ModelError(
            f"there is no model {name!r}: it is no folder, and the model hub did not give it; set {setting} to a "
            "folder or hub name, or unset it to use the packaged model"
        ) from error


def compiled(kind: Kind, source: Path, cache: Path, compile: Compile, say: Callable[[str], None] = lambda line: None) -> Model:
    """The model of `source` compiled; `say` gets a line before the long part. Raises ModelError when the cache cannot be written."""
    try:
        cache.mkdir(parents=True, exist_ok=True)
        parts, weights = _parts(source, cache)
        key = hashlib.sha256(json.dumps([parts, COMPILER, version("onnxruntime")], sort_keys=True).encode()).hexdigest()
        folder = cache / f"{kind}-{weights[:12]}-{key[:8]}"
        entry = _read(folder) or _made_once(kind, source, folder, compile, say)
    except OSError as error:
        raise ModelError(
            f"cannot keep the compiled {kind} in {cache}: {error.strerror or error}; free space or permission is needed there, "
            "or set QABOT_CACHE to another folder"
        ) from error
    return Model(source, weights, folder, entry.settings, entry.refused)


def file_hash(path: Path) -> str:
    """The sha256 of a file, in hexadecimal. Raises ModelError when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"cannot read {path}: {error.strerror}") from error


def _made_once(kind: Kind, source: Path, folder: Path, compile: Compile, say: Callable[[str], None]) -> _Entry:
    from filelock import FileLock, Timeout

    try:
        with FileLock(f"{folder}.lock", timeout=_LOCK_SECONDS):
            return _read(folder) or _make(kind, source, folder, compile, say)
    except Timeout as error:
        raise ModelError(f"another process has been compiling the {kind} for {_LOCK_SECONDS} s: end it, then try again") from error


def _make(kind: Kind, source: Path, folder: Path, compile: Compile, say: Callable[[str], None]) -> _Entry:
    say(f"compiling the {kind} for this machine, once ...")
    fresh = Path(tempfile.mkdtemp(prefix=f"{folder.name}.new-", dir=folder.parent))
    try:
        try:
            entry = _Entry(compile(kind, source, fresh), None, {name: file_hash(fresh / name) for name in (MODEL, TOKENIZER)})
        except CompilationError as error:
            entry = _Entry({}, str(error), {})
        (fresh / _ENTRY).write_text(json.dumps(asdict(entry), indent=1), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)  # a broken one
        os.replace(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return entry


def _read(folder: Path) -> _Entry | None:
    """The entry with its files verified; None where there is none that can be trusted, as with one that this processor gets wrong."""
    try:
        entry = _Entry(**json.loads((folder / _ENTRY).read_text(encoding="utf-8")))
        whole = all(file_hash(folder / name) == found for name, found in entry.files.items())
        sound = whole and (entry.refused or {MODEL, TOKENIZER} <= set(entry.files))
        return entry if sound and not (entry.settings.get(SIGNED) and saturates()) else None
    except (OSError, ValueError, TypeError, ModelError):
        return None


def _parts(source: Path, cache: Path) -> tuple[dict[str, str], str]:
    """The hash of each file that makes the model, and of the weights alone: the one file's, or all weights' together."""
    paths = sorted(path for path in source.rglob("*") if path.suffix in _PARTS and path.name not in _NOT_PARTS and path.is_file())
    known = _known_hashes(cache)
    parts, stamps = {}, {}
    for path in paths:
        found = path.stat()
        stamp = [str(path.resolve()), found.st_size, found.st_mtime_ns]
        key = json.dumps(stamp)
        stamps[key] = known.get(key) or file_hash(path)
        parts[path.relative_to(source).as_posix()] = stamps[key]
    if not stamps.keys() <= known.keys():
        _remember(cache, {key: value for key, value in known.items() if _stands(key)} | stamps)
    weights = [found for name, found in parts.items() if name.endswith((".safetensors", ".bin"))]
    if not weights:
        raise ModelError(f"there is no model in {source}: it needs model.safetensors and config.json")
    return parts, weights[0] if len(weights) == 1 else hashlib.sha256("".join(weights).encode()).hexdigest()


def _known_hashes(cache: Path) -> dict[str, str]:
    try:
        known = json.loads((cache / "hashes.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _stands(key: str) -> bool:
    """Whether the file of this path, size and time is still there: models that are gone are forgotten."""
    try:
        path, size, time = json.loads(key)
        found = Path(path).stat()
    except (OSError, ValueError, TypeError):
        return False
    return (found.st_size, found.st_mtime_ns) == (size, time)


def _remember(cache: Path, hashes: dict[str, str]) -> None:
    with tempfile.NamedTemporaryFile("w", dir=cache, prefix="hashes.", delete=False, encoding="utf-8") as file:
        json.dump(hashes, file, indent=0)
    os.replace(file.name, cache / "hashes.json")
