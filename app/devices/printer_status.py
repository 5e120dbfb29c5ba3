"""What a printer says of itself in ESC/POS: the questions, and what the answering bytes mean.

Owns: the real-time status questions, the question that is answered behind the last line, the
drawer pulse that does not wait in a printer that stands still. Does not own: sending them and
waiting (link_printer.py).
"""

from __future__ import annotations

from typing import Literal

PrinterCondition = Literal["ready", "paper_out", "cover_open", "busy", "error"]

ASK_OFFLINE_CAUSE = b"\x10\x04\x02"
ASK_PAPER = b"\x10\x04\x04"
ASK_BEHIND_LAST_LINE = b"\x1dr\x01"
"""Lies in the printer's buffer behind the paper, so its answer says that everything is through."""
PULSE_AT_ONCE = b"\x10\x14\x01\x00\x01"
"""An ordinary pulse waits in the buffer of a printer without paper and opens the drawer later."""

_COVER_OPEN = 0x04
_FEED_BUTTON = 0x08
_STOPPED_BY_PAPER_END = 0x20
_ERROR = 0x40
_PAPER_END = 0x60


def is_status(answer: int) -> bool:
    """Whether a byte can be the answer to a real-time question: its four fixed bits are right."""
    return answer & 0x93 == 0x12


def is_behind_last_line(answer: int) -> bool:
    """Whether a byte can be the answer to ASK_BEHIND_LAST_LINE."""
    return answer & 0x90 == 0


def condition(offline_cause: int, paper: int) -> PrinterCondition:
    """What both answers say together: first what a person can put right."""
    if offline_cause & _COVER_OPEN:
        return "cover_open"
    if offline_cause & _STOPPED_BY_PAPER_END or paper & _PAPER_END == _PAPER_END:
        return "paper_out"
    if offline_cause & _ERROR:
        return "error"
    if offline_cause & _FEED_BUTTON:
        return "busy"
    return "ready"
