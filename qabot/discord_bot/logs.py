"""Logs on stderr, as lines or as JSON. The token is taken out of everything; texts of users are not logged at all."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime

_QUIET = ("discord.client", "aiohttp.access")  # warnings of voice libraries that are not needed; requests for /healthz


class _Redacted(logging.Formatter):
    """Lines without the token."""

    def __init__(self, secret: str) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secret = secret

    def format(self, record: logging.LogRecord) -> str:
        """The line, its traceback included."""
        return self._without(super().format(record))

    def _without(self, text: str) -> str:
        return text.replace(self._secret, "***") if self._secret else text


class _Json(_Redacted):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """time, level, logger, message, and the error where there is one."""
        fields = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            fields["error"] = "".join(traceback.format_exception(*record.exc_info))
        return self._without(json.dumps(fields, ensure_ascii=False))


def start_logs(level: str, as_json: bool, secret: str) -> None:
    """Send this process's logs to stderr, without `secret`."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json(secret) if as_json else _Redacted(secret))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)
