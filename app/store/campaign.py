"""Campaigns: drafts and what was published, who belongs to them, what they gave.

Owns: the campaign and campaign_member tables, and the sums over sales that compare their groups.
Does not own: what is said of the sums (app/domain/campaign_result.py), the sales (sale.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import bindparam, delete, insert, select, text, update

from app.domain.campaign import CampaignPlan, OfferWords
from app.domain.campaign_message import CampaignMessage
from app.domain.campaign_record import CampaignRecord, DrawnMember, SaleDays, SalePlace, TrialDone
from app.domain.campaign_result import GroupSums, OfferSums
from app.domain.facts import FirstRefundRecorded, RefundRecorded, SaleRecorded, read_fact
from app.store.campaign_tables import campaign, campaign_member
from app.store.changes import Changes
from app.store.errors import Damaged, StoreBug
from app.store.repository import Prepared, Repository, list_text, put_row

_MESSAGE = msgspec.json.Decoder(CampaignMessage)
_PUT = Prepared(put_row(campaign, "campaign_id"))
_GET = select(campaign).where(campaign.c.campaign_id == bindparam("key"))
_ALL = select(campaign).order_by(campaign.c.made_ms.desc(), campaign.c.campaign_id.desc())
_REMOVE = delete(campaign).where(
    campaign.c.campaign_id == bindparam("key"), campaign.c.state == "draft"
)
_MEMBERS = delete(campaign_member).where(campaign_member.c.campaign_id == bindparam("key"))
_DRAW = Prepared(insert(campaign_member).prefix_with("OR IGNORE"))
_WAITING = (
    select(campaign_member.c.member_id, campaign_member.c.control)
    .where(campaign_member.c.campaign_id == bindparam("key"), campaign_member.c.done == text("0"))
    .order_by(campaign_member.c.member_id)
    .limit(bindparam("most"))
)
_DONE = Prepared(
    update(campaign_member)
    .where(
        campaign_member.c.campaign_id == bindparam("key"),
        campaign_member.c.member_id == bindparam("who"),
    )
    .values(done=1)
)
_LEAVE_OUT = Prepared(
    delete(campaign_member).where(
        campaign_member.c.campaign_id == bindparam("key"),
        campaign_member.c.member_id == bindparam("who"),
    )
)
_COUNT_WAITING = text(
    "SELECT count(*) FROM campaign_member WHERE campaign_id = :key AND done = 0"
)  # fmt: skip
_SALES = text("""
SELECT s.sold_ms, s.sale_id, f.data FROM sale AS s JOIN fact AS f ON f.op_id = s.sale_id
WHERE (s.sold_ms > :at OR (s.sold_ms = :at AND s.sale_id > :behind)) AND s.sold_ms < :until
ORDER BY s.sold_ms, s.sale_id LIMIT :most
""")
_CATEGORIES = text(
    "SELECT DISTINCT category FROM product WHERE active = 1 AND category <> '' ORDER BY category"
)
_COUNT_SALES = text("SELECT count(*) FROM sale WHERE sold_ms >= :at AND sold_ms < :until")
_BOUGHT = text("""
SELECT m.member_id, m.control, s.sale_id, s.total_minor
    - (SELECT coalesce(sum(r.worth_minor), 0) FROM refund AS r WHERE r.sale_id = s.sale_id) AS kept
FROM (SELECT member_id, control FROM campaign_member
      WHERE campaign_id = :key AND member_id > :after ORDER BY member_id LIMIT :most) AS m
LEFT JOIN sale AS s ON s.member_id = m.member_id
    AND s.business_day >= :first AND s.business_day <= :last
    AND (s.business_day > :first OR s.sold_ms >= :since)
ORDER BY m.member_id
""")
_ELSEWHERE = text("""
SELECT k.data FROM json_each(:members) AS m JOIN known_fact AS k ON k.member_id = m.value
WHERE k.kind <> 'return' AND k.business_day >= :first AND k.business_day <= :last
""")
# The range is that of the index of campaigns: without it all adjustments would be read.
_GIVEN = text("""
SELECT count(DISTINCT sale_id), coalesce(-sum(amount_minor), 0), count(DISTINCT coupon_id)
FROM sale_adjustment WHERE rule >= 'camp-' AND rule < 'camp.' AND rule = :offer
""")
# The sales of those who were let try a tier.
_TRIED = text("""
SELECT f.data
FROM (SELECT member_id, control FROM campaign_member
      WHERE campaign_id = :key AND member_id > :after ORDER BY member_id LIMIT :most) AS m
JOIN sale AS s ON s.member_id = m.member_id
    AND s.business_day >= :first AND s.business_day <= :last
    AND (s.business_day > :first OR s.sold_ms >= :since)
JOIN fact AS f ON f.op_id = s.sale_id
WHERE m.control = 0
""")
_WITH_IT = text("""
SELECT coalesce(sum(total_minor), 0) FROM sale WHERE sale_id IN (
    SELECT sale_id FROM sale_adjustment
    WHERE rule >= 'camp-' AND rule < 'camp.' AND rule = :offer)
""")


class CampaignRepository(Repository):
    """Campaigns of this till."""

    def get(self, campaign_id: str) -> CampaignRecord | None:
        row = self._execute(_GET, {"key": campaign_id}).mappings().first()
        return None if row is None else _record(row)

    def all_campaigns(self) -> Sequence[CampaignRecord]:
        """Newest first."""
        return [_record(row) for row in self._execute(_ALL).mappings()]

    def put(self, record: CampaignRecord) -> None:
        """Add it, or replace what is kept of it."""
        self._write(_PUT, _row(record))
        self._changed(Changes(campaigns=True))

    def remove(self, campaign_id: str) -> None:
        """Only a draft: what was published stays."""
        self.forget_draw(campaign_id)
        if self._execute(_REMOVE, {"key": campaign_id}).rowcount != 1:
            raise StoreBug("only a draft of a campaign is removed")
        self._changed(Changes(campaigns=True))

    # ------------------------------------------------------------------ who belongs to it

    def draw(self, campaign_id: str, members: Sequence[DrawnMember]) -> None:
        """Who belongs to it. Somebody who does already stays where he is."""
        rows = [
            {
                "campaign_id": campaign_id, "member_id": each.member_id,
                "control": int(each.is_control), "done": 0,
            }
            for each in members
        ]  # fmt: skip
        if rows:
            self._write(_DRAW, rows)

    def forget_draw(self, campaign_id: str) -> None:
        """The audience of a draft is drawn anew."""
        self._execute(_MEMBERS, {"key": campaign_id})

    def waiting(self, campaign_id: str, limit: int) -> Sequence[DrawnMember]:
        """Drawn, with no fact about it yet; in the order of their ids."""
        rows = self._execute(_WAITING, {"key": campaign_id, "most": limit})
        return [DrawnMember(row.member_id, bool(row.control)) for row in rows]

    def done(self, campaign_id: str, members: Sequence[str]) -> None:
        """The draw of these stands in a fact."""
        if members:
            self._write(_DONE, [{"key": campaign_id, "who": each} for each in members])
        self._changed(Changes(campaigns=True))

    def leave_out(self, campaign_id: str, members: Sequence[str]) -> None:
        """These belong to neither group any more: no fact names them."""
        if members:
            self._write(_LEAVE_OUT, [{"key": campaign_id, "who": each} for each in members])

    def count_waiting(self, campaign_id: str) -> int:
        return int(self._execute(_COUNT_WAITING, {"key": campaign_id}).scalar_one())

    # ------------------------------------------------------------------ sales

    def sales_behind(
        self, place: SalePlace, until_ms: int, limit: int
    ) -> tuple[Sequence[bytes], SalePlace | None]:
        """The facts of this till's next sales, and where to go on; None: there are no more."""
        asked = {
            "at": place.sold_ms, "behind": place.sale_id, "until": until_ms, "most": limit
        }  # fmt: skip
        rows = self._execute(_SALES, asked).all()
        more = SalePlace(rows[-1][0], rows[-1][1]) if len(rows) == limit else None
        return [bytes(row[2]) for row in rows], more

    def count_sales(self, from_ms: int, until_ms: int) -> int:
        return int(
            self._execute(_COUNT_SALES, {"at": from_ms, "until": until_ms}).scalar_one()
        )  # fmt: skip

    def categories(self) -> Sequence[str]:
        """Of the goods of the catalogue, in order."""
        return [str(each) for each in self._execute(_CATEGORIES).scalars()]

    def groups(
        self, campaign_id: str, after: str, limit: int, days: SaleDays
    ) -> tuple[GroupSums, GroupSums, str]:
        """What the next so many members did in these days: chosen, control, and the id to go on
        behind (empty at the end). What came back is taken off."""
        asked = {"key": campaign_id, "after": after, "most": limit} | _bounds(days)
        kept: dict[str, list[int]] = {}
        is_control: dict[str, bool] = {}
        for member, control, sale_id, amount in self._execute(_BOUGHT, asked):
            is_control[member] = bool(control)
            bought = kept.setdefault(member, [])
            if sale_id is not None and amount > 0:
                bought.append(amount)
        for member, amount in self._kept_elsewhere(list(kept), days):
            kept[member].append(amount)
        sums = [
            _sums([kept[each] for each in kept if is_control[each] is group])
            for group in (False, True)
        ]
        return sums[0], sums[1], list(kept)[-1] if len(kept) == limit else ""

    def tried(self, campaign_id: str, after: str, limit: int, days: SaleDays) -> Sequence[bytes]:
        """The facts of this till's sales in these days to those of the next so many members who
        were chosen."""
        asked = {"key": campaign_id, "after": after, "most": limit} | _bounds(days)
        return [bytes(each) for each in self._execute(_TRIED, asked).scalars()]

    def _kept_elsewhere(self, members: Sequence[str], days: SaleDays) -> Iterator[tuple[str, int]]:
        """The same of sales at other tills that are known here; refunds of them taken off."""
        first, last = days.first.isoformat(), days.last.isoformat()
        asked = {"members": list_text(members), "first": first, "last": last}
        sold: dict[str, tuple[str, int]] = {}
        back: dict[str, int] = {}
        for (data,) in self._execute(_ELSEWHERE, asked):
            match read_fact(data):
                case SaleRecorded(op_id=op_id, member=str(member), total_minor=amount) as sale if (
                    days.has(sale.day, sale.clock.wall_ms)
                ):
                    sold[op_id] = (member, amount)
                case RefundRecorded() | FirstRefundRecorded() as refund:
                    worth = sum(piece.amount_minor for piece in refund.pieces)
                    back[refund.sale] = back.get(refund.sale, 0) + worth
                case _:
                    pass  # nothing of it was bought
        for op_id, (member, amount) in sorted(sold.items()):
            if amount > back.get(op_id, 0):
                yield member, amount - back.get(op_id, 0)

    def offer_sums(self, offer_id: str) -> OfferSums:
        """What the offer gave, in all sales of this till."""
        sales, cost, used = self._execute(_GIVEN, {"offer": offer_id}).one()
        takings = self._execute(_WITH_IT, {"offer": offer_id}).scalar_one()
        return OfferSums(
            sales=int(sales), cost_minor=int(cost), coupons_used=int(used),
            takings_minor=int(takings),
        )  # fmt: skip


def _bounds(days: SaleDays) -> dict[str, object]:
    first, last = days.first.isoformat(), days.last.isoformat()
    return {"first": first, "last": last, "since": days.since_ms}


def _sums(bought: Sequence[Sequence[int]]) -> GroupSums:
    return GroupSums(
        members=len(bought),
        came=sum(1 for each in bought if each),
        sales=sum(len(each) for each in bought),
        takings_minor=sum(sum(each) for each in bought),
    )


def _row(record: CampaignRecord) -> dict[str, object]:
    trial = None if record.trial is None else msgspec.json.encode(record.trial).decode()
    return {
        "campaign_id": record.plan.campaign_id,
        "state": record.state,
        "plan": msgspec.json.encode(record.plan).decode(),
        "words": msgspec.json.encode(record.words).decode(),
        "made_ms": record.made_ms,
        "made_by": record.made_by,
        "reached": record.reached,
        "control": record.control,
        "trial": trial,
        "published_ms": record.published_ms,
        "ended_ms": record.ended_ms,
        "message": _told(record.message),
    }


def _told(message: CampaignMessage | None) -> str | None:
    return None if message is None else msgspec.json.encode(message).decode()


def _record(row: Mapping[Any, Any]) -> CampaignRecord:
    trial, message = row["trial"], row["message"]
    try:
        return CampaignRecord(
            plan=msgspec.json.decode(row["plan"], type=CampaignPlan),
            words=msgspec.json.decode(row["words"], type=OfferWords),
            made_ms=row["made_ms"],
            made_by=row["made_by"],
            state=row["state"],
            reached=row["reached"],
            control=row["control"],
            trial=None if trial is None else msgspec.json.decode(trial, type=TrialDone),
            published_ms=row["published_ms"],
            ended_ms=row["ended_ms"],
            message=None if message is None else _MESSAGE.decode(message),
        )
    except msgspec.DecodeError as error:
        raise Damaged(f"campaign: {error}") from error
