"""Arrivals: members told by the hundred thousand, of whom nobody here knew anything.

Owns: writing their rows at once, and telling who of those told is no such member. Does not own:
what finds them (unindexed.py: it follows, sorted), members somebody here knows (confirmed.py), how
many are written at a time (the till's end of sync).
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, insert, text, update

from app.domain.account import Glance, glance
from app.domain.confirmed import Arrived, ConfirmedMember, Finding, FoundBy
from app.store.changes import Changes
from app.store.confirmed import confirmed_row
from app.store.member import member_row, readings_of
from app.store.pinyin import words
from app.store.repository import Prepared, Repository, Transaction, list_text
from app.store.sync_tables import confirmed_account
from app.store.tables import account, member
from app.store.unindexed import UnindexedMembers
from app.store.working_set import ADD_ROW, ADD_WORDS, LAST_NUMBER, PUT_KEY, new_member

# Whatever there is of somebody - a key that was destroyed, a sale he was named in before anybody
# told who he is - is looked at one by one.
_KNOWN = Prepared(
    text(
        """
    SELECT value FROM json_each(:keys) WHERE
        EXISTS (SELECT 1 FROM member WHERE member_id = value)
        OR EXISTS (SELECT 1 FROM confirmed_account WHERE member_id = value)
        OR EXISTS (SELECT 1 FROM account WHERE member_id = value)
        OR EXISTS (SELECT 1 FROM member_key WHERE member_id = value)
        OR EXISTS (SELECT 1 FROM fact_member WHERE member_id = value)
    """
    )
)
_ADD_ACCOUNT = Prepared(insert(account))
_ADD_CONFIRMED = Prepared(insert(confirmed_account))
_SAW = Prepared(
    update(member).where(member.c.member_no == bindparam("number")).values(seen=member.c.last_visit)
)


class ArrivalRepository(Repository):
    """Very many new members."""

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self._unindexed = UnindexedMembers(transaction)

    def put(self, told: Sequence[ConfirmedMember], server_epoch: int) -> Arrived:
        """Write the rows of those who are new; they are not found before `find` and `found`."""
        keys = list_text([each.member_id for each in told])
        known = {row[0] for row in self._all(_KNOWN, {"keys": keys})}
        new: list[tuple[ConfirmedMember, Glance]] = []
        others: list[ConfirmedMember] = []
        for each in told:
            account = glance(each.account)
            if each.member_id in known or not _is_plain(each, account):
                others.append(each)
            else:
                known.add(each.member_id)
                new.append((each, account))
        first: int = self._execute(LAST_NUMBER).scalar_one() + 1
        found_by = self._add(new, first, server_epoch) if new else {}
        visits = [
            (account.last_visit, number)
            for number, (_, account) in enumerate(new, first)
            if account.last_visit is not None
        ]
        self._changed(Changes(members=True, accounts=True, coupons=True))
        return Arrived(first, first + len(new) - 1, found_by, visits, others)

    def find(self, found_by: FoundBy, rows: Sequence[Finding]) -> None:
        """Rows of what members are found by, of one kind and sorted."""
        self._unindexed.put(found_by, rows)

    def found(self, first: int, last: int, seen_last: Sequence[int]) -> None:
        """All rows of these numbers are written; of those seen last a search looks through some."""
        self._unindexed.unmark(first, last)
        self._write(_SAW, [{"number": number} for number in seen_last])
        self._changed(Changes(members=True))

    def finish_some(self, limit: int) -> bool:
        """What a till that was stopped left half written; whether there may be more."""
        return self._unindexed.finish_some(limit)

    def _add(
        self, new: Sequence[tuple[ConfirmedMember, Glance]], first: int, server_epoch: int
    ) -> dict[FoundBy, list[Finding]]:
        rows, names, keys = [], [], []
        found_by: dict[FoundBy, list[Finding]] = {"card": [], "reading": [], "coupon": []}
        for number, (each, seen) in enumerate(new, first):
            row = new_member(each, seen)
            readings = readings_of(row.person)
            rows.append({"member_no": number, **member_row(row, readings), "seen": None})
            if row.person.name:
                names.append({"number": number, "words": words(row.person.name)})
            keys += [
                {"member_id": key.member_id, "key_id": key.key_id, "secret": key.secret}
                for key in each.secrets
            ]
            found_by["card"] += [(card, number, each.member_id) for card in each.cards]
            found_by["reading"] += [(reading, number) for reading in readings]
            found_by["coupon"] += [(coupon, number, each.member_id) for coupon in seen.coupons]
        self._write(ADD_ROW, rows)
        self._write(ADD_WORDS, names)
        self._write(
            _ADD_ACCOUNT, [{"member_id": one.member_id, "data": one.account} for one, _ in new]
        )
        self._write(_ADD_CONFIRMED, [confirmed_row(one, server_epoch) for one, _ in new])
        self._write(PUT_KEY, keys)
        self._unindexed.mark(range(first, first + len(new)))
        return found_by


def _is_plain(told: ConfirmedMember, account: Glance) -> bool:
    """Neither erased nor several persons or cards in one."""
    return (
        told.status != "erased"
        and told.person is not None
        and len(told.cards) <= 1
        and account.includes <= {told.member_id}
    )
