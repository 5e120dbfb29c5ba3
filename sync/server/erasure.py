"""Erasures as tills ask for them and report them.

Owns: carrying out what facts of a push ask for or say about forgetting people. Does not own:
destroying (erase.py), the records (erasure_record.py), what each till does (app/store/erasure.py).
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from app.domain.erasure_fact import (
    CaseErasureRequested,
    ErasureDone,
    ErasureRequested,
    KeepingEnded,
    PersonErased,
)
from sync.server.erase import Asked, destroy_keys, erase_again, erase_case, erase_member, forget
from sync.server.erasure_record import note, report
from sync.server.erasure_request import BY_CALENDAR, Request
from sync.server.head_office import Office, Said
from sync.server.hearing import Heard
from sync.server.sender import House, Sender


def carry_out(
    connection: Connection, sender: Sender, heard: Iterable[Heard], now_ms: int, house: House
) -> None:
    """After everything else of a push is written: it may hold the join of whom it forgets."""
    at = Office(connection, sender.tenant, now_ms, house)
    reported: list[ErasureDone] = []
    for each in heard:
        if each.state != "counted":
            continue
        match each.fact:
            case ErasureRequested() | KeepingEnded() | CaseErasureRequested() as asked:
                _do(at, sender, asked)
            case PersonErased(member=None, ids=(case,)) as erased:
                destroy_keys(connection, sender.tenant, case)
                note(at, erased, {sender.store})
            case PersonErased() as erased:
                # A shop of its own forgot him before it belonged to this chain.
                forget(connection, sender.tenant, erased.ids, now_ms)
                note(at, erased, {sender.store})
            case ErasureDone() as done:
                reported.append(done)
            case _:
                pass
    for done in report(at, sender.device, reported) if reported else ():
        if done.ids:
            # This server was restored from before: the tills have not forgotten.
            erase_again(at, done.ids[0], Said(sender.device, "restore"))


def _do(at: Office, sender: Sender, asked: Request) -> None:
    by = Asked(asked.op_id, sender.store)
    match asked:
        case ErasureRequested(member=str(member)):
            erase_member(at, member, Said(asked.staff or sender.device, asked.reason), by)
        case KeepingEnded(member=str(member)):
            erase_member(at, member, Said(sender.device, BY_CALENDAR), by)
        case CaseErasureRequested():
            reason = asked.reason or BY_CALENDAR
            erase_case(at, asked.case, Said(asked.staff or sender.device, reason), by)
        case _:
            pass
