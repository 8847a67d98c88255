"""The process that parses: paths in, documents out, one JSON object a line; started and watched by `sandbox`.

It may use so much memory and no more, and cannot write files, where the system has such limits (Linux, macOS in part). What goes
wrong in a parser stays here: the answer is one line.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from qabot.errors import ArticleError
from qabot.loaders.document import Document
from qabot.loaders.limits import MEMORY_BYTES
from qabot.loaders.markdown import Outline

PARSERS = {
    ".html": "html", ".htm": "html", ".xhtml": "html", ".pdf": "pdf", ".docx": "docx", ".epub": "epub",
    ".xml": "mediawiki", ".xml.bz2": "mediawiki",
}  # fmt: skip
# What a module needs, as its extra names it, for the line that says how to install it.
_EXTRAS = {"html": "html", "pdf": "pdf", "docx": "docx", "epub": "epub", "mediawiki": "wiki", "sitemap": "web"}


def main() -> None:
    """Answer until the other side closes the pipe."""
    _limit()
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a library prints is no answer
    for line in requests:
        request = json.loads(line)
        _answer(Path(request["path"]), request["format"], answers)


def _limit() -> None:
    try:
        import resource
    except ImportError:
        return  # Windows has no such limits: the time limit of the other side remains
    for kind, limit in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(kind)[1]
        try:
            resource.setrlimit(kind, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
        except (ValueError, OSError):
            continue  # macOS refuses some


def _answer(path: Path, format: str, answers: IO[bytes]) -> None:
    try:
        parse: Callable[[Path], Iterator[Document | Outline]] = import_module(f"qabot.loaders.{format}").parse
        for document in parse(path):
            _send(answers, {"document": asdict(document)})
        _send(answers, {"done": True})
    except ArticleError as error:
        _send(answers, {"error": str(error)})
    except ImportError as error:
        missing = (error.name or "a library").split(".")[0]
        _send(answers, {"error": f"needs {missing}: pip install 'qabot[{_EXTRAS[format]}]'"})
    except MemoryError:
        _send(answers, {"error": f"needs more than {MEMORY_BYTES:,} bytes of memory: split it"})
    except OSError as error:
        _send(answers, {"error": f"cannot be read: {error.strerror or 'it is damaged'}"})
    except Exception:  # a parser's own error says nothing to who wrote the article
        _send(answers, {"error": "is damaged, or of another kind than its name says"})


def _send(answers: IO[bytes], value: dict[str, Any]) -> None:
    answers.write(json.dumps(value).encode() + b"\n")
    answers.flush()


if __name__ == "__main__":
    main()
