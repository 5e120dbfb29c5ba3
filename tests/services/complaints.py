"""A shop with complaints: rules with coupons for them, cases taken down, acts with their answers.

Owns: short ways to do what a person does. Does not own: the services.
"""

from __future__ import annotations

from typing import Any

from app.services.approval import Approved, approve_with_pin
from app.services.checkout import SaleDone
from app.services.complaint import ComplaintTaken, NewComplaint, take_complaint
from app.services.complaint_act import ComplaintChanged
from app.services.complaint_view import CaseList, CaseView, list_complaints, read_complaint
from app.services.payment import pay_cash
from app.services.scan import scan_code
from tests.real_shop import APPLE_LABEL, PINS, RealShop
from tests.services.conftest import use_program

RECOVERY = """
[[offers]]
id = "sorry-10"
name = { zh = "致歉券减10元", en = "With our apologies: 10 off" }
trigger = "coupon"
why = "recovery"
coupon_days = 90
effect = { kind = "amount_off", amount = "10" }

[[offers]]
id = "sorry-percent"
name = { zh = "致歉券9折", en = "With our apologies: 10% off" }
trigger = "coupon"
why = "recovery"
coupon_days = 90
effect = { kind = "percent_off", rate = "0.1", cap = "20" }

[[offers]]
id = "sorry-open"
name = { zh = "致歉券8折", en = "With our apologies: 20% off" }
trigger = "coupon"
why = "recovery"
coupon_days = 90
effect = { kind = "percent_off", rate = "0.2" }
"""
MINUTE = 60_000


_GOLD = 'earn_rate = "1.5"\npoints_months = 24\n'
QUICK_GOLD = (_GOLD, f"{_GOLD}response_minutes = 30\n")


def with_quick_gold(shop: RealShop) -> RealShop:
    """The shop whose gold members hear within half an hour."""
    use_program(shop, "", swap=QUICK_GOLD)
    return shop


def with_coupons(shop: RealShop) -> RealShop:
    """The shop with coupons for complaints in its rules."""
    use_program(shop, RECOVERY)
    return shop


def sold_to(shop: RealShop, name: str) -> SaleDone:
    """Apples to a member; the sale."""
    shop.do(scan_code, text=shop.cards[name])
    shop.do(scan_code, text=APPLE_LABEL)
    done = shop.do(pay_cash)
    assert isinstance(done, SaleDone)
    return done


def taken(shop: RealShop, of: str | None = "王小红", **told: Any) -> str:
    """A case of a member; its id."""
    told = {"topic": "weight", "text": "苹果少了 200 g", **told}
    member = None if of is None else shop.members[of]
    answer = shop.do(take_complaint, new=NewComplaint(member_id=member, **told))
    assert isinstance(answer, ComplaintTaken), answer
    return answer.case_id


def acted(shop: RealShop, service: Any, case_id: str, **told: Any) -> None:
    """Something done about it that nobody refuses."""
    answer = shop.do(service, case_id=case_id, **told)
    assert isinstance(answer, ComplaintChanged), answer


def seen(shop: RealShop, case_id: str) -> CaseView:
    """The case as the desk shows it."""
    view = shop.do(read_complaint, case_id=case_id)
    assert isinstance(view, CaseView), view
    return view


def listed(shop: RealShop, desk: str = "store") -> CaseList:
    """One list."""
    found = shop.do(list_complaints, desk=desk)
    assert isinstance(found, CaseList), found
    return found


def approved(shop: RealShop, needed: Any, name: str = "王芳") -> Any:
    """Somebody says yes; the act's own answer."""
    said = shop.do(
        approve_with_pin, request_id=needed.request_id, staff_id=shop.staff[name], pin=PINS[name]
    )
    assert isinstance(said, Approved), said
    return said.answer
