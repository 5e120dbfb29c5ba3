"""Staff and their sign-in records.

Owns: the staff and sign_in tables. Does not own: roles and delays (app/domain/staff.py), PINs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, select, update

from app.domain.staff import Role, SignInRecord, StaffMember
from app.store.changes import Changes
from app.store.repository import Prepared, Repository, list_text, put_row, texts_of
from app.store.tables import sign_in, staff

_ALL = select(staff)
_BY_ID = _ALL.where(staff.c.staff_id == bindparam("key"))
_BY_BADGE = _ALL.where(staff.c.badge_code == bindparam("key"))
_PUT = Prepared(put_row(staff, "staff_id"))
_FREE_BADGE = (
    update(staff)
    .where(staff.c.badge_code == bindparam("key"), staff.c.staff_id != bindparam("holder"))
    .values(badge_code=None)
)
_RECORD = select(sign_in).where(sign_in.c.staff_id == bindparam("key"))
_PUT_RECORD = Prepared(put_row(sign_in, "staff_id"))


class StaffRepository(Repository):
    """Who works here."""

    def get(self, staff_id: str) -> StaffMember | None:
        row = self._execute(_BY_ID, {"key": staff_id}).mappings().first()
        return None if row is None else _staff_of(row)

    def by_badge(self, badge_code: str) -> StaffMember | None:
        row = self._execute(_BY_BADGE, {"key": badge_code}).mappings().first()
        return None if row is None else _staff_of(row)

    def all_staff(self) -> Sequence[StaffMember]:
        """By name, then id."""
        rows = self._execute(_ALL.order_by(staff.c.name, staff.c.staff_id)).mappings()
        return [_staff_of(row) for row in rows]

    def put(self, member_of_staff: StaffMember) -> None:
        person = member_of_staff
        row = {
            "staff_id": person.staff_id,
            "name": person.name,
            "role_id": person.role.role_id,
            "permissions": list_text(person.role.permissions),
            "pin_hash": person.pin_hash,
            "badge_code": person.badge_code,
            "member_ids": list_text(person.member_ids),
            "active": int(person.active),
        }
        self._write(_PUT, row)
        self._changed(Changes(staff=True))

    def tell(self, person: StaffMember) -> None:
        """As `put`, for what head office says: a badge moves with it; a PIN it does not name, and
        somebody it does not know, stay as they are.
        """
        known = self.get(person.staff_id)
        if known is not None and person.pin_hash is None:
            person = replace(person, pin_hash=known.pin_hash)
        if person.badge_code is not None:
            self._execute(_FREE_BADGE, {"key": person.badge_code, "holder": person.staff_id})
        self.put(person)

    def sign_in_record(self, staff_id: str) -> SignInRecord:
        """An empty one where nothing is kept."""
        row = self._execute(_RECORD, {"key": staff_id}).mappings().first()
        if row is None:
            return SignInRecord(staff_id)
        return SignInRecord(
            row["staff_id"], row["failures"], row["wait_until_ms"], bool(row["locked"])
        )

    def put_sign_in_record(self, record: SignInRecord) -> None:
        row = {
            "staff_id": record.staff_id,
            "failures": record.failures,
            "wait_until_ms": record.wait_until_ms,
            "locked": int(record.locked),
        }
        self._write(_PUT_RECORD, row)
        self._changed(Changes(staff=True))


def _staff_of(row: Mapping[Any, Any]) -> StaffMember:
    # Permissions are compared as text: one this program does not know grants nothing.
    permissions: Any = frozenset(texts_of(row["permissions"]))
    return StaffMember(
        staff_id=row["staff_id"],
        name=row["name"],
        role=Role(row["role_id"], permissions),
        pin_hash=row["pin_hash"],
        badge_code=row["badge_code"],
        member_ids=frozenset(texts_of(row["member_ids"])),
        active=bool(row["active"]),
    )
