"""Complaints: the facts of cases, of this till and of others, and what they add up to.

Owns: complaint_fact, complaint and complaint_given. Does not own: what the facts mean (app/domain),
this till's own chain (facts.py), the library (solution.py), pictures (photo.py).
The rows beside the facts are made anew with every fact of the case, so facts may come in any order
and twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Integer, Text, bindparam, case, func, or_, select, text, tuple_
from sqlalchemy.dialects.sqlite import insert

from app.domain.complaint import Case, State, case_of
from app.domain.complaint_fact import CaseFact, Compensated, ComplaintOpened, ComplaintStepped
from app.domain.complaint_row import CaseRow, CauseCount, GivenRow, row_of
from app.domain.facts import canonical_bytes, read_fact
from app.domain.ids import OpId
from app.store.changes import Changes
from app.store.complaint_tables import complaint, complaint_fact, complaint_given
from app.store.repository import Prepared, Repository, list_text, one_of, put_row

_PUT_FACT = Prepared(insert(complaint_fact).on_conflict_do_nothing())
_FACTS = Prepared(
    select(complaint_fact.c.data)
    .where(complaint_fact.c.case_id == bindparam("key"))
    .order_by(complaint_fact.c.op_id)
)
_PUT = Prepared(put_row(complaint, "case_id"))
_PUT_GIVEN = Prepared(put_row(complaint_given, "op_id"))
_GET = select(complaint).where(complaint.c.case_id == bindparam("key"))
_NOT_CLOSED = (
    select(complaint)
    .where(
        complaint.c.state != text("'closed'"),
        tuple_(complaint.c.opened_ms, complaint.c.case_id)
        > tuple_(bindparam("after_ms", type_=Integer), bindparam("after_id", type_=Text)),
    )
    .order_by(complaint.c.opened_ms, complaint.c.case_id)
    .limit(bindparam("most"))
)
_OF_DESK = (
    select(complaint)
    .where(
        complaint.c.state != text("'closed'"),
        or_(
            complaint.c.home == bindparam("of_store"), complaint.c.assigned == bindparam("of_staff")
        ),
    )
    .order_by(complaint.c.opened_ms, complaint.c.case_id)
    .limit(bindparam("most"))
)
_CLOSED = (
    select(complaint)
    .where(complaint.c.state == text("'closed'"), complaint.c.done_ms < bindparam("before"))
    .order_by(complaint.c.done_ms.desc(), complaint.c.case_id)
    .limit(bindparam("most"))
)
_OF_MEMBERS = (
    select(complaint)
    .where(one_of(complaint.c.member_id, "keys"))
    .order_by(complaint.c.opened_ms.desc(), complaint.c.case_id)
    .limit(bindparam("most"))
)
_OF_RECEIPT = (
    select(complaint)
    .where(complaint.c.receipt == bindparam("key"))
    .order_by(complaint.c.opened_ms.desc(), complaint.c.case_id)
)
_NUMBERED = select(func.count()).where(
    complaint.c.number >= bindparam("low"), complaint.c.number < bindparam("high")
)
_SPENT = select(func.coalesce(func.sum(complaint_given.c.amount_minor), 0)).where(
    complaint_given.c.store == bindparam("of_store"),
    complaint_given.c.month == bindparam("of_month"),
)
_GIVEN_OF = (
    select(
        complaint_given.c.case_id, func.sum(complaint_given.c.amount_minor).label("amount_minor")
    )
    .group_by(complaint_given.c.case_id)
    .subquery()
)
_CAUSES = (
    select(
        complaint.c.topic,
        complaint.c.cause,
        func.count().label("cases"),
        func.coalesce(func.sum(_GIVEN_OF.c.amount_minor), 0).label("given_minor"),
        func.coalesce(func.sum(complaint.c.score), 0).label("score_sum"),
        func.sum(case((complaint.c.score.is_not(None), 1), else_=0)).label("scored"),
    )
    .outerjoin(_GIVEN_OF, _GIVEN_OF.c.case_id == complaint.c.case_id)
    .where(
        complaint.c.opened_ms >= bindparam("since"),
        complaint.c.opened_ms < bindparam("until"),
    )
    .group_by(complaint.c.topic, complaint.c.cause)
    .order_by(func.count().desc(), complaint.c.topic, complaint.c.cause)
)

_OF_CAUSE = (
    select(complaint)
    .where(
        complaint.c.opened_ms >= bindparam("since"),
        complaint.c.opened_ms < bindparam("until"),
        complaint.c.topic == bindparam("of_topic"),
        complaint.c.cause == bindparam("of_cause"),
    )
    .order_by(complaint.c.opened_ms.desc(), complaint.c.case_id)
    .limit(bindparam("most"))
)


class ComplaintRepository(Repository):
    """Cases."""

    def take(self, fact: CaseFact) -> bool:
        """Keep a fact of a case, whoever wrote it; False where it was known."""
        case_id = fact.op_id if isinstance(fact, ComplaintOpened) else fact.case
        row = {"op_id": fact.op_id, "case_id": case_id, "data": canonical_bytes(fact)}
        if self._write(_PUT_FACT, row).rowcount != 1:
            return False
        self._make_rows(case_id, fact)
        self._changed(Changes(complaints=True))
        return True

    def _make_rows(self, case_id: OpId, newest: CaseFact) -> None:
        # The rows hold nothing that depends on the moment of asking.
        found = case_of(self.facts(case_id), newest.clock)
        if not isinstance(found, Case):
            return  # its opening comes by another stream, or later
        row = row_of(found)
        self._write(_PUT, {name: getattr(row, name) for name in _NAMES})
        given = [_given(each) for each in found.events if isinstance(each.step, Compensated)]
        for each in given:
            self._write(_PUT_GIVEN, {name: getattr(each, name) for name in _GIVEN_NAMES})

    def facts(self, case_id: OpId) -> Sequence[CaseFact]:
        """Every fact of one case, by id."""
        read = (read_fact(row[0]) for row in self._all(_FACTS, {"key": case_id}))
        return [fact for fact in read if isinstance(fact, ComplaintOpened | ComplaintStepped)]

    def get(self, case_id: OpId) -> CaseRow | None:
        row = self._execute(_GET, {"key": case_id}).mappings().first()
        return None if row is None else _row(row)

    def not_closed(self, limit: int = 1000, after: tuple[int, str] = (-1, "")) -> Sequence[CaseRow]:
        """Every case that is open or settled and not closed, oldest first; `after`: from behind
        one that was opened then."""
        asked = {"most": limit, "after_ms": after[0], "after_id": after[1]}
        return _rows(self._execute(_NOT_CLOSED, asked).mappings())

    def of_desk(self, store: str, staff_id: str, limit: int = 1000) -> Sequence[CaseRow]:
        """Those of them that were opened at a store, or that a colleague has, oldest first: what
        other stores have to do stays unread."""
        asked = {"of_store": store, "of_staff": staff_id, "most": limit}
        return _rows(self._execute(_OF_DESK, asked).mappings())

    def closed(self, before_ms: int, limit: int = 100) -> Sequence[CaseRow]:
        """Closed before a moment, the latest first."""
        asked = {"before": before_ms, "most": limit}
        return _rows(self._execute(_CLOSED, asked).mappings())

    def of_members(self, member_ids: Iterable[str], limit: int = 100) -> Sequence[CaseRow]:
        """Everything about a member under all his ids, newest first."""
        asked = {"keys": list_text(sorted(set(member_ids))), "most": limit}
        return _rows(self._execute(_OF_MEMBERS, asked).mappings())

    def of_receipt(self, receipt: str) -> Sequence[CaseRow]:
        """Everything about a receipt, newest first."""
        return _rows(self._execute(_OF_RECEIPT, {"key": receipt}).mappings())

    def count_numbered(self, prefix: str) -> int:
        """How many cases have a number that begins so."""
        span = {"low": prefix, "high": prefix[:-1] + chr(ord(prefix[-1]) + 1)}
        found: int = self._execute(_NUMBERED, span).scalar_one()
        return found

    def spent(self, store: str, month: str) -> int:
        """What of a store's budget of a month was given, in minor units."""
        asked = {"of_store": store, "of_month": month}
        found: int = self._execute(_SPENT, asked).scalar_one()
        return found

    def causes(self, since_ms: int, until_ms: int) -> Sequence[CauseCount]:
        """Cases opened in a span, by topic and cause, the most frequent first."""
        asked = {"since": since_ms, "until": until_ms}
        return [CauseCount(*row) for row in self._execute(_CAUSES, asked)]

    def of_cause(
        self, since_ms: int, until_ms: int, topic: str, cause: str, limit: int = 200
    ) -> Sequence[CaseRow]:
        """The cases that `causes` counts together, newest first."""
        asked = {
            "since": since_ms, "until": until_ms, "of_topic": topic, "of_cause": cause,
            "most": limit,
        }  # fmt: skip
        return _rows(self._execute(_OF_CAUSE, asked).mappings())


_NAMES = tuple(column.name for column in complaint.columns)
_GIVEN_NAMES = tuple(column.name for column in complaint_given.columns)


def _given(event: Any) -> GivenRow:
    fact, step = event.fact, event.step
    return GivenRow(fact.op_id, fact.case, fact.store, step.month, step.form, step.amount_minor)


def _rows(found: Iterable[Mapping[Any, Any]]) -> list[CaseRow]:
    return [_row(each) for each in found]


def _row(row: Mapping[Any, Any]) -> CaseRow:
    state: State = row["state"]
    named = {name: row[name] for name in _NAMES}
    return CaseRow(**(named | {"state": state}))
