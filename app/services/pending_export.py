"""Exporting what is pending: the way out for a till that is to be reset before it was sent.

Owns: the parts of that file in their order, and its trace. Does not own: their form
(app/domain/pending_export.py), sealing (a port), writing it (a command or a screen), when a reset
is refused (sync_state.py). Members' keys go along, so that head office can read who joined.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from app.domain.enrolment import NO_SERVER_EPOCH
from app.domain.outbox import PlacedFact
from app.domain.pending_export import (
    FACTS_A_PART,
    PART_BYTES_MAX,
    ExportedFact,
    ExportedKey,
    ExportedPart,
    ExportHead,
    NotAnExport,
    export_bytes,
    read_part,
)
from app.services.answers import Refusal
from app.services.audit_trail import record
from app.services.desk import allowed
from app.services.ports import Lane, UnitOfWork
from app.services.shop import Shop


@dataclass(frozen=True, slots=True)
class ExportBegun:
    """What comes. `whole`: all that was ever written here, as nobody knows what its server has."""

    head: ExportHead
    whole: bool = False


def begin_export(*, shop: Shop, work: UnitOfWork) -> ExportBegun | Refusal:
    """Whether whoever is signed in may export, and what comes. Changes: audit."""
    refusal = allowed(shop, "manage_settings")
    if refusal is not None:
        return refusal
    return _begun(shop, work)


def begin_export_by_hand(*, shop: Shop, work: UnitOfWork) -> ExportBegun:
    """The same from the command line: whoever may run programs on this machine has its files.

    Changes: audit.
    """
    return _begun(shop, work, staff_id="")


def _begun(shop: Shop, work: UnitOfWork, **who: str) -> ExportBegun:
    enrolled, here = work.enrolment.read(), shop.identity
    whole = enrolled is not None and enrolled.server_epoch == NO_SERVER_EPOCH
    count = work.outbox.count_all() if whole else work.outbox.count().pending
    details = {"facts": str(count)}
    record(shop=shop, work=work, now=shop.now(), act="pending_exported", details=details, **who)
    head = ExportHead(
        tenant=here.tenant,
        store=here.store_id,
        store_name=work.settings.read().store_name,
        device=here.device,
        epoch=here.epoch,
        till_number=here.till_number,
        count=count,
        claim_secret=work.member_keys.claim_secret(),
    )
    return ExportBegun(head, whole)


def exported_file(*, shop: Shop, lane: Lane, begun: ExportBegun) -> Iterator[bytes]:
    """The file piece by piece, read in short units of work. Call it off the lane thread."""
    return shop.pending_seal.seal(_parts(lane, begun))


def count_missing(*, lane: Lane, begun: ExportBegun, exported: Iterable[bytes]) -> int:
    """How many facts that wait a file lacks, or has with other bytes. Off the lane thread."""
    kept: set[ExportedFact] = set()
    for data in exported:
        part = read_part(data)
        kept.update(() if isinstance(part, NotAnExport) else part.facts)
    return sum(fact not in kept for facts, _ in _units(lane, begun) for fact in facts)


def _parts(lane: Lane, begun: ExportBegun) -> Iterator[bytes]:
    yield export_bytes(begun.head)
    for facts, keys in _units(lane, begun):
        yield export_bytes(ExportedPart(tuple(facts), tuple(keys)))


def _units(
    lane: Lane, begun: ExportBegun
) -> Iterator[tuple[list[ExportedFact], list[ExportedKey]]]:
    after = (0, 0)
    while unit := lane.run(partial(_next, after=after, whole=begun.whole)):
        yield unit
        after = (unit[0][-1].epoch, unit[0][-1].dseq)


def _next(
    work: UnitOfWork, *, after: tuple[int, int], whole: bool
) -> tuple[list[ExportedFact], list[ExportedKey]] | None:
    """The next facts with the keys of who stands in them; None behind the last."""
    read = work.outbox.written_after if whole else work.outbox.pending_after
    facts: list[ExportedFact] = []
    size = 0
    for fact in read(*after, FACTS_A_PART):
        size += len(fact.data)
        if facts and size > PART_BYTES_MAX:
            break
        facts.append(_exported(fact))
    keys = work.outbox.secrets_for([fact.op_id for fact in facts])
    told = [ExportedKey(key.member_id, key.key_id, key.secret) for key in keys]
    return (facts, told) if facts else None


def _exported(fact: PlacedFact) -> ExportedFact:
    return ExportedFact(fact.op_id, fact.epoch, fact.dseq, fact.chain_hash, fact.data)
