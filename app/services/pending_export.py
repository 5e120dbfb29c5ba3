"""Exporting what is pending: the way out for a till that is to be reset before it was sent.

Owns: the lines of that file, and its trace. Does not own: writing it (a command or a screen), when
a reset is refused (sync_state.py). Personal data stands in facts only sealed; no key is exported.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice

import msgspec

from app.domain.outbox import PlacedFact
from app.services.answers import Refusal
from app.services.audit_trail import record
from app.services.desk import allowed
from app.services.ports import Lane, UnitOfWork
from app.services.shop import Shop

FACTS_A_UNIT = 200


class ExportHead(msgspec.Struct, frozen=True, kw_only=True, tag="zhanggui_pending.1"):
    """The first line: whose facts follow."""

    tenant: str
    store: str
    device: str
    count: int


class ExportedFact(msgspec.Struct, frozen=True, kw_only=True):
    """Every other line: a fact in the envelope it would have been sent in; bytes in base64."""

    op_id: str
    epoch: int
    dseq: int
    hash: str
    data: str


def begin_export(*, shop: Shop, work: UnitOfWork) -> ExportHead | Refusal:
    """Whether whoever is signed in may export, and what comes. Changes: audit."""
    refusal = allowed(shop, "manage_settings")
    if refusal is not None:
        return refusal
    return _begun(shop, work)


def begin_export_by_hand(*, shop: Shop, work: UnitOfWork) -> ExportHead:
    """The same from the command line: whoever may run programs on this machine has its files.

    Changes: audit.
    """
    return _begun(shop, work, staff_id="")


def _begun(shop: Shop, work: UnitOfWork, **who: str) -> ExportHead:
    count = work.outbox.count().pending
    details = {"facts": str(count)}
    record(shop=shop, work=work, now=shop.now(), act="pending_exported", details=details, **who)
    here = shop.identity
    return ExportHead(tenant=here.tenant, store=here.store_id, device=here.device, count=count)


def count_missing(*, lane: Lane, head: ExportHead, exported: Iterable[bytes]) -> int:
    """How many pending facts a file lacks, or has with other bytes. Call it off the lane thread."""
    kept = {line.rstrip(b"\n") for line in exported}
    facts = islice(exported_lines(lane=lane, head=head), 1, None)
    return sum(line.rstrip(b"\n") not in kept for line in facts)


def exported_lines(*, lane: Lane, head: ExportHead) -> Iterator[bytes]:
    """The file line by line, read in short units of work. Call it off the lane thread."""
    yield msgspec.json.encode(head) + b"\n"
    after = (0, 0)
    while facts := lane.run(partial(_next_pending, after=after)):
        for fact in facts:
            yield msgspec.json.encode(_line(fact)) + b"\n"
        after = (facts[-1].epoch, facts[-1].dseq)


def _next_pending(work: UnitOfWork, *, after: tuple[int, int]) -> list[PlacedFact]:
    return list(work.outbox.pending_after(*after, FACTS_A_UNIT))


def _line(fact: PlacedFact) -> ExportedFact:
    return ExportedFact(
        op_id=fact.op_id,
        epoch=fact.epoch,
        dseq=fact.dseq,
        hash=fact.chain_hash.hex(),
        data=b64encode(fact.data).decode(),
    )
