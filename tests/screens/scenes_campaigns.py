"""Scenes of campaigns: the list, planning one, its trial, what it brought.

Owns: how each of them comes about, by what a person does. Does not own: opening the window.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtCore import Qt

from app.domain.campaign import Template
from app.domain.campaign_poster import PosterLink
from app.domain.campaign_result import ChainSums, GroupSums, OfferSums
from app.domain.campaign_template import TEMPLATES
from app.domain.enrolment import Enrolment
from app.services.checkout import SaleDone
from app.services.payment import pay_cash
from app.services.scan import scan_code
from tests.real_shop import MILK, OIL
from tests.screens.scene import TILL_SIZES, Scene, Shot
from tests.screens.scenes_desk import as_manager, desk, wait
from tests.screens.scenes_sync import ToldLine
from tests.services.campaign_shop import add_sleepers
from ui.campaign_intents import ToCampaignDraft, ToCampaigns
from ui.campaigns.controller import CampaignsController
from ui.campaigns.wizard_controller import WizardController
from ui.navigation import ToDesk

Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
NAMES = tuple(f"会员{number}" for number in range(40))


def ring_up(scene: Scene, *codes: str) -> None:
    """A walk-in's sale in cash."""
    shop = scene.cashier.shop
    for code in codes:
        shop.do(scan_code, text=code)
    done = shop.do(pay_cash)
    assert isinstance(done, SaleDone)
    scene.cashier.handle.parts.live.adopt(done.state)


def a_past(scene: Scene) -> None:
    """Three sales to try a campaign on, and forty members who have not come since June."""
    for codes in ((MILK,), (OIL,), (MILK, OIL)):
        ring_up(scene, *codes)
    add_sleepers(scene.cashier.shop, NAMES, agreed=36)
    as_manager(scene)


def room_of(scene: Scene, name: str) -> None:
    """The desk's room of this name, by the arrows: there are more rooms than digits."""
    cashier = scene.cashier
    cashier.press(Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    cashier.settle()
    current: Any = cashier.handle.parts.navigation.current
    names = [type(row.room.to()).__name__ for row in current._rows]
    for _ in names:
        cashier.press(Key.Key_Up)
    for _ in range(names.index(name)):
        cashier.press(Key.Key_Down)
    cashier.press(Key.Key_Return)
    cashier.settle()


def empty(scene: Scene) -> None:
    as_manager(scene)
    room_of(scene, "ToCampaigns")


def templates(scene: Scene) -> None:
    a_past(scene)
    room_of(scene, "ToCampaigns")
    scene.cashier.press(Key.Key_Return)
    wait(scene, lambda: bool(wizard(scene).screen.rows))


def wizard(scene: Scene) -> WizardController:
    current = scene.cashier.handle.parts.navigation.current
    assert isinstance(current, WizardController)
    return current


def audience(scene: Scene) -> None:
    templates(scene)
    scene.cashier.press(Key.Key_Return)


def offer(scene: Scene) -> None:
    audience(scene)
    scene.cashier.press(Key.Key_Return)


def wrong_offer(scene: Scene) -> None:
    """A threshold below its discount: said beside it, what was typed stays."""
    offer(scene)
    edit = wizard(scene).screen.edits["threshold"]
    edit.setFocus()
    edit.selectAll()
    scene.cashier.type("5")
    scene.cashier.press(Key.Key_Return)


def budget(scene: Scene) -> None:
    offer(scene)
    scene.cashier.press(Key.Key_Return)


def trial(scene: Scene) -> None:
    budget(scene)
    scene.cashier.press(Key.Key_Return)
    wait(scene, wizard(scene).screen.go_on.isEnabled)


def of_a_chain(scene: Scene) -> None:
    """A till of a chain plans its win-back: head office would send messages."""
    enrolment = Enrolment("https://sync.example", "key-1", 1, server_epoch=1)
    scene.cashier.read(lambda work: work.enrolment.write(enrolment))
    budget(scene)
    wait(scene, lambda: bool(wizard(scene).screen.rows))


def message(scene: Scene) -> None:
    """By text message, in the words of the template."""
    of_a_chain(scene)
    scene.cashier.type("3")
    wait(scene, lambda: "text_en" in wizard(scene).screen.edits)


def message_trial(scene: Scene) -> None:
    message(scene)
    scene.cashier.press(Key.Key_Return)
    wait(scene, wizard(scene).screen.go_on.isEnabled)


class ChainLine(ToldLine):
    """A line over which head office tells of the whole chain."""

    control = GroupSums(27, 0)

    def campaign(  # type: ignore[override] # the other one never hears of a chain
        self, campaign_id: str, first: date, last: date
    ) -> ChainSums:
        assert campaign_id
        assert first <= last
        offer = OfferSums(sales=31, cost_minor=31_000, coupons_used=31, takings_minor=214_550)
        chosen = GroupSums(297, 31, 38, 268_200)
        as_of_ms = 1_795_255_320_000
        return ChainSums(chosen, self.control, offer, as_of_ms)

    def poster(  # type: ignore[override] # the other one has no pages
        self, campaign_id: str
    ) -> PosterLink:
        return PosterLink(f"https://vip.renmin.example/p/poster/{campaign_id}Xh0sZk7")


class ClaimLine(ChainLine):
    """Of a campaign that members claim: nobody is drawn."""

    control = GroupSums()


def claim(scene: Scene) -> None:
    """A campaign that members claim is out."""
    a_past(scene)
    enrolment = Enrolment("https://sync.example", "key-1", 1, server_epoch=1)
    scene.cashier.read(lambda work: work.enrolment.write(enrolment))
    room_of(scene, "ToCampaigns")
    scene.cashier.press(Key.Key_Return)
    wait(scene, lambda: bool(wizard(scene).screen.rows))
    begin_with(scene, "scan_to_claim")
    for _ in range(4):
        scene.cashier.press(Key.Key_Return)
    wait(scene, wizard(scene).screen.go_on.isEnabled)
    parts = scene.cashier.handle.parts
    parts.shop = replace(parts.shop, server=ClaimLine(None))
    scene.cashier.press(Key.Key_Return)
    wait(scene, lambda: "截至" in _texts(scene) or "as of" in _texts(scene))


def begin_with(scene: Scene, template: Template) -> None:
    """The template of this name, by the arrows: there are more of them than digits."""
    for _ in range(TEMPLATES.index(template)):
        scene.cashier.press(Key.Key_Down)


def tier_offer(scene: Scene) -> None:
    """Which tier members may try, and for how long."""
    templates(scene)
    begin_with(scene, "try_tier")
    for _ in range(2):
        scene.cashier.press(Key.Key_Return)
    wait(scene, lambda: "trial_days" in wizard(scene).screen.edits)


def tier_trial(scene: Scene) -> None:
    """One of them bought something these days; only so many get it."""
    templates(scene)
    shop = scene.cashier.shop
    shop.do(scan_code, text=shop.cards[NAMES[0]])
    ring_up(scene, MILK)
    begin_with(scene, "try_tier")
    for _ in range(3):
        scene.cashier.press(Key.Key_Return)
    edit = wizard(scene).screen.edits["most"]
    edit.setFocus()
    edit.selectAll()
    scene.cashier.type("31")
    scene.cashier.press(Key.Key_Return)
    wait(scene, wizard(scene).screen.go_on.isEnabled)


def tier_message(scene: Scene) -> None:
    """In a chain its members are told of it, in the words of the template."""
    enrolment = Enrolment("https://sync.example", "key-1", 1, server_epoch=1)
    templates(scene)
    scene.cashier.read(lambda work: work.enrolment.write(enrolment))
    scene.cashier.press(Key.Key_Escape)
    scene.cashier.press(Key.Key_Return)
    wait(scene, lambda: bool(wizard(scene).screen.rows))
    begin_with(scene, "try_tier")
    for _ in range(3):
        scene.cashier.press(Key.Key_Return)
    scene.cashier.type("3")
    wait(scene, lambda: "text_en" in wizard(scene).screen.edits)


def tier_running(scene: Scene) -> None:
    tier_trial(scene)
    scene.cashier.press(Key.Key_Return)
    wait(scene, lambda: scene.cashier.at(ToCampaigns))
    wait(scene, lambda: all_issued(scene))


def whole_chain(scene: Scene) -> None:
    """What it brought here, and in the whole chain."""
    message_trial(scene)
    parts = scene.cashier.handle.parts
    parts.shop = replace(parts.shop, server=ChainLine(None))
    scene.cashier.press(Key.Key_Return)
    wait(scene, lambda: "截至" in _texts(scene) or "as of" in _texts(scene))


def _texts(scene: Scene) -> str:
    return " ".join(scene.cashier.texts())


def running(scene: Scene) -> None:
    trial(scene)
    scene.cashier.press(Key.Key_Return)
    wait(scene, lambda: scene.cashier.at(ToCampaigns))
    wait(scene, lambda: all_issued(scene))


def all_issued(scene: Scene) -> bool:
    current = scene.cashier.handle.parts.navigation.current
    assert isinstance(current, CampaignsController)
    left = list(current._left.values())
    return bool(left) and not any(left) and current._result is not None


def ending(scene: Scene) -> None:
    running(scene)
    scene.cashier.press(Key.Key_2, ALT)


def rooms(scene: Scene) -> None:
    desk(scene)


SHOTS = (
    Shot("campaigns", "none", empty, ToCampaigns),
    Shot("campaigns", "aim", templates, ToCampaignDraft, TILL_SIZES),
    Shot("campaigns", "audience", audience, ToCampaignDraft),
    Shot("campaigns", "offer", offer, ToCampaignDraft),
    Shot("campaigns", "wrong", wrong_offer, ToCampaignDraft, TILL_SIZES[:2]),
    Shot("campaigns", "budget", budget, ToCampaignDraft),
    Shot("campaigns", "trial", trial, ToCampaignDraft, TILL_SIZES[:2]),
    Shot("campaigns", "trial-150", trial, ToCampaignDraft, TILL_SIZES[:2], scale_percent=150),
    Shot("campaigns", "message", message, ToCampaignDraft, TILL_SIZES),
    Shot("campaigns", "message-150", message, ToCampaignDraft, TILL_SIZES[:2], scale_percent=150),
    Shot("campaigns", "message-trial", message_trial, ToCampaignDraft),
    Shot("campaigns", "chain", whole_chain, ToCampaigns, TILL_SIZES),
    Shot("campaigns", "chain-150", whole_chain, ToCampaigns, TILL_SIZES[:2], scale_percent=150),
    Shot("campaigns", "claim", claim, ToCampaigns, TILL_SIZES[:2]),
    Shot("campaigns", "running", running, ToCampaigns, TILL_SIZES),
    Shot("campaigns", "running-150", running, ToCampaigns, TILL_SIZES[:2], scale_percent=150),
    Shot("campaigns", "ending", ending, ToCampaigns),
    Shot("campaigns", "tier-offer", tier_offer, ToCampaignDraft, TILL_SIZES),
    Shot(
        "campaigns",
        "tier-offer-150",
        tier_offer,
        ToCampaignDraft,
        TILL_SIZES[:2],
        scale_percent=150,
    ),
    Shot("campaigns", "tier-trial", tier_trial, ToCampaignDraft, TILL_SIZES),
    Shot(
        "campaigns",
        "tier-trial-150",
        tier_trial,
        ToCampaignDraft,
        TILL_SIZES[:2],
        scale_percent=150,
    ),
    Shot("campaigns", "tier-message", tier_message, ToCampaignDraft),
    Shot("campaigns", "tier-running", tier_running, ToCampaigns, TILL_SIZES[:2]),
    Shot("campaigns", "rooms-150", rooms, ToDesk, TILL_SIZES[1:2], scale_percent=150),
)
