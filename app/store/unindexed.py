"""Members who stand in the tables but are not found yet: card, readings and coupons still follow.

Owns: the unindexed_member table, and what finds a member: the rows of member_card, member_reading
and coupon_owner, written for many in the order of their keys or for one who is touched before.
Does not own: the members (member.py, working_set.py), who comes so (arrival.py).

A row among a million others costs a page of the file where rows come in any order, and a fiftieth
of one where they come sorted. A member is findable for good once his mark is gone; a till that was
killed meanwhile finds the marks and finishes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, bindparam, delete, insert, select

from app.domain.confirmed import ArrivedMember, Finding, FoundBy
from app.domain.glance import glance
from app.store.repository import ManyRows, Prepared, Repository
from app.store.tables import account, member, unindexed_member

_ANY = Prepared(select(unindexed_member.c.member_no).limit(1))
_MARKED = (
    select(
        member.c.member_no, member.c.member_id, member.c.card_code, member.c.readings,
        account.c.data,
    )
    .join(unindexed_member, unindexed_member.c.member_no == member.c.member_no)
    .outerjoin(account, account.c.member_id == member.c.member_id)
)  # fmt: skip
_THESE = _MARKED.where(unindexed_member.c.member_no.in_(bindparam("numbers", expanding=True)))
_CALLED = _MARKED.where(member.c.member_id.in_(bindparam("keys", expanding=True)))
_SOME = _MARKED.order_by(unindexed_member.c.member_no).limit(bindparam("most"))
_PUT_CARD = ManyRows(
    """INSERT INTO member_card (card_code, member_id, in_use) VALUES (?, ?, 1)
    ON CONFLICT (card_code) DO UPDATE SET member_id = excluded.member_id, in_use = 1"""
)
_PUT_READING = ManyRows("INSERT OR IGNORE INTO member_reading (reading, member_no) VALUES (?, ?)")
_PUT_COUPON = ManyRows(
    """INSERT INTO coupon_owner (coupon_id, member_id) VALUES (?, ?)
    ON CONFLICT (coupon_id) DO UPDATE SET member_id = excluded.member_id"""
)
_MARK = ManyRows(Prepared(insert(unindexed_member)))
_UNMARK = Prepared(
    delete(unindexed_member).where(
        unindexed_member.c.member_no >= bindparam("first"),
        unindexed_member.c.member_no <= bindparam("last"),
    )
)
# Of VALUES the columns are called column1 and so on; the second is the number.
_ROWS: Mapping[FoundBy, ManyRows] = {
    "card": ManyRows(
        """INSERT INTO member_card (card_code, member_id, in_use)
        SELECT column1, column3, 1 FROM (VALUES (?, ?, ?))
        WHERE EXISTS (SELECT 1 FROM unindexed_member WHERE member_no = column2)
        ON CONFLICT (card_code) DO UPDATE SET member_id = excluded.member_id, in_use = 1"""
    ),
    "reading": ManyRows(
        """INSERT OR IGNORE INTO member_reading (reading, member_no)
        SELECT column1, column2 FROM (VALUES (?, ?))
        WHERE EXISTS (SELECT 1 FROM unindexed_member WHERE member_no = column2)"""
    ),
    "coupon": ManyRows(
        """INSERT INTO coupon_owner (coupon_id, member_id)
        SELECT column1, column3 FROM (VALUES (?, ?, ?))
        WHERE EXISTS (SELECT 1 FROM unindexed_member WHERE member_no = column2)
        ON CONFLICT (coupon_id) DO UPDATE SET member_id = excluded.member_id"""
    ),
}


class UnindexedMembers(Repository):
    """Marks, and the rows that are missing."""

    def mark(self, numbers: Sequence[int]) -> None:
        """They stand in the tables and are not found yet."""
        _MARK.run(self._transaction.driver, [(number,) for number in numbers])

    def put(self, found_by: FoundBy, rows: Sequence[Finding]) -> None:
        """Rows of one table, sorted. Passes over those whose mark is gone: they were finished."""
        _ROWS[found_by].run(self._transaction.driver, rows)

    def put_all(self, found: Iterable[ArrivedMember], first: int) -> None:
        """Everything that members with these numbers on are found by; they need no mark."""
        cards: list[tuple[str, str]] = []
        readings: list[tuple[str, int]] = []
        coupons: list[tuple[str, str]] = []
        for number, each in enumerate(found, first):
            cards += [(card, each.member_id) for card in each.cards]
            readings += [(reading, number) for reading in each.readings]
            coupons += [(coupon, each.member_id) for coupon in each.coupons]
        driver = self._transaction.driver
        _PUT_CARD.run(driver, sorted(cards))
        _PUT_READING.run(driver, sorted(readings))
        _PUT_COUPON.run(driver, sorted(coupons))

    def unmark(self, first: int, last: int) -> None:
        """All of theirs is written."""
        self._write(_UNMARK, {"first": first, "last": last})

    def finish(self, numbers: Sequence[int]) -> None:
        """Write at once what is missing of these: something about them changes now."""
        if self._first(_ANY) is not None:
            self._finish(_THESE, {"numbers": list(numbers)})

    def finish_called(self, member_ids: Sequence[str]) -> None:
        """The same by member id: somebody asked for them."""
        if self._first(_ANY) is not None:
            self._finish(_CALLED, {"keys": list(member_ids)})

    def finish_some(self, limit: int) -> bool:
        """So many of those a stopped till left; whether there may be more."""
        return self._finish(_SOME, {"most": limit}) == limit

    def _finish(self, asked: Select[Any], parameters: dict[str, Any]) -> int:
        rows = self._execute(asked, parameters).all()
        for number, member_id, card, readings, data in rows:
            coupons = () if data is None else glance(data).coupons
            self.put("card", [(card, number, member_id)] if card else [])
            self.put("reading", [(reading, number) for reading in readings.split()])
            self.put("coupon", [(coupon, number, member_id) for coupon in coupons])
            self.unmark(number, number)
        return len(rows)
