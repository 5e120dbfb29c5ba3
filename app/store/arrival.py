"""Arrivals: members told by the hundred thousand, of whom nobody here knew anything.

Owns: writing their rows at once, and telling who of those told is no such member. Does not own:
what finds them (unindexed.py: it follows, sorted), members somebody here knows (confirmed.py), how
many are written at a time (the till's end of sync).

What needs no file is made before a unit of work begins, as the values of the rows themselves, and
hundreds of rows are one statement: the interpreter is free for the window, and for making the next
ones, while they are written.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import msgspec
from sqlalchemy import bindparam, insert, literal_column, null, update

from app.domain.confirmed import Arrived, ArrivedMember, ConfirmedMember, Finding, FoundBy
from app.domain.glance import Glance, glance
from app.domain.member import PersonalData
from app.store.changes import Changes
from app.store.confirmed import confirmed_values
from app.store.member import choice_text, forms_kept, phone_reading
from app.store.repository import (
    ManyRows,
    Prepared,
    Repository,
    Transaction,
    day_text,
    list_text,
)
from app.store.sqlcipher import Row
from app.store.sync_tables import confirmed_account
from app.store.tables import account, member
from app.store.unindexed import UnindexedMembers
from app.store.working_set import ADD_WORDS, LAST_NUMBER, PUT_KEY, born

# Whatever there is of somebody - a key that was destroyed, a sale he was named in before anybody
# told who he is - is looked at one by one.
_KNOWN = """
    SELECT value FROM json_each(?) WHERE
        EXISTS (SELECT 1 FROM member WHERE member_id = value)
        OR EXISTS (SELECT 1 FROM confirmed_account WHERE member_id = value)
        OR EXISTS (SELECT 1 FROM account WHERE member_id = value)
        OR EXISTS (SELECT 1 FROM member_key WHERE member_id = value)
        OR EXISTS (SELECT 1 FROM fact_member WHERE member_id = value)
        OR EXISTS (SELECT 1 FROM member_alias WHERE alias = value)
    """
# They come in the order of their ids: mostly there is nobody at all from the first to the last.
_ANYBODY = """
    SELECT
        EXISTS (SELECT 1 FROM member WHERE member_id BETWEEN ?1 AND ?2)
        OR EXISTS (SELECT 1 FROM confirmed_account WHERE member_id BETWEEN ?1 AND ?2)
        OR EXISTS (SELECT 1 FROM account WHERE member_id BETWEEN ?1 AND ?2)
        OR EXISTS (SELECT 1 FROM member_key WHERE member_id BETWEEN ?1 AND ?2)
        OR EXISTS (SELECT 1 FROM fact_member WHERE member_id BETWEEN ?1 AND ?2)
        OR EXISTS (SELECT 1 FROM member_alias WHERE alias BETWEEN ?1 AND ?2)
    """
_NAMED = (
    "member_no", "member_id", "card_code", "joined", "phone", "name", "birthday", "note",
    "salutation", "status", "home_store", "referrer_id", "tags", "account_manager",
    "last_visit", "readings", "seen", "email", "messages",
)  # fmt: skip
"""What is told of a member; the rest is as of anybody new."""
_VISIT, _SEEN = _NAMED.index("last_visit") - 1, _NAMED.index("seen") - 1
_ADD_MEMBER = ManyRows(
    Prepared(
        insert(member).values(
            **{name: bindparam(name) for name in _NAMED},
            merged_into=null(),
            phone_verified=literal_column("0"),
        )
    )
)
_ADD_WORDS = ManyRows(Prepared(ADD_WORDS))
_ADD_ACCOUNT = ManyRows(Prepared(insert(account)))
_ADD_CONFIRMED = ManyRows(Prepared(insert(confirmed_account)))
_ADD_KEY = ManyRows(Prepared(PUT_KEY))
_SAW = Prepared(
    update(member).where(member.c.member_no == bindparam("number")).values(seen=member.c.last_visit)
)
DAYS_KEPT = 5_000
STEP = 500
"""So many members lie between two looks whether a sale waits: some twenty milliseconds."""


class Arriving(msgspec.Struct, frozen=True, gc=False):
    """A member as he would be written, were he new here."""

    told: ConfirmedMember
    found: ArrivedMember
    row: Row
    """But for his number and when he was seen, as _NAMED names it."""
    words: str
    is_plain: bool
    """Neither erased nor several persons or cards in one."""


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
        """Write the rows of those who are new; they are not found before `find` and `found`.

        Of the first of them only, where a sale waits: `taken` says how many.
        """
        first: int = self._execute(LAST_NUMBER).scalar_one() + 1
        new: list[ArrivedMember] = []
        others: list[ConfirmedMember] = []
        taken = 0
        while taken < len(prepared) and not (taken and self._transaction.is_waited_for()):
            part = self._who_is_new(prepared[taken : taken + STEP], others)
            taken += STEP
            self._add(part, first + len(new), server_epoch)
            new += [each.found for each in part]
        self._unindexed.mark(range(first, first + len(new)))
        if new:
            self._changed(Changes(members=True, accounts=True, coupons=True))
        return Arrived(first, new, others, min(taken, len(prepared)))

    def welcome(
        self, told: Sequence[ConfirmedMember], server_epoch: int
    ) -> Sequence[ConfirmedMember]:
        """Write those who are new with all they are found by; the others, for `confirmed.tell`."""
        others: list[ConfirmedMember] = []
        new = self._who_is_new(self.prepared(told), others)
        if new:
            first: int = self._execute(LAST_NUMBER).scalar_one() + 1
            self._add(new, first, server_epoch, seen=True)
            self._unindexed.put_all((each.found for each in new), first)
            self._changed(Changes(members=True, accounts=True, coupons=True))
        return others

    def find(self, found_by: FoundBy, rows: Sequence[Finding]) -> int:
        """Rows of what members are found by, of one kind and sorted; how many were written.

        They are not all where a sale waits.
        """
        written = 0
        while written < len(rows) and not (written and self._transaction.is_waited_for()):
            self._unindexed.put(found_by, rows[written : written + STEP])
            written += STEP
        return min(written, len(rows))

    def found(self, first: int, last: int, seen_last: Sequence[int]) -> None:
        """All rows of these numbers are written; a search looks through some of those seen last."""
        self._unindexed.unmark(first, last)
        self._write(_SAW, [{"number": number} for number in seen_last])
        self._changed(Changes(members=True))

    def finish_some(self, limit: int) -> bool:
        """What a till that was stopped left half written; whether there may be more."""
        return self._unindexed.finish_some(limit)

    def _who_is_new(
        self, prepared: Sequence[Arriving], others: list[ConfirmedMember]
    ) -> list[Arriving]:
        """Those; the rest is added to the others."""
        known = self._known([each.told.member_id for each in prepared])
        new: list[Arriving] = []
        for each in prepared:
            if each.told.member_id in known or not each.is_plain:
                others.append(each.told)
            else:
                known.add(each.told.member_id)
                new.append(each)
        return new

    def _known(self, member_ids: Sequence[str]) -> set[str]:
        driver = self._transaction.driver
        span = (min(member_ids), max(member_ids))
        if driver.execute(_ANYBODY, span).fetchone() == (0,):
            return set()
        return {row[0] for row in driver.execute(_KNOWN, (list_text(member_ids),)).fetchall()}

    def _add(
        self, new: Sequence[Arriving], first: int, server_epoch: int, *, seen: bool = False
    ) -> None:
        driver, numbered = self._transaction.driver, list(enumerate(new, first))
        _ADD_MEMBER.run(
            driver,
            [
                (number, *each.row[:_SEEN], each.row[_VISIT] if seen else None, *each.row[_SEEN:])
                for number, each in numbered
            ],
        )
        _ADD_WORDS.run(driver, [(number, each.words) for number, each in numbered if each.words])
        told = [each.told for each in new]
        _ADD_ACCOUNT.run(driver, [(each.member_id, each.account) for each in told])
        _ADD_CONFIRMED.run(driver, [confirmed_values(each, server_epoch) for each in told])
        _ADD_KEY.run(
            driver,
            [(key.member_id, key.key_id, key.secret) for each in told for key in each.secrets],
        )


def _arriving(told: ConfirmedMember) -> Arriving:
    account, person = glance(told.account), told.person or PersonalData()
    readings, words = forms_kept(person.name)
    if person.phone:
        readings = (*readings, phone_reading(person.phone))
    visit, birthday = account.last_visit, person.birthday
    return Arriving(
        told=told,
        found=ArrivedMember(
            told.member_id, told.cards, readings, tuple(account.coupons), visit or 0
        ),
        row=(
            told.member_id,
            told.cards[0] if told.cards else "",
            day_text(born(told.member_id)) if account.joined is None else _day(account.joined),
            person.phone,
            person.name,
            None if birthday is None else msgspec.json.encode(birthday).decode(),
            person.note,
            person.salutation,
            told.status,
            told.home_store,
            told.referrer,
            list_text(person.tags) if person.tags else "[]",
            person.account_manager,
            None if visit is None else _day(visit),
            " ".join(readings),
            person.email,
            choice_text(person.messages),
        ),
        words=words,
        is_plain=_is_plain(told, account),
    )


def _is_plain(told: ConfirmedMember, account: Glance) -> bool:
    return (
        told.status != "erased"
        and told.person is not None
        and len(told.cards) <= 1
        and account.includes <= {told.member_id}
    )


@lru_cache(maxsize=DAYS_KEPT)
def _day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()
