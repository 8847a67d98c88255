"""A real Milvus server for the tests of engines: the standalone server of the wheel `milvus`, 2.3.5, the last that is on PyPI.

    python -m tests.milvus_server PYTHON COMMAND ...     run a command with QABOT_TEST_MILVUS_URI set to a server started with PYTHON

It needs an environment of its own (`make test-engines` makes it), and has a process group, a folder and free ports of its own; it ends
with who started it, even where that one is killed. It listens on all of the machine's addresses: this server has no setting against it.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from qabot.address import parse
from qabot.errors import IndexFolderError
from qabot.milvus.client import Milvus

_STARTED = 120.0  # seconds
_RUN = """
import os, signal, socket, sys, threading
from milvus import MilvusServer
server = MilvusServer(wait_for_started=False)
server.set_base_dir(sys.argv[1])
names = [name for name in server.config.configurable_items if name.endswith("_port")]
taken = [socket.create_server(("", 0)) for _ in [*names, "web"]]  # the wheel's own search finds ports that another server has
ports = [listening.getsockname()[1] for listening in taken]
for listening in taken:
    listening.close()
server.config.update(**dict(zip(names, ports)))
server.webservice_port = ports[-1]
server.start()
print(server.listen_port, flush=True)
def end_with_parent():
    sys.stdin.read()  # until who started it closes it, or dies
    os.killpg(0, signal.SIGKILL)
threading.Thread(target=end_with_parent, daemon=True).start()
server.server_proc.wait()
"""


class MilvusServer:
    """A server over the files in `folder`; started again it has what it had."""

    def __init__(self, python: Path, folder: Path) -> None:
        self._python, self._folder = python, folder
        self._process: subprocess.Popen[str] | None = None
        self.uri = ""

    def start(self) -> None:
        """Start, and wait until it answers. Raises RuntimeError where it does not."""
        command = [str(self._python), "-c", _RUN, str(self._folder)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)
        assert self._process.stdout is not None
        while not (line := self._process.stdout.readline().strip()).isdecimal():
            if not line and self._process.poll() is not None:
                raise RuntimeError(f"the server did not start: see {self._folder}/logs")
        self.uri = f"milvus://127.0.0.1:{line}"
        ends = time.monotonic() + _STARTED
        while True:
            try:
                Milvus.open(parse(self.uri)).collections()
                return
            except IndexFolderError:
                if time.monotonic() > ends:
                    self.kill()
                    raise RuntimeError(f"the server did not answer within {_STARTED:.0f} s: see {self._folder}/logs") from None
                time.sleep(1)

    def kill(self) -> None:
        """End it and all that it started at once, as a power cut does."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        """End it in order; by force where it does not end."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGTERM)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()
            self._process = None


def main() -> int:
    """Start, run the command, stop; the command's exit code."""
    with tempfile.TemporaryDirectory() as folder:
        server = MilvusServer(Path(sys.argv[1]), Path(folder))
        server.start()
        try:
            return subprocess.call(sys.argv[2:], env={**os.environ, "QABOT_TEST_MILVUS_URI": server.uri})
        finally:
            server.stop()


if __name__ == "__main__":
    sys.exit(main())
