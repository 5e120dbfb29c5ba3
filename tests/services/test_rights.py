"""Rights at the till: who may change them, what is refused, and that they hold at once."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from app.domain.limit import Subject, with_limit
from app.domain.program import Text
from app.domain.rights import DEFAULT_RIGHTS, ActReason, Limit, Rights, RightsProblem
from app.services.answers import Changed, NotAllowed
from app.services.approval import (
    ActForbidden,
    ApprovalNeeded,
    Approved,
    approve_with_badge,
)
from app.services.discount import DiscountGiven, Wish, discount_line
from app.services.rights import RightsRefused, change_rights, read_rights
from app.services.scan import scan_code
from tests.real_shop import OIL, RealShop
from tests.services.conftest import restarted, trail
from tests.services.test_approval import changed, last_details, use_rights

ASK, FREE = Limit(verdict="approval"), Limit(verdict="allowed", approves=True)
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


def two_pairs_of_eyes(shop: RealShop) -> Rights:
    """王芳 needs a yes for every setting; her colleagues may say it. In force."""
    rights = changed("manager", "change_settings", ASK)
    (cashier,) = (role for role in rights.roles if role.role_id == "cashier")
    limits = {**cashier.limits, "change_settings": Limit(verdict="not_allowed", approves=True)}
    mild = msgspec.structs.replace(cashier, limits=limits)
    roles = tuple(mild if role is cashier else role for role in rights.roles)
    rights = msgspec.structs.replace(rights, roles=roles)
    use_rights(shop, rights)
    return rights


@pytest.mark.parametrize("act", ["change_settings", "refund_own", "self_approval"])
def test_who_needs_a_yes_for_settings_needs_one_for_limits(shop: RealShop, act: Subject) -> None:
    shop.sign_in("王芳")
    kept = two_pairs_of_eyes(shop)
    wanted = with_limit(kept, "manager", act, FREE)
    needed = shop.do(change_rights, rights=wanted)
    assert isinstance(needed, ApprovalNeeded)
    assert needed.act == "change_settings"
    own = shop.do(approve_with_badge, request_id=needed.request_id, badge=shop.badges["王芳"])
    assert not isinstance(own, Approved)
    assert shop.shop.desk.state.rights == kept
    assert "rights_changed" not in trail(shop)
    yes = shop.do(approve_with_badge, request_id=needed.request_id, badge=shop.badges["张敏"])
    assert isinstance(yes, Approved)
    assert isinstance(yes.answer, Changed)
    assert shop.shop.desk.state.rights == wanted
    assert last_details(shop, "approved")["requester"] == shop.staff["王芳"]
    assert last_details(shop, "rights_changed")["act"] == act


def test_a_manager_whose_role_may_change_no_settings_changes_no_limits(shop: RealShop) -> None:
    shop.sign_in("王芳")
    use_rights(shop, changed("manager", "change_settings", Limit(verdict="not_allowed")))
    assert shop.do(change_rights, rights=DEFAULT_RIGHTS) == ActForbidden("change_settings")


@pytest.mark.parametrize(
    "limit",
    [
        pytest.param(Limit(verdict="not_allowed"), id="forbidden"),
        pytest.param(Limit(verdict="approval", approves=True), id="only her own yes is left"),
    ],
)
def test_limits_that_nobody_could_change_again_are_refused(shop: RealShop, limit: Limit) -> None:
    shop.sign_in("王芳")
    wanted = changed("manager", "change_settings", limit)
    refused = RightsRefused((RightsProblem("nobody_changes", act="change_settings"),))
    assert shop.do(change_rights, rights=wanted) == refused
    assert shop.shop.desk.state.rights == DEFAULT_RIGHTS


def test_a_manager_who_says_yes_to_herself_can_still_change_them(shop: RealShop) -> None:
    shop.sign_in("王芳")
    asks = Limit(verdict="approval", approves=True)
    alone = changed("manager", "change_settings", asks, self_approval=True)
    assert isinstance(shop.do(change_rights, rights=alone), Changed)
