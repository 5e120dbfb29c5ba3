"""The file for a provider of short messages: a list of numbers and texts in a folder.

Owns: the file's form and name, and that it is there whole or not at all. Does not own: the folder
(post_settings.py), who fetches it, who may stand in it (sending.py: only members who agreed).

What it can promise: the messages of one file stand together for ever, and so does its name. Where
this program was killed after the file was there and before that was written down, the same file is
written again under the same name: it replaces the first one, or comes a second time where somebody
fetched that away. The first column names each message, the same in both.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sync.server.messages.carrier import Carried, NotNow, Outgoing, Sent
from sync.server.messages.post_settings import SmsFile

MESSAGES_A_FILE = 500
COLUMNS = ("key", "phone", "language", "text")
_BYTE_ORDER_MARK = "\ufeff"
"""Without it spreadsheets take Chinese for something else."""


@dataclass(frozen=True, slots=True)
class SmsFileSender:
    """MessageSender into a folder."""

    settings: SmsFile
    at_once_max: int = MESSAGES_A_FILE

    def send(self, messages: Sequence[Outgoing], batch: str) -> Sequence[Carried]:
        """All in one file."""
        file = Path(self.settings.folder) / f"messages-{batch}.csv"
        part = file.with_suffix(".part")
        try:
            with part.open("wb") as out:
                out.write(table_of(messages).encode())
                out.flush()
                os.fsync(out.fileno())
            part.replace(file)
        except OSError as error:
            return [NotNow(type(error).__name__, is_down=True)] * len(messages)
        return [Sent()] * len(messages)


def table_of(messages: Sequence[Outgoing]) -> str:
    """The list. No cell can be taken for a formula: a number stands without its plus, and a text
    that begins like one gets a sign before it."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for each in sorted(messages, key=lambda each: each.key):
        cells = (each.key, each.to.removeprefix("+"), each.language, each.text.body)
        rows.writerow([_plain(cell) for cell in cells])
    return _BYTE_ORDER_MARK + out.getvalue()


def _plain(cell: str) -> str:
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
