"""One authority: a shop alone settles and gives by itself; an enrolled till leaves it to others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.facts import read_fact
from app.services.nightly import NightDone, run_night
from tests.real_shop import MILK, RealShop
from tests.services.conftest import trail, use_program
from tests.services.refunds import account_of, refunded, sold, verified
from tests.services.test_nightly import BIRTHDAY, LaneOf
from tests.sync.till.a_till import SyncedTill
from tests.sync.till.small_server import SmallServer

BY_AUTHORITY = {"coupon_returned.1", "coupon_issued.1", "tier_reviewed.1", "pieces_settled.1"}


@pytest.fixture(params=["alone", "enrolled"])
def till(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SyncedTill]:
    made = SyncedTill(tmp_path)
    if request.param == "enrolled":
        made.enrol(SmallServer())
    yield made
    made.close()


def is_alone(till: SyncedTill) -> bool:
    return till.credentials.server_url() is None


def written(shop: RealShop) -> Counter[str]:
    facts = shop.do(lambda shop, work: work.facts.all_facts())
    return Counter(fact.kind for fact in facts if fact.kind in BY_AUTHORITY)


def test_the_birthday_is_given_by_one_authority(till: SyncedTill) -> None:
    use_program(till.shop, BIRTHDAY)
    before = written(till.shop)
    done = run_night(shop=till.shop.shop, lane=LaneOf(till.shop))
    after = written(till.shop) - before
    if is_alone(till):
        assert done.birthdays == 1
        assert after == {"coupon_issued.1": 1, "tier_reviewed.1": done.reviews}
    else:
        assert done == NightDone(0, 0, 0, 0)
        assert not after
    assert trail(till.shop)[-1] == "nightly", "the local notes are tidied in both"


def test_a_coupon_comes_back_by_one_authority(till: SyncedTill) -> None:
    shop = till.shop
    before = written(shop)
    sale_id = sold(shop, MILK, MILK, MILK, member="张三丰")
    [used] = shop.do(lambda shop, work: read_fact(work.facts.get(sale_id).data)).coupons_used
    done = refunded(shop, sale_id, (0, 3))
    back = account_of(shop, shop.members["张三丰"]).coupon_returns
    if is_alone(till):
        assert (done.coupons, written(shop) - before) == ((used,), {"coupon_returned.1": 1})
        assert back == {used: {sale_id}}
    else:
        # The refund names it; the server gives it back when the refund arrives.
        assert (done.coupons, back, written(shop) - before) == ((), {}, Counter())
        assert done.receipt.coupons_back == 1
    assert verified(shop) == []
