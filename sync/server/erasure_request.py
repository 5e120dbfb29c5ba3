"""Requests to be forgotten: which of them head office takes, and why not the others.

Owns: that. Does not own: forgetting (erase.py), carrying out what was taken (erasure.py), what a
till looks for before it asks (app/services/erasure.py): it knows its own shop alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from app.domain.complaint import Case, case_of
from app.domain.complaint_fact import CaseFact, ComplaintOpened, ComplaintStepped
from app.domain.erasure_fact import CaseErasureRequested, ErasureRequested, KeepingEnded
from app.domain.facts import read_fact
from app.domain.ids import OpId
from app.domain.moment import Moment
from app.domain.months import Month
from sync.protocol import Refusal
from sync.server import tables as t
from sync.server.complaint import facts_of
from sync.server.folding import Accounts
from sync.server.hearing import Heard
from sync.server.rows import find
from sync.server.tables import shard_of

Request = ErasureRequested | KeepingEnded | CaseErasureRequested
BY_CALENDAR = "retention"
"""The reason of requests that nobody made, from tills that did not say since when."""
_OPENED = str(ComplaintOpened.__struct_config__.tag)


def decide_erasures(
    connection: Connection,
    tenant: str,
    fresh: Sequence[Heard],
    accounts: Accounts,
    refusals: dict[OpId, Refusal],
) -> None:
    """Mark the requests that are not taken, and say why. Their accounts are held already."""
    for place, each in enumerate(fresh):
        if each.state != "counted" or not isinstance(each.fact, Request):
            continue
        cases = Cases(connection, tenant, _case_facts(fresh[:place]))
        refusal = why_not(each.fact, accounts, cases)
        if refusal is not None:
            each.state = "rejected"
            refusals[each.op.op_id] = refusal


def why_not(request: Request, accounts: Accounts, cases: Cases) -> Refusal | None:
    """Why it is not taken; None = it is."""
    if isinstance(request, CaseErasureRequested):
        return _why_not_case(cases.read(request.case))
    member = request.member or ""
    account = accounts.of(member).after
    last, since = account.last_visit, _unseen_since(request)
    if last is not None and since is not None and last >= since.toordinal():
        return Refusal(code="was_here", fields={"last": date.fromordinal(last).isoformat()})
    number = cases.open_of({member, *account.includes})
    return None if number is None else Refusal(code="open_case", fields={"number": number})


def _why_not_case(case: Case | None) -> Refusal | None:
    if case is None:
        return Refusal(code="unknown_case")
    if case.opened.member is not None:
        return Refusal(code="of_member")
    if case.is_open:
        return Refusal(code="open_case", fields={"number": case.opened.number})
    return None


def _unseen_since(request: ErasureRequested | KeepingEnded) -> date | None:
    """From when on a visit keeps him; None: he asked himself."""
    if isinstance(request, KeepingEnded):
        return request.unseen_since
    if request.staff is None and request.reason == BY_CALENDAR:
        return Month.of(request.day).plus(-1).first_day  # no shop keeps anybody for less
    return None


def _case_facts(heard: Iterable[Heard]) -> tuple[CaseFact, ...]:
    return tuple(
        each.fact
        for each in heard
        if each.state == "counted" and isinstance(each.fact, ComplaintOpened | ComplaintStepped)
    )


@dataclass(frozen=True, slots=True)
class Cases:
    """Complaints as they stand: what is kept, and what a push brings along."""

    connection: Connection
    tenant: str
    fresh: tuple[CaseFact, ...] = ()

    def open_of(self, members: Collection[str]) -> str | None:
        """The number of a case that is open, under any id of a person; None = there is none."""
        keys = [{"member": each, "kind": _OPENED} for each in sorted(members)]
        columns = (t.op.c.op_id, t.op.c.state)
        rows = find(self.connection, self.tenant, t.op, keys, columns=columns)
        ids = {row["op_id"] for row in rows if row["state"] == "counted"}
        opened = (each for each in self.fresh if isinstance(each, ComplaintOpened))
        ids |= {each.op_id for each in opened if each.member in members}
        found = (self.read(each) for each in sorted(ids))
        return next((case.opened.number for case in found if case and case.is_open), None)

    def read(self, case_id: OpId) -> Case | None:
        """One of them; None where nobody opened it."""
        named = facts_of(self.connection, self.tenant, [case_id])[case_id]
        keys = [{"shard_key": shard_of(each), "op_id": each} for each in named]
        rows = find(self.connection, self.tenant, t.op, keys, columns=(t.op.c.data,))
        kept = (read_fact(row["data"]) for row in rows)
        facts = [each for each in kept if isinstance(each, ComplaintOpened | ComplaintStepped)]
        facts += [each for each in self.fresh if case_id == getattr(each, "case", each.op_id)]
        if not any(isinstance(each, ComplaintOpened) for each in facts):
            return None
        last = max(each.clock.wall_ms for each in facts)
        found = case_of(facts, Moment(last, 0, "server"))
        return found if isinstance(found, Case) else None
