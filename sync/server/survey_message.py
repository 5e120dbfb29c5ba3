"""Messages that ask about a purchase: to which members, from when until when, and with which link.

Owns: asking for one after a sale, whether one that waits may still go, its link. Does not own:
consents, numbers and hours (app/domain/message.py), sending (messages/sending.py), until when a
sale takes an answer (app/domain/survey.py), the page it leads to (pages/survey_page.py).

What is so when a message goes decides, not what was so when it was asked for: meanwhile the
customer may have answered at the till, or brought everything back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.domain.business_day import ShopTime
from app.domain.facts import SaleRecorded
from app.domain.ids import uuid7
from app.domain.message import NotSent
from app.domain.survey import closed_because, is_asked_enough
from app.domain.survey_link import survey_token, survey_url
from app.domain.survey_rule import Survey
from sync.server.message import NewMessage, ids_of_person, messages_of
from sync.server.promise import today
from sync.server.published import in_force, programs
from sync.server.sender import House
from sync.server.survey import Surveys

_HOUR_MS, _DAY_MS = 3_600_000, 86_400_000


def survey_now(connection: Connection, tenant: str, now_ms: int) -> Survey | None:
    """What is asked after a sale today; None: nothing."""
    program = in_force(programs(connection, tenant).values(), today(now_ms))
    return None if program is None else program.survey


def survey_link(
    connection: Connection, tenant: str, house: House, public_url: str, sale: str
) -> str:
    """Where the question about this sale is answered."""
    secret = house.claim_secret(connection, tenant)
    return "" if secret is None else survey_url(public_url, secret, sale)


@dataclass(frozen=True, slots=True)
class Questions:
    """What is asked by messages as the server's tables stand, in one transaction."""

    connection: Connection
    tenant: str
    house: House
    now_ms: int

    def after(self, sale: SaleRecorded) -> NewMessage | None:
        """The message that asks a member about this sale; None: nobody is asked, or was asked
        enough as far as is known now."""
        rule = survey_now(self.connection, self.tenant, self.now_ms)
        if rule is None or sale.member is None or not survey_token(b"", sale.op_id):
            return None
        ids = ids_of_person(self.connection, self.tenant, sale.member)
        others = [
            each
            for each in messages_of(self.connection, self.tenant, ids)
            if each["message"] != f"survey:{sale.op_id}"
        ]
        if self.not_asked_because(sale.op_id, ids, others) is not None:
            return None
        return _question(sale, sale.member, rule, self.now_ms)

    def not_asked_because(
        self, sale_id: str, ids: Sequence[str], others: Iterable[Mapping[str, Any]]
    ) -> NotSent | None:
        """Why a member is not asked about this sale (any more); None: he may be.

        `ids`: all of his; `others`: the other messages to him.
        """
        surveys = Surveys(self.connection, self.tenant, self.house)
        rule, sale = survey_now(self.connection, self.tenant, self.now_ms), surveys.sale(sale_id)
        if rule is None or sale is None:
            return NotSent("closed")
        if surveys.is_answered(sale_id):
            return NotSent("answered")
        if closed_because(rule, sale, surveys.back(sale_id), today(self.now_ms)) is not None:
            return NotSent("closed")
        if is_asked_enough(rule, _asked_ms(others), self.now_ms):
            return NotSent("asked")
        since_ms = max(0, self.now_ms - rule.reward_days * _DAY_MS)
        bought = surveys.bought(ids, max(0, since_ms - (rule.open_days + 1) * _DAY_MS))
        is_heard = surveys.is_any_answered(bought, uuid7(since_ms, 0))
        return NotSent("asked") if is_heard and rule.reward_days else None


def _question(sale: SaleRecorded, member: str, rule: Survey, now_ms: int) -> NewMessage:
    # A till whose clock runs ahead does not put it off.
    sold_ms = min(sale.clock.wall_ms + (sale.clock.offset_ms or 0), now_ms)
    closes = datetime.combine(
        sale.day + timedelta(days=rule.open_days + 1), time(), ZoneInfo(ShopTime().zone)
    )
    return NewMessage(
        member,
        "survey",
        sale.op_id,
        {"day": sale.day.isoformat(), "points": str(rule.points)},
        due_ms=max(sold_ms + rule.message_hours * _HOUR_MS, now_ms),
        ends_ms=int(closes.timestamp()) * 1000,
    )


def _asked_ms(others: Iterable[Mapping[str, Any]]) -> Iterator[int]:
    """When he was asked by a message before. One that was tried and waits again may have gone, too:
    nobody heard."""
    for each in others:
        is_tried = each["state"] == "waiting" and each["tries"] > 0
        if each["kind"] == "survey" and (is_tried or each["state"] in ("sending", "sent")):
            yield each["sent_ms"] or each["claimed_ms"]
