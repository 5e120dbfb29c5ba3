"""The inbox over the real file: cursors without a hole, and what each event does to the till."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.domain.account import FoldItem, Mark, MemberAccount, account_bytes, fold
from app.domain.codes import CodeKind, random_code
from app.domain.effects import CouponGiven, Effect, Gained, Joined
from app.domain.facts import read_fact
from app.domain.grant import PassKey, PointGrant
from app.domain.ids import uuid7
from app.domain.member import PersonalData
from app.domain.quantity import pieces
from app.services.find_member import MembersFound, find_members
from app.services.profile import ProfileEdit, edit_profile
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
from app.store.cipher import new_key
from app.store.database import connect_writer
from sync.ports import Applied, Hole, Inbox, OtherServer
from sync.protocol import (
    AnswerChanged,
    CatalogueChanged,
    CatalogueItem,
    Event,
    FactKnown,
    GrantEnded,
    GrantGiven,
    LookUpAnswer,
    MemberConfirmed,
    MemberKey,
    OpAnswer,
    PassKeysChanged,
    Positioned,
    ProgramPublished,
    PullAnswer,
    StaffChanged,
    StaffCleared,
    encoded,
)
from sync.protocol import PassKey as WirePassKey
from tests.real_shop import MILK, OIL, copy_shop
from tests.services.refunds import begun, refunded, sold, verified
from tests.shop_rules import PROGRAM
from tests.sync.till.a_till import SyncedTill
from tests.sync.till.small_server import DAY, STORE, SmallServer

STREAM = f"store:{STORE}"
LI_PHONE = "+8613712342468"


@pytest.fixture
def till(tmp_path: Path) -> Iterator[SyncedTill]:
    made = SyncedTill(tmp_path / "till")
    made.enrol(SmallServer())
    yield made
    made.close()


def told(till: SyncedTill, *events: Event, stream: str = STREAM, **more: Any) -> Any:
    """The next events of a stream arrive."""
    cursor = till.inbox.cursors().get(stream, 0)
    placed = tuple(
        Positioned(at=at, event=event) for at, event in enumerate(events, start=cursor + 1)
    )
    answer = PullAnswer(
        stream=stream, events=placed, head=cursor + len(placed), server_ms=0, server_epoch=1
    )
    return till.inbox.apply(msgspec.structs.replace(answer, **more))


def a_code(number: int) -> str:
    return random_code(CodeKind.MEMBER, 10**15 + number).text


def an_id(number: int) -> str:
    return uuid7(1_780_000_000_000 + number, number)


def account(*effects: Effect, of: str, mark: Mark | None = None) -> MemberAccount:
    return fold((FoldItem(an_id(77), of, date(2026, 9, 1), effects, mark),))


def a_member(number: int = 1, version: int = 1, **more: Any) -> MemberConfirmed:
    """单雄信 of another store, with 60 points."""
    member = an_id(number)
    person = PersonalData(phone=LI_PHONE, name="单雄信")
    fields: dict[str, Any] = {
        "member": member,
        "version": version,
        "account": account_bytes(account(Joined(), Gained(points=60, expires_in=12), of=member)),
        "cards": (a_code(number),),
        "home_store": "xujiahui",
        "profile": msgspec.json.encode(person),
        "keys": (MemberKey(member=member, key_id=f"key-{number}", secret=bytes(range(32))),),
    }
    return MemberConfirmed(**{**fields, **more})


def points_of(till: SyncedTill, member: str) -> int:
    return till.shown_points(member)


def test_it_fits_the_port_of_the_heart(till: SyncedTill) -> None:
    port: Inbox = till.inbox
    assert port.streams() == ["chain", STREAM, "device:till-02"]
    assert port.server_epoch() == 1


def member_of(till: SyncedTill, member_id: str) -> Any:
    return till.run(lambda work: work.members.get(member_id))


def holder(till: SyncedTill, card: str) -> Any:
    return till.run(lambda work: work.members.by_card(card))


def fact_of(till: SyncedTill, op_id: str) -> Any:
    return till.run(lambda work: work.facts.get(op_id))


def scalar(till: SyncedTill, question: str, *values: object) -> Any:
    return till.run(lambda work: work.connection.exec_driver_sql(question, values).scalar())


# ------------------------------------------------------------------ the cursor


def test_events_and_cursor_go_together(till: SyncedTill) -> None:
    assert told(till, a_member(1), a_member(2)) == Applied(2)
    assert told(till) == Applied(2)
    assert till.inbox.cursors() == {STREAM: 2}


@pytest.mark.parametrize(
    ("places", "stray"),
    [
        pytest.param((2,), 2, id="the first is missing"),
        pytest.param((1, 3), 3, id="one in between is missing"),
        pytest.param((1, 2, 2), 2, id="one stands twice"),
    ],
)
def test_a_hole_is_refused_and_nothing_of_it_applied(
    till: SyncedTill, places: tuple[int, ...], stray: int
) -> None:
    events = tuple(Positioned(at=at, event=a_member(at)) for at in places)
    assert told(till, events=events) == Hole(0, stray)
    assert till.run(lambda work: work.members.get(an_id(1))) is None
    assert till.inbox.cursors() == {}


def test_what_was_heard_before_is_passed_over(till: SyncedTill) -> None:
    told(till, a_member(1, 5), a_member(2))
    old = tuple(Positioned(at=at, event=a_member(at, 1, cards=())) for at in (1, 2, 3))
    assert told(till, events=old) == Applied(3)
    assert till.run(lambda work: work.members.by_card(a_code(1))) is not None


def test_an_older_account_is_passed_over(till: SyncedTill) -> None:
    told(till, a_member(1, 5))
    poorer = account_bytes(account(Gained(points=1, expires_in=12), of=an_id(1)))
    told(till, a_member(1, 4, account=poorer), a_member(1, 5, account=poorer))
    assert points_of(till, an_id(1)) == 60
    told(till, a_member(1, 6, account=poorer))
    assert points_of(till, an_id(1)) == 1


def test_another_server_is_not_listened_to(till: SyncedTill) -> None:
    assert told(till, a_member(1), server_epoch=2) == OtherServer(1, 2)
    assert till.inbox.cursors() == {}


def test_a_fault_halfway_leaves_neither_events_nor_cursor(till: SyncedTill) -> None:
    broken = a_member(2, account=b"\xc1 no account")
    with pytest.raises(msgspec.DecodeError):
        told(till, a_member(1), broken)
    assert till.run(lambda work: work.members.get(an_id(1))) is None
    assert told(till, a_member(1), a_member(2)) == Applied(2)


# ------------------------------------------------------------------ members


def test_a_member_of_another_store_is_found_by_card_phone_and_name(till: SyncedTill) -> None:
    told(till, a_member())
    for typed in (a_code(1), "13712342468", "2468", "单雄信", "sxx", "shan"):
        found = till.shop.do(find_members, text=typed)
        assert isinstance(found, MembersFound), typed
        assert an_id(1) in {hit.member_id for hit in found.hits}, typed
    assert points_of(till, an_id(1)) == 60


def test_a_changed_name_leaves_no_trace_in_the_search(till: SyncedTill) -> None:
    told(till, a_member())
    renamed = PersonalData(phone=LI_PHONE, name="何仙姑")
    told(till, a_member(1, 2, profile=msgspec.json.encode(renamed), cards=(a_code(9), a_code(1))))
    search = lambda text: [m.member_id for m in till.run(lambda w: w.members.search(text, 8))]  # noqa: E731 - three questions in one line each
    assert (search("单雄信"), search("sxx"), search("何仙姑")) == ([], [], [an_id(1)])
    new, old = (holder(till, a_code(number)) for number in (9, 1))
    assert (new.in_use, old.in_use) == (True, False)


def test_what_only_this_till_knows_of_a_member_stays(till: SyncedTill) -> None:
    gold = till.run(lambda work: work.members.get(till.shop.members["张三丰"]))
    profile = msgspec.json.encode(gold.person)
    told(till, a_member(member=gold.member_id, cards=(gold.card_code,), profile=profile, keys=()))
    now = till.run(lambda work: work.members.get(gold.member_id))
    assert (now.phone_verified, now.tags, now.referrer_id) == (
        gold.phone_verified, gold.tags, gold.referrer_id,
    )  # fmt: skip
    assert now.last_visit == gold.last_visit


def test_an_own_change_of_a_profile_stays_until_it_is_counted(till: SyncedTill) -> None:
    gold = till.run(lambda work: work.members.get(till.shop.members["陈静"]))
    till.shop.do(edit_profile, member_id=gold.member_id, edit=ProfileEdit(name="陈静怡"))
    stale = msgspec.json.encode(gold.person)
    same = {"member": gold.member_id, "cards": (gold.card_code,), "keys": ()}
    told(till, a_member(version=1, profile=stale, **same))
    name = lambda: till.run(lambda work: work.members.get(gold.member_id)).person.name  # noqa: E731 - asked twice
    assert name() == "陈静怡"
    edit = till.outbox.waiting(999)[-1]
    counted = account(Joined(), of=gold.member_id, mark=Mark("till-02", 1, edit.dseq))
    told(till, a_member(version=2, profile=stale, account=account_bytes(counted), **same))
    assert name() == "陈静"


def test_an_erased_member_is_gone_with_his_key_and_all_his_ids(till: SyncedTill) -> None:
    told(till, a_member(1), a_member(2, profile=msgspec.json.encode(PersonalData(name="何仙姑"))))
    both = account(Gained(points=60, expires_in=12), of=an_id(1))
    both.includes.add(an_id(2))
    gone = a_member(1, 9, account=account_bytes(both), status="erased", profile=None, keys=())
    told(till, gone)
    for number in (1, 2):
        assert member_of(till, an_id(number)).person == PersonalData()
        key = "SELECT secret FROM member_key WHERE member_id = ?"
        assert scalar(till, key, an_id(number)) is None
    assert till.run(lambda work: work.members.search("单雄信", 8)) == []
    assert till.run(lambda work: work.members.by_phone(LI_PHONE)) == []
    told(till, a_member(1, 10, status="erased", profile=None))
    count = "SELECT count(*) FROM member_key WHERE secret IS NOT NULL AND key_id LIKE 'key-%'"
    assert scalar(till, count) == 0, "a destroyed key never comes back"


def test_merged_members_are_one_and_can_be_two_again(till: SyncedTill) -> None:
    first, second = till.shop.members["陈静"], till.shop.members["王小红"]
    old, young = sorted((first, second))
    points = {member: points_of(till, member) for member in (old, young)}
    own = till.gain(young, 7)
    both = account(Gained(points=100, expires_in=12), of=old)
    both.includes.add(young)
    member = till.run(lambda work: work.members.get(old))
    same = {"profile": msgspec.json.encode(member.person), "keys": ()}
    told(till, a_member(member=old, version=4, account=account_bytes(both), **same))
    merged = till.run(lambda work: work.members.get(young))
    assert (merged.status, merged.merged_into) == ("merged", old)
    # Nothing of either was counted yet: all own facts of both stand on top, each once.
    assert points_of(till, old) == 100 + points[old] + points[young] + 7
    assert own in {one.op_id for one in till.outbox.waiting(999)}
    alone = account(Gained(points=3, expires_in=12), of=young)
    told(till, a_member(member=young, version=9, account=account_bytes(alone), **same))
    assert till.run(lambda work: work.members.get(young)).status == "active"


def test_a_coupon_of_another_store_finds_its_member(till: SyncedTill) -> None:
    given = account(CouponGiven(coupon="C-991", offer="60-5", days=30), of=an_id(1))
    told(till, a_member(1, account=account_bytes(given)))
    assert till.run(lambda work: work.coupons.owner("C-991")) == an_id(1)


def test_a_look_up_joins_the_working_set_without_moving_a_cursor(till: SyncedTill) -> None:
    answer = LookUpAnswer(members=(a_member(),), server_ms=0)
    till.inbox.learn(answer, server_epoch=1)
    assert points_of(till, an_id(1)) == 60
    assert till.inbox.cursors() == {}


# ------------------------------------------------------------------ sales of other tills


@pytest.fixture
def other_sale(tmp_path: Path) -> Mapping[str, Any]:
    """Milk and oil, sold at till 09 of the same store, the milk back already."""
    other = copy_shop(tmp_path / "other")
    other.sign_in()
    sold(other, MILK)  # the open basket is the same in all copies of the shop
    sale_id = sold(other, MILK, OIL)
    refund_id = refunded(other, sale_id, (0, 1)).refund_id
    facts = [
        other.store.lane.run(lambda work, key=key: work.facts.get(key))
        for key in (sale_id, refund_id)
    ]
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


# ------------------------------------------------------------------ snapshots


def a_snapshot(folder: Path, events: list[tuple[str, Event]]) -> tuple[Path, bytes]:
    path, key = folder / "snapshot.db", new_key()
    writer = connect_writer(path, key)
    writer.execute("CREATE TABLE event (stream TEXT NOT NULL, event BLOB NOT NULL) STRICT")
    for stream, event in events:
        writer.execute("INSERT INTO event VALUES (?, ?)", (stream, encoded(event)))
    writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    writer.close()
    return path, key


def test_a_snapshot_is_merged_and_the_outbox_stays(till: SyncedTill, tmp_path: Path) -> None:
    told(till, a_member(1, 50))
    pending = till.outbox.waiting(999)
    members = [(STREAM, a_member(number)) for number in range(1, 251)]
    path, key = a_snapshot(tmp_path, members)
    for _ in range(2):  # again after a crash before the end
        till.inbox.adopt(path, key, {STREAM: 400, "chain": 7}, 2)
    assert till.inbox.cursors() == {STREAM: 400, "chain": 7}
    assert till.inbox.server_epoch() == 2
    assert till.run(lambda work: work.members.count()) == 4 + 250
    version = till.run(lambda work: work.confirmed.get(an_id(1))).version
    assert version == 1, "what another server's life said counts no more"
    assert till.outbox.waiting(999) == pending


def test_a_snapshot_under_another_key_changes_nothing(till: SyncedTill, tmp_path: Path) -> None:
    from app.store.errors import StoreError

    path, _ = a_snapshot(tmp_path, [(STREAM, a_member(1))])
    with pytest.raises(StoreError):
        till.inbox.adopt(path, new_key(), {STREAM: 400}, 2)
    assert till.inbox.cursors() == {}
    assert till.inbox.server_epoch() == 1
