"""Arrivals: members told by the hundred thousand, of whom nobody here knew anything.

Owns: writing their rows at once, and telling who of those told is no such member. Does not own:
what finds them (unindexed.py: it follows, sorted), members somebody here knows (confirmed.py), how
many are written at a time (the till's end of sync).

What needs no file is made before a unit of work begins, and a hundred rows are one statement: the
interpreter is free for the window, and for making the next ones, while they are written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, update

from app.domain.confirmed import Arrived, ConfirmedMember, Finding, FoundBy
from app.domain.glance import Glance, glance
from app.store.changes import Changes
from app.store.confirmed import confirmed_row
from app.store.member import member_row, readings_of
from app.store.pinyin import words
from app.store.repository import Prepared, PreparedRows, Repository, Transaction, list_text
from app.store.sync_tables import confirmed_account
from app.store.tables import account, member
from app.store.unindexed import UnindexedMembers
from app.store.working_set import ADD_WORDS, LAST_NUMBER, PUT_KEY, new_member

# Whatever there is of somebody - a key that was destroyed, a sale he was named in before anybody
# told who he is - is looked at one by one.
_KNOWN = """
    SELECT value FROM json_each(?) WHERE
        EXISTS (SELECT 1 FROM member WHERE member_id = value)
        OR EXISTS (SELECT 1 FROM confirmed_account WHERE member_id = value)
        OR EXISTS (SELECT 1 FROM account WHERE member_id = value)
        OR EXISTS (SELECT 1 FROM member_key WHERE member_id = value)
        OR EXISTS (SELECT 1 FROM fact_member WHERE member_id = value)
    """
_ADD_MEMBER = PreparedRows(insert(member))
_ADD_WORDS = PreparedRows(ADD_WORDS)
_ADD_ACCOUNT = PreparedRows(insert(account))
_ADD_CONFIRMED = PreparedRows(insert(confirmed_account))
_ADD_KEY = PreparedRows(PUT_KEY)
_SAW = Prepared(
    update(member).where(member.c.member_no == bindparam("number")).values(seen=member.c.last_visit)
)


@dataclass(frozen=True, slots=True)
class Arriving:
    """A member as he would be written, were he new here."""

    told: ConfirmedMember
    account: Glance
    row: dict[str, object]
    """But for his number."""
    readings: tuple[str, ...]
    words: str

    @property
    def is_plain(self) -> bool:
        """Neither erased nor several persons or cards in one."""
        told = self.told
        return (
            told.status != "erased"
            and told.person is not None
            and len(told.cards) <= 1
            and self.account.includes <= {told.member_id}
        )


class ArrivalRepository(Repository):
    """Very many new members."""

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self._unindexed = UnindexedMembers(transaction)

    @staticmethod
    def prepared(told: Sequence[ConfirmedMember]) -> Sequence[Arriving]:
        """What needs no file; also outside of a unit of work."""
        return [_arriving(each) for each in told]

    def put(self, prepared: Sequence[Arriving], server_epoch: int) -> Arrived:
        """Write the rows of those who are new; they are not found before `find` and `found`."""
        keys = list_text([each.told.member_id for each in prepared])
        known = {row[0] for row in self._transaction.driver.execute(_KNOWN, (keys,)).fetchall()}
        new: list[Arriving] = []
        others: list[ConfirmedMember] = []
        for each in prepared:
            if each.told.member_id in known or not each.is_plain:
                others.append(each.told)
            else:
                known.add(each.told.member_id)
                new.append(each)
        first: int = self._execute(LAST_NUMBER).scalar_one() + 1
        if new:
            self._add(new, first, server_epoch)
            self._changed(Changes(members=True, accounts=True, coupons=True))
        numbered = list(enumerate(new, first))
        visits = [(each.account.last_visit or 0, number) for number, each in numbered]
        return Arrived(first, first + len(new) - 1, _found_by(numbered), visits, others)

    def find(self, found_by: FoundBy, rows: Sequence[Finding]) -> None:
        """Rows of what members are found by, of one kind and sorted."""
        self._unindexed.put(found_by, rows)

    def found(self, first: int, last: int, seen_last: Sequence[int]) -> None:
        """All rows of these numbers are written; a search looks through some of those seen last."""
        self._unindexed.unmark(first, last)
        self._write(_SAW, [{"number": number} for number in seen_last])
        self._changed(Changes(members=True))

    def finish_some(self, limit: int) -> bool:
        """What a till that was stopped left half written; whether there may be more."""
        return self._unindexed.finish_some(limit)

    def _add(self, new: Sequence[Arriving], first: int, server_epoch: int) -> None:
        driver = self._transaction.driver
        numbered = list(enumerate(new, first))
        _ADD_MEMBER.run(driver, [{"member_no": number, **each.row} for number, each in numbered])
        _ADD_WORDS.run(
            driver,
            [{"number": number, "words": each.words} for number, each in numbered if each.words],
        )
        accounts = [{"member_id": each.told.member_id, "data": each.told.account} for each in new]
        _ADD_ACCOUNT.run(driver, accounts)
        _ADD_CONFIRMED.run(driver, [confirmed_row(each.told, server_epoch) for each in new])
        _ADD_KEY.run(
            driver,
            [
                {"member_id": key.member_id, "key_id": key.key_id, "secret": key.secret}
                for each in new
                for key in each.told.secrets
            ],
        )
        self._unindexed.mark(range(first, first + len(new)))


def _arriving(told: ConfirmedMember) -> Arriving:
    account = glance(told.account)
    row = new_member(told, account)
    readings = readings_of(row.person)
    return Arriving(
        told,
        account,
        {**member_row(row, readings), "seen": None},
        readings,
        words(row.person.name),
    )


def _found_by(numbered: Sequence[tuple[int, Arriving]]) -> dict[FoundBy, list[Finding]]:
    return {
        "card": [
            (card, number, each.told.member_id)
            for number, each in numbered
            for card in each.told.cards
        ],
        "reading": [(reading, number) for number, each in numbered for reading in each.readings],
        "coupon": [
            (coupon, number, each.told.member_id)
            for number, each in numbered
            for coupon in each.account.coupons
        ],
    }
