"""Verifying a store: that every fact stands, once, unchanged, and that all sums agree with them.

Owns: the checks a shop can run at any time, and what they found. Does not own: the file's own
soundness (the store's quick check), the words, agreement with a server (sync).

The facts are the truth; tables of sales and folded accounts are compared with them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace as replace_struct

from app.domain.account import MemberAccount
from app.domain.audit import ChainedAuditEntry, TrailBroken, TrailHead, follow_trail
from app.domain.chain import GENESIS, chain_hash
from app.domain.facts import (
    SALE_KINDS,
    NotAFact,
    SaleRecorded,
    UnknownFact,
    canonical_bytes,
    read_fact,
)
from app.domain.refund_record import Refund
from app.domain.sale import Sale
from app.domain.settings import Identity
from app.domain.stored_fact import StoredFact
from app.services.ports import Lane, UnitOfWork
from app.services.refold import refolded
from app.services.verify_refund import REFUND_KINDS, RefundCheck
from app.services.verify_shift import ShiftCheck

FACTS_PER_UNIT = 500
MEMBERS_PER_UNIT = 100


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not agree. `what` is a stable code, `where` names the record."""

    what: str
    where: str


@dataclass(slots=True)
class VerifyReport:
    """What was looked at and what was found; `sound` when nothing is wrong."""

    facts: int = 0
    sales: int = 0
    members: int = 0
    zs: int = 0
    audit_entries: int = 0
    sales_total_minor: int = 0
    points_earned: int = 0
    points_spent: int = 0
    chain_head: str = GENESIS.hex()
    by_kind: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not self.faults


def verify_store(*, lane: Lane, identity: Identity, report: VerifyReport) -> Iterator[int]:
    """Run every check in short units of work; yields after each how much was looked at.

    The result is in `report`, also when stopped between two yields.
    """
    yield from _verify_facts(lane, report)
    yield from _verify_sale_count(lane, report)
    yield from _verify_accounts(lane, identity, report)
    yield from _verify_audit(lane, report)


# ------------------------------------------------------------------ the chain and the sales


def _verify_facts(lane: Lane, report: VerifyReport) -> Iterator[int]:
    """Each epoch is a chain of its own; shifts, refunds and receipts go on over all of them."""
    codes: set[str] = set()
    checks = ShiftCheck(lane), RefundCheck(lane)
    for epoch in lane.run(lambda work: work.facts.epochs()):
        yield from _verify_chain(lane, epoch, codes, checks, report)
    report.zs = checks[0].zs
    report.faults += [Fault(what, where) for check in checks for what, where in check.end()]


def _verify_chain(
    lane: Lane,
    epoch: int,
    codes: set[str],
    checks: tuple[ShiftCheck, RefundCheck],
    report: VerifyReport,
) -> Iterator[int]:
    head, expected = GENESIS, 1
    while facts := _next_facts(lane, epoch, expected - 1):
        for stored, row in facts:
            if stored.dseq != expected:
                report.faults.append(Fault("chain.gap", str(expected)))
                expected = stored.dseq
            head = chain_hash(head, stored.data)
            if head != stored.chain_hash:
                report.faults.append(Fault("chain.hash", str(stored.dseq)))
                head = stored.chain_hash
            expected += 1
            _verify_fact(stored, row, codes, checks, report)
        report.chain_head = head.hex()
        yield len(facts)


def _next_facts(
    lane: Lane, epoch: int, after: int
) -> list[tuple[StoredFact, Sale | Refund | None]]:
    """The next facts, each sale's and refund's with its row (None where there is none)."""

    def read(work: UnitOfWork) -> list[tuple[StoredFact, Sale | Refund | None]]:
        facts = work.facts.of_epoch(epoch, after, FACTS_PER_UNIT)
        return [(fact, _row_of(work, fact)) for fact in facts]

    return lane.run(read)


def _row_of(work: UnitOfWork, stored: StoredFact) -> Sale | Refund | None:
    if stored.kind in SALE_KINDS:
        return work.sales.get(stored.op_id)
    return work.refunds.get(stored.op_id) if stored.kind in REFUND_KINDS else None


def _verify_fact(
    stored: StoredFact,
    row: Sale | Refund | None,
    codes: set[str],
    checks: tuple[ShiftCheck, RefundCheck],
    report: VerifyReport,
) -> None:
    report.facts += 1
    report.by_kind[stored.kind] += 1
    fact = read_fact(stored.data)
    if isinstance(fact, NotAFact):
        report.faults.append(Fault("fact.unreadable", stored.op_id))
        return
    if isinstance(fact, UnknownFact):
        return  # a newer program wrote it: its bytes are in the chain, more cannot be said
    if canonical_bytes(fact) != stored.data or fact.op_id != stored.op_id:
        report.faults.append(Fault("fact.not_canonical", stored.op_id))
    if isinstance(fact, SaleRecorded):
        _verify_sale(fact, row if isinstance(row, Sale) else None, codes, report)
    shifts, refunds = checks
    listed = row if isinstance(row, Refund) else None
    found = (*shifts.hear(fact), *refunds.hear(fact, listed))
    report.faults += [Fault(what, where) for what, where in found]


def _verify_sale(
    fact: SaleRecorded, sale: Sale | None, codes: set[str], report: VerifyReport
) -> None:
    report.sales += 1
    report.sales_total_minor += fact.total_minor
    report.points_earned += fact.points_earned
    report.points_spent += fact.points_spent
    if fact.code in codes:
        report.faults.append(Fault("sale.receipt_twice", fact.code))
    codes.add(fact.code)
    for name in _wrong_sums(fact):
        report.faults.append(Fault(f"sale.{name}", fact.op_id))
    if sale is None:
        report.faults.append(Fault("sale.no_row", fact.op_id))
    elif not _same_sale(fact, sale):
        report.faults.append(Fault("sale.row_differs", fact.op_id))


def _wrong_sums(fact: SaleRecorded) -> Iterator[str]:
    """Identities of one sale that its own parts break."""
    on_top = 0 if fact.tax_inclusive else sum(line.tax_minor for line in fact.lines)
    due = fact.total_minor + on_top - fact.round_off_minor
    if sum(line.net_minor for line in fact.lines) != fact.total_minor:
        yield "lines_and_total"
    if sum(line.list_minor for line in fact.lines) != fact.list_total_minor:
        yield "list_and_total"
    if sum(tender.amount_minor for tender in fact.tenders) != due:
        yield "tenders_and_due"
    if sum(line.points_earned for line in fact.lines) != fact.points_earned:
        yield "points_earned"
    if sum(line.points_spent for line in fact.lines) != fact.points_spent:
        yield "points_spent"
    shares = dict.fromkeys((line.line_id for line in fact.lines), 0)
    for adjustment in fact.adjustments:
        for line_id, amount in adjustment.by_line:
            shares[line_id] = shares.get(line_id, 0) + amount
    for line in fact.lines:
        own = sum(adjustment.amount_minor for adjustment in line.adjustments)
        if line.list_minor + own + shares[line.line_id] != line.net_minor:
            yield "parts_of_line"


def _same_sale(fact: SaleRecorded, sale: Sale) -> bool:
    return (
        sale.receipt_code == fact.code
        and sale.business_day == fact.day
        and sale.total.minor == fact.total_minor
        and sale.list_total.minor == fact.list_total_minor
        and sale.round_off.minor == fact.round_off_minor
        and sale.member_id == fact.member
        and sale.points_earned == fact.points_earned
        and sale.points_redeemed == fact.points_spent
        and [line.net.minor for line in sale.lines] == [line.net_minor for line in fact.lines]
        and [tender.amount.minor for tender in sale.tenders]
        == [tender.amount_minor for tender in fact.tenders]
    )


def _verify_sale_count(lane: Lane, report: VerifyReport) -> Iterator[int]:
    """A row without a fact would be a sale that no server will ever hear of."""
    rows = lane.run(lambda work: work.sales.count())
    if rows != report.sales:
        report.faults.append(Fault("sale.count", f"{rows} rows, {report.sales} facts"))
    yield rows


# ------------------------------------------------------------------ accounts


def _verify_accounts(lane: Lane, identity: Identity, report: VerifyReport) -> Iterator[int]:
    """Every stored account is the fold of its facts; days of other facts come from all facts."""
    after = ""
    while ids := _next_members(lane, after):
        different = _different_accounts(lane, identity, ids)
        report.faults += [Fault("account.differs", member_id) for member_id in different]
        report.members += len(ids)
        after = ids[-1]
        yield len(ids)


def _next_members(lane: Lane, after: str) -> list[str]:
    return lane.run(lambda work: list(work.members.all_ids(after, MEMBERS_PER_UNIT)))


def _different_accounts(lane: Lane, identity: Identity, ids: Sequence[str]) -> list[str]:
    def compare(work: UnitOfWork) -> list[str]:
        return [member for member in ids if not _account_agrees(work, identity, member)]

    return lane.run(compare)


def _account_agrees(work: UnitOfWork, identity: Identity, member_id: str) -> bool:
    stored = work.accounts.get(member_id) or MemberAccount()
    member = work.members.get(member_id)
    if member is not None and member.status == "merged":
        return stored == MemberAccount()  # his facts stand in the account of who he is now
    told = work.confirmed.shown(member_id)
    if told is not None:
        # Marks say which till folded what: a till that got another name keeps its older ones.
        return _without_marks(stored) == _without_marks(told)
    ids = stored.includes | {member_id}
    folded = refolded(work=work, device=identity.device, ids=sorted(ids))
    return _same_facts(work, stored, folded)


def _same_facts(work: UnitOfWork, stored: MemberAccount, folded: MemberAccount) -> bool:
    if work.enrolment.read() is None:
        return stored == folded
    return _without_marks(stored) == _without_marks(folded)


def _without_marks(account: MemberAccount) -> MemberAccount:
    return replace_struct(account, marks={})


# ------------------------------------------------------------------ the audit trail


def _verify_audit(lane: Lane, report: VerifyReport) -> Iterator[int]:
    """Page by page: the trail of a shop's years is longer than what belongs in memory."""
    head: TrailHead | TrailBroken = TrailHead()
    last = 0
    while page := _next_entries(lane, last):
        head = follow_trail(page, head)
        last = page[-1].number
        report.audit_entries += len(page)
        yield len(page)
    if isinstance(head, TrailBroken):
        report.faults.append(Fault("audit.chain", str(head.number)))


def _next_entries(lane: Lane, after: int) -> list[ChainedAuditEntry]:
    return lane.run(lambda work: list(work.audit.entries(after, FACTS_PER_UNIT)))
