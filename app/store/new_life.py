"""A new life of a till: its file goes on where another machine, or an older day, may go on too.

Owns: beginning it, in one unit of work. Does not own: bringing a file back (restore.py), opening
one by its code (opening.py), enrolling again (sync).
"""

from __future__ import annotations

import msgspec

from app.store.unit_of_work import UnitOfWork


def begin_new_life(work: UnitOfWork) -> None:
    """A new epoch, above every one anybody has seen: no receipt number and no place is ever given
    twice. A till of a chain has to enrol again, and its grants belong to the older life.
    """
    identity = work.device.read()
    if identity is None:  # never set up: nobody has its numbers
        return
    # Epochs of facts that were pushed again hold no facts of their own.
    highest = max(identity.epoch, *work.facts.epochs(), work.outbox.highest_epoch())
    work.device.write(msgspec.structs.replace(identity, epoch=highest + 1))
    work.enrolment.restored()
