"""Folding anew: the account that this till's own facts about somebody make.

Owns: reading them and folding them, whole or up to a fact. Does not own: the fold, comparing it
with what stands (verify.py), who needs it (merge_keeping.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from app.domain.account import FoldItem, Mark, MemberAccount, fold
from app.domain.facts import Fact, NotAFact, UnknownFact, fold_item, read_fact
from app.domain.stored_fact import StoredFact
from app.services.ports import UnitOfWork


def refolded(
    *, work: UnitOfWork, device: str, ids: Iterable[str], until: StoredFact | None = None
) -> MemberAccount:
    """What the facts under these ids fold to; `until`: only those before this one."""
    items = []
    for stored, fact in facts_of(work=work, ids=ids):
        if until is not None and (stored.epoch, stored.dseq) >= (until.epoch, until.dseq):
            continue
        head = fact.head if isinstance(fact, UnknownFact) else fact
        if head is None:
            continue  # unreadable by this program
        mark = Mark(device, stored.epoch, stored.dseq)
        item = fold_item(head, stored.business_day, mark)
        if item is not None:
            items.append(item)
    return fold(items, days=days_named(work=work, items=items))


def facts_of(
    *, work: UnitOfWork, ids: Iterable[str]
) -> list[tuple[StoredFact, Fact | UnknownFact]]:
    """This till's facts under these ids, in their order; what is no fact `verify` names."""
    found = [stored for each in ids for stored in work.facts.of_member(each)]
    found.sort(key=lambda stored: (stored.epoch, stored.dseq))
    read = ((stored, read_fact(stored.data)) for stored in found)
    return [(stored, fact) for stored, fact in read if not isinstance(fact, NotAFact)]


def days_named(*, work: UnitOfWork, items: Sequence[FoldItem]) -> dict[str, date]:
    """Days of the facts that effects name, also of other members: a referrer's share does."""
    named = {
        op_id
        for item in items
        for effect in item.effects
        for name in ("sale", "refund", "of")
        if (op_id := getattr(effect, name, None))
    }
    known = ((op_id, work.facts.get(op_id)) for op_id in named)
    return {op_id: fact.business_day for op_id, fact in known if fact is not None}
