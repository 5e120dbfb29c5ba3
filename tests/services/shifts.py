"""Steps that tests of shifts share: open with a float, sell, count, close.

Owns: those steps through the real services. Does not own: any test.
"""

from __future__ import annotations

from typing import Any

import msgspec

from app.domain.facts import ShiftClosed, read_fact
from app.domain.money import Money
from app.domain.shift import Shift
from app.services.approval import ApprovalNeeded, Approved, approve_with_badge
from app.services.checkout import SaleDone
from app.services.payment import pay_cash
from app.services.scan import scan_code
from app.services.shift import ShiftBegan, open_shift
from app.services.shift_close import CloseInSight, ShiftWasClosed, close_shift, count_cash
from tests.real_shop import MILK, SETTINGS, RealShop

FLOAT = {"100": "4", "10": "5"}
"""450.00."""


def with_shifts(shop: RealShop, **other: Any) -> None:
    """From now on the shop works with shifts; 李明 is at the till."""
    shop.use_settings(msgspec.structs.replace(SETTINGS, shifts_required=True, **other))
    shop.sign_in()


def begin(shop: RealShop, typed: dict[str, str] | None = FLOAT, **wanted: Any) -> Shift:
    answer = shop.do(open_shift, typed=typed, **wanted)
    assert isinstance(answer, ShiftBegan), answer
    return answer.shift


def sell(shop: RealShop, *codes: str) -> SaleDone:
    for code in codes or (MILK,):
        shop.do(scan_code, text=code)
    done = shop.do(pay_cash)
    assert isinstance(done, SaleDone), done
    return done


def count(shop: RealShop, typed: dict[str, str]) -> CloseInSight:
    answer = shop.do(count_cash, typed=typed)
    assert isinstance(answer, CloseInSight), answer
    return answer


def close(shop: RealShop, left: int = 0, **wanted: Any) -> ShiftWasClosed:
    answer = shop.do(close_shift, left=Money(left), **wanted)
    assert isinstance(answer, ShiftWasClosed), answer
    return answer


def approved(shop: RealShop, needed: Any) -> ShiftWasClosed:
    """王芳 says yes with her badge, and the close completes by itself."""
    assert isinstance(needed, ApprovalNeeded), needed
    badge = shop.badges["王芳"]
    yes = shop.do(approve_with_badge, request_id=needed.request_id, badge=badge)
    assert isinstance(yes, Approved), yes
    assert isinstance(yes.answer, ShiftWasClosed), yes.answer
    return yes.answer


def facts(shop: RealShop) -> list[Any]:
    """All facts of the till, read."""
    stored = shop.do(lambda shop, work: work.facts.all_facts())
    return [read_fact(each.data) for each in stored]


def z_fact(shop: RealShop) -> ShiftClosed:
    """The last Z as it is kept."""
    return [fact for fact in facts(shop) if isinstance(fact, ShiftClosed)][-1]
