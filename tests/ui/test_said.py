"""Every answer that the till screen can get has one entry; every entry is a whole sentence."""

from typing import Any, get_args, get_type_hints

import pytest

from app.services import (
    check_in,
    coupon,
    entitlement,
    expiring,
    lines,
    receipt,
    redeem,
    reveal,
    reward,
    scan,
)
from app.wording import load
from tests.ui.till.states import a_state
from ui import said

ASKED_BY_THE_TILL = [
    scan.scan_code, lines.add_product, lines.set_quantity, lines.step_quantity, lines.remove_line,
    lines.undo_step, lines.clear_basket, lines.resolve_line, coupon.use_coupon,
    coupon.refuse_coupon, coupon.back_to_best, check_in.check_in, entitlement.tick_entitlement,
    reveal.reveal_phone, receipt.reprint_receipt, coupon.choose_gift, redeem.take_points_price,
    expiring.exchange_expiring, coupon.accept_offer, reward.take_reward,
]  # fmt: skip


def answers_of(service: Any) -> set[type]:
    found: set[type] = set()

    def walk(kind: Any) -> None:
        inner = get_args(kind)
        if inner:
            for one in inner:
                walk(one)
        elif isinstance(kind, type):
            found.add(kind)

    walk(get_type_hints(service)["return"])
    return found


@pytest.mark.parametrize("service", ASKED_BY_THE_TILL, ids=lambda service: service.__name__)
def test_every_answer_has_its_sentence(service: Any) -> None:
    unsaid = [answer.__name__ for answer in answers_of(service) if not said.knows(answer)]
    assert unsaid == [], "give it an entry in ui/said.py"


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_fault_says_what_is_safe_with_a_code(language: str) -> None:
    words = said.fault(ValueError("secret path"), load(language))
    assert "E-APP-ValueError" in words.sentence
    assert "secret" not in words.sentence


def test_a_fault_of_the_store_says_what_to_do() -> None:
    from app.store.errors import DiskFull

    words = said.fault(DiskFull("x"), load("zh_CN"))
    assert words.sentence.endswith("(E-STORE-04)")
    assert words.tone == "danger"


def test_a_refusal_is_heard() -> None:
    from app.services.answers import BasketFull, SignInFirst

    for answer in (BasketFull(), SignInFirst()):
        words = said.said(answer, a_state(), load("zh_CN"))
        assert words.sentence
        assert words.sound == "scan_error"
