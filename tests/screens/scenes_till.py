"""Scenes of the till: basket, member, sheets, dialogs over it, look-up and joining.

Owns: how each of them comes about, by what a cashier does. Does not own: opening the window.
"""

from __future__ import annotations

import threading
from typing import Any

from PySide6.QtCore import Qt

from app.store.errors import DiskFull
from tests.real_shop import APPLE_LABEL, MILK, NEW_PHONE, OIL, TOWEL, add_member
from tests.screens.scene import TILL_SIZES, Scene, Shot, draw, put_many_goods
from tests.services.conftest import use_program
from tests.shop_rules import CHOICES
from tests.ui.real_window import let_run
from ui.choice.sheet import ChoiceSheet
from ui.coupons.sheet import CouponsSheet
from ui.help.dialog import HelpDialog
from ui.join.dialog import JoinDialog
from ui.kit.dialogs import ConfirmDialog
from ui.navigation import JoinMember, LookUpMember, ToTill
from ui.open_window import BUSY_AFTER_MS
from ui.till.benefits_sheet import BenefitsSheet
from ui.till.reveal_dialog import RevealDialog
from ui.why.sheet import WhySheet

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
UNKNOWN, BAD_DIGIT = "6901028000888", "6901028000018"


def empty(scene: Scene) -> None:
    """As it opens."""


def walk_in(scene: Scene) -> None:
    for code in (MILK, APPLE_LABEL, TOWEL, TOWEL, OIL):
        scene.cashier.scan(code)


def story(scene: Scene) -> None:
    scene.cashier.scan(scene.cashier.shop.cards["张三丰"])
    walk_in(scene)


def unresolved(scene: Scene) -> None:
    story(scene)
    scene.cashier.scan(UNKNOWN)
    scene.cashier.press(Key.Key_F9)


def bad_check_digit(scene: Scene) -> None:
    story(scene)
    scene.cashier.scan(BAD_DIGIT)


def find_list(scene: Scene) -> None:
    story(scene)
    scene.cashier.type("c")


def find_nothing(scene: Scene) -> None:
    story(scene)
    scene.cashier.type("zzzz")


def quantity(scene: Scene) -> None:
    story(scene)
    scene.cashier.press(Key.Key_Up)
    scene.cashier.type("*12")


def quantity_refused(scene: Scene) -> None:
    quantity(scene)
    scene.cashier.type("34")
    scene.cashier.press(Key.Key_Return)


def quantity_first(scene: Scene) -> None:
    story(scene)
    scene.cashier.type("3*")


def long_basket(scene: Scene) -> None:
    scene.cashier.scan(scene.cashier.shop.cards["张三丰"])
    for code in put_many_goods(scene.cashier.shop, 100, scene.language):
        scene.cashier.scan(code, settle=False)
    scene.cashier.settle()


def expensive(scene: Scene) -> None:
    story(scene)
    scene.cashier.press(Key.Key_Up)
    scene.cashier.type("*999")
    scene.cashier.press(Key.Key_Return)


def cleared(scene: Scene) -> None:
    story(scene)
    ask_to_clear(scene)
    scene.cashier.press(Key.Key_Return, CONTROL)


def ask_to_clear(scene: Scene) -> None:
    if not scene.cashier.state.lines:
        story(scene)
    scene.cashier.till.clearance.ask()
    draw()


def silver(scene: Scene) -> None:
    scene.cashier.scan(scene.cashier.shop.cards["王小红"])
    walk_in(scene)


def regular(scene: Scene) -> None:
    scene.cashier.scan(scene.cashier.shop.cards["陈静"])
    scene.cashier.scan(MILK)


def anonymous_card(scene: Scene) -> None:
    from app.domain.member import PersonalData

    member = add_member(scene.cashier.shop, PersonalData(), points=((120, 12),))
    scene.cashier.scan(member.card_code)
    scene.cashier.scan(MILK)


def noted(scene: Scene) -> None:
    from app.domain.member import PersonalData

    person = PersonalData(
        phone="+8613512340987",
        name=scene.say("欧阳若兰", "Ouyang Ruolan"),
        note=scene.say("对坚果过敏；喜欢纸袋", "Allergic to nuts; likes a paper bag"),
        salutation="ms",
    )
    offers = ("coupon-150-15", "coupon-100-8", "coupon-200-25", "welcome-30-5") * 2
    member = add_member(scene.cashier.shop, person, tier="gold", points=((18240, 12),),
                        coupons=offers)  # fmt: skip
    scene.cashier.scan(member.card_code)
    walk_in(scene)


def frozen(scene: Scene) -> None:
    scene.cashier.scan(MILK)
    scene.cashier.scan(scene.cashier.shop.cards["周杰"])


def reveal(scene: Scene) -> None:
    story(scene)
    scene.cashier.tap(scene.cashier.till.screen.member.eye)


def revealed(scene: Scene) -> None:
    scene.cashier.scan(scene.cashier.shop.badges["王芳"])
    reveal(scene)
    scene.cashier.press(Key.Key_2, text="2")


def busy(scene: Scene) -> None:
    story(scene)
    done = threading.Event()
    scene.cashier.shop.store.lane.submit(lambda work: done.wait(30))
    scene.cashier.scan(MILK, settle=False)
    let_run(BUSY_AFTER_MS + 200)
    scene.terminal.may_answer = done


def store_error(scene: Scene) -> None:
    story(scene)

    def full(*, shop: Any, work: Any) -> None:
        raise DiskFull("no space left on device")

    scene.cashier.handle.parts.ask(full)
    scene.cashier.settle()


def low_disk(scene: Scene) -> None:
    story(scene)
    scene.cashier.handle.show_low_disk(312)


def why(scene: Scene) -> None:
    story(scene)
    scene.cashier.press(Key.Key_Slash, text="/")


def why_walk_in(scene: Scene) -> None:
    walk_in(scene)
    scene.cashier.press(Key.Key_Slash, text="/")


def coupons(scene: Scene) -> None:
    story(scene)
    scene.cashier.press(Key.Key_F6)
    scene.cashier.press(Key.Key_Down)


def coupons_by_hand(scene: Scene) -> None:
    coupons(scene)
    scene.cashier.press(Key.Key_Return)
    scene.cashier.press(Key.Key_F6)


def benefits(scene: Scene) -> None:
    story(scene)
    scene.cashier.till.sheets.toggle_benefits()


def choices(scene: Scene) -> None:
    """Goods with points prices, a gift to choose, points that expire and are enough."""
    use_program(scene.cashier.shop, CHOICES)
    story(scene)
    scene.cashier.press(Key.Key_G, CONTROL)
    scene.cashier.press(Key.Key_Down)
    scene.cashier.press(Key.Key_Down)


def in_the_basket(scene: Scene) -> None:
    """What the rows say of it; the gift was chosen, the oil is bought with points."""
    choices(scene)
    scene.cashier.press(Key.Key_Return)
    sheet = choice_sheet(scene)
    for _ in range(8):
        scene.cashier.press(Key.Key_Down)
        if sheet.rows[-2].property("current"):
            break
    scene.cashier.press(Key.Key_Return)


def choices_made(scene: Scene) -> None:
    in_the_basket(scene)
    choice_sheet(scene)


def choice_sheet(scene: Scene) -> ChoiceSheet:
    scene.cashier.press(Key.Key_G, CONTROL)
    sheet = scene.cashier.till.sheets.current
    assert isinstance(sheet, ChoiceSheet)
    return sheet


def exchange(scene: Scene) -> None:
    choices(scene)
    for _ in range(9):
        scene.cashier.press(Key.Key_Down)
    scene.cashier.press(Key.Key_Return)


def overlay(scene: Scene) -> None:
    story(scene)
    scene.cashier.press(Key.Key_F1)
    scene.cashier.press(Key.Key_F1)


# ------------------------------------------------------------------ looking up and joining


def look_up(scene: Scene) -> None:
    walk_in(scene)
    scene.cashier.press(Key.Key_F3)


def several(scene: Scene) -> None:
    look_up(scene)
    scene.cashier.type("8000")


def one(scene: Scene) -> None:
    look_up(scene)
    scene.cashier.type("13911222233")


def nobody(scene: Scene) -> None:
    look_up(scene)
    scene.cashier.type(NEW_PHONE)


def ten_digits(scene: Scene) -> None:
    look_up(scene)
    scene.cashier.type(NEW_PHONE[:10])
    scene.cashier.press(Key.Key_Return)


def frozen_found(scene: Scene) -> None:
    look_up(scene)
    scene.cashier.type("0077")
    scene.cashier.press(Key.Key_Return)


def on_the_sale(scene: Scene) -> None:
    story(scene)
    scene.cashier.press(Key.Key_F3)


def join(scene: Scene) -> None:
    nobody(scene)
    scene.cashier.press(Key.Key_Return)


def join_without_consent(scene: Scene) -> None:
    join(scene)
    scene.cashier.press(Key.Key_Return)


def join_bad_phone(scene: Scene) -> None:
    look_up(scene)
    scene.cashier.handle.parts.navigation.open_dialog(JoinMember())
    scene.cashier.type("1371234246")
    scene.cashier.press(Key.Key_Return)


def joined(scene: Scene) -> None:
    join(scene)
    scene.cashier.shop.clock.go_on(milliseconds=14_000)
    scene.cashier.press(Key.Key_Space, text=" ")
    scene.cashier.press(Key.Key_Return)


def join_known(scene: Scene) -> None:
    """The number that was typed was wrong; the right one belongs to a member."""
    join(scene)
    (dialog,) = scene.cashier.window.findChildren(JoinDialog)
    dialog.phone.setFocus()
    dialog.phone.selectAll()
    scene.cashier.type("13800138000")
    dialog.consent.setFocus()
    scene.cashier.press(Key.Key_Space, text=" ")
    scene.cashier.press(Key.Key_Return)
    assert dialog.is_known


def join_anonymous(scene: Scene) -> None:
    join(scene)
    scene.cashier.tap_named(scene.say("不留手机号", "Card without a phone"))


def new_member(scene: Scene) -> None:
    joined(scene)
    scene.cashier.press(Key.Key_Return)


SHOTS = (
    Shot("till", "empty", empty, ToTill, TILL_SIZES),
    Shot("till", "story", story, ToTill, TILL_SIZES),
    Shot("till", "story-150", story, ToTill, TILL_SIZES, scale_percent=150),
    Shot("till", "unresolved", unresolved, ToTill, TILL_SIZES),
    Shot("till", "walk-in", walk_in, ToTill, TILL_SIZES),
    Shot("till", "new-member", new_member, ToTill, TILL_SIZES),
    Shot("till", "bad-check-digit", bad_check_digit, ToTill),
    Shot("till", "find-list", find_list, ToTill),
    Shot("till", "find-nothing", find_nothing, ToTill),
    Shot("till", "quantity", quantity, ToTill),
    Shot("till", "quantity-refused", quantity_refused, ToTill),
    Shot("till", "quantity-first", quantity_first, ToTill),
    Shot("till", "100-lines", long_basket, ToTill, TILL_SIZES),
    Shot("till", "expensive", expensive, ToTill, TILL_SIZES[:2]),
    Shot("till", "cleared", cleared, ToTill),
    Shot("till", "busy", busy, ToTill),
    Shot("till", "store-error", store_error, ToTill),
    Shot("till", "low-disk", low_disk, ToTill),
    Shot("member", "silver", silver, ToTill, TILL_SIZES[:2]),
    Shot("member", "regular", regular, ToTill),
    Shot("member", "anonymous", anonymous_card, ToTill),
    Shot("member", "noted", noted, ToTill, TILL_SIZES[:2]),
    Shot("member", "frozen", frozen, ToTill),
    Shot("member", "revealed", revealed, ToTill, signs_in=False),
    Shot("confirm", "empty-basket", ask_to_clear, ConfirmDialog),
    Shot("reveal", "reasons", reveal, RevealDialog),
    Shot("why", "story", why, WhySheet, TILL_SIZES[:2]),
    Shot("why", "walk-in", why_walk_in, WhySheet),
    Shot("coupons", "best", coupons, CouponsSheet, TILL_SIZES[:2]),
    Shot("coupons", "by-hand", coupons_by_hand, CouponsSheet),
    Shot("choices", "story", choices, ChoiceSheet, TILL_SIZES[:2]),
    Shot("choices", "made", choices_made, ChoiceSheet),
    Shot("choices", "in-the-basket", in_the_basket, ToTill, TILL_SIZES[:2]),
    Shot("choices", "exchange", exchange, ConfirmDialog),
    Shot("benefits", "story", benefits, BenefitsSheet),
    Shot("keys", "till", overlay, HelpDialog),
    Shot("lookup", "empty", look_up, LookUpMember, TILL_SIZES[:2]),
    Shot("lookup", "several", several, LookUpMember),
    Shot("lookup", "one", one, LookUpMember),
    Shot("lookup", "nobody", nobody, LookUpMember),
    Shot("lookup", "ten-digits", ten_digits, LookUpMember),
    Shot("lookup", "frozen", frozen_found, LookUpMember),
    Shot("lookup", "on-the-sale", on_the_sale, LookUpMember),
    Shot("join", "before", join, JoinMember, TILL_SIZES[:2]),
    Shot("join", "without-consent", join_without_consent, JoinMember),
    Shot("join", "bad-phone", join_bad_phone, JoinMember),
    Shot("join", "member-already", join_known, JoinMember),
    Shot("join", "anonymous", join_anonymous, JoinMember),
    Shot("join", "joined", joined, JoinMember, TILL_SIZES[:2]),
)
