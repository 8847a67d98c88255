"""Documents of files that are not trusted: parsed by `worker` in a process of its own, which is ended when it takes too long.

One process serves many files, since starting one costs more than a page; a file that kills it costs only itself.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Generator, Sequence
from pathlib import Path
from queue import Empty, Queue
from types import TracebackType
from typing import Any

from qabot.articles import Heading
from qabot.errors import ArticleError
from qabot.loaders.document import Document, from_json
from qabot.loaders.limits import MAX_FILE_BYTES, MAX_TEXT, SILENT_SECONDS

_MAX_LINE = 8 * MAX_TEXT  # of an answer, escaped


class Sandbox:
    """A process that parses. Used as a context, so that it ends with it."""

    def __init__(self, seconds: float = SILENT_SECONDS, command: Sequence[str] = ()) -> None:
        # The paths of this process, and not its folder first: a file html.py that lies there is no part of any library.
        start = f"import sys; sys.path[:] = {sys.path!r}; from qabot.loaders.worker import main; main()"
        self._seconds, self._command = seconds, command or (sys.executable, "-c", start)
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: Queue[bytes] = Queue()

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._end()

    def documents(self, path: Path, format: str, name: str) -> Generator[Document]:
        """The documents of the file at `path`, as they come. `name` is what the user calls it.

        Raises ArticleError, in one line that begins with `name`, when it is too large, takes too long, or cannot be read.
        """
        return (from_json(found) for found in self._found(path, format, name))

    def headings(self, path: Path, name: str) -> list[Heading]:
        """The headings of a Markdown file. Raises ArticleError as `documents` does."""
        return [Heading(**heading) for outline in self._found(path, "markdown", name) for heading in outline["headings"]]

    def _found(self, path: Path, format: str, name: str) -> Generator[dict[str, Any]]:
        try:
            size = path.stat().st_size
        except OSError as error:
            raise ArticleError(f"cannot read {name}: {error.strerror}") from error
        if size > MAX_FILE_BYTES:
            raise ArticleError(f"{name} has {size:,} bytes, the limit is {MAX_FILE_BYTES:,}: split it into several files")
        self._ask(path, format)
        while True:
            answer = self._answer(name)
            if "error" in answer:
                raise ArticleError(f"{name} {answer['error']}")
            if "document" not in answer:
                return
            try:
                yield answer["document"]
            except BaseException:  # who asked has had enough: what is left of the answer must not reach the next one
                self._end()
                raise

    def _ask(self, path: Path, format: str) -> None:
        if self._process is None or self._process.poll() is not None:
            self._start()
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"path": str(path.absolute()), "format": format}).encode() + b"\n")
        self._process.stdin.flush()

    def _answer(self, name: str) -> dict[str, Any]:
        try:
            line = self._answers.get(timeout=self._seconds)
        except Empty as error:
            self._end()
            raise ArticleError(f"{name} took longer than {self._seconds:.0f} s to read: split it, or convert it to Markdown") from error
        if not line.endswith(b"\n"):
            self._end()
            raise ArticleError(f"{name} made its parser fail (it is damaged, or needs too much memory): convert it to Markdown")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _start(self) -> None:
        self._end()
        process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        answers: Queue[bytes] = Queue(maxsize=4)
        self._process, self._answers = process, answers
        threading.Thread(target=_forward, args=(process, answers), daemon=True).start()

    def _end(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        while not self._answers.empty():
            self._answers.get_nowait()  # lets go of the thread that forwards
        self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process = None


def _forward(process: subprocess.Popen[bytes], answers: "Queue[bytes]") -> None:
    """Lines of the process, until its end, which is a line without an end."""
    assert process.stdout is not None
    with process.stdout as stream:
        while True:
            line = stream.readline(_MAX_LINE)
            answers.put(line)
            if not line.endswith(b"\n"):
                return
