"""Folded accounts.

Owns: the account table. Does not own: building an account (the fold alone does).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, select

from app.domain.account import MemberAccount, account_bytes, account_of
from app.store.changes import Changes
from app.store.repository import Prepared, Repository, put_row
from app.store.tables import account

_GET = Prepared(select(account.c.data).where(account.c.member_id == bindparam("key")))
_GET_MANY = select(account.c.member_id, account.c.data).where(
    account.c.member_id.in_(bindparam("keys", expanding=True))
)
_REMOVE = account.delete().where(account.c.member_id == bindparam("key"))
_PUT = Prepared(put_row(account, "member_id"))


class AccountRepository(Repository):
    """What the fold of a member's facts gave, as opaque bytes."""

    def get(self, member_id: str) -> MemberAccount | None:
        row = self._first(_GET, {"key": member_id})
        return None if row is None else account_of(row[0])

    def put(self, member_id: str, folded: MemberAccount) -> None:
        self._write(_PUT, {"member_id": member_id, "data": account_bytes(folded)})
        self._changed(Changes(accounts=True))

    def remove(self, member_id: str) -> None:
        """Of a member whose facts stand in the account of whom he was merged into."""
        self._execute(_REMOVE, {"key": member_id})
        self._changed(Changes(accounts=True))

    def get_many(self, member_ids: Sequence[str]) -> dict[str, MemberAccount]:
        """Those there are, by member id: for the night, and for a pull."""
        rows = self._execute(_GET_MANY, {"keys": list(member_ids)})
        return {member_id: account_of(data) for member_id, data in rows}

    def put_many(self, folded: Mapping[str, MemberAccount]) -> None:
        """Many accounts in one statement."""
        if folded:
            rows = [
                {"member_id": member_id, "data": account_bytes(one)}
                for member_id, one in folded.items()
            ]
            self._write(_PUT, rows)
            self._changed(Changes(accounts=True))
