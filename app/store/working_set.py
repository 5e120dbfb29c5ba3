"""The working set: members as head office knows them, put in by the hundred.

Owns: writing many members at once - rows, cards, search index, keys - as they were told. Does not
own: single members (member.py), their accounts (confirmed.py). What only this till knows of a
member (notes on visits, tags) stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Text, bindparam, column, func, insert, select, update
from sqlalchemy import table as table_named
from sqlalchemy.dialects.sqlite import insert as upsert

from app.domain.confirmed import ConfirmedMember
from app.domain.facts import CardIssued, ProfileEditRequested, read_fact
from app.domain.glance import Glance
from app.domain.member import Member, PersonalData
from app.store.changes import Changes
from app.store.forgotten import Forgotten
from app.store.member import DROP_MESSAGES, MemberRepository, member_of, member_row, readings_of
from app.store.member_import import MemberImportRepository
from app.store.member_keys import MemberKeys
from app.store.pinyin import words
from app.store.repository import Prepared, Repository, Transaction, list_text, one_of, put_row
from app.store.tables import coupon_owner, member, member_card, member_key, member_reading

_KNOWN = select(member).where(one_of(member.c.member_id, "keys"))
LAST_NUMBER = select(func.coalesce(func.max(member.c.member_no), 0))
_PUT = Prepared(put_row(member, "member_no"))
_RETIRE = Prepared(
    update(member_card).where(member_card.c.member_id == bindparam("key")).values(in_use=0)
)
_PUT_CARD = Prepared(put_row(member_card, "card_code"))
_DROP_READING = Prepared(
    member_reading.delete().where(
        member_reading.c.reading == bindparam("old"),
        member_reading.c.member_no == bindparam("number"),
    )
)
_ADD_READING = Prepared(insert(member_reading))
_WORDS = table_named("member_word", column("rowid"), column("words", Text))
_DROP_WORDS = Prepared(_WORDS.delete().where(_WORDS.c.rowid == bindparam("number")))
ADD_WORDS = insert(_WORDS).values(rowid=bindparam("number"), words=bindparam("words"))
_ADD_WORDS = Prepared(ADD_WORDS)
# A destroyed key leaves its row, so that no second one is ever put in its place.
PUT_KEY = upsert(member_key).on_conflict_do_nothing()
_PUT_KEY = Prepared(PUT_KEY)
_DESTROY = update(member_key).where(member_key.c.member_id.in_(bindparam("keys", expanding=True)))
_DESTROYED = Prepared(
    select(member_key.c.member_id).where(
        one_of(member_key.c.member_id, "keys"), member_key.c.secret.is_(None)
    )
)
_MERGED = Prepared(
    update(member)
    .where(member.c.member_id == bindparam("key"))
    .values(status="merged", merged_into=bindparam("survivor"))
)
_PUT_COUPON = Prepared(put_row(coupon_owner, "coupon_id"))


@dataclass(frozen=True, slots=True)
class ToldMember:
    """A member with his account read; `overlay`: own changes of his profile not counted yet."""

    confirmed: ConfirmedMember
    account: Glance
    """What is shown of it."""
    overlay: Sequence[bytes] = ()
    """Facts, in their order."""

    @property
    def aliases(self) -> frozenset[str]:
        return self.account.includes - {self.confirmed.member_id}


@dataclass(frozen=True, slots=True)
class _Written:
    number: int
    row: Member
    readings: tuple[str, ...]
    before: Mapping[Any, Any] | None

    @property
    def is_found_otherwise(self) -> bool:
        """What he is found by is not what it was."""
        was = self.before
        now = (self.row.person.name, " ".join(self.readings))
        return was is None or (was["name"], was["readings"]) != now


class WorkingSet(Repository):
    """Members told by the hundred."""

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self._keys = MemberKeys(transaction)

    def put(self, told: Sequence[ToldMember], survivors: Mapping[str, str]) -> None:
        """Members, their cards and coupons, their search index; erased ones lose everything.

        `survivors`: of whoever is one with somebody else, as whom he is shown from now on.
        """
        told = self._without_forgotten(told)
        self._erase([each for each in told if each.confirmed.status == "erased"])
        known = {
            row["member_id"]: row
            for row in self._execute(
                _KNOWN, {"keys": list_text([each.confirmed.member_id for each in told])}
            ).mappings()
        }
        written = list(self._numbered(told, known))
        self._put_keys(told)
        if written:
            self._put_rows(written)
            self._index(written)
            self._put_cards(told, {each.row.member_id: each.row.card_code for each in written})
        self._put_others(told, survivors)
        self._changed(Changes(members=True, coupons=True))

    def _without_forgotten(self, told: Sequence[ToldMember]) -> Sequence[ToldMember]:
        """Who was forgotten here stays so, also for a server that was restored and knows it not."""
        keys = list_text([each.confirmed.member_id for each in told])
        gone = {row[0] for row in self._all(_DESTROYED, {"keys": keys})}
        erase = partial(msgspec.structs.replace, status="erased", person=None)
        return [
            replace(each, confirmed=erase(each.confirmed))
            if each.confirmed.member_id in gone
            else each
            for each in told
        ]

    def _numbered(
        self, told: Sequence[ToldMember], known: Mapping[str, Mapping[Any, Any]]
    ) -> Iterator[_Written]:
        last: int = self._execute(LAST_NUMBER).scalar_one()
        for each in told:
            before = known.get(each.confirmed.member_id)
            if before is None and each.confirmed.status == "erased":
                continue  # nobody of whom anything could be shown
            known_row = None if before is None else member_of(before)
            row = self._row(each, known_row)
            if before is None:
                last += 1
                yield _Written(last, row, readings_of(row.person), None)
            elif row != known_row or len(each.confirmed.cards) > 1:
                # Else only points changed, as in most pulls: nothing of the person is written.
                yield _Written(before["member_no"], row, readings_of(row.person), before)

    def _row(self, told: ToldMember, before: Member | None) -> Member:
        """What was told, over what only this till knows, under what it changed since."""
        confirmed, account = told.confirmed, told.account
        row = new_member(confirmed, account)
        if before is not None:
            days = [day for day in (row.last_visit, before.last_visit) if day is not None]
            row = replace(
                before,
                card_code=row.card_code or before.card_code,
                joined=before.joined if account.joined is None else row.joined,
                person=row.person,
                status=row.status,
                merged_into=None,
                home_store=row.home_store or before.home_store,
                referrer_id=row.referrer_id or before.referrer_id,
                last_visit=max(days) if days else None,
            )
        if confirmed.status == "erased":
            return replace(row, person=PersonalData())
        for data in told.overlay:
            row = self._changed_here(row, read_fact(data))
        return row

    def _changed_here(self, row: Member, change: object) -> Member:
        """The row with an own change on top that the server has not counted yet."""
        match change:
            case CardIssued():
                return replace(row, card_code=change.card)
            case ProfileEditRequested(member=str(member_id)):
                plain = self._keys.unseal(member_id, change.values)
                if plain is None:
                    return row
                fields = msgspec.json.decode(msgspec.json.encode(row.person))
                fields |= msgspec.json.decode(plain)
                return replace(row, person=msgspec.convert(fields, PersonalData))
            case _:
                return row

    def _put_rows(self, written: Sequence[_Written]) -> None:
        self._write(
            _PUT,
            [{"member_no": each.number, **member_row(each.row, each.readings)} for each in written],
        )

    def _index(self, written: Sequence[_Written]) -> None:
        """Only of names and phones that changed: most pulls change points."""
        changed = [each for each in written if each.is_found_otherwise]
        old = [
            {"old": reading, "number": each.number}
            for each in changed
            if each.before is not None
            for reading in each.before["readings"].split()
        ]
        gone = [{"number": each.number} for each in changed if each.before is not None]
        new = [
            {"reading": reading, "member_no": each.number}
            for each in changed
            for reading in each.readings
        ]
        found = [
            {"number": each.number, "words": words(each.row.person.name)}
            for each in changed
            if each.row.person.name
        ]
        for statement, rows in (
            (_DROP_READING, old),
            (_DROP_WORDS, gone),
            (_ADD_READING, new),
            (_ADD_WORDS, found),
        ):
            if rows:
                self._write(statement, rows)

    def _put_cards(self, told: Sequence[ToldMember], in_use: Mapping[str, str]) -> None:
        self._write(_RETIRE, [{"key": member_id} for member_id in in_use])
        rows = [
            {"card_code": card, "member_id": member_id, "in_use": int(card in good)}
            for each in told
            if (member_id := each.confirmed.member_id) in in_use
            for good in (_good_cards(each, in_use[member_id]),)
            for card in dict.fromkeys((in_use[member_id], *each.confirmed.cards))
            if card
        ]
        if rows:
            self._write(_PUT_CARD, rows)

    def _put_keys(self, told: Sequence[ToldMember]) -> None:
        rows = [
            {"member_id": key.member_id, "key_id": key.key_id, "secret": key.secret}
            for each in told
            for key in each.confirmed.secrets
            if each.confirmed.status != "erased"
        ]
        if rows:
            self._write(_PUT_KEY, rows)

    def _put_others(self, told: Sequence[ToldMember], survivors: Mapping[str, str]) -> None:
        merged = [{"key": one, "survivor": into} for one, into in sorted(survivors.items())]
        if merged:
            self._write(_MERGED, merged)
        coupons = [
            {"coupon_id": coupon, "member_id": each.confirmed.member_id}
            for each in told
            for coupon in each.account.coupons
        ]
        if coupons:
            self._write(_PUT_COUPON, coupons)

    def _erase(self, told: Sequence[ToldMember]) -> None:
        """Keys of all his ids are destroyed; his rows are written bare by whoever called."""
        gone = [
            member_id for each in told for member_id in (each.confirmed.member_id, *each.aliases)
        ]
        if not gone:
            return
        self._forget_import_rows(gone)
        self._execute(_DESTROY.values(secret=None), {"keys": gone})
        self._execute(DROP_MESSAGES, {"keys": gone})
        Forgotten(self._transaction).note(gone)
        aliases = [member_id for each in told for member_id in each.aliases]
        rows = self._execute(_KNOWN, {"keys": list_text(aliases)}).mappings().all()
        bare = [
            _Written(
                row["member_no"],
                replace(member_of(row), person=PersonalData(), status="erased"),
                (),
                row,
            )
            for row in rows
        ]
        if bare:
            self._put_rows(bare)
            self._index(bare)
        self._transaction.forget_traces()

    def _forget_import_rows(self, gone: Sequence[str]) -> None:
        """An import on its way may hold him: when the fact of his erasure comes, his number is not
        known here any more."""
        members = MemberRepository(self._transaction)
        waiting = MemberImportRepository(self._transaction)
        for row in self._execute(_KNOWN, {"keys": list_text(gone)}).mappings().all():
            known = member_of(row)
            cards = {known.card_code, *members.cards_of(known.member_id)}
            waiting.forget_person(known.person.phone or "", cards)
            if known.person.phone:
                claim = MemberKeys(self._transaction).claim(f"phone:{known.person.phone}")
                Forgotten(self._transaction).note_claim(claim, known.member_id)


def new_member(told: ConfirmedMember, account: Glance) -> Member:
    """As a till keeps him that knew nothing of him."""
    visit = account.last_visit
    return Member(
        told.member_id,
        told.cards[0] if told.cards else "",
        born(told.member_id) if account.joined is None else date.fromordinal(account.joined),
        told.person or PersonalData(),
        status=told.status,
        home_store=told.home_store,
        last_visit=None if visit is None else date.fromordinal(visit),
        referrer_id=told.referrer,
    )


def born(member_id: str) -> date:
    """When an id was made: the first 48 bits of a UUIDv7."""
    return datetime.fromtimestamp((UUID(member_id).int >> 80) / 1000, UTC).date()


def _good_cards(told: ToldMember, shown: str) -> set[str]:
    """The cards that serve. One that was replaced here and is on its way is the only one."""
    confirmed = told.confirmed
    if shown not in confirmed.cards[:1]:
        return {shown}
    return set(confirmed.cards[: confirmed.cards_in_use])
