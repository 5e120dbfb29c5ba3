"""The server's log: one JSON object a line, of words that were written here.

Owns: the form, and which values may stand in it. Does not own: what is logged.
No message of an exception, no body, no query and no header is ever written: they may hold a phone
number or a token.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

KNOWN = (
    "route", "method", "status", "device", "code", "kind", "state", "at", "address", "count",
)  # fmt: skip
"""What a line may say besides time, level, logger and its words."""


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        said = {key: vars(record)[key] for key in KNOWN if vars(record).get(key) not in (None, "")}
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            # The words as they stand in the code: what was filled into them is not ours.
            "says": record.getMessage() if record.name.startswith(_OURS) else str(record.msg),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["kind"] = record.exc_info[0].__name__
        return json.dumps(line | said, ensure_ascii=False)


_OURS = ("sync.", "uvicorn.error")


def log_to_stderr(level: int = logging.INFO) -> None:
    """From now on everything is logged in this form."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("uvicorn.access").disabled = True
