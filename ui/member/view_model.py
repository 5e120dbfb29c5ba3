"""View of a member's page: the head beside the tabs, as texts. Pure.

Owns: what stands where. Does not own: widgets (screen.py), the tabs (tabs.py and other rooms).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.member import BirthdayOn
from app.services.member_page import MemberHead
from app.wording import Wording
from ui import formatting
from ui.member.churn_words import churn_words
from ui.member_tabs import TabTold
from ui.members.view_model import STATE_TONES, STATES, visit_words
from ui.rows import tier_tone
from ui.tier_words import tier_label


@dataclass(frozen=True, slots=True)
class HeadView:
    """Who it is. `figures`: label and figure; `about`: label and text, what is known of him."""

    name: str
    phone: str
    has_phone: bool
    card: str
    tone: str
    tier: str
    state: str
    state_tone: str
    figures: tuple[tuple[str, str], ...]
    about: tuple[tuple[str, str], ...]


def head_view(head: MemberHead, told: TabTold, *, revealed: str = "") -> HeadView:
    """`revealed`: the whole number, for as long as it is shown."""
    wording = told.wording
    t = wording.t
    return HeadView(
        name=head.name_masked or t("Without a name"),
        phone=revealed or head.phone_masked or t("No phone number"),
        has_phone=head.phone_masked is not None,
        card=head.card_masked,
        tone=tier_tone(head.tier_rank, head.tier_count),
        tier=_tier(head, wording),
        state=t(STATES[head.state]),
        state_tone=STATE_TONES[head.state],
        figures=tuple(_figures(head, told)),
        about=tuple(_about(head, wording)),
    )


def _tier(head: MemberHead, wording: Wording) -> str:
    name = tier_label(head.tier, head.lent, wording)
    if head.tier_until is None:
        return name
    return wording.t("{tier} until {day}", tier=name, day=formatting.day(head.tier_until))


def _figures(head: MemberHead, told: TabTold) -> Iterator[tuple[str, str]]:
    t = told.wording.t
    yield t("Points"), formatting.points(head.points)
    if head.points_held:
        yield t("Held points"), formatting.points(head.points_held)
    yield t("Worth"), formatting.money(head.points_worth, currency=told.currency)
    yield t("Spent in 12 months"), formatting.money(head.spend, currency=told.currency)
    yield t("Purchases"), f"{head.visits:,}"
    yield t("Usable coupons"), str(head.coupons)
    yield t("Last visit"), visit_words(head.last_visit, head.days_away, told.wording)
    yield t("Member since"), formatting.day(head.joined)


def _about(head: MemberHead, wording: Wording) -> Iterator[tuple[str, str]]:
    t = wording.t
    churn = churn_words(head.churn, wording, head.visits)
    if churn:
        yield t("Churn risk"), churn
    if head.birthday is not None:
        yield t("Birthday"), birthday_words(head.birthday, wording)
    if head.tags:
        yield t("Tags"), f" {formatting.DOT} ".join(head.tags)
    if head.note:
        yield t("Note"), head.note
    if head.tags_beside:
        yield t("Tags (merged)"), f" {formatting.DOT} ".join(head.tags_beside)
    if head.note_beside:
        yield t("Note (merged)"), head.note_beside
    if head.account_manager:
        yield t("Account manager"), head.account_manager
    if head.merged:
        yield (
            t("Merged"),
            wording.n("{count} other member is he", "{count} other members are he", head.merged),
        )


def birthday_words(born: BirthdayOn, wording: Wording) -> str:
    """`11-18`; `lunar 8-15`."""
    if born.lunar:
        return wording.t("lunar {month}-{day}", month=born.month, day=born.day)
    return f"{born.month:02d}-{born.day:02d}"
