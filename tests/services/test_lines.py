"""Lines of the basket: quantities, removing, undo, clearing, resolving."""

from __future__ import annotations

import pytest

from app.domain.money import Money
from app.domain.product import Product
from app.domain.quantity import Quantity, pieces
from app.services.answers import BasketFull, Changed, LineChanged, NoSuchLine, NotAllowed
from app.services.find_member import MemberPutOn
from app.services.lines import (
    LineUnresolved,
    NothingToUndo,
    ProductUnknown,
    QuantityRefused,
    add_product,
    clear_basket,
    remove_line,
    resolve_line,
    select_line,
    set_quantity,
    step_quantity,
    undo_step,
)
from app.services.scan import scan_code
from app.store.unit_of_work import UnitOfWork
from tests.real_shop import MILK, OIL, TOWEL, RealShop
from tests.services.conftest import trail

WRONG_QUANTITIES = [
    pytest.param("0", "zero", id="nothing"),
    pytest.param("-1", "negative", id="a refund is another key"),
    pytest.param("1.2345", "decimals", id="four decimals"),
    pytest.param("1000", "size", id="a thousand"),
    pytest.param("two", "format", id="letters"),
    pytest.param("", "format", id="empty"),
    pytest.param("1.5", "whole_pieces", id="half a towel"),
]


@pytest.mark.parametrize(("text", "reason"), WRONG_QUANTITIES)
def test_a_wrong_quantity_is_refused_and_nothing_changes(
    shop: RealShop, text: str, reason: str
) -> None:
    line = shop.do(scan_code, text=TOWEL).line_id
    before = shop.shop.desk.state
    assert shop.do(set_quantity, line_id=line, text=text) == QuantityRefused(text, reason)  # type: ignore[arg-type] # the table's reasons are checked by the comparison
    assert shop.shop.desk.state is before


def test_pieces_and_weights_take_the_quantity_typed(shop: RealShop) -> None:
    towel = shop.do(scan_code, text=TOWEL).line_id
    answer = shop.do(set_quantity, line_id=towel, text="999")
    assert answer.state.lines[0].quantity == pieces(999)
    apple = shop.do(add_product, sku="apple").line_id
    answer = shop.do(set_quantity, line_id=apple, text="0.842")
    assert answer.state.lines[1].quantity == Quantity(842)
    assert answer.state.lines[1].net == Money(1078)


def test_half_a_towel_is_not_sold_by_a_scan_either(shop: RealShop) -> None:
    before = shop.shop.desk.state
    half = Quantity(500)
    refused = QuantityRefused("0.5", "whole_pieces")
    assert shop.do(scan_code, text=TOWEL, quantity=half) == refused
    assert shop.do(add_product, sku="towel", quantity=half) == refused
    assert shop.shop.desk.state is before
    unknown = shop.do(scan_code, text="6901028999991", quantity=half).line_id
    assert shop.do(resolve_line, line_id=unknown, sku="towel", remember=True) == refused
    towel = shop.do(lambda shop, work: work.products.get("towel"))
    assert towel.barcodes == (TOWEL,), "nothing was learned from a refusal"


def test_one_more_and_one_fewer_but_never_none(shop: RealShop) -> None:
    line = shop.do(scan_code, text=TOWEL).line_id
    assert shop.do(step_quantity, line_id=line, by=1).state.lines[0].quantity == pieces(2)
    assert shop.do(step_quantity, line_id=line, by=-1).state.lines[0].quantity == pieces(1)
    assert shop.do(step_quantity, line_id=line, by=-1) == QuantityRefused("-1", "zero")
    assert shop.do(step_quantity, line_id="77", by=1) == NoSuchLine("77")


def test_a_label_with_a_price_keeps_its_quantity(shop: RealShop) -> None:
    line = shop.do(scan_code, text=_price_label(1079)).line_id
    assert shop.do(set_quantity, line_id=line, text="2") == QuantityRefused("2", "fixed")


def _price_label(minor: int) -> str:
    body = f"2200012{minor:05d}"
    odd, even = sum(map(int, body[::2])), sum(map(int, body[1::2]))
    return body + str(-(odd + 3 * even) % 10)


def test_undo_takes_back_step_by_step_to_the_empty_basket(shop: RealShop) -> None:
    shots = [shop.do(scan_code, text=code).state for code in (MILK, TOWEL, TOWEL, OIL)]
    towel = shots[1].lines[1].line_id
    shots.append(shop.do(set_quantity, line_id=towel, text="5").state)
    shots.append(shop.do(remove_line, line_id=shots[0].lines[0].line_id).state)
    put = shop.do(scan_code, text=shop.cards["张三丰"])
    assert isinstance(put, MemberPutOn)
    for expected in reversed(shots):
        back = shop.do(undo_step)
        assert isinstance(back, Changed)
        assert back.state.lines == expected.lines
        assert back.state.member is None
    assert shop.do(undo_step).state.lines == ()
    assert shop.do(undo_step) == NothingToUndo()


def test_what_an_undo_takes_away_leaves_the_same_trace(shop: RealShop) -> None:
    shop.do(scan_code, text=MILK)
    shop.do(scan_code, text=TOWEL)
    shop.do(scan_code, text=shop.cards["张三丰"])
    for _ in range(3):
        shop.do(undo_step)
    assert trail(shop)[-3:] == ["member_removed", "line_removed", "line_removed"]
    last = shop.do(lambda shop, work: work.audit.entries())[-1].entry
    assert dict(last.details)["sku"] == "milk"


def lowered(shop: RealShop) -> list[tuple[str, str, str]]:
    """What the trail tells of quantities that were lowered: goods, from, to."""
    entries = [each.entry for each in shop.do(lambda shop, work: work.audit.entries())]
    told = [dict(entry.details) for entry in entries if entry.action == "quantity_lowered"]
    return [(each["sku"], each["from"], each["to"]) for each in told]


def test_a_quantity_made_smaller_leaves_a_trace_as_removing_does(shop: RealShop) -> None:
    towel = shop.do(scan_code, text=TOWEL, quantity=pieces(5)).line_id
    shop.do(set_quantity, line_id=towel, text="7")
    shop.do(step_quantity, line_id=towel, by=1)
    assert lowered(shop) == [], "more is no loss to anybody"
    shop.do(set_quantity, line_id=towel, text="2")
    shop.do(step_quantity, line_id=towel, by=-1)
    assert shop.do(step_quantity, line_id=towel, by=-1) == QuantityRefused("-1", "zero")
    shop.do(set_quantity, line_id=towel, text="1")
    assert lowered(shop) == [("towel", "8", "2"), ("towel", "2", "1")]
    unknown = shop.do(scan_code, text="6901028999991", quantity=pieces(3)).line_id
    shop.do(set_quantity, line_id=unknown, text="1")
    apple = shop.do(add_product, sku="apple").line_id
    shop.do(set_quantity, line_id=apple, text="0.842")
    assert lowered(shop)[2:] == [("", "3", "1"), ("apple", "1", "0.842")]


def test_a_quantity_made_smaller_by_undo_leaves_the_same_trace(shop: RealShop) -> None:
    line = shop.do(scan_code, text=TOWEL).line_id
    shop.do(scan_code, text=TOWEL)
    shop.do(set_quantity, line_id=line, text="1")
    shop.do(undo_step)
    shop.do(undo_step)
    assert lowered(shop) == [("towel", "2", "1"), ("towel", "2", "1")]
    last = shop.do(lambda shop, work: work.audit.entries())[-1].entry
    assert last.subject == line
    assert dict(last.details)["basket"] == shop.shop.desk.state.basket.basket_id
    assert last.staff_id == shop.staff["李明"]


def test_clearing_is_undone_within_ten_seconds_with_its_member(shop: RealShop) -> None:
    shop.do(scan_code, text=shop.cards["张三丰"])
    before = shop.do(scan_code, text=MILK).state
    cleared = shop.do(clear_basket).state
    assert (cleared.lines, cleared.member, cleared.cleared) == ((), None, True)
    assert cleared.basket_id != before.basket_id
    shop.clock.go_on(milliseconds=9_000)
    back = shop.do(undo_step).state
    assert (back.lines, back.totals, back.member) == (before.lines, before.totals, before.member)


def test_after_ten_seconds_or_the_next_scan_the_cleared_basket_is_gone(shop: RealShop) -> None:
    shop.do(scan_code, text=MILK)
    shop.do(clear_basket)
    shop.clock.go_on(milliseconds=10_001)
    assert shop.do(undo_step) == NothingToUndo()
    shop.do(scan_code, text=MILK)
    shop.do(clear_basket)
    shop.do(scan_code, text=OIL)
    assert shop.do(undo_step).state.lines == ()
    assert shop.do(undo_step) == NothingToUndo()


def test_resolving_gives_the_line_its_goods_and_may_teach_the_catalogue(shop: RealShop) -> None:
    unknown = "6901028999991"
    line = shop.do(scan_code, text=unknown, quantity=pieces(2)).line_id
    assert shop.do(resolve_line, line_id=line, sku="sofa") == ProductUnknown("sofa")
    answer = shop.do(resolve_line, line_id=line, sku="towel", remember=True)
    assert isinstance(answer, LineChanged)
    [known] = answer.state.lines
    assert (known.sku, known.quantity, known.net) == ("towel", pieces(2), Money(3980))
    assert answer.state.pay_block is None
    again = shop.do(scan_code, text=unknown)
    assert (again.merged, again.state.lines[0].quantity) == (True, pieces(3))


def test_a_misread_code_is_never_taught_to_the_catalogue(shop: RealShop) -> None:
    line = shop.do(scan_code, text="6901028999990").line_id
    shop.do(resolve_line, line_id=line, sku="towel", remember=True)
    assert isinstance(shop.do(scan_code, text="6901028999990"), LineUnresolved)


def test_a_line_taken_out_leaves_the_cursor_on_the_next_one(shop: RealShop) -> None:
    ids = [shop.do(scan_code, text=code).line_id for code in (MILK, TOWEL, OIL)]
    assert shop.do(select_line, line_id=ids[1]).state.selected == ids[1]
    answer = shop.do(remove_line, line_id=ids[1])
    assert answer.state.selected == ids[2]
    assert shop.do(remove_line, line_id=ids[1]) == NoSuchLine(ids[1])


def fill_up(shop: RealShop) -> list[object]:
    """Add goods until the sale is full: the answers, BasketFull the last."""

    def many(work: UnitOfWork, shop: object) -> None:
        for number in range(500):
            name = f"长名字商品{number:04d}一二三四五六七八九十"
            work.products.put(Product(f"g{number}", name, "home", Money(100 + number)))

    shop.do(many)
    answers: list[object] = []
    while not answers or isinstance(answers[-1], LineChanged):
        answers.append(shop.do(add_product, sku=f"g{len(answers)}"))
    assert isinstance(answers[-1], BasketFull)
    return answers


def test_what_does_not_fit_teaches_the_catalogue_nothing(shop: RealShop) -> None:
    unknown = "6901028999991"
    line = shop.do(scan_code, text=unknown).line_id
    fill_up(shop)
    before, acts = shop.shop.desk.state, trail(shop)
    full = shop.do(resolve_line, line_id=line, sku="g499", remember=True)
    assert full == BasketFull()
    assert shop.shop.desk.state is before
    assert trail(shop) == acts
    assert shop.do(lambda shop, work: work.products.get("g499")).barcodes == ()
    shop.do(remove_line, line_id=shop.shop.desk.state.basket.lines[-1].line_id)
    shop.do(remove_line, line_id=shop.shop.desk.state.basket.lines[-1].line_id)
    fits = shop.do(resolve_line, line_id=line, sku="g499", remember=True)
    assert isinstance(fits, LineChanged)
    assert shop.do(lambda shop, work: work.products.get("g499")).barcodes == (unknown,)


def test_a_basket_closes_before_its_fact_grows_too_large(shop: RealShop) -> None:
    answers = fill_up(shop)
    assert isinstance(answers[0], LineChanged)
    assert isinstance(answers[-2], LineChanged)
    assert answers[-2].near_limit
    assert not answers[0].near_limit
    assert len(shop.shop.desk.state.basket.lines) == len(answers) - 1
    from app.services.checkout import SaleDone
    from app.services.payment import pay_cash

    assert isinstance(shop.do(pay_cash), SaleDone)


def test_an_auditor_sells_nothing(shop: RealShop) -> None:
    from app.services.staff import NewStaff, put_new_staff, sign_in_with_pin

    saved = shop.do(put_new_staff, person=NewStaff("审计", "auditor", "8642"))
    shop.do(sign_in_with_pin, staff_id=saved.staff_id, pin="8642")
    assert shop.do(scan_code, text=MILK) == NotAllowed("sell")
