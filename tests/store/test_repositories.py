"""Each noun through the real file: what is written is what is read back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event

from app.domain.account import MemberAccount
from app.domain.audit import AuditEntry, first_broken_entry
from app.domain.basket import BasketLine
from app.domain.chain import Intact, verify_chain
from app.domain.money import Money
from app.domain.open_basket import MemberOnBasket, OpenBasket, OpenLine
from app.domain.payment import OPEN_STATES, PaymentAttempt
from app.domain.quantity import Quantity
from app.domain.quote import NotApplied
from app.domain.sale import SaleSummary
from app.domain.settings import Settings
from app.domain.staff import CASHIER, MANAGER, SignInRecord, StaffMember
from app.domain.stored_program import OfferUse, StoredProgram
from app.services import ports
from app.store import sync_tables, tier_tables  # noqa: F401 - of the same metadata
from app.store.changes import Changes
from app.store.errors import StoreBug
from app.store.opening import OpenStore
from app.store.tables import metadata
from app.store.unit_of_work import UnitOfWork
from tests.store.builders import DAY, IDENTITY, a_fact, a_sale, an_id


@pytest.fixture
def shop(store: OpenStore) -> OpenStore:
    """A store whose till has its identity."""
    store.lane.run(lambda unit: unit.device.write(IDENTITY))
    return store


def test_the_unit_of_work_fits_its_port(store: OpenStore) -> None:
    def as_port(unit: UnitOfWork) -> ports.UnitOfWork:
        return unit  # the type checker compares every repository with its port

    def lane_as_port(lane: ports.Lane) -> ports.Lane:
        return lane

    assert lane_as_port(store.lane) is store.lane
    assert store.lane.run(as_port) is not None


def test_the_tables_known_to_the_code_are_those_of_the_schema(store: OpenStore) -> None:
    def columns_by_table(unit: UnitOfWork) -> dict[str, list[tuple[str, str]]]:
        names = unit.connection.exec_driver_sql(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
            " AND name NOT LIKE 'sqlite_%' AND strict"
        ).scalars()
        return {
            name: [
                (column, kind)
                for _, column, kind, *_ in unit.connection.exec_driver_sql(
                    f"PRAGMA table_xinfo({name})"
                )
            ]
            for name in names.all()
        }

    kinds = {"LargeBinary": "BLOB", "Text": "TEXT", "Integer": "INTEGER"}
    known = {
        table.name: [(column.name, kinds[type(column.type).__name__]) for column in table.columns]
        for table in metadata.tables.values()
    }
    assert store.lane.read(columns_by_table).result() == known


def test_every_table_is_strict(store: OpenStore) -> None:
    loose = "SELECT name FROM pragma_table_list WHERE type = 'table' AND NOT strict"
    names = store.lane.read(
        lambda unit: unit.connection.exec_driver_sql(loose).scalars().all()
    ).result()
    assert [name for name in names if not name.startswith("sqlite_")] == []


def test_settings(shop: OpenStore) -> None:
    assert shop.lane.run(lambda unit: unit.settings.read()) == Settings()
    settings = Settings(store_name="人民路店", text_scale=115, sounds=False)
    shop.lane.run(lambda unit: unit.settings.write(settings))
    shop.lane.run(lambda unit: unit.settings.put_setup_step("manager"))
    shop.lane.run(lambda unit: unit.settings.put_setup_step("done"))
    assert shop.lane.run(lambda unit: unit.settings.read()) == settings
    assert shop.lane.run(lambda unit: unit.settings.setup_step()) == "done"


def test_the_identity_of_the_till(store: OpenStore) -> None:
    assert store.lane.run(lambda unit: unit.device.read()) is None
    with pytest.raises(StoreBug):
        store.lane.run(lambda unit: unit.facts.append(a_fact(1)))
    store.lane.run(lambda unit: unit.device.write(IDENTITY))
    assert store.lane.run(lambda unit: unit.device.read()) == IDENTITY


def test_staff(shop: OpenStore) -> None:
    li = StaffMember("li", "李明", CASHIER, "$argon2id$...", "S123", frozenset({an_id(1)}))
    wang = StaffMember("wang", "王芳", MANAGER, active=False)

    def work(unit: UnitOfWork) -> None:
        unit.staff.put(wang)
        unit.staff.put(replace(li, name="?"))
        unit.staff.put(li)
        assert unit.staff.get("li") == li
        assert unit.staff.get("wang") == wang
        assert unit.staff.get("nobody") is None
        assert unit.staff.by_badge("S123") == li
        assert unit.staff.by_badge("S124") is None
        assert unit.staff.all_staff() == [li, wang]
        assert unit.staff.sign_in_record("li") == SignInRecord("li")
        record = SignInRecord("li", 8, 1_700_000_000_000, locked=True)
        unit.staff.put_sign_in_record(SignInRecord("li", 1))
        unit.staff.put_sign_in_record(record)
        assert unit.staff.sign_in_record("li") == record

    shop.lane.run(work)


def test_programs_and_budgets(shop: OpenStore) -> None:
    old = StoredProgram("default", "1", date(2026, 1, 1), date(2026, 2, 1), "version = 1\n")
    new = StoredProgram("default", "2", date(2026, 5, 1), date(2026, 8, 1), "version = 2\n")

    def work(unit: UnitOfWork) -> None:
        unit.programs.add(new)
        unit.programs.add(old)
        assert unit.programs.all_programs() == [old, new]
        unit.programs.count_offer_use(OfferUse("60-5", 1, 500), "m1")
        unit.programs.count_offer_use(OfferUse("60-5", 1, 500), "m1")
        unit.programs.count_offer_use(OfferUse("60-5", 2, 700), "m2")
        unit.programs.count_offer_use(OfferUse("welcome", 1, 0), None)
        assert unit.programs.offer_uses() == [
            OfferUse("60-5", 4, 1700),
            OfferUse("welcome", 1, 0),
        ]
        assert unit.programs.member_offer_uses("m1") == [OfferUse("60-5", 2, 1000)]
        assert unit.programs.member_offer_uses("m3") == []

    shop.lane.run(work)
    with pytest.raises(StoreBug):
        shop.lane.run(lambda unit: unit.programs.add(old))


def test_accounts_and_coupons(shop: OpenStore) -> None:
    account = MemberAccount(includes={"m1"}, gained={24323: 120}, coupon_uses={"C1": {"s1"}})

    def work(unit: UnitOfWork) -> None:
        assert unit.accounts.get("m1") is None
        unit.accounts.put("m1", MemberAccount())
        unit.accounts.put("m1", account)
        assert unit.accounts.get("m1") == account
        assert unit.coupons.owner("C1") is None
        unit.coupons.issued("C1", "m1")
        assert unit.coupons.owner("C1") == "m1"
        unit.coupons.issued("C1", "survivor")
        assert unit.coupons.owner("C1") == "survivor"

    shop.lane.run(work)


def test_facts_are_chained_and_queued(shop: OpenStore) -> None:
    def append(unit: UnitOfWork) -> None:
        for number in range(1, 6):
            members = ("m1", "m2", "m1") if number == 3 else ("m1",) if number % 2 else ()
            appended = unit.facts.append(a_fact(number, *members, data=b"%d" % number))
            assert (appended.epoch, appended.dseq) == (1, number)
            assert unit.facts.get(appended.op_id) is not None

    shop.lane.run(append)
    facts = shop.lane.run(lambda unit: unit.facts.all_facts())
    links = [(fact.dseq, fact.data, fact.chain_hash) for fact in facts]
    assert verify_chain(links) == Intact(5, facts[-1].chain_hash)
    assert [fact.dseq for fact in shop.lane.run(lambda unit: unit.facts.all_facts(3, 1))] == [4]
    assert [fact.dseq for fact in shop.lane.run(lambda unit: unit.facts.of_member("m1"))] == [
        1, 3, 5,
    ]  # fmt: skip
    assert [fact.dseq for fact in shop.lane.run(lambda unit: unit.facts.of_member("m2"))] == [3]
    assert shop.lane.run(lambda unit: unit.facts.get(an_id(99))) is None
    pending = "SELECT count(*) FROM outbox WHERE state = 'pending'"
    assert shop.lane.run(lambda unit: unit.connection.exec_driver_sql(pending).scalar()) == 5


def test_a_fact_offered_twice_is_refused_and_leaves_the_chain_whole(shop: OpenStore) -> None:
    shop.lane.run(lambda unit: unit.facts.append(a_fact(1)))
    with pytest.raises(StoreBug):
        shop.lane.run(lambda unit: unit.facts.append(a_fact(1, data=b"other")))
    appended = shop.lane.run(lambda unit: unit.facts.append(a_fact(2)))
    assert appended.dseq == 2


def test_another_epoch_starts_a_chain_of_its_own(shop: OpenStore) -> None:
    first = shop.lane.run(lambda unit: unit.facts.append(a_fact(1, data=b"x")))
    restored = type(IDENTITY)(
        **{name: getattr(IDENTITY, name) for name in IDENTITY.__struct_fields__ if name != "epoch"},
        epoch=2,
    )
    shop.lane.run(lambda unit: unit.device.write(restored))
    second = shop.lane.run(lambda unit: unit.facts.append(a_fact(2, data=b"x")))
    assert (second.epoch, second.dseq) == (2, 1)
    assert second.chain_hash == first.chain_hash
    assert [fact.op_id for fact in shop.lane.run(lambda unit: unit.facts.all_facts())] == [
        second.op_id
    ]


def ring_up(number: int, member_id: str | None = None, day: date = DAY) -> Callable[..., None]:
    """A sale with its fact, the sale first: the fact follows in the same transaction."""

    def work(unit: UnitOfWork) -> None:
        unit.sales.add(a_sale(number, member_id, day))
        unit.facts.append(a_fact(number))

    return work


def test_a_sale_comes_back_whole(shop: OpenStore) -> None:
    for number, member in ((1, "m1"), (2, None), (3, "m1")):
        shop.lane.run(ring_up(number, member))
    shop.lane.run(ring_up(4, "m1", DAY + timedelta(days=1)))

    def look(unit: UnitOfWork) -> None:
        assert unit.sales.get(an_id(1)) == a_sale(1, "m1")
        assert unit.sales.get(an_id(2)) == a_sale(2)
        assert unit.sales.get("unknown") is None
        summary = SaleSummary(
            an_id(3), a_sale(3).receipt_code, DAY, a_sale(3).sold_ms, "li", "m1", Money(6180), 2
        )
        assert unit.sales.by_receipt(a_sale(3).receipt_code) == summary
        assert unit.sales.by_receipt("R0") is None
        assert [sale.sale_id for sale in unit.sales.latest(2)] == [an_id(4), an_id(3)]
        of_member = unit.sales.of_member("m1")
        assert [sale.sale_id for sale in of_member] == [an_id(4), an_id(3), an_id(1)]
        assert unit.sales.next_sequence(DAY) == 4
        assert unit.sales.next_sequence(DAY + timedelta(days=2)) == 1
        assert unit.sales.count_of_member("m1", DAY) == 2
        assert unit.sales.points_spent("m1", DAY) == 200
        assert unit.sales.points_spent("m2", DAY) == 0
        assert unit.sales.last_sold_ms() == a_sale(4).sold_ms

    shop.lane.run(look)


def test_no_sale_without_its_fact_and_none_twice(shop: OpenStore) -> None:
    assert shop.lane.run(lambda unit: unit.sales.last_sold_ms()) is None
    with pytest.raises(StoreBug):
        shop.lane.run(lambda unit: unit.sales.add(a_sale(1)))
    shop.lane.run(ring_up(1))
    with pytest.raises(StoreBug):
        shop.lane.run(ring_up(1))
    assert len(shop.lane.run(lambda unit: unit.sales.latest(5))) == 1


def test_the_open_basket(shop: OpenStore) -> None:
    goods = BasketLine("1", "milk", "纯牛奶", "grocery", Money(5900), Quantity(1000))
    line = OpenLine(line_id="1", scanned="6901234567892", quantity=Quantity(1000), goods=goods)
    basket = OpenBasket(
        basket_id=an_id(1),
        opened_ms=5,
        lines=(line,),
        member=MemberOnBasket("m1", "card", "M1"),
    )

    def work(unit: UnitOfWork) -> None:
        assert unit.baskets.load() is None
        unit.baskets.save(OpenBasket(basket_id="first", opened_ms=1))
        unit.baskets.save(basket)
        assert unit.baskets.load() == basket
        unit.baskets.clear()
        assert unit.baskets.load() is None

    shop.lane.run(work)


def test_payment_attempts(shop: OpenStore) -> None:
    first = PaymentAttempt("a1", "b1", "mobile", Money(6000), 10, "li")
    second = PaymentAttempt("a2", "b1", "card", Money(180), 20, "li", by_hand=True)
    other = PaymentAttempt("a3", "b2", "card", Money(5), 5, "wang")

    def work(unit: UnitOfWork) -> None:
        for attempt in (second, first, other):
            unit.payments.add(attempt)
        approved = replace(first, state="approved", reference="T-1", detail="WeChat")
        unit.payments.update(approved)
        assert unit.payments.get("a1") == approved
        assert unit.payments.get("a9") is None
        assert unit.payments.in_states(OPEN_STATES) == [other, second]
        assert unit.payments.of_basket("b1") == [approved, second]

    shop.lane.run(work)
    with pytest.raises(StoreBug):
        shop.lane.run(lambda unit: unit.payments.update(replace(first, attempt_id="a9")))
    with pytest.raises(StoreBug):
        shop.lane.run(lambda unit: unit.payments.add(first))


@pytest.mark.parametrize(
    ("ask", "index"),
    [
        pytest.param(
            lambda unit: unit.payments.in_states(OPEN_STATES),
            "payment_attempt_open",
            id="open payments",
        ),
        pytest.param(
            lambda unit: unit.audit.count("receipt_reprinted", "R-1"),
            "audit_subject",
            id="copies of a receipt",
        ),
        pytest.param(lambda unit: unit.facts.shared_since(["1"]), "fact_shared", id="shares"),
    ],
)
def test_what_the_till_waits_for_is_looked_up_and_not_searched(
    shop: OpenStore, ask: Callable[[UnitOfWork], object], index: str
) -> None:
    asked: list[tuple[str, object]] = []

    def note(_connection: object, _cursor: object, sql: str, bound: object, *_: object) -> None:
        asked.append((sql, bound))

    def work(unit: UnitOfWork) -> str:
        event.listen(unit.connection, "before_cursor_execute", note)
        ask(unit)
        event.remove(unit.connection, "before_cursor_execute", note)
        [(sql, bound)] = asked
        plan = unit.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", bound)  # type: ignore[arg-type]  # as the driver got it
        return " | ".join(row.detail for row in plan)

    assert f"INDEX {index} " in shop.lane.run(work)


def test_the_audit_trail_is_chained_and_shows_a_change(shop: OpenStore) -> None:
    def append(unit: UnitOfWork) -> None:
        for number in range(5):
            details = (("reason", "customer_asked"), ("number", str(number)))
            unit.audit.append(AuditEntry(number, "li", "reveal_phone", an_id(number), details))

    shop.lane.run(append)
    entries = shop.lane.run(lambda unit: unit.audit.entries())
    assert [entry.number for entry in entries] == [1, 2, 3, 4, 5]
    assert first_broken_entry(entries) is None
    assert shop.lane.run(lambda unit: unit.audit.entries(after=3, limit=1)) == [entries[3]]
    forged = "UPDATE audit SET staff_id = 'wang' WHERE number = 3"
    shop.lane.run(lambda unit: unit.connection.exec_driver_sql(forged).rowcount)
    assert first_broken_entry(shop.lane.run(lambda unit: unit.audit.entries())) == 3


def test_what_was_not_applied_is_kept_for_a_while(shop: OpenStore) -> None:
    reasons = [
        NotApplied("60-5", "BELOW_THRESHOLD", missing_amount=Money(1240)),
        NotApplied("second-half", "NOT_ENOUGH_QTY", missing_count=1, other_rule="60-5"),
    ]

    def work(unit: UnitOfWork) -> None:
        unit.not_applied.keep("s1", DAY, reasons)
        unit.not_applied.keep("s2", DAY + timedelta(days=1), reasons[:1])
        unit.not_applied.keep("s3", DAY, [])
        assert unit.not_applied.of_sale("s1") == reasons
        assert unit.not_applied.of_sale("s3") == []
        unit.not_applied.forget_before(DAY + timedelta(days=1))
        assert unit.not_applied.of_sale("s1") == []
        assert unit.not_applied.of_sale("s2") == reasons[:1]

    shop.lane.run(work)


def test_callbacks_follow_the_commit_before_the_answer(shop: OpenStore) -> None:
    done: list[str] = []

    def work(unit: UnitOfWork) -> str:
        unit.after_commit(lambda: done.append("adopted"))
        unit.settings.put_setup_step("store")
        return "answer"

    def fails(unit: UnitOfWork) -> None:
        unit.after_commit(lambda: done.append("never"))
        raise KeyError("a service's own fault")

    future = shop.lane.submit(work)
    future.add_done_callback(lambda _: done.append("answered"))
    assert future.result() == "answer"
    with pytest.raises(KeyError):
        shop.lane.run(fails)
    shop.lane.run(lambda _: None)
    assert done == ["adopted", "answered"]


def test_every_write_says_what_changed(shop: OpenStore) -> None:
    told: list[Changes] = []
    shop.lane.subscribe(lambda changes, _: told.append(changes))
    shop.lane.run(ring_up(1))
    shop.lane.run(lambda unit: unit.coupons.issued("C1", "m1"))
    shop.lane.run(lambda _: None)
    assert told == [Changes(sales=True, outbox=True), Changes(coupons=True)]
