"""Behind the chain's figures: what a till asks of head office about one of them, and what it hears.

Owns: those messages, a page each. Does not own: the sums (figures.py), who may ask (the web), what
is made of an answer (app/services/chain_behind.py). Nobody is named in them: members are ids, with
a card that is masked already; whom a till knows it names itself.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, TypeAlias

from msgspec import Meta, field

from sync.protocol.base import Message, WireCount, WireName, WireSum, WireText
from sync.protocol.figures import FiguresDay
from sync.protocol.push import Refusal

PAGE_ROWS_MAX = 1_000
WireRows: TypeAlias = Annotated[int, Meta(ge=1, le=PAGE_ROWS_MAX)]


class DaysBehindWanted(Message, frozen=True, kw_only=True, omit_defaults=True):
    """`POST /v1/ask/figures/days`: all sums of these days, each by itself."""

    first: date
    last: date


class DaysBehind(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Days without anything are left out."""

    days: tuple[FiguresDay, ...] = ()
    server_ms: int


class HoursBehindWanted(Message, frozen=True, kw_only=True, omit_defaults=True):
    """`POST /v1/ask/figures/hours`: the sales of a day by the hour."""

    day: date


class HourBehind(Message, frozen=True, kw_only=True, omit_defaults=True):
    """One hour by the shops' clock, from the day's midnight: 25 is one o'clock of the next."""

    hour: int
    sales: WireCount
    paid_minor: WireSum = 0
    member_sales: WireCount = 0
    member_paid_minor: WireSum = 0


class HoursBehind(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Hours without a sale are left out; of more sales than are read at once there are none."""

    hours: tuple[HourBehind, ...] = ()
    server_ms: int


class PeopleBehindWanted(Message, frozen=True, kw_only=True, omit_defaults=True):
    """`POST /v1/ask/figures/people`: the members a figure counts, who paid most first."""

    figure: WireName
    first: date
    last: date
    offset: WireCount = 0
    rows: WireRows


class PersonBehind(Message, frozen=True, kw_only=True, omit_defaults=True):
    """What one member did in the span. `card`: masked; absent where he has none."""

    member: WireText
    card: WireText = ""
    sales: WireCount = 0
    net_minor: WireSum = 0


class PeopleBehind(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A page of them. `refusal`: no members are known behind this figure (`no_such_figure`)."""

    people: tuple[PersonBehind, ...] = ()
    more: bool = False
    refusal: Refusal | None = None
    server_ms: int


class ReceiptsBehindWanted(Message, frozen=True, kw_only=True, omit_defaults=True):
    """`POST /v1/ask/figures/receipts`: sales and refunds of a day, the newest first. `after`: the
    last one that was told before."""

    day: date
    after: WireText = ""
    rows: WireRows


class ReceiptBehind(Message, frozen=True, kw_only=True, omit_defaults=True):
    """One of them. `paid_minor`: negative for what was given back."""

    op_id: WireText
    code: WireText
    store: WireText
    at_ms: WireCount
    paid_minor: WireSum = 0
    lines: WireCount = 0
    refund: bool = False
    member: WireText | None = None


class ReceiptsBehind(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A page of them. `stores`: the names of those that stand in it."""

    receipts: tuple[ReceiptBehind, ...] = ()
    more: bool = False
    server_ms: int
    stores: dict[WireText, WireText] = field(default_factory=dict)


class AnswersBehindWanted(Message, frozen=True, kw_only=True, omit_defaults=True):
    """`POST /v1/ask/figures/answers`: what customers said of their purchases, the lowest scores
    first."""

    first: date
    last: date
    offset: WireCount = 0
    rows: WireRows


class AnswerBehind(Message, frozen=True, kw_only=True, omit_defaults=True):
    """One of them; what somebody wrote is read where he is known."""

    op_id: WireText
    sale: WireText
    receipt: WireText
    store: WireText
    day: date
    at_ms: WireCount
    score: WireCount
    channel: WireName
    member: WireText | None = None


class AnswersBehind(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A page of them; and how many they are, and of them promoters and detractors, in all.
    `stores`: the names of those that stand in it."""

    answers: tuple[AnswerBehind, ...] = ()
    more: bool = False
    count: WireCount = 0
    promoters: WireCount = 0
    detractors: WireCount = 0
    server_ms: int
    stores: dict[WireText, WireText] = field(default_factory=dict)


class CohortsBehindWanted(Message, frozen=True, kw_only=True, omit_defaults=True):
    """`POST /v1/ask/figures/cohorts`: whoever bought first in one of so many months up to the one
    of `last`, and what became of them."""

    last: date
    months: WireRows


class CohortBehind(Message, frozen=True, kw_only=True, omit_defaults=True):
    """One month of a cohort; months are counted from the year 0 (`Month.index`)."""

    cohort: WireCount
    month: WireCount
    active: WireCount = 0
    repeated: WireCount = 0
    paid_minor: WireSum = 0
    back_minor: WireSum = 0


class CohortsBehind(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Months in which nobody of a cohort was there are left out."""

    cells: tuple[CohortBehind, ...] = ()
    server_ms: int
