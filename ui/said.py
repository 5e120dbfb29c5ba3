"""Said: what the window says to each answer of a service, with its sound. Pure.

Owns: one entry per answer type that the till screen can get; a test walks them all.
Does not own: acting on answers (controllers), reasons of offers (phrases.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.domain.exchange import NoExchange
from app.domain.rights import LimitMissing
from app.domain.staff import Permission
from app.services.answers import (
    BasketFull,
    Changed,
    DiskNearlyFull,
    LineChanged,
    MemberUnknown,
    NoMember,
    NoSuchLine,
    NotAllowed,
    OpenShiftFirst,
    PaymentUnderWay,
    SignInFirst,
)
from app.services.approval import ActForbidden, ApprovalNeeded
from app.services.check_in import CheckedInBefore, MemberCheckedIn, NoCheckIn
from app.services.coupon import (
    CouponNeedsMember,
    CouponNotApplied,
    CouponNotUsable,
    CouponTaken,
    NoSuchGift,
)
from app.services.entitlement import AskHeadOffice, EntitlementTicked, NoneLeft, NotEntitled
from app.services.expiring import PointsExchanged
from app.services.fault_words import fault_words
from app.services.find_member import (
    CardOutOfUse,
    CardUnknown,
    MemberElsewhere,
    MemberNotActive,
    MemberOutOfReach,
    MemberPutOn,
    OwnMembership,
)
from app.services.label import PieceThereAlready
from app.services.lines import LineUnresolved, NothingToUndo, ProductUnknown, QuantityRefused
from app.services.member_pass import PassNotTaken
from app.services.receipt import Reprinted, SaleUnknown
from app.services.redeem import NoPointsPrice, PointsPriceRefused
from app.services.refund_receipt import RefundReprinted, RefundUnknown
from app.services.reveal import NoPhone, PhoneRevealed
from app.services.reward import RewardCoupon, RewardRefused, RewardTaken
from app.services.scan import (
    FinishBasketFirst,
    PassNeedsServer,
    PayByCode,
    ReceiptFound,
    ReceiptUnknown,
    ScanTooLong,
)
from app.services.staff import BadgeUnknown, SignedIn, WaitFirst, WrongSignIn
from app.services.till_state import TillState
from app.wording import N_, Wording
from ui import benefit_words, formatting, phrases
from ui.approval.view_model import forbidden_sentence
from ui.batch_words import freshness_sentence
from ui.choice.exchange_said import not_exchanged
from ui.choice.reward_said import reward_coupon, reward_refused, reward_taken
from ui.pass_words import pass_sentence

SoundName = Literal["", "scan_ok", "member_ok", "scan_error", "need_attention", "paid"]
Tone = Literal["success", "warning", "danger", "info", "offline", "member"]


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence for the banner (empty: the screen itself shows it), its tone and its sound."""

    sentence: str = ""
    tone: Tone = "info"
    sound: SoundName = ""


SILENT = Said()


def said(answer: object, state: TillState, wording: Wording) -> Said:
    """What to say; an answer without an entry is a bug that the tests find."""
    return _SAYINGS[type(answer)](answer, state, wording)


def knows(answer_type: type) -> bool:
    """Whether this answer has its entry."""
    return answer_type in _SAYINGS


Saying = Callable[[Any, TillState, Wording], Said]


def _plain(sentence: str, tone: Tone = "danger", sound: SoundName = "scan_error") -> Saying:
    """The same sentence whatever is in the answer."""
    return lambda answer, state, wording: Said(wording.t(sentence), tone, sound)


def _quiet(sound: SoundName = "") -> Saying:
    """The screen shows it; at most a tone."""
    return lambda answer, state, wording: Said(sound=sound)


def _line_changed(answer: LineChanged, state: TillState, wording: Wording) -> Said:
    if answer.near_limit:
        sentence = wording.t("This sale is nearly full: take payment soon.")
        return Said(sentence, "warning", "scan_ok")
    line = next((one for one in state.lines if one.line_id == answer.line_id), None)
    ends = freshness_sentence(line, answer.freshness, wording) if line is not None else ""
    return Said(ends, "warning", "need_attention") if ends else Said(sound="scan_ok")


def _piece_there(answer: PieceThereAlready, state: TillState, wording: Wording) -> Said:
    line = next((one for one in state.lines if one.line_id == answer.line_id), None)
    name = line.name if line is not None else ""
    sentence = wording.t("{name}: this very piece is in the basket already.", name=name)
    return Said(sentence, "warning", "scan_error")


def _forbidden(answer: ActForbidden | LimitMissing, state: TillState, wording: Wording) -> Said:
    return Said(forbidden_sentence(answer, wording), "danger", "need_attention")


def _finish_first(answer: FinishBasketFirst, state: TillState, wording: Wording) -> Said:
    blocked = next((line for line in state.lines if line.problem is not None), None)
    if answer.cause == "unresolved" and blocked is not None:
        return Said(phrases.blocked_sentence(blocked, wording), "warning", "scan_error")
    if answer.cause == "pay_first":
        sentence = wording.t("Begin the payment first, then scan the payment code.")
        return Said(sentence, "warning", "scan_error")
    return Said(wording.t("The basket is empty: scan an item first."), "warning", "scan_error")


_QUANTITIES = {
    "format": N_('"{text}" is no quantity.'),
    "zero": N_("The quantity must be above zero. Remove the line if it is not wanted."),
    "negative": N_("A quantity below zero is a refund."),
    "decimals": N_("At most three decimals, as in 0.842."),
    "size": N_("At most 999: the quantity is unchanged."),
    "fixed": N_("The label says the price: its quantity cannot be changed."),
    "label": N_("The label says how much it is: Esc drops the {text} ×, then scan each one."),
    "whole_pieces": N_("These goods are sold by the whole piece."),
    "approved": N_("A colleague said yes to this quantity: scan each further piece."),
}


def _quantity(answer: QuantityRefused, state: TillState, wording: Wording) -> Said:
    return Said(wording.t(_QUANTITIES[answer.reason], text=answer.text), "danger", "scan_error")


def _member_on(answer: MemberPutOn, state: TillState, wording: Wording) -> Said:
    return Said(sound="member_ok")


def _not_active(answer: MemberNotActive, state: TillState, wording: Wording) -> Said:
    if answer.status == "frozen":
        sentence = wording.t("This membership is frozen. Ask the store manager.")
    else:
        sentence = wording.t("This membership was closed. The customer can join again.")
    return Said(sentence, "danger", "scan_error")


def _coupon_taken(answer: CouponTaken, state: TillState, wording: Wording) -> Said:
    name = phrases.rule_name(answer.rule, state.rules, wording)
    return Said(wording.t("{name} is used.", name=name), "success", "member_ok")


def _coupon_idle(answer: CouponNotApplied, state: TillState, wording: Wording) -> Said:
    name = phrases.rule_name(answer.why.rule, state.rules, wording)
    why = phrases.why_not(answer.why, state, wording)
    sentence = wording.t("{name} is noted, it takes nothing off yet: {why}", name=name, why=why)
    return Said(sentence, "info", "scan_error")


def _coupon_no(answer: CouponNotUsable, state: TillState, wording: Wording) -> Said:
    why = phrases.why_not(answer.why, state, wording)
    sentence = wording.t("This coupon cannot be used: {why}", why=why)
    return Said(sentence, "danger", "scan_error")


def _receipt_found(answer: ReceiptFound, state: TillState, wording: Wording) -> Said:
    amount = phrases.money(answer.sale.due, state)
    day = formatting.day(answer.sale.business_day)
    sentence = wording.t("Receipt of {day}, {amount}.", day=day, amount=amount)
    return Said(sentence, "info", "member_ok")


def _too_long(answer: ScanTooLong, state: TillState, wording: Wording) -> Said:
    sentence = wording.t(
        "{length} characters are no code. Nothing was taken over; scan again.",
        length=answer.length,
    )
    return Said(sentence, "danger", "scan_error")


def _checked_in(answer: MemberCheckedIn, state: TillState, wording: Wording) -> Said:
    points = formatting.points(answer.points, signed=True)
    sentence = wording.n(
        "Checked in: {points} points, day {count} in a row.",
        "Checked in: {points} points, day {count} in a row.",
        answer.streak,
        points=points,
    )
    return Said(sentence, "member", "member_ok")


def _ticked(answer: EntitlementTicked, state: TillState, wording: Wording) -> Said:
    sentence = wording.n("Noted. {count} more left.", "Noted. {count} more left.", answer.left)
    return Said(sentence, "member", "member_ok")


def _no_points_price(answer: PointsPriceRefused, state: TillState, wording: Wording) -> Said:
    why = phrases.why_not(answer.why, state, wording)
    sentence = wording.t("{name} not at its points price: {why}", name=answer.name, why=why)
    return Said(sentence, "warning", "scan_error")


def _exchanged(answer: PointsExchanged, state: TillState, wording: Wording) -> Said:
    sentence = wording.t(
        "{points} points became {name}.",
        points=formatting.points(answer.points),
        name=phrases.rule_name(answer.rule, state.rules, wording),
    )
    return Said(sentence, "member", "member_ok")


_PERMISSIONS: Mapping[Permission, str] = {
    "sell": N_("sell"),
    "join_member": N_("join members"),
    "member_note": N_("change notes"),
    "reveal_phone": N_("see phone numbers"),
    "reprint": N_("print receipts again"),
    "replace_card": N_("replace cards"),
    "open_drawer": N_("open the cash drawer"),
    "resolve_line": N_("link an unknown barcode"),
    "remove_member": N_("take a member off a sale"),
    "unlock_staff": N_("unlock a colleague"),
    "manage_staff": N_("manage staff"),
    "manage_program": N_("change the member rules"),
    "manage_settings": N_("change settings"),
    "see_audit": N_("see the audit log"),
    "override_price": N_("change a price"),
    "take_over_shift": N_("take over a colleague's shift"),
    "x_report": N_("see the figures of a shift"),
}


def _not_allowed(answer: NotAllowed, state: TillState, wording: Wording) -> Said:
    act = wording.t(_PERMISSIONS[answer.permission])
    sentence = wording.t("Your role may not {act}. Ask a manager.", act=act)
    return Said(sentence, "danger", "need_attention")


_SHIFT_FIRST = {
    "none": N_("No shift is open at this drawer: open one first."),
    "counting": N_("The drawer is being counted: close the shift, or go back to selling."),
    "of_another": N_("This shift is a colleague's: he closes it, or you take it over."),
}


def _shift_first(answer: OpenShiftFirst, state: TillState, wording: Wording) -> Said:
    return Said(wording.t(_SHIFT_FIRST[answer.why]), "warning", "scan_error")


def _wait_first(answer: WaitFirst, state: TillState, wording: Wording) -> Said:
    seconds = -(-answer.wait_ms // 1000)
    sentence = wording.n(
        "Wait {count} second, then try again.", "Wait {count} seconds, then try again.", seconds
    )
    return Said(sentence, "warning", "scan_error")


def _wrong(answer: WrongSignIn, state: TillState, wording: Wording) -> Said:
    sentence = wording.n(
        "Not right. {count} try left.", "Not right. {count} tries left.", answer.tries_left
    )
    return Said(sentence, "danger", "scan_error")


_SAYINGS: Mapping[type, Saying] = {
    Changed: _quiet(),
    LineChanged: _line_changed,
    LineUnresolved: _quiet("scan_error"),
    PieceThereAlready: _piece_there,
    ApprovalNeeded: _quiet("need_attention"),
    ActForbidden: _forbidden,
    LimitMissing: _forbidden,
    BasketFull: _plain(N_("This sale is full: take payment and ring up the rest in the next one.")),
    QuantityRefused: _quantity,
    NoSuchLine: _plain(N_("That line is gone already."), "info", ""),
    ProductUnknown: _plain(N_("This item is not sold any more.")),
    NothingToUndo: _plain(N_("There is nothing to undo."), "info", ""),
    MemberPutOn: _member_on,
    CardUnknown: _plain(N_("No member of this shop has this card. Find him by phone.")),
    MemberElsewhere: _quiet(),
    MemberOutOfReach: _plain(
        N_(
            "Head office cannot be asked, and nobody here knows this member: the sale goes on "
            "without a member, at list prices."
        ),
        "warning",
    ),
    PassNotTaken: lambda answer, _, wording: Said(
        pass_sentence(answer, wording), "danger", "scan_error"
    ),
    CardOutOfUse: _plain(N_("This card was replaced by a new one. Ask for the new card.")),
    MemberNotActive: _not_active,
    OwnMembership: _plain(N_("Nobody rings up his own membership: ask another cashier.")),
    MemberUnknown: _plain(N_("This member is not known here any more.")),
    NoMember: _plain(N_("There is no member on this sale yet: scan the member code first.")),
    CouponTaken: _coupon_taken,
    CouponNotApplied: _coupon_idle,
    CouponNotUsable: _coupon_no,
    CouponNeedsMember: _plain(N_("A coupon belongs to a member: scan the member code first.")),
    PayByCode: _quiet(),
    FinishBasketFirst: _finish_first,
    ReceiptFound: _receipt_found,
    ReceiptUnknown: _plain(N_("This till has no such receipt.")),
    PassNeedsServer: _plain(
        N_("This code changes every minute and needs a server. Use the card or the phone number.")
    ),
    ScanTooLong: _too_long,
    SignedIn: _quiet("member_ok"),
    WrongSignIn: _wrong,
    WaitFirst: _wait_first,
    BadgeUnknown: _plain(N_("This badge is not registered here.")),
    SignInFirst: _plain(N_("Nobody is signed in: scan your badge first."), "warning"),
    NotAllowed: _not_allowed,
    OpenShiftFirst: _shift_first,
    PaymentUnderWay: _plain(
        N_("Money was taken or is being taken for this sale: finish the payment first."), "warning"
    ),
    DiskNearlyFull: _plain(
        N_("The disk is full: no new sale can begin. Make room first; nothing was lost.")
    ),
    MemberCheckedIn: _checked_in,
    CheckedInBefore: _plain(N_("This member has checked in today already."), "info", ""),
    NoCheckIn: _plain(N_("The member rules have no check-in."), "info", ""),
    EntitlementTicked: _ticked,
    NoneLeft: lambda a, _, w: Said(benefit_words.none_left(a, w), "warning", "scan_error"),
    AskHeadOffice: _quiet(),
    NotEntitled: _plain(N_("This member's tier has no such benefit."), "warning"),
    NoSuchGift: _plain(N_("This gift is not given any more."), "warning"),
    PointsPriceRefused: _no_points_price,
    NoPointsPrice: _plain(N_("This item has no points price."), "info", ""),
    PointsExchanged: _exchanged,
    NoExchange: lambda a, _, w: Said(not_exchanged(a, w), "warning", "scan_error"),
    RewardTaken: lambda answer, state, wording: Said(
        reward_taken(answer, wording), "member", "member_ok"
    ),
    RewardCoupon: lambda answer, state, wording: Said(
        reward_coupon(answer, wording), "member", "member_ok"
    ),
    RewardRefused: lambda a, s, w: Said(reward_refused(a, s, w), "warning", "scan_error"),
    PhoneRevealed: _quiet(),
    NoPhone: _plain(N_("This member has no phone number here."), "info", ""),
    Reprinted: _plain(N_("The receipt is printed again, marked as a copy."), "success", ""),
    RefundReprinted: _plain(N_("The receipt is printed again, marked as a copy."), "success", ""),
    RefundUnknown: _plain(N_("This till has no such refund.")),
    SaleUnknown: _plain(N_("There is no sale to print again yet."), "info", ""),
}


def fault(error: BaseException, wording: Wording) -> Said:
    """What to say when something broke: what happened, what is safe, what to do, with its code."""
    code = getattr(error, "code", "")
    if isinstance(code, str) and code.startswith("E-STORE"):
        kept, next_step = (getattr(error, name).value for name in ("kept", "next"))
        told = fault_words(code, kept, next_step, getattr(error, "named", {}), wording)
        return Said(told.sentence(), "danger", "need_attention")
    sentence = wording.t(
        "Something went wrong ({code}). This sale is saved, nothing is lost.",
        code=f"E-APP-{type(error).__name__}",
    )
    return Said(sentence, "danger", "need_attention")
