"""View of what stands beside a case: what helped before, and what may still be given. Pure.

Owns: those texts. Does not own: the widgets (aside.py), the limits (app/services/compensation.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.money import Money
from app.services.compensation import Room
from app.services.complaint_view import CaseView
from app.wording import Wording
from ui import formatting

_ANSWER_MAX = 160
WARN_PERCENT = 75


@dataclass(frozen=True, slots=True)
class AsideShown:
    """Everything beside a case but the pictures themselves."""

    title: str
    found: tuple[tuple[str, str], ...]
    room_title: str
    alone: str
    given: str
    month: str
    month_figure: str
    month_tone: str
    percent: int
    photos: str


def aside_shown(view: CaseView, currency: str, wording: Wording) -> AsideShown:
    """What helped with something like it, the role's limit, the month's budget."""
    t, room = wording.t, view.room

    def money(amount: Money) -> str:
        return formatting.short_money(amount, currency=currency)

    found = tuple((each.title, each.answer[:_ANSWER_MAX]) for each in view.suggested)
    percent = used_percent(room)
    return AsideShown(
        title=t("What helped before") if found else t("Nothing like it in the library yet"),
        found=found,
        room_title=t("Compensation"),
        alone=t("Without a colleague's yes: {amount}", amount=money(room.alone))
        if room.alone is not None
        else t("Without a colleague's yes: any amount"),
        given=t("Given for this case: {amount}", amount=money(room.given)) if room.given else "",
        month=t("This month"),
        month_figure=f"{money(room.spent)} / {money(room.budget)}",
        month_tone="danger" if percent >= 100 else "warning" if percent >= WARN_PERCENT else "",
        percent=percent,
        photos=wording.n("{count} photo", "{count} photos", len(view.photos))
        if view.photos
        else "",
    )


def used_percent(room: Room) -> int:
    """Of the month's budget, 0 to 100."""
    if not room.budget:
        return 100
    return min(100, max(0, room.spent.minor * 100 // room.budget.minor))
