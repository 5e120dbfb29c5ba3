"""Who stands on the lists of the tier desk, and how far the walk through all members came.

Owns: the tier_place and tier_walk tables. Does not own: who belongs there
(app/domain/tier_desk.py), walking (services). A kept place is a hint: it is judged anew when shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Select, bindparam, delete, func, select

from app.domain.tier_desk import DeskList, TierPlace
from app.store.changes import Changes
from app.store.repository import Prepared, Repository, put_row
from app.store.tier_tables import tier_place, tier_walk

_PUT = Prepared(put_row(tier_place, "member_id"))
_GONE = delete(tier_place).where(tier_place.c.member_id.in_(bindparam("keys", expanding=True)))
_HERE = select(tier_place.c.member_id).where(
    tier_place.c.member_id.in_(bindparam("keys", expanding=True))
)
_WALK = select(tier_walk.c.after, tier_walk.c.day).where(tier_walk.c.only_row == 1)
_PUT_WALK = Prepared(put_row(tier_walk, "only_row"))

_IS_ON = {
    "near": tier_place.c.near.is_not(None),
    "due": tier_place.c.due.is_not(None),
    "falling": tier_place.c.falls == 1,
    "by_hand": tier_place.c.by_hand.is_not(None),
    "lent": tier_place.c.lent.is_not(None),
}
_ORDER = {
    "near": (tier_place.c.near.desc(), tier_place.c.member_id),
    "due": (tier_place.c.due, tier_place.c.member_id),
    "falling": (tier_place.c.due, tier_place.c.member_id),
    "by_hand": (tier_place.c.by_hand, tier_place.c.member_id),
    "lent": (tier_place.c.lent, tier_place.c.member_id),
}


def _page(which: str) -> Select[tuple[str]]:
    return (
        select(tier_place.c.member_id)
        .where(_IS_ON[which])
        .order_by(*_ORDER[which])
        .limit(bindparam("most"))
        .offset(bindparam("passed"))
    )


_PAGES = {which: _page(which) for which in _IS_ON}
_COUNTS = {
    which: select(func.count()).select_from(tier_place).where(is_on)
    for which, is_on in _IS_ON.items()
}


class TierDeskRepository(Repository):
    """Members of interest to the tier desk."""

    def put(self, places: Mapping[str, TierPlace]) -> None:
        """Keep where these members stand; who stands nowhere is forgotten."""
        rows = [_row(member_id, place) for member_id, place in places.items() if place.lists]
        asked = [member_id for member_id, place in places.items() if not place.lists]
        gone = list(self._execute(_HERE, {"keys": asked}).scalars()) if asked else []
        if gone:
            self._execute(_GONE, {"keys": gone})
        if rows:
            self._write(_PUT, rows)
        if rows or gone:
            self._changed(Changes(tiers=True))

    def page(self, which: DeskList, limit: int, passed: int = 0) -> Sequence[str]:
        """Member ids of one list: the nearest, the most urgent first."""
        return list(self._execute(_PAGES[which], {"most": limit, "passed": passed}).scalars())

    def count(self, which: DeskList) -> int:
        found: int = self._execute(_COUNTS[which]).scalar_one()
        return found

    def walked(self) -> tuple[str, date | None]:
        """Behind whom the walk goes on, and the last day on which it came to its end."""
        row = self._execute(_WALK).first()
        if row is None:
            return "", None
        return row.after, None if row.day is None else date.fromisoformat(row.day)

    def put_walked(self, after: str, day: date | None) -> None:
        said = None if day is None else day.isoformat()
        self._write(_PUT_WALK, {"only_row": 1, "after": after, "day": said})


def _row(member_id: str, place: TierPlace) -> dict[str, object]:
    return {
        "member_id": member_id,
        "near": place.near,
        "due": None if place.due is None else place.due.isoformat(),
        "falls": int(place.falls),
        "by_hand": None if place.by_hand is None else place.by_hand.isoformat(),
        "lent": None if place.lent is None else place.lent.isoformat(),
    }
