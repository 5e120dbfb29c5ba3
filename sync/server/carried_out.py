"""Carrying out what facts of a push ask for or report, once everything of it is written.

Owns: the order. Does not own: any of it (erasure.py, merge_request.py).
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from sync.server.erasure import carry_out as carry_out_erasures
from sync.server.hearing import Heard
from sync.server.merge_request import carry_out_merges
from sync.server.sender import House, Sender


def carry_out(
    connection: Connection, sender: Sender, heard: Iterable[Heard], now_ms: int, house: House
) -> None:
    """Who is forgotten first: nobody is merged with him."""
    told = list(heard)
    carry_out_erasures(connection, sender, told, now_ms, house)
    carry_out_merges(connection, sender, told, now_ms, house)
