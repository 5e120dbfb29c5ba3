"""What is odd about one op by itself: its chain, its bytes, its date, its place.

Owns: those findings. Does not own: what an account shows (overdraft.py), keeping them
(exception_case.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sync.server.copied_op import said_id
from sync.server.exception_case import Finding
from sync.server.hearing import Heard
from sync.server.sender import Sender

WHY_LENGTH_MAX = 200


def odd_about(heard: Heard, sender: Sender) -> Iterator[Finding]:
    """Everything about one op that somebody should know."""
    if heard.verdict == "fork":
        about = f"{sender.device}:{heard.op.epoch}"
        yield Finding("forked_chain", sender.device, heard.op.op_id, date.min, about=about)
    if heard.verdict == "fresh":
        yield from _about_fresh(heard, sender, heard.member or sender.device)


def _about_fresh(heard: Heard, sender: Sender, subject: str) -> Iterator[Finding]:
    op_id, device = heard.op.op_id, sender.device
    if heard.state == "unread":
        why = heard.why_unread[:WHY_LENGTH_MAX]
        yield Finding("unreadable", subject, op_id, heard.day, text=(("why", why),))
    if heard.state == "held":
        yield _held(heard, sender, subject)
    if heard.day != heard.stated and heard.member is not None:
        dates = (("stated", heard.stated.isoformat()), ("counted", heard.day.isoformat()))
        yield Finding("day_changed", subject, op_id, heard.day, text=dates)
    if heard.store != sender.store:
        stores = (("store", heard.store), ("sender", sender.store))
        about = f"{device}:{heard.store}"
        yield Finding("foreign_store", device, op_id, heard.day, about=about, text=stores)


def _held(heard: Heard, sender: Sender, subject: str) -> Finding:
    """Why it waits for head office."""
    op_id, why = heard.op.op_id, heard.why_held
    if why == "misfit":
        return Finding("sums_differ", subject, op_id, heard.day, text=(("what", heard.misfit),))
    if why == "copied":
        about = said_id(op_id)
        return Finding("copied_sale", subject, op_id, heard.day, about=about)
    if why == "kind":
        said = (("device", sender.device), ("fact", heard.kind))
        return Finding("kind_not_allowed", subject, op_id, heard.day, text=said)
    about = f"{sender.device}:{heard.op.epoch}"
    held_by = (("device", sender.device), ("why", why))
    return Finding("revoked_device", subject, op_id, heard.day, about=about, text=held_by)
