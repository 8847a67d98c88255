"""The bot as a process of its own, connected to a Discord on loopback."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.conftest import ROOT
from tests.discord_bot.wire import Wire

TOKEN = "MTIz.secret.token"


class Process:
    """A bot that runs. `health` asks its loopback port."""

    def __init__(self, wire: Wire, folder: Path, arguments: list[str], **settings: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        given = {"INDEX": str(folder / "index"), "STATE": str(folder / "state.sqlite3"), "DISCORD_API": wire.api,
                 "DISCORD_GATEWAY": wire.gateway, "COOLDOWN_SECONDS": "0", "HEALTH_PORT": str(self.port), **settings}  # fmt: skip
        environment = {**os.environ, "DISCORD_TOKEN": TOKEN, **{f"QABOT_{name}": value for name, value in given.items()}}
        self.log = (folder / "log").open("w+")
        self.process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=environment, stdout=self.log, stderr=self.log)

    def health(self, path: str) -> tuple[int, str]:
        """Status and body; 0 where nothing listens."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def exit_code(self, seconds: float) -> int:
        """Wait for its end; a process that does not end in time is killed, and the test fails."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)
            raise

    def text(self) -> str:
        """What it wrote."""
        self.log.flush()
        return Path(self.log.name).read_text()


def until(true: Callable[[], Any], seconds: float = 20) -> None:
    """Wait for something to become so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
