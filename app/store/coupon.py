"""Which member a coupon code belongs to, so that a scanned coupon finds its account.

Owns: the coupon_owner table. Does not own: whether a coupon is usable (the account's view).
"""

from __future__ import annotations

from sqlalchemy import bindparam, select

from app.store.changes import Changes
from app.store.repository import Prepared, Repository, put_row
from app.store.tables import coupon_owner

_OWNER = select(coupon_owner.c.member_id).where(coupon_owner.c.coupon_id == bindparam("key"))
_ISSUED = Prepared(put_row(coupon_owner, "coupon_id"))


class CouponRepository(Repository):
    """Owners of coupons."""

    def owner(self, coupon_id: str) -> str | None:
        found: str | None = self._execute(_OWNER, {"key": coupon_id}).scalar()
        return found

    def issued(self, coupon_id: str, member_id: str) -> None:
        """A later word wins: a merge moves coupons to the survivor."""
        self._write(_ISSUED, {"coupon_id": coupon_id, "member_id": member_id})
        self._changed(Changes(coupons=True))
