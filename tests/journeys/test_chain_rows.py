"""Row 23 of the task table, forcing a sync, and the three ways to spend points, at a real window
with a real server: keys and taps are counted as they are made.
"""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PySide6.QtCore import Qt

from app.domain.grant import PointGrant
from app.domain.member_pass import MemberPassClaims, pass_code, signed_bytes
from app.domain.months import Month
from sync.server.publish import signing_key
from sync.server.sender import House
from tests.journeys.chain_counter import ChainCashier
from tests.journeys.test_two_tills import finish, pay_with_points
from tests.real_shop import MILK, TOWEL
from tests.sync.joined.made_chain import MEMBER, Chain
from ui.navigation import ToSync

pytestmark = [pytest.mark.journey, pytest.mark.slow]
Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


def sell_while_nobody_answers(at: ChainCashier, chain: Chain) -> None:
    """Head office is gone; a sale waits, and the till tries again by and by."""
    chain.office.close()
    at.until(lambda: not at.counter.line.contact().is_there, "nobody answers")
    at.cashier.scan(MILK)
    at.cashier.press(Key.Key_F9)
    finish(at.cashier)
    assert at.counter.pending() == 1
    chain.office.open()
    at.until(lambda: "离线" in at.cashier.window.header.status_text, "the chip says it")
    at.cashier.scan(MILK)  # the next customer is here
    at.cashier.begin()


def test_23_forcing_a_sync_is_one_key(at: ChainCashier, chain: Chain) -> None:
    sell_while_nobody_answers(at, chain)
    at.cashier.press(Key.Key_S, CONTROL)
    assert (at.cashier.scans, at.cashier.keys, at.cashier.taps) == (0, 1, 0)
    assert at.cashier.at(ToSync), "where it is seen"
    at.until(lambda: at.counter.pending() == 0, "it was sent")
    assert at.sent().state == "acknowledged"


def test_23_forcing_a_sync_is_two_taps(at: ChainCashier, chain: Chain) -> None:
    sell_while_nobody_answers(at, chain)
    window = at.cashier.window
    chip = window.header._status
    centre = chip.mapTo(window, chip.rect().center())
    at.until(lambda: window.childAt(centre) is chip, "what was announced over it is gone")
    at.cashier.begin()
    at.cashier.tap(chip)
    assert at.cashier.at(ToSync)
    at.cashier.tap_named("立即同步")
    assert (at.cashier.scans, at.cashier.keys, at.cashier.taps) == (0, 0, 2)
    at.until(lambda: at.counter.pending() == 0, "it was sent")


# ---------------------------------------------------------------- which of the three ways


def shown(at: ChainCashier) -> str:
    return " ".join(at.cashier.texts())


def test_online_the_screen_says_that_head_office_keeps_them(at: ChainCashier, chain: Chain) -> None:
    pay_with_points(at.cashier, chain.card(MEMBER), cans=4)
    at.until(lambda: at.cashier.state.redeem.reservation is not None, "they are kept")
    assert "总部已预留" in shown(at)
    finish(at.cashier)
    sale = at.cashier.sales()[-1]
    assert sale.points_spent == 2300
    assert sale.reservation is not None
    at.until(lambda: at.counter.pending() == 0, "it was sent")
    assert at.sent().state == "acknowledged"


def test_offline_a_grant_goes_first_and_the_screen_says_so(at: ChainCashier, chain: Chain) -> None:
    month = Month.of(at.counter.clock.now().local("Asia/Shanghai").date()).index
    grant = PointGrant(
        "0190a000-0000-7000-8000-000000000001", chain.member(), {month + 1: 300}, ends_ms=2**53
    )
    at.cashier.read(lambda work: work.grants.put(grant))
    at.pull_the_cable()
    pay_with_points(at.cashier, chain.card(MEMBER), cans=4)
    assert "离线，用本机的额度" in shown(at)
    finish(at.cashier)
    sale = at.cashier.sales()[-1]
    assert (sale.points_spent, sale.grant) == (800, grant.grant_id)
    pay_with_points(at.cashier, chain.card(MEMBER), cans=4)
    assert "离线时每位会员不能用更多" in shown(at), "grant and limit are used up"
    finish(at.cashier)
    assert at.cashier.sales()[-1].points_spent == 0


# ---------------------------------------------------------------- passes


def pass_of(chain: Chain, *, seconds: int = 60, forged: bool = False) -> str:
    """The code on the member's phone now, as head office makes it."""
    office, now_ms = chain.office.ready, chain.story.wall_ms()
    house, tenant = House(office.secret.mac("keys of members", b"")), office.tenant.tenant
    key = office.database.read(lambda work: signing_key(work, tenant, now_ms, house))
    assert key is not None, "the first push made one"
    claims = MemberPassClaims(int(key.key_id), chain.member(), "gold", now_ms, seconds)
    private = Ed25519PrivateKey.generate() if forged else key.private
    return pass_code(claims, private.sign(signed_bytes(claims))).text


def test_a_pass_is_believed_offline_once_and_for_a_minute(at: ChainCashier, chain: Chain) -> None:
    at.until(lambda: at.cashier.read(lambda work: work.grants.pass_keys()), "the keys came")
    at.pull_the_cable()
    code, late = pass_of(chain), pass_of(chain)
    at.cashier.scan(TOWEL)
    at.cashier.scan(pass_of(chain, forged=True))
    assert "这个会员码不是真的" in shown(at)
    assert at.cashier.state.member is None
    at.cashier.scan(code)
    assert at.cashier.panel.member_id == chain.member()
    assert at.cashier.panel.identified_by == "pass"
    at.cashier.press(Key.Key_F9)
    finish(at.cashier)
    assert at.cashier.sales()[-1].identified_by == "pass"
    at.cashier.scan(TOWEL)
    at.cashier.scan(code)
    assert "这个会员码在本机用过了" in shown(at)
    chain.story.go_on(milliseconds=90_000)
    at.cashier.scan(late)
    assert "这个会员码已过期" in shown(at)
    assert at.cashier.state.member is None
    at.cashier.scan(pass_of(chain))
    assert at.cashier.panel.identified_by == "pass"
