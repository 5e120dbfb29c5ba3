"""The list of members: what each was judged to be, in the orders of the desk's list.

Owns: the member_listed and member_list_choice tables. Does not own: members (member.py), judging
them (app/services/member_list.py). Triggers of the schema say who is due again, so that nobody who
writes a member or an account has to know of the list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    func,
    or_,
    select,
    text,
    tuple_,
)

from app.domain.member_list import (
    DueMembers,
    ListBounds,
    ListChoice,
    ListedMember,
    ListPlace,
    MemberOrder,
    NarrowedRows,
    place_of,
)
from app.store.member import member_of
from app.store.repository import (
    Prepared,
    Repository,
    day_of,
    day_text,
    list_text,
    put_row,
    texts_of,
)
from app.store.tables import member, member_list_choice, member_listed

NUMBERS_A_LOOK = 2_000
"""Numbers that are looked at for somebody who is due, in one unit of work: a few milliseconds."""

_HIGHEST = 2**62
"""More points, more money and more members than there are."""

_listed = member_listed.c
_DUE = (
    select(member)
    .outerjoin(member_listed, _listed.member_no == member.c.member_no)
    .where(
        member.c.member_no > bindparam("after"),
        member.c.member_no <= bindparam("last"),
        member.c.status.in_(("active", "frozen")),
        func.coalesce(_listed.judged, "") != bindparam("stamp"),
    )
    .order_by(member.c.member_no)
    .limit(bindparam("most"))
)
_LAST_NUMBER = select(func.coalesce(func.max(member.c.member_no), 0))
_PUT = Prepared(put_row(member_listed, "member_no"))
_KEYS = {
    "last_visit": _listed.last_visit,
    "spend": _listed.spend_minor,
    "points": _listed.points,
    "newest": _listed.member_no,
}
_COUNT = select(func.count()).select_from(member_listed)
_TIERS = select(_listed.tier, func.count()).group_by(_listed.tier)
_TAGS = text(
    "SELECT DISTINCT tag.value FROM member_listed, json_each(member_listed.tags) AS tag"
    " WHERE member_listed.tags <> '[]' ORDER BY tag.value"
)
_CHOICE = select(member_list_choice.c.data).where(member_list_choice.c.staff_id == bindparam("key"))
_PUT_CHOICE = Prepared(put_row(member_list_choice, "staff_id"))


def _page(key: Any, *, goes_on: bool) -> Select[Any]:
    """Rows behind a place, downwards; the number decides between equals."""
    rows = select(member_listed).order_by(key.desc(), _listed.member_no.desc())
    if goes_on:
        behind = tuple_(bindparam("value"), bindparam("number"))
        rows = rows.where(tuple_(key, _listed.member_no) < behind)
    return rows.limit(bindparam("most"))


_FIRST = {order: _page(key, goes_on=False) for order, key in _KEYS.items()}
_NEXT = {order: _page(key, goes_on=True) for order, key in _KEYS.items()}


def _slice(key: Any) -> ColumnElement[bool]:
    """The rows between two places: behind the first, up to and with the second."""
    here = tuple_(key, _listed.member_no)
    return and_(
        here < tuple_(bindparam("value"), bindparam("number")),
        here >= tuple_(bindparam("end_value"), bindparam("end_number")),
    )


_TIER, _FROZEN = bindparam("tier", type_=Text), bindparam("frozen", type_=Integer)
_SEEN = func.coalesce(func.nullif(_listed.last_visit, ""), _listed.joined)
_HAS_TAG = text(
    "(:tag = '' OR (member_listed.tags <> '[]' AND EXISTS"
    " (SELECT 1 FROM json_each(member_listed.tags) AS t WHERE t.value = :tag)))"
)
_WITHIN = and_(
    or_(_TIER == "", _listed.tier == _TIER),
    or_(_FROZEN < 0, _listed.is_frozen == _FROZEN),
    bindparam("seen_first") <= _SEEN,
    bindparam("seen_last") >= _SEEN,
    _listed.last_visit >= bindparam("visit_first"),
    _listed.last_visit <= bindparam("visit_last"),
    _HAS_TAG,
)


def _narrowed(key: Any) -> Select[Any]:
    return (
        select(member_listed)
        .where(_slice(key), _WITHIN)
        .order_by(key.desc(), _listed.member_no.desc())
        .limit(bindparam("most"))
    )


def _end(key: Any) -> Select[Any]:
    """The last of the next rows behind a place, as many as `look` says."""
    behind = tuple_(key, _listed.member_no) < tuple_(bindparam("value"), bindparam("number"))
    return (
        select(key, _listed.member_no)
        .where(behind)
        .order_by(key.desc(), _listed.member_no.desc())
        .limit(1)
        .offset(bindparam("skipped"))
    )


_NARROWED = {order: _narrowed(key) for order, key in _KEYS.items()}
_END = {order: _end(key) for order, key in _KEYS.items()}
_BEFORE_ALL: dict[MemberOrder, ListPlace] = {
    "last_visit": ListPlace("~", 0),
    "spend": ListPlace(_HIGHEST, 0),
    "points": ListPlace(_HIGHEST, 0),
    "newest": ListPlace(_HIGHEST, 0),
}
_BEHIND_ALL: dict[MemberOrder, ListPlace] = {
    "last_visit": ListPlace("", 0),
    "spend": ListPlace(-_HIGHEST, 0),
    "points": ListPlace(-_HIGHEST, 0),
    "newest": ListPlace(0, 0),
}


class MemberListRepository(Repository):
    """Judged members; they can be made anew from the rest."""

    def due(self, after: int, stamp: str, limit: int) -> DueMembers:
        """The next ones behind this number whom nobody judged by `stamp`."""
        last = after + NUMBERS_A_LOOK
        asked = {"after": after, "last": last, "stamp": stamp, "most": limit}
        rows = self._execute(_DUE, asked).mappings().all()
        found = tuple((int(row["member_no"]), member_of(row)) for row in rows)
        if len(found) == limit:
            return DueMembers(found, found[-1][0])
        newest = int(self._execute(_LAST_NUMBER).scalar_one())
        return DueMembers(found, last if last < newest else None)

    def put(self, judged: Sequence[ListedMember], stamp: str) -> None:
        if judged:
            self._write(_PUT, [_row(each, stamp) for each in judged])

    def page(
        self, order: MemberOrder, after: ListPlace | None, limit: int
    ) -> Sequence[ListedMember]:
        """In that order, the highest and the latest first, from behind a place."""
        if after is None:
            rows = self._execute(_FIRST[order], {"most": limit})
        else:
            place = {"value": after.value, "number": after.number, "most": limit}
            rows = self._execute(_NEXT[order], place)
        return [_of(row) for row in rows.mappings()]

    def narrowed(
        self,
        order: MemberOrder,
        after: ListPlace | None,
        bounds: ListBounds,
        *,
        want: int,
        look: int,
    ) -> NarrowedRows:
        """Within bounds: at most `want` of the next `look` rows behind a place."""
        begin = after or _BEFORE_ALL[order]
        asked: dict[str, object] = {"value": begin.value, "number": begin.number}
        last = self._execute(_END[order], asked | {"skipped": look - 1}).first()
        end = _BEHIND_ALL[order] if last is None else ListPlace(last[0], last[1])
        asked |= {"end_value": end.value, "end_number": end.number, "most": want}
        found = self._execute(_NARROWED[order], asked | _bounds(bounds)).mappings()
        rows = tuple(_of(row) for row in found)
        if len(rows) == want:
            return NarrowedRows(rows, place_of(rows[-1], order))
        return NarrowedRows(rows, None if last is None else end)

    def count(self) -> int:
        return int(self._execute(_COUNT).scalar_one())

    def tier_counts(self) -> Mapping[str, int]:
        """How many of those judged stand on each tier, by its id."""
        return {str(tier): int(count) for tier, count in self._execute(_TIERS)}

    def tags(self) -> Sequence[str]:
        """Every tag somebody has, by name."""
        return list(self._execute(_TAGS).scalars())

    def choice(self, staff_id: str) -> ListChoice:
        """What this person chose last; nothing special where it cannot be read any more."""
        data = self._execute(_CHOICE, {"key": staff_id}).scalar()
        try:
            return ListChoice() if data is None else msgspec.json.decode(data, type=ListChoice)
        except msgspec.DecodeError:
            return ListChoice()

    def keep_choice(self, staff_id: str, choice: ListChoice) -> None:
        row = {"staff_id": staff_id, "data": msgspec.json.encode(choice).decode()}
        self._write(_PUT_CHOICE, row)


def _bounds(bounds: ListBounds) -> dict[str, object]:
    return {
        "tier": bounds.tier,
        "tag": bounds.tag,
        "frozen": -1 if bounds.is_frozen is None else int(bounds.is_frozen),
        "seen_first": bounds.seen_first,
        "seen_last": bounds.seen_last,
        "visit_first": bounds.visit_first,
        "visit_last": bounds.visit_last,
    }


def _row(each: ListedMember, stamp: str) -> dict[str, object]:
    return {
        "member_no": each.number,
        "member_id": each.member_id,
        "joined": day_text(each.joined),
        "last_visit": day_text(each.last_visit) or "",
        "is_frozen": int(each.is_frozen),
        "tier": each.tier,
        "points": each.points,
        "spend_minor": each.spend_minor,
        "tags": list_text(each.tags),
        "judged": stamp,
    }


def _of(row: Mapping[Any, Any]) -> ListedMember:
    return ListedMember(
        number=row["member_no"],
        member_id=row["member_id"],
        joined=date.fromisoformat(row["joined"]),
        last_visit=day_of(row["last_visit"] or None),
        is_frozen=bool(row["is_frozen"]),
        tier=row["tier"],
        points=row["points"],
        spend_minor=row["spend_minor"],
        tags=texts_of(row["tags"]),
    )
