"""Reckoning a campaign beside the lane: who is reached, who is drawn, what a trial says.

Owns: the order of these, telling how far it is, stopping. Does not own: any of them (app/services).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.domain.campaign import CampaignPlan
from app.domain.campaign_record import TrialDone
from app.domain.campaign_tier import invited
from app.domain.control_group import draw_control
from app.domain.message import Channel
from app.services.campaign_audience import (
    AudienceCounted,
    Stopped,
    count_audience,
    members_of_segment,
)
from app.services.campaign_publish import CampaignDrawnUp, draw_up
from app.services.campaign_trial import try_campaign
from app.services.shop import Shop
from ui.window_lane import WindowLane
from ui.window_parts import WindowParts

Tell = Callable[[str, int, int], bool]
"""Hears what is done, how much of how much; False: nobody waits."""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What came of it. `drawn` None: whoever buys has it."""

    counted: AudienceCounted
    drawn: CampaignDrawnUp | None
    trial: TrialDone
    ways: tuple[tuple[Channel, ...], ...] = ()
    """Of each who gets a coupon and can be told: by which ways."""


class Reckoning(QObject):
    """One reckoning at a time; the one before is stopped.

    Signals:
        told: How far it is. args: what is done (audience or trial), done, of.
        finished: arg: Reckoned, or None where it was stopped.
    """

    told = Signal(str, int, int)
    finished = Signal(object)

    def __init__(self, parts: WindowParts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self._round = 0

    def begin(self, plan: CampaignPlan) -> None:
        """Count, draw and try this plan; its draft is kept already."""
        self._round += 1
        mine, lane = self._round, WindowLane(self._parts.runner)

        def tell(what: str, done: int, of: int) -> bool:
            if mine == self._round:
                self.told.emit(what, done, of)
            return mine == self._round

        def arrived(answer: object) -> None:
            if mine == self._round:
                self.finished.emit(answer if isinstance(answer, Reckoned) else None)

        def work(*, shop: Shop) -> Reckoned | Stopped:
            return _reckon(shop, lane, plan, tell)

        self._parts.ask_aside(work, arrived)

    def stop(self) -> None:
        """Nobody wants to wait, or somebody went elsewhere."""
        self._round += 1


def _reckon(
    shop: Shop, lane: WindowLane, plan: CampaignPlan, tell: Callable[[str, int, int], bool]
) -> Reckoned | Stopped:
    counted = AudienceCounted()
    drawn = None
    holders = frozenset[str]()
    members: Collection[str] = ()
    if plan.delivery != "automatic":
        chosen = None
        if plan.audience.who == "chosen":
            chosen = members_of_segment(lane=lane, segment=plan.audience.segment or "")
        found = count_audience(
            shop=shop, lane=lane, plan=plan, chosen=chosen,
            tell=lambda done, of: tell("audience", done, of),
        )  # fmt: skip
        if isinstance(found, Stopped):
            return found
        counted, members = found, invited(plan, found.members)
        control = draw_control(plan.campaign_id, members, plan.control_percent)
        holders = frozenset(members) - control
    if plan.is_drawn:
        fixed = draw_up(
            shop=shop, lane=lane, campaign_id=plan.campaign_id, members=members,
            control_percent=plan.control_percent,
        )  # fmt: skip
        if not isinstance(fixed, CampaignDrawnUp):
            return Stopped()
        drawn = fixed
    trial = try_campaign(
        shop=shop, lane=lane, plan=plan, audience=holders,
        tell=lambda done, of: tell("trial", done, of),
    )  # fmt: skip
    if isinstance(trial, Stopped):
        return trial
    ways = tuple(his for member, his in counted.ways.items() if member in holders)
    return Reckoned(counted, drawn, trial, ways)
