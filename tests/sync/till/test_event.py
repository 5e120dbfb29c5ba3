"""What each event but a member does to the till: sales of others, rules, goods, staff, rights."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.domain.facts import read_fact
from app.domain.grant import PassKey, PointGrant
from app.domain.quantity import pieces
from app.services.refund import choose_back, open_refund
from app.services.refund_answers import RefundDone
from app.services.refund_payment import confirm_refund
from app.services.refund_search import (
    AllBackAlready,
    SaleFound,
    SalesListed,
    SalesWanted,
    find_sale,
    list_sales,
)
from app.store.unit_of_work import UnitOfWork
from sync.ports import Applied
from sync.protocol import (
    AnswerChanged,
    CatalogueChanged,
    CatalogueItem,
    FactKnown,
    GrantEnded,
    GrantGiven,
    OpAnswer,
    PassKeysChanged,
    ProgramPublished,
    StaffChanged,
    StaffCleared,
)
from sync.protocol import PassKey as WirePassKey
from tests.real_shop import MILK, OIL, copy_shop
from tests.services.refunds import begun, refunded, sold, verified
from tests.shop_rules import PROGRAM
from tests.sync.till.a_till import SyncedTill
from tests.sync.till.events import (
    fact_of,
    told,
)
from tests.sync.till.small_server import DAY

# ------------------------------------------------------------------ sales of other tills


@pytest.fixture
def other_sale(tmp_path: Path) -> Mapping[str, Any]:
    """Milk and oil, sold at till 09 of the same store, the milk back already."""
    other = copy_shop(tmp_path / "other")
    other.sign_in()
    sold(other, MILK)  # the open basket is the same in all copies of the shop
    sale_id = sold(other, MILK, OIL)
    refund_id = refunded(other, sale_id, (0, 1)).refund_id

    def read(work: UnitOfWork) -> list[Any]:
        return [work.facts.get(op_id) for op_id in (sale_id, refund_id)]

    facts = other.store.lane.run(read)
    other.close()
    events = [
        FactKnown(device="till-09", epoch=1, dseq=at, day=DAY, data=fact.data)
        for at, fact in enumerate(facts, start=40)
    ]
    fact: Any = read_fact(facts[0].data)
    return {"sale": sale_id, "refund": refund_id, "code": fact.code, "events": events}


def test_a_sale_of_another_till_is_found_and_refunded_here(
    till: SyncedTill, other_sale: Mapping[str, Any]
) -> None:
    sale, back = other_sale["events"]
    told(till, sale)
    found = till.shop.do(find_sale, text=other_sale["code"])
    assert isinstance(found, SaleFound)
    listed = till.shop.do(list_sales, wanted=SalesWanted(day=DAY))
    assert isinstance(listed, SalesListed)
    assert [each.sale_id for each in listed.sales] == [other_sale["sale"]]
    told(till, back)
    state = begun(till.shop, other_sale["sale"])
    milk, oil = state.lines
    assert (milk.left.thousandths, oil.left.thousandths) == (0, 1000), "it came back at till 09"
    till.shop.do(choose_back, line_id=oil.line_id, quantity=pieces(1), reason="size")
    shown = till.shop.do(open_refund).state
    done = till.shop.do(confirm_refund, refund_id=shown.refund_id, shown=shown.total.back)
    assert isinstance(done, RefundDone), done
    assert isinstance(till.shop.do(find_sale, text=other_sale["code"]), AllBackAlready)
    assert verified(till.shop) == []


def test_an_own_sale_and_what_nobody_can_refund_are_not_kept_twice(
    till: SyncedTill, other_sale: Mapping[str, Any]
) -> None:
    op_ids = sold(till.shop, MILK), till.gain(till.shop.members["陈静"], 3)
    own, gain = (fact_of(till, op_id) for op_id in op_ids)
    events = [
        FactKnown(device="till-02", epoch=1, dseq=1, day=DAY, data=data)
        for data in (own.data, gain.data, b"not a fact")
    ]
    assert told(till, *events, *other_sale["events"]) == Applied(5)
    question = "SELECT op_id FROM known_fact"
    kept = till.run(lambda work: work.connection.exec_driver_sql(question).all())
    assert {row[0] for row in kept} == {other_sale["sale"], other_sale["refund"]}


# ------------------------------------------------------------------ chain and device


def test_a_published_program_is_added_once(till: SyncedTill) -> None:
    later = PROGRAM.replace('version = "2026.1"', 'version = "2026.3"')
    event = ProgramPublished(
        id="renmin", version="2026.3", announced=DAY, effective=date(2026, 12, 1), toml=later
    )
    told(till, event, event, stream="chain")
    versions = [each.version for each in till.run(lambda work: work.programs.all_programs())]
    assert versions == ["2026.1", "2026.3"]


def test_the_catalogue_changes_prices_codes_and_words(till: SyncedTill) -> None:
    item = CatalogueItem(
        sku="milk", name="鲜牛奶 1L", category="dairy", unit_price_minor=1290,
        member_price_minor=1190, tax_rate="0.09", codes=(MILK, "6901028999998"),
    )  # fmt: skip
    told(till, CatalogueChanged(items=(item,)), stream="chain")
    milk = till.run(lambda work: work.products.by_barcode("6901028999998"))
    assert (milk.name, milk.unit_price.minor, milk.member_price.minor) == ("鲜牛奶 1L", 1290, 1190)
    assert till.run(lambda work: work.products.search("xnn", 8)) == [milk]


def test_staff_come_and_go_and_a_badge_moves(till: SyncedTill) -> None:
    li = till.shop.staff["李明"]
    before = till.run(lambda work: work.staff.get(li))
    told(
        till,
        StaffChanged(
            staff=(
                StaffCleared(staff="sun", name="孙强", role="cashier", permissions=("sell",),
                             pin_hash="$argon2id$", badge=before.badge_code),
                StaffCleared(staff=li, name="李明", role="supervisor",
                             permissions=("sell", "open_drawer", "of a later version")),
            )
        ),
    )  # fmt: skip
    now = till.run(lambda work: work.staff.get(li))
    assert (now.role.role_id, now.pin_hash, now.badge_code) == ("supervisor", before.pin_hash, None)
    assert now.may("open_drawer")
    assert till.run(lambda work: work.staff.by_badge(before.badge_code)).name == "孙强"
    told(till, StaffChanged(staff=(StaffCleared(staff="sun", name="孙强", role="cashier",
                                               permissions=(), active=False),)))  # fmt: skip
    assert not till.run(lambda work: work.staff.get("sun")).active


def test_pass_keys_are_those_told_last(till: SyncedTill) -> None:
    first, second = (
        WirePassKey(key_id=name, public=bytes([at]) * 32, from_ms=at, until_ms=at + 9)
        for at, name in enumerate(("k1", "k2"))
    )
    told(till, PassKeysChanged(keys=(first,)), PassKeysChanged(keys=(first, second)),
         PassKeysChanged(keys=(second,)), stream="chain")  # fmt: skip
    assert till.run(lambda work: work.grants.pass_keys()) == [PassKey("k2", bytes([1]) * 32, 1, 10)]


def test_a_grant_that_ended_never_comes_back(till: SyncedTill) -> None:
    member = till.shop.members["陈静"]
    event = GrantGiven(
        grant="g1", member=member, buckets={24_322: 40}, coupons=("C1",),
        entitlements={"tea": 1}, ends_ms=9_000,
    )  # fmt: skip
    told(till, event, stream="device:till-02")
    expected = PointGrant("g1", member, {24_322: 40}, ("C1",), {"tea": 1}, 9_000)
    assert till.run(lambda work: work.grants.of_member(member)) == [expected]
    told(till, GrantEnded(grant="g1", why="released"), event, stream="device:till-02")
    assert till.run(lambda work: work.grants.of_member(member)) == []
    assert till.run(lambda work: work.grants.get("g1")).ended == "released"


def test_a_released_fact_is_told_in_the_device_stream(till: SyncedTill) -> None:
    one = till.outbox.waiting(1)[0]
    held = OpAnswer(op_id=one.op_id, epoch=1, dseq=one.dseq, outcome="quarantined")
    till.outbox.settle([held], server_epoch=1)
    released = msgspec.structs.replace(held, outcome="accepted")
    told(till, AnswerChanged(answer=released), stream="device:till-02")
    assert till.run(lambda work: work.outbox.get(one.op_id)).state == "acknowledged"
