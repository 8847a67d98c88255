"""The token is in no log, also where an error carries it."""

import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

CODE = """
import logging, sys
from qabot.discord_bot.logs import start_logs
start_logs("info", {as_json}, "s3cr3t.token")
logging.getLogger("a").info("the token is %s", "s3cr3t.token")
try:
    raise ValueError("bad s3cr3t.token")
except ValueError:
    logging.getLogger("a").exception("failed")
"""


@pytest.mark.parametrize("as_json", [True, False])
def test_the_token_is_taken_out(as_json: bool, tmp_path: Path) -> None:
    """Of messages and of tracebacks, in both forms; JSON has one object a line."""
    done = subprocess.run([sys.executable, "-c", CODE.format(as_json=as_json)], capture_output=True, text=True, check=True, cwd=ROOT)
    assert "s3cr3t" not in done.stderr
    assert done.stderr.count("***") >= 2
    if as_json:
        lines = [json.loads(line) for line in done.stderr.splitlines()]
        assert [(line["level"], line["logger"], line["message"]) for line in lines] == [
            ("INFO", "a", "the token is ***"),
            ("ERROR", "a", "failed"),
        ]
        assert "ValueError: bad ***" in lines[1]["error"]
    assert logging.getLogger("a").level == logging.NOTSET
