"""Split tenders and their terminals: no, nothing or later; a part given back; killed in between."""

from __future__ import annotations

import ast
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.cashier import Cashier, sit_down, till_again
from tests.journeys.split_acts import (
    ALT,
    CONTROL,
    DECLINED,
    LATER,
    LOST,
    PAID,
    Bank,
    Key,
    a_part,
    due,
    notice,
    parts,
    screen_of,
    told,
)
from tests.real_shop import MILK
from ui.application import Application
from ui.kit.dialogs import ConfirmDialog
from ui.navigation import ToPayment
from ui.payment.view_model import Phase

pytestmark = pytest.mark.journey


# ------------------------------------------------------------------ a terminal says no, or nothing


def test_a_declined_part_leaves_the_others(paying: Cashier, bank: Bank) -> None:
    a_part(paying, "50")
    paying.type("30")
    paying.scan(DECLINED)
    assert notice(paying) == "余额不足，未扣款。请换一种付款方式。"
    assert (due(paying), parts(paying)) == ("¥77.00", [("cash", 5000)])
    paying.scan(PAID)
    assert parts(paying) == [("cash", 5000), ("mobile", 3000)], "the amount stood in the field"


@pytest.mark.parametrize("code", [LOST, LATER], ids=["time-out", "not known yet"])
def test_an_unknown_part_is_queried_and_never_charged_again(
    paying: Cashier, bank: Bank, code: str
) -> None:
    a_part(paying, "50")
    paying.type("30")
    paying.scan(code)
    assert screen_of(paying).phase is Phase.UNKNOWN
    assert "¥30.00" in paying.texts()
    paying.scan(PAID)
    paying.press(Key.Key_Escape)
    assert paying.at(ToPayment)
    paying.press(Key.Key_Return)
    if code == LATER:  # the customer still typed his password
        paying.press(Key.Key_Return)
    assert parts(paying) == [("cash", 5000), ("mobile", 3000)]
    assert len(bank.terminal.taken()) == 1
    paying.press(Key.Key_F9)
    assert told(paying.sale().tenders) == [("cash", 5000), ("mobile", 3000), ("cash", 4700)]


def test_an_unknown_part_set_aside_is_told_when_it_was_paid_after_all(
    paying: Cashier, bank: Bank
) -> None:
    a_part(paying, "50")
    paying.type("30")
    paying.scan(LATER)
    paying.tap_named("改用现金")
    assert due(paying) == "¥77.00"
    paying.press(Key.Key_F9)
    assert told(paying.sale().tenders) == [("cash", 5000), ("cash", 7700)]
    paying.handle.on_night()
    paying.settle()
    paying.handle.on_night()
    paying.settle()
    entries = paying.read(lambda work: work.audit.entries())
    assert "payment_without_sale" in [each.entry.action for each in entries]


# ------------------------------------------------------------------ giving a part back


def give_back(cashier: Cashier) -> None:
    """Del, and the answer that does it."""
    cashier.press(Key.Key_Delete)
    assert next(cashier.shown(ConfirmDialog)).is_open
    cashier.press(Key.Key_Return, CONTROL)


def test_enter_keeps_the_part(paying: Cashier) -> None:
    a_part(paying, "50")
    paying.press(Key.Key_Delete)
    paying.press(Key.Key_Return)
    assert parts(paying) == [("cash", 5000)]


def test_what_a_phone_paid_goes_back_through_its_terminal_once(paying: Cashier, bank: Bank) -> None:
    paying.press(Key.Key_4, ALT)
    paying.type("60")
    paying.scan(PAID)
    give_back(paying)
    assert (due(paying), parts(paying)) == ("¥127.00", [])
    assert notice(paying) == "¥60.00 已退回：扫码付。"
    assert [back.minor for back in bank.terminal.given_back().values()] == [6000]
    paying.press(Key.Key_Escape)
    paying.scan(MILK)
    assert paying.state.totals.pieces == 3, "nothing is paid: the basket changes again"


def test_a_terminal_that_says_no_keeps_the_part_and_is_asked_anew(
    paying: Cashier, bank: Bank
) -> None:
    paying.press(Key.Key_4, ALT)
    paying.type("60")
    paying.scan(PAID)
    bank.says = "decline"
    give_back(paying)
    assert notice(paying) == "终端拒绝，未退款。¥60.00 仍算已收。"
    assert parts(paying) == [("mobile", 6000)]
    bank.says = None
    give_back(paying)
    assert parts(paying) == []
    assert len(bank.terminal.given_back()) == 1


def test_nobody_knows_whether_it_went_back(paying: Cashier, bank: Bank) -> None:
    paying.press(Key.Key_4, ALT)
    paying.type("60")
    paying.scan(PAID)
    bank.says = "time_out"
    give_back(paying)
    assert screen_of(paying).phase is Phase.BACK_UNKNOWN
    paying.scan(PAID)
    paying.press(Key.Key_F9)
    paying.press(Key.Key_Escape)
    assert paying.at(ToPayment)
    assert parts(paying) == [("mobile", 6000)]
    paying.press(Key.Key_Return)
    assert parts(paying) == []
    assert len(bank.terminal.given_back()) == 1
    assert len(bank.terminal.taken()) == 1


def test_a_terminal_that_never_says_does_not_stop_the_sale(paying: Cashier, bank: Bank) -> None:
    paying.press(Key.Key_4, ALT)
    paying.type("60")
    paying.scan(PAID)
    bank.says = "unknown"
    give_back(paying)
    paying.tap_named("仍算已收")
    assert notice(paying).startswith("¥60.00 算已收")
    paying.press(Key.Key_F9)
    assert told(paying.sale().tenders) == [("mobile", 6000), ("cash", 6700)]


def test_a_separate_terminal_gives_back_by_the_cashiers_word(paying: Cashier) -> None:
    paying.press(Key.Key_4, ALT)
    paying.press(Key.Key_3, ALT)
    paying.type("60")
    paying.press(Key.Key_Return)
    paying.press(Key.Key_Return, CONTROL)
    assert parts(paying) == [("card", 6000)]
    give_back(paying)
    assert screen_of(paying).phase is Phase.BACK_BY_HAND
    paying.press(Key.Key_Return)  # Enter alone says nothing
    assert screen_of(paying).phase is Phase.BACK_BY_HAND
    paying.press(Key.Key_Delete)
    assert parts(paying) == [("card", 6000)]
    give_back(paying)
    paying.press(Key.Key_Return, CONTROL)
    assert parts(paying) == []


# ------------------------------------------------------------------ killed in between

PAY_IN_PARTS_UNTIL_KILLED = """
import sys
from pathlib import Path
from tests.journeys.split_acts import LATER, PAID, Bank, Key, a_part, paying_at
from ui.application import make_application

folder, ends = Path(sys.argv[1]), sys.argv[2]
with paying_at(folder, make_application(), Bank()) as cashier:
    (folder / "keychain").write_text(repr(cashier.shop.keychain.entries), "utf-8")
    a_part(cashier, "50")
    cashier.type("30")
    cashier.scan(PAID if ends == "between" else LATER)
    print("ready", cashier.shop.badges["李明"], flush=True)
    sys.stdin.read()
"""


def killed(folder: Path, ends: str) -> str:
    """A till that took two parts and died by -9; the badge of its cashier."""
    folder.mkdir()
    root = Path(__file__).parent.parent.parent
    process = subprocess.Popen(
        [sys.executable, "-c", PAY_IN_PARTS_UNTIL_KILLED, str(folder), ends],
        cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": str(root)},
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    word, badge = process.stdout.readline().split()
    assert word == "ready"
    process.send_signal(signal.SIGKILL)
    process.wait(30)
    process.stdin.close()
    process.stdout.close()
    return badge


@pytest.mark.no_cover  # its lines are counted by the tests beside it
@pytest.mark.parametrize("ends", ["between", "unknown"])
def test_killed_after_two_parts_goes_on_where_it_stood(
    tmp_path: Path, application: Application, ends: str
) -> None:
    """Between two tenders, and while nobody knows whether the second was paid."""
    folder = tmp_path / "till"
    badge = killed(folder, ends)
    entries = ast.literal_eval((folder / "keychain").read_text("utf-8"))
    at_till = till_again(folder, entries)
    cashier = sit_down(at_till, application)
    try:
        cashier.scan(badge)
        assert cashier.at(ToPayment)
        if ends == "unknown":
            assert screen_of(cashier).phase is Phase.UNKNOWN
            cashier.press(Key.Key_Return)  # this process' bank has never heard of it
            assert parts(cashier) == [("cash", 5000)]
        else:
            assert parts(cashier) == [("cash", 5000), ("mobile", 3000)]
        cashier.press(Key.Key_F9)
        assert sum(amount for _, amount in told(cashier.sale().tenders)) == 12700
    finally:
        cashier.leave()
        at_till.close()
