"""Invitations on a member's card: the link to pass on, what it brings, how far the next gift is.

Owns: the link of a member and a year, its sentences. Does not own: the page it opens
(invite_page.py), the card it stands on (card_page.py), the rules (app.domain.referral).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from app.domain.program import Referral, ReferralStep
from app.domain.referral import ReferralProgress, referral_progress
from app.wording import Wording
from sync.server.page_token import TRIES_MAX, PageToken
from sync.server.pages import figures
from sync.server.pages.joining import today
from sync.server.pages.ports import Pages, PageWork
from sync.server.pages.secret_link import PREFIX, invite_token, token_hash
from sync.server.pages.shown_card import Known, Way

INVITE_MS = 400 * 24 * 3_600_000
VISITORS_MAX = 200
"""So often one year's link starts somebody's joining: nobody asks a telephone book through it."""


@dataclass(frozen=True, slots=True)
class InviteShown:
    """What the card says of inviting. `link` empty: the member has asked for none yet."""

    says: str
    notes: tuple[str, ...]
    way: Way | None
    link: str


def invitation(work: PageWork, pages: Pages, who: Known, words: Wording) -> InviteShown | None:
    """None: nothing is given for friends, or no phone could reach the link."""
    program, day = pages.program(), today(pages)
    rule = program.referral
    progress = referral_progress(who.account, program, day)
    if rule is None or progress is None or pages.public_url is None:
        return None
    return InviteShown(
        says=_gives(rule, words),
        notes=(_counted(progress, words),),
        way=_way(progress, words),
        link=invite_address(work, pages, who),
    )


def keep_invite(work: PageWork, pages: Pages, who: Known, store: str) -> None:
    """From now on the member's link of this year opens; asked twice it is the same one."""
    now_ms = pages.clock.wall_ms()
    hashed = token_hash(pages.secret, _token(pages, who))
    work.tokens.put(
        PageToken(
            hashed, "invite", store, who.member, now_ms, now_ms + INVITE_MS,
            tries=TRIES_MAX - VISITORS_MAX,
        )
    )  # fmt: skip


def invite_address(work: PageWork, pages: Pages, who: Known) -> str:
    """The whole address a friend opens; empty: the member has asked for none yet."""
    return _address(pages, who) if _held(work, pages, who) else ""


def _held(work: PageWork, pages: Pages, who: Known) -> bool:
    held = work.tokens.find(token_hash(pages.secret, _token(pages, who)))
    return held is not None and held.is_open("invite", pages.clock.wall_ms())


def _token(pages: Pages, who: Known) -> str:
    return invite_token(pages.secret, who.member, today(pages).year)


def _address(pages: Pages, who: Known) -> str:
    base = (pages.public_url or "").rstrip("/")
    return f"{base}{PREFIX}/invite/{_token(pages, who)}"


# ------------------------------------------------------------------ sentences


def _gives(rule: Referral, words: Wording) -> str:
    percent = figures.percent(rule.first_order_share)
    points = figures.count(rule.join_points)
    if rule.join_points and Fraction(rule.first_order_share):
        return words.t(
            "For each friend who joins and buys you get {points} points, and {percent} of the "
            "points of their first order. They count once it can no longer be returned.",
            points=points,
            percent=percent,
        )
    if rule.join_points:
        return words.t(
            "For each friend who joins and buys you get {points} points. They count once their "
            "first order can no longer be returned.",
            points=points,
        )
    if Fraction(rule.first_order_share):
        return words.t(
            "For each friend who joins and buys you get {percent} of the points of their first "
            "order. They count once it can no longer be returned.",
            percent=percent,
        )
    return words.t("Friends who join and buy count for your next gift.")


def _counted(progress: ReferralProgress, words: Wording) -> str:
    parts = [words.n("{count} friend counts", "{count} friends count", progress.counted)]
    if progress.waiting:
        parts.append(words.n("{count} waits", "{count} wait", progress.waiting))
    parts.append(
        words.t(
            "this year {count} of {whole} rewards",
            count=progress.given_this_year,
            whole=progress.per_year,
        )
    )
    return " · ".join(parts)


def _way(progress: ReferralProgress, words: Wording) -> Way | None:
    step = progress.next_step
    if step is None:
        return None
    says = words.n(
        "{count} more for {gift}",
        "{count} more for {gift}",
        progress.missing,
        gift=_gift(step, words),
    )
    return Way(says, min(progress.counted, step.friends), step.friends)


def _gift(step: ReferralStep, words: Wording) -> str:
    parts = []
    if step.points:
        points = figures.count(step.points)
        parts.append(words.n("{count} point", "{count} points", step.points, count=points))
    if step.offers:
        parts.append(words.n("{count} coupon", "{count} coupons", len(step.offers)))
    return " · ".join(parts)
