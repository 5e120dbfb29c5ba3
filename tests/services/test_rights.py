"""Rights at the till: who may change them, what is refused, and that they hold at once."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from app.domain.program import Text
from app.domain.rights import DEFAULT_RIGHTS, ActReason, Limit, RightsProblem
from app.services.answers import Changed, NotAllowed
from app.services.approval import ApprovalNeeded
from app.services.discount import DiscountGiven, Wish, discount_line
from app.services.rights import RightsRefused, change_rights, read_rights
from app.services.scan import scan_code
from tests.real_shop import OIL, RealShop
from tests.services.conftest import restarted, trail
from tests.services.test_approval import changed

TENTH = Wish("rate", rate=Decimal("0.1"), reason="damaged")


def test_what_ships_holds_until_the_shop_says_its_own(shop: RealShop) -> None:
    assert shop.store.lane.submit(lambda work: read_rights(work=work)).result() == DEFAULT_RIGHTS


def test_a_cashier_may_not_change_them(shop: RealShop) -> None:
    assert shop.do(change_rights, rights=DEFAULT_RIGHTS) == NotAllowed("manage_settings")


def test_a_change_holds_at_once_and_after_a_restart(shop: RealShop) -> None:
    shop.sign_in("王芳")
    mean = changed("cashier", "line_discount", Limit(verdict="up_to", up_to=500))
    assert isinstance(shop.do(change_rights, rights=mean), Changed)
    assert trail(shop)[-1] == "rights_changed"
    for _ in range(2):
        shop.sign_in("李明")
        line = shop.do(scan_code, text=OIL).line_id
        answer = shop.do(discount_line, line_id=line, wish=TENTH)
        assert isinstance(answer, ApprovalNeeded)
        assert answer.limit == 500
        restarted(shop)


def test_the_same_again_leaves_no_trace(shop: RealShop) -> None:
    shop.sign_in("王芳")
    before = trail(shop)
    shop.do(change_rights, rights=DEFAULT_RIGHTS)
    assert trail(shop) == before


def test_every_changed_limit_stands_in_the_trail_with_before_and_after(shop: RealShop) -> None:
    shop.sign_in("王芳")
    limit = Limit(verdict="up_to", up_to=2500, approves=True, approves_up_to=1500)
    rights = changed("supervisor", "line_discount", limit, self_approval=True)
    own = ActReason(reason_id="sample", words=Text(zh="样品", en="Sample"))
    rights = msgspec.structs.replace(
        rights, both_above_minor=None, reasons=(*DEFAULT_RIGHTS.reasons, own)
    )
    shop.do(change_rights, rights=rights)
    entries = shop.store.lane.submit(lambda work: work.audit.entries()).result()
    told = {
        (dict(one.entry.details)["act"], one.entry.subject): dict(one.entry.details)
        for one in entries
        if one.entry.action == "rights_changed"
    }
    assert told["line_discount", "supervisor"] == {
        "act": "line_discount",
        "before": "up_to 2000, approves 2000",
        "after": "up_to 2500, approves 1500",
    }
    assert told["self_approval", "supervisor"]["after"] == "True"
    assert told["both_above", ""] == {"act": "both_above", "before": "50000", "after": "None"}
    assert told["reasons", ""]["after"].endswith("other,sample")


def test_unsound_rights_are_refused_and_nothing_changes(shop: RealShop) -> None:
    shop.sign_in("王芳")
    answer = shop.do(change_rights, rights=changed("cashier", "line_discount", None))
    assert answer == RightsRefused((RightsProblem("limit_missing", "cashier", "line_discount"),))
    without = msgspec.structs.replace(DEFAULT_RIGHTS, roles=DEFAULT_RIGHTS.roles[1:])
    refused = shop.do(change_rights, rights=without)
    assert refused == RightsRefused((RightsProblem("role_missing", "cashier"),))
    shop.sign_in("李明")
    line = shop.do(scan_code, text=OIL).line_id
    assert isinstance(shop.do(discount_line, line_id=line, wish=TENTH), DiscountGiven)
