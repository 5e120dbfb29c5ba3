"""Erasures: which people were forgotten, wiping what a till knows of them, who reported.

Owns: the erasure, erasure_report tables, and that nothing of a person is left in any table of
this file. Does not own: deciding (app/services/erasure.py, sync/server/erase.py), what becomes of
copies made earlier (restore.py). A table that comes to hold something of a person is wiped here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec
from sqlalchemy import Row, bindparam, select, text

from app.domain.erasure import Erasure, TillReport
from app.domain.erasure_fact import ErasureDone, PersonErased, ReportingTill
from app.domain.member import PersonalData
from app.store.changes import Changes
from app.store.forgotten import Forgotten
from app.store.habit import HabitRepository
from app.store.member import DROP_MESSAGES, MemberRepository
from app.store.member_import import MemberImportRepository
from app.store.member_keys import MemberKeys
from app.store.photo import PhotoRepository
from app.store.repository import Prepared, Repository, list_text, put_row, texts_of
from app.store.sync_tables import erasure as table
from app.store.sync_tables import erasure_report as report_table
from app.store.sync_tables import forgotten
from app.store.tables import member_key

_PUT = Prepared(put_row(table, "member_id"))
_GET = select(table).where(table.c.member_id == bindparam("key"))
_BY_FACT = select(table).where(table.c.erasure_id == bindparam("key"))
_NAMING = (
    select(table)
    .join(forgotten, forgotten.c.erasure == table.c.member_id)
    .where(forgotten.c.member_id == bindparam("key"))
)
_IN_STATE = select(table).where(table.c.state == bindparam("of")).order_by(table.c.member_id)
_LATEST = (
    select(table)
    .order_by(text("coalesce(held_ms, asked_ms) DESC"), table.c.member_id.desc())
    .limit(bindparam("most"))
)
_PUT_REPORT = Prepared(put_row(report_table, "erasure_id", "device"))
_REPORT_ALL = text(
    """INSERT OR IGNORE INTO erasure_report (erasure_id, device, done_ms, was_known)
    SELECT erasure_id, json_extract(till.value, '$.device'), :at_ms, 0
    FROM erasure, json_each(erasure.tills) AS till WHERE erasure_id = :key"""
)
_REPORTS = (
    select(report_table)
    .where(report_table.c.erasure_id == bindparam("key"))
    .order_by(report_table.c.done_ms, report_table.c.device)
)
_HAS_KEY = select(member_key.c.member_id).where(
    member_key.c.member_id == bindparam("key"), member_key.c.secret.is_not(None)
)
# What a cashier noted on a held sale may name the customer.
_DROP_NOTES = text(
    "UPDATE held_sale SET note = '' WHERE note <> '' AND instr(data, CAST(:key AS BLOB)) > 0"
)
_DROP_SEGMENT = text("DELETE FROM figure_segment WHERE person = :key")
_DROP_CHURN = text("DELETE FROM figure_churn WHERE person = :key")
_DROP_PLACE = text("DELETE FROM tier_place WHERE member_id = :key")


class ErasureRepository(Repository):
    """What this till knows of people who were forgotten, and wiping them."""

    def get(self, member_id: str) -> Erasure | None:
        """By any of his ids."""
        row = self._execute(_GET, {"key": member_id}).first()
        if row is None:
            row = self._execute(_NAMING, {"key": member_id}).first()
        return None if row is None else _erasure(row)

    def latest(self, limit: int) -> Sequence[Erasure]:
        """Those asked for here or told of, newest first."""
        return [_erasure(row) for row in self._execute(_LATEST, {"most": limit})]

    def to_report(self) -> Sequence[Erasure]:
        """Those that are wiped here, which nobody was told yet."""
        return [_erasure(row) for row in self._execute(_IN_STATE, {"of": "told"})]

    def ids_after(self, after: str, limit: int) -> Sequence[str]:
        """Whoever was forgotten, under every id, from behind one: for the list beside the
        backups."""
        return Forgotten(self._transaction).after(after, limit)

    def is_forgotten(self, member_id: str) -> bool:
        """Whether nothing may be written about him any more."""
        return Forgotten(self._transaction).has(member_id)

    def is_forgotten_by(self, phone: str) -> bool:
        """Whether somebody whom this till knew by this number was forgotten, under whatever key."""
        claims = MemberKeys(self._transaction).claims_ever(f"phone:{phone}")
        return any(map(Forgotten(self._transaction).has_claim, claims))

    def end_claims(self) -> None:
        """Keep by no number any more who was forgotten, where every till has said so."""
        Forgotten(self._transaction).end_claims()

    def ask(self, asked: Erasure) -> None:
        """Somebody asked for it at this till."""
        self._put(asked)

    def take(self, fact: PersonErased | ErasureDone) -> bool:
        """It holds: wipe him. False where this till has heard this before.

        A till that was restored reads its own reports: by them he is wiped, too. Head office that
        was restored says it again, and wants every till to report again.
        """
        if isinstance(fact, ErasureDone):
            self.wipe(fact.ids)
            return False
        member_id = fact.member or fact.ids[0]
        before = self.get(member_id)
        if before is not None and before.erasure_id == fact.op_id:
            return False
        asked = before or Erasure(member_id, "asked")
        # Who was told of as erased a moment ago is bare already; that he stood here still shows.
        rows = (MemberRepository(self._transaction).get(each) for each in fact.ids)
        was_known = any(row is not None for row in rows)
        was_known |= self.wipe(fact.ids)
        self._put(
            replace(
                asked, member_id=asked.member_id, state="told", ids=fact.ids,
                erasure_id=fact.op_id, held_ms=fact.clock.wall_ms, was_known=was_known,
                tills=fact.tills,
            )
        )  # fmt: skip
        Forgotten(self._transaction).put(fact.ids, asked.member_id)
        return True

    def reported(self, erasure: Erasure) -> None:
        """This till has said so."""
        self._put(replace(erasure, state="done"))

    def report(self, told: TillReport) -> None:
        """A till says it has done it; this one included."""
        row = {
            "erasure_id": told.erasure_id, "device": told.device, "done_ms": told.done_ms,
            "was_known": int(told.was_known),
        }  # fmt: skip
        self._write(_PUT_REPORT, row)
        self._changed(Changes(members=True))

    def end(self, erasure_id: str, at_ms: int) -> None:
        """Every till has done it: as if each that has not told this one had done so then."""
        row = {"key": erasure_id, "at_ms": at_ms}
        self._execute(_REPORT_ALL, row)
        self._changed(Changes(members=True))

    def reports(self, erasure_id: str) -> Sequence[TillReport]:
        """In the order of their times."""
        return [
            TillReport(row.erasure_id, row.device, row.done_ms, bool(row.was_known))
            for row in self._execute(_REPORTS, {"key": erasure_id})
        ]

    def wipe(self, ids: Sequence[str]) -> bool:
        """Leave nothing of this person: keys, rows, what finds him. Whether there was anything.

        After the commit the write-ahead log is emptied, which holds the pages as they were.
        """
        members, keys = MemberRepository(self._transaction), MemberKeys(self._transaction)
        was_known = False
        for member_id in ids:
            was_known |= self._execute(_HAS_KEY, {"key": member_id}).first() is not None
            keys.destroy(member_id)
            known = members.get(member_id)
            if known is not None:
                cards = {known.card_code, *members.cards_of(member_id)}
                waiting = MemberImportRepository(self._transaction)
                waiting.forget_person(known.person.phone or "", cards)
                if known.person.phone:
                    claim = keys.claim(f"phone:{known.person.phone}")
                    Forgotten(self._transaction).note_claim(claim, member_id)
                was_known |= known.person != PersonalData()
                bare = replace(
                    known, person=PersonalData(), status="erased", merged_into=None,
                    phone_verified=False,
                )  # fmt: skip
                members.update(bare)
            for statement in (_DROP_NOTES, _DROP_SEGMENT, _DROP_CHURN, _DROP_PLACE):
                self._execute(statement, {"key": member_id})
        self._execute(DROP_MESSAGES, {"keys": list(ids)})
        photos = PhotoRepository(self._transaction)
        for each in ids:
            photos.forget(each)  # what was said with them went with the key
        HabitRepository(self._transaction).forget(ids)
        Forgotten(self._transaction).note(ids)
        self._transaction.forget_traces()
        return was_known

    def _put(self, kept: Erasure) -> None:
        row = {
            "member_id": kept.member_id, "state": kept.state, "ids": list_text(kept.ids),
            "asked_ms": kept.asked_ms, "asked_by": kept.asked_by, "request_id": kept.request_id,
            "erasure_id": kept.erasure_id, "held_ms": kept.held_ms,
            "was_known": int(kept.was_known), "tills": msgspec.json.encode(kept.tills).decode(),
        }  # fmt: skip
        self._write(_PUT, row)
        self._changed(Changes(members=True))


def _erasure(row: Row[Any]) -> Erasure:
    return Erasure(
        member_id=row.member_id,
        state=row.state,
        ids=texts_of(row.ids),
        asked_ms=row.asked_ms,
        asked_by=row.asked_by,
        request_id=row.request_id,
        erasure_id=row.erasure_id,
        held_ms=row.held_ms,
        was_known=bool(row.was_known),
        tills=msgspec.json.decode(row.tills, type=tuple[ReportingTill, ...]),
    )
