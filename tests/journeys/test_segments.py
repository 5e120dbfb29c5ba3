"""Segments at the real window: a dormant win-back from the figures to its result, by keys alone."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt

from app.domain.campaign_fact import CampaignDrawn, CampaignPublished
from app.domain.facts import CouponIssued, read_fact
from app.services.member_page import member_head
from tests.journeys.cashier import Cashier
from tests.real_shop import MILK
from tests.screens.scene import Scene, WaitingTerminal
from tests.screens.scenes_campaigns import all_issued, room_of, wizard
from tests.screens.scenes_desk import wait
from tests.screens.scenes_figures import (
    ALT,
    SLEEPERS,
    board,
    cohorts,
    is_judged,
    open_figures,
    people_page,
    segments,
)
from tests.ui import walking
from ui.campaign_intents import ToCampaignDraft, ToCampaigns
from ui.figure_intents import ToFigures
from ui.navigation import ToDesk, ToMember

pytestmark = pytest.mark.journey
Key = Qt.Key


@pytest.fixture
def scene(cashier: Cashier) -> Scene:
    return Scene(cashier, "zh_CN", WaitingTerminal())


def facts(cashier: Cashier, kind: type[Any]) -> list[Any]:
    stored = cashier.read(lambda work: work.facts.all_facts(limit=10_000))
    read = [read_fact(each.data) for each in stored]
    return [each for each in read if isinstance(each, kind)]


def cells(scene: Scene, group: str) -> list[str]:
    rows = people_page(scene).screen.groups.table.rows
    [row] = [row for row in rows if row.key == group]
    return [cell.text for cell in row.cells]


def test_a_dormant_win_back_from_the_segment_to_its_result(scene: Scene) -> None:
    cashier = scene.cashier
    segments(scene)
    page = people_page(scene)
    assert cells(scene, "dormant")[1] == str(len(SLEEPERS))
    assert page.group == "dormant"
    assert "唤醒" in " ".join(cashier.texts())
    cashier.press(Key.Key_Return)  # who they are, and one of them
    assert len(page.screen.behind.table.rows) == len(SLEEPERS)
    cashier.press(Key.Key_Return)
    assert cashier.at(ToMember)

    cashier.press(Key.Key_Escape)  # the list as it was left, then the groups
    assert page.screen.is_behind
    cashier.press(Key.Key_Escape)
    wait(scene, lambda: is_judged(people_page(scene)))
    before = len(facts(cashier, CouponIssued))
    cashier.begin()
    cashier.press(Key.Key_1, ALT)
    wait(scene, lambda: cashier.at(ToCampaignDraft) and bool(wizard(scene).screen.rows))
    for _ in range(3):
        cashier.press(Key.Key_Return)
    wait(scene, wizard(scene).screen.go_on.isEnabled)
    assert "另有 2 位" in " ".join(cashier.texts())
    cashier.press(Key.Key_Return)
    assert cashier.keys == 5
    wait(scene, lambda: cashier.at(ToCampaigns) and all_issued(scene))
    [out] = facts(cashier, CampaignPublished)
    assert (out.plan.audience.who, out.plan.audience.segment) == ("chosen", "dormant")
    chosen = [member for each in facts(cashier, CampaignDrawn) for member in each.chosen]
    assert out.reached == len(chosen) == len(facts(cashier, CouponIssued)) - before
    assert out.reached + out.control == 8  # two did not agree to be written to

    by_id = {member: name for name, member in cashier.shop.members.items()}
    while not cashier.at(ToDesk):
        cashier.press(Key.Key_Escape)
    cashier.press(Key.Key_Escape)
    cashier.scan(cashier.shop.cards[by_id[chosen[0]]])
    cashier.scan(MILK)
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_F9)
    assert cashier.sales()[-1].total_minor == 4_900
    cashier.press(Key.Key_Escape)
    room_of(scene, "ToCampaigns")
    wait(scene, lambda: all_issued(scene))
    said = " ".join(cashier.texts())
    assert f"1 / {out.reached}" in said
    assert "还太早：才进行 1 天" in said
    cashier.press(Key.Key_Escape)
    open_figures(scene)
    cashier.type("2")
    wait(scene, lambda: is_judged(people_page(scene)))
    cashier.press(Key.Key_2, ALT)  # judged again, he is back
    wait(scene, lambda: is_judged(people_page(scene)) and cells(scene, "dormant")[1] == "9")


def test_grades_agree_with_the_members_page_and_nobody_is_judged_who_refused(
    scene: Scene,
) -> None:
    cashier = scene.cashier
    cohorts(scene)
    page = people_page(scene)
    grid = page.screen.cohorts.grid.view
    assert grid is not None
    assert [row.total for row in grid.rows] == ["13"]
    assert [cell.text for cell in grid.rows[0].cells][:3] == ["100.0%", "15.4%", "15.4%"]
    assert "15.4%" in page.cohorts.words
    cashier.press(Key.Key_Return)
    rows = page.screen.behind.table.rows
    assert len(rows) == 2
    cashier.press(Key.Key_Escape)
    cashier.press(Key.Key_3, ALT)
    assert [cell.text for cell in page.screen.cohorts.table.rows[0].cells][3:6] == ["13", "2", "2"]

    cashier.type("2")
    while page.group != "high":
        cashier.press(Key.Key_Down)
    cashier.press(Key.Key_Return)
    [row] = page.screen.behind.table.rows
    assert row.cells[1].text == "王*红"
    member = cashier.shop.members["王小红"]
    head = cashier.shop.do(member_head, member_id=member)
    assert head.churn.grade == "high"
    cashier.press(Key.Key_Escape)

    cashier.shop.do(_refuse, member_id=member)
    cashier.press(Key.Key_2, ALT)
    wait(scene, lambda: is_judged(page) and cells(scene, "high")[1] == "0")
    assert "不在任何分群" in page.screen.notes.text()
    cashier.handle.parts.language.use("en")
    cashier.settle()
    assert "What to do" in " ".join(cashier.texts())
    assert walking.clipped(page.screen) == []
    cashier.type("1")
    assert cashier.at(ToFigures)
    assert board(scene).screen.head.pages[1].isVisible()


def _refuse(*, shop: Any, work: Any, member_id: str) -> Any:
    from app.services.consent import change_consent

    who = {"shop": shop, "work": work, "member_id": member_id}
    change_consent(**who, purpose="profiling", given=True)
    return change_consent(**who, purpose="profiling", given=False)
