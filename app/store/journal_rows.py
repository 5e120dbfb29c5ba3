"""Facts as the journal keeps them: read from the store whole, with what another machine needs.

Owns: those statements, both ways for the keys of members. Does not own: the files
(journal_file.py), appending facts again (facts.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, func, insert, select, tuple_, update

from app.store.journal_file import BEFORE_ALL, JournalRecord, MemberSecret, Position
from app.store.repository import Repository
from app.store.settings import SettingsRepository
from app.store.tables import fact, fact_member, member_key, shift_fact

_CLAIM_KEY = "claim_key"
_PLACE = tuple_(fact.c.epoch, fact.c.dseq)
_FROM = tuple_(bindparam("in_epoch"), bindparam("at_dseq"))
_SHIFT = (
    select(func.max(shift_fact.c.shift_id))
    .where(shift_fact.c.op_id == fact.c.op_id)
    .scalar_subquery()
)
_AFTER = (
    select(fact, _SHIFT.label("shift_id"))
    .where(_PLACE > _FROM)
    .order_by(fact.c.epoch, fact.c.dseq)
    .limit(bindparam("most"))
)
_LAST = select(fact.c.epoch, fact.c.dseq).order_by(fact.c.epoch.desc(), fact.c.dseq.desc()).limit(1)
_LAST_UP_TO = _LAST.where(_PLACE <= _FROM)
_SECRETS = (
    select(fact_member.c.member_id, member_key.c.key_id, member_key.c.secret)
    .join_from(
        fact_member, member_key, member_key.c.member_id == fact_member.c.member_id, isouter=True
    )
    .where(fact_member.c.epoch == bindparam("in_epoch"), fact_member.c.dseq == bindparam("at_dseq"))
)
_KEY_OF = select(member_key.c.key_id).where(member_key.c.member_id == bindparam("key"))
_ADD_KEY = insert(member_key)
_DESTROY = update(member_key).where(member_key.c.member_id == bindparam("key")).values(secret=None)


class JournalRows(Repository):
    """The facts of this till in their order, over all its epochs."""

    def last(self) -> Position:
        """The last fact of all."""
        row = self._execute(_LAST).first()
        return BEFORE_ALL if row is None else Position(*row)

    def after(self, place: Position, most: int) -> list[JournalRecord]:
        """The facts behind a place, at most so many."""
        asked = {"in_epoch": place.epoch, "at_dseq": place.dseq}
        last = self._execute(_LAST_UP_TO, asked).first()
        before = BEFORE_ALL if last is None else Position(*last)
        rows = self._execute(_AFTER, {**asked, "most": most}).mappings().all()
        claim_key = SettingsRepository(self._transaction).value(_CLAIM_KEY) if rows else None
        records = []
        for row in rows:
            records.append(self._record(row, before, claim_key))
            before = records[-1].position
        return records

    def put_secrets(self, record: JournalRecord) -> None:
        """The keys of members as they were then: a destroyed one is destroyed here too."""
        settings = SettingsRepository(self._transaction)
        if record.claim_key is not None and settings.value(_CLAIM_KEY) is None:
            settings.put_value(_CLAIM_KEY, record.claim_key)
        for each in record.secrets:
            if self._execute(_KEY_OF, {"key": each.member_id}).first() is None:
                row = {"member_id": each.member_id, "key_id": each.key_id, "secret": each.secret}
                self._execute(_ADD_KEY, row)
            elif each.secret is None:
                self._execute(_DESTROY, {"key": each.member_id})
                self._transaction.forget_traces()

    def _record(
        self, row: Mapping[Any, Any], before: Position, claim_key: str | None
    ) -> JournalRecord:
        place = {"in_epoch": row["epoch"], "at_dseq": row["dseq"]}
        members = self._execute(_SECRETS, place).all()
        return JournalRecord(
            op_id=row["op_id"],
            kind=row["kind"],
            epoch=row["epoch"],
            dseq=row["dseq"],
            follows=before,
            chain_hash=row["chain_hash"],
            business_day=row["business_day"],
            wall_ms=row["wall_ms"],
            monotonic_ms=row["monotonic_ms"],
            boot_id=row["boot_id"],
            offset_ms=row["offset_ms"],
            data=row["data"],
            members=tuple(member for member, _, _ in members),
            shift_id=row["shift_id"],
            secrets=tuple(
                MemberSecret(member, key_id, secret)
                for member, key_id, secret in members
                if key_id is not None
            ),
            claim_key=claim_key if members else None,
        )
