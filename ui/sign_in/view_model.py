"""Sign-in view model: who works here, what was typed and what it was answered. Pure: no Qt.

Owns: what stands on the sign-in and lock screen, its sentences. Never says whether the name or the
PIN was wrong. Does not own: delays and the lock (services/staff.py), the figures typed: only their
number comes here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.domain.member import masked_name
from app.domain.staff import PIN_LENGTH_MAX, PIN_LENGTH_MIN
from app.services.staff import BadgeUnknown, SignInAnswer, StaffTile, WaitFirst, WrongSignIn
from app.services.till_state import TillState
from app.wording import N_, Wording
from ui import formatting

_MINUTE_MS = 60_000
_SECOND_MS = 1_000
ROLES = {
    "cashier": N_("Cashier"),
    "supervisor": N_("Supervisor"),
    "manager": N_("Store manager"),
    "auditor": N_("Auditor"),
}


@dataclass(frozen=True, slots=True)
class SignInForm:
    """What only the screen knows. `typed`: how many figures; `wait_left_ms`: before the next."""

    chosen: str = ""
    typed: int = 0
    notice: str = ""
    wait_left_ms: int = 0
    is_long_lock: bool = False
    is_wrong: bool = False


@dataclass(frozen=True, slots=True)
class PersonView:
    """One tile."""

    staff_id: str
    initial: str
    name: str
    role: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class SignInView:
    """The whole screen."""

    product: str
    place: str
    clock: str
    date: str
    waiting: str
    badge_title: str
    badge_detail: str
    title: str
    people: tuple[PersonView, ...]
    prompt: str
    typed: int
    length: int
    notice: str
    notice_tone: Literal["danger", "warning"]
    is_wrong: bool
    can_type: bool
    can_submit: bool
    """Enough figures for a PIN were typed: how long this one is, only its owner knows."""


def present(
    tiles: tuple[StaffTile, ...],
    form: SignInForm,
    state: TillState | None,
    now: datetime,
    wording: Wording,
    *,
    till: str,
    demo_pins: Mapping[str, str],
) -> SignInView:
    """The screen in this language. `demo_pins`: PINs by name, in the demo shop only."""
    t, names = wording.t, shown_names(tiles)
    chosen = next((tile for tile in tiles if tile.staff_id == form.chosen), None)
    prompt = t("PIN of {name}", name=names[chosen.staff_id]) if chosen else ""
    store = state.settings.store_name if state is not None else ""
    register = t("Register {number}", number=till)
    wait = wait_sentence(form.wait_left_ms, wording, is_long_lock=form.is_long_lock)
    return SignInView(
        product=t("Zhanggui"),
        place=f"{store} {formatting.DOT} {register}" if store else register,
        clock=formatting.clock(now),
        date=f"{formatting.day(now.date())} {formatting.weekday(now.date(), wording)}",
        waiting=_waiting(state, wording),
        badge_title=t("Scan your badge to sign in"),
        badge_detail=t("At any time, without pressing anything first"),
        title=t("Choose your name, type your PIN") if tiles else t("Scan your badge to sign in"),
        people=tuple(
            _person(tile, names[tile.staff_id], form, demo_pins, wording)
            for tile in tiles
            if tile.has_pin
        ),
        prompt=prompt,
        typed=form.typed,
        length=PIN_LENGTH_MAX,
        notice=wait or form.notice,
        notice_tone="warning" if wait else "danger",
        is_wrong=form.is_wrong and not form.typed,
        can_type=chosen is not None and not form.wait_left_ms,
        can_submit=form.typed >= PIN_LENGTH_MIN and not form.wait_left_ms,
    )


def wait_sentence(wait_ms: int, wording: Wording, *, is_long_lock: bool) -> str:
    """How long nothing is looked at; empty: no longer."""
    if wait_ms <= 0:
        return ""
    if is_long_lock:
        minutes = -(-wait_ms // _MINUTE_MS)
        return wording.n(
            "Locked for {count} minute: too many tries. A manager helps.",
            "Locked for {count} minutes: too many tries. A manager helps.",
            minutes,
        )
    seconds = -(-wait_ms // _SECOND_MS)
    return wording.n(
        "Wait {count} second, then try again.", "Wait {count} seconds, then try again.", seconds
    )


def answer_form(form: SignInForm, answer: SignInAnswer, wording: Wording) -> SignInForm:
    """The form after a refusal: what was typed is gone, the person stays chosen."""
    match answer:
        case WrongSignIn(tries_left, wait_ms):
            notice = wording.n(
                "Not right. {count} try left.", "Not right. {count} tries left.", tries_left
            )
            return SignInForm(form.chosen, 0, notice, wait_ms, not tries_left, is_wrong=True)
        case WaitFirst(wait_ms, locked):
            return SignInForm(form.chosen, 0, "", wait_ms, locked, is_wrong=True)
        case BadgeUnknown():
            return SignInForm(form.chosen, 0, wording.t("This badge is not registered here."))
        case _:
            return SignInForm(form.chosen)


def shown_names(tiles: Sequence[StaffTile]) -> Mapping[str, str]:
    """Names by staff id: masked as everywhere, whole where two masks would be the same."""
    count = Counter(masked_name(tile.name) for tile in tiles)
    return {
        tile.staff_id: mask if count[mask := masked_name(tile.name)] == 1 else tile.name
        for tile in tiles
    }


def _person(
    tile: StaffTile, name: str, form: SignInForm, demo_pins: Mapping[str, str], wording: Wording
) -> PersonView:
    role = wording.t(ROLES[tile.role_id]) if tile.role_id in ROLES else tile.role_id
    pin = demo_pins.get(tile.name)
    if pin:
        role = wording.t("PIN {pin} ⋅ {role}", role=role, pin=pin)
    if tile.locked:
        role = wording.t("{role} ⋅ locked", role=role)
    return PersonView(
        staff_id=tile.staff_id,
        initial=tile.name[:1],
        name=name,
        role=role,
        is_chosen=tile.staff_id == form.chosen,
    )


def _waiting(state: TillState | None, wording: Wording) -> str:
    if state is None or not state.lines:
        return ""
    return wording.n(
        "A basket with {count} piece waits; it goes on after signing in.",
        "A basket with {count} pieces waits; it goes on after signing in.",
        state.totals.pieces,
    )
