"""Erasures as tills ask for them and report them.

Owns: carrying out what facts of a push ask for or say about forgetting people. Does not own:
destroying (erase.py), the records (erasure_record.py), what each till does (app/store/erasure.py).
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from app.domain.erasure_fact import ErasureDone, ErasureRequested, PersonErased
from sync.server.erase import Asked, erase_member, forget
from sync.server.erasure_record import note, report
from sync.server.head_office import Office, Said
from sync.server.hearing import Heard
from sync.server.sender import House, Sender


def carry_out(
    connection: Connection, sender: Sender, heard: Iterable[Heard], now_ms: int, house: House
) -> None:
    """After everything else of a push is written: it may hold the join of whom it forgets."""
    at = Office(connection, sender.tenant, now_ms, house)
    for each in heard:
        if each.state != "counted":
            continue
        match each.fact:
            case ErasureRequested(member=str(member)) as asked:
                said = Said(asked.staff or sender.device, asked.reason)
                erase_member(at, member, said, Asked(asked.op_id, sender.store))
            case PersonErased() as erased:
                # A shop of its own forgot him before it belonged to this chain.
                forget(connection, sender.tenant, erased.ids, now_ms)
                note(at, erased, {sender.store})
            case ErasureDone() as done:
                if not report(at, sender.device, done) and done.ids:
                    # This server was restored from before: the tills have not forgotten.
                    erase_member(at, done.ids[0], Said(sender.device, "restore"))
            case _:
                pass
