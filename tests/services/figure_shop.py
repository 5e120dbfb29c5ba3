"""Steps that tests of figures share: a day at the till, counting it, adding it up another way.

Owns: those steps, and an addition of its own that shares no code with the product's. Does not own:
any test.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from app.domain.facts import SALE_KINDS, RefundRecorded, ReturnRecorded, SaleRecorded, read_fact
from app.domain.figures import Days, Figure, FigureId
from app.services.figure_keeping import count_facts, judge_members
from app.services.figures import FiguresRead, read_figures
from tests.real_shop import DAY, RealShop

TODAY = Days(DAY, DAY)


class LaneOf:
    """The store lane as services of several units see it."""

    def __init__(self, shop: RealShop) -> None:
        self._lane = shop.store.lane

    def run(self, work: Any) -> Any:
        return self._lane.submit(work).result()


def counted(shop: RealShop) -> None:
    """Everything that waits is in the figures."""
    done = count_facts(shop=shop.shop, lane=LaneOf(shop))
    assert done.is_done


def judged(shop: RealShop) -> None:
    assert judge_members(shop=shop.shop, lane=LaneOf(shop))


def read(shop: RealShop, days: Days = TODAY, **wanted: Any) -> FiguresRead:
    """The figures as 王芳 asks for them."""
    shop.sign_in("王芳")
    answer = shop.do(read_figures, days=days, **wanted)
    assert isinstance(answer, FiguresRead), answer
    return answer


def value(found: FiguresRead, name: FigureId) -> tuple[int, int]:
    """A figure as it is kept: numerator and denominator."""
    figure: Figure = found.figures[name].figure
    return figure.numerator, figure.denominator


def facts_of(shop: RealShop) -> list[Any]:
    stored = shop.do(lambda shop, work: work.facts.all_facts())
    return [read_fact(each.data) for each in stored]


def recount(shop: RealShop, days: Days = TODAY) -> Counter[str]:
    """What the facts of these days come to, added up in the plainest way."""
    sums: Counter[str] = Counter()
    for fact in facts_of(shop):
        if fact.day not in days:
            continue
        paid = sum(tender.amount_minor for tender in getattr(fact, "tenders", ()))
        if isinstance(fact, SaleRecorded):
            assert str(fact.__struct_config__.tag) in SALE_KINDS
            sums.update(sales=1, paid=paid)
            if fact.member is not None:
                sums.update(member_sales=1, member_paid=paid)
        elif isinstance(fact, RefundRecorded | ReturnRecorded):
            sums.update(refunds=1, back=paid)
    return sums


def day(text: str) -> date:
    return date.fromisoformat(text)
