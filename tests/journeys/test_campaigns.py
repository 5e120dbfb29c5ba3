"""Campaigns at the real window: five times Enter from a template, what is wrong, the result."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from app.domain.campaign_fact import (
    CampaignAnnounced,
    CampaignDrawn,
    CampaignEnded,
    CampaignPublished,
)
from app.domain.facts import CouponIssued, TrialGiven, read_fact
from app.services.server_port import NoServerHere
from tests.journeys.cashier import Cashier
from tests.real_shop import MILK
from tests.screens.scene import Scene, WaitingTerminal
from tests.screens.scenes_campaigns import (
    ALT,
    all_issued,
    claim,
    empty,
    of_a_chain,
    offer,
    room_of,
    templates,
    tier_offer,
    trial,
    wizard,
)
from tests.screens.scenes_desk import as_manager, wait
from tests.ui import walking
from ui.campaign_intents import ToCampaignDraft, ToCampaigns
from ui.campaigns.controller import CampaignsController
from ui.desk.controller import DeskController
from ui.navigation import ToDesk

pytestmark = pytest.mark.journey
Key = Qt.Key


@pytest.fixture
def scene(cashier: Cashier) -> Scene:
    return Scene(cashier, "zh_CN", WaitingTerminal())


def facts(cashier: Cashier, kind: type[Any]) -> list[Any]:
    stored = cashier.read(lambda work: work.facts.all_facts(limit=10_000))
    read = [read_fact(each.data) for each in stored]
    return [each for each in read if isinstance(each, kind)]


def test_a_dormant_win_back_by_five_times_enter_from_segment_to_result(scene: Scene) -> None:
    cashier = scene.cashier
    templates(scene)
    before = len(facts(cashier, CouponIssued))
    for _ in range(4):
        cashier.press(Key.Key_Return)
    wait(scene, wizard(scene).screen.go_on.isEnabled)
    assert "33" in " ".join(cashier.texts())
    cashier.press(Key.Key_Return)
    wait(scene, lambda: cashier.at(ToCampaigns) and all_issued(scene))

    [out] = facts(cashier, CampaignPublished)
    assert (out.plan.template, out.reached, out.control) == ("win_back", 33, 3)
    drawn = facts(cashier, CampaignDrawn)
    chosen = [member for each in drawn for member in each.chosen]
    assert len(chosen) == len(set(chosen)) == 33
    assert len(facts(cashier, CouponIssued)) - before == 33

    by_id = {member: name for name, member in cashier.shop.members.items()}
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
    assert "核销 1 张券，共发 33 张券" in said
    assert "1 / 33" in said
    assert "还太早：才进行 1 天" in said


def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(scene: Scene) -> None:
    cashier = scene.cashier
    offer(scene)
    for name, typed, said in (
        ("threshold", "5", "减得比付的还多"),
        ("threshold", "五十", "不是数字"),
        ("ends", "2026-11-01", "早于开始日期"),
        ("ends", "下周", "不是日期"),
        ("category", "没有这个", "没有品类"),
    ):
        edit = wizard(scene).screen.edits[name]
        before = edit.text()
        edit.setFocus()
        edit.selectAll()
        edit.insert(typed)
        edit.textEdited.emit(typed)
        cashier.press(Key.Key_Return)
        assert edit.text() == typed
        assert said in edit.accessibleDescription()
        assert wizard(scene)._step == 2
        edit.setText(before)
        edit.textEdited.emit(before)
    cashier.press(Key.Key_Return)
    assert wizard(scene)._step == 3


def test_a_chain_tells_the_members_by_the_way_that_was_chosen(scene: Scene) -> None:
    cashier = scene.cashier
    of_a_chain(scene)
    cashier.type("3")
    wait(scene, lambda: "text_en" in wizard(scene).screen.edits)
    edits = wizard(scene).screen.edits
    assert edits["text_zh"].text().startswith("好久不见！满50减10，有效期至2026-12-12，")
    edits["text_en"].setFocus()
    edits["text_en"].selectAll()
    cashier.press(Key.Key_Delete)
    cashier.press(Key.Key_Return)
    assert "中英文" in edits["text_en"].accessibleDescription()
    edits["text_en"].setFocus()
    cashier.type("Come back")
    cashier.press(Key.Key_Return)
    wait(scene, wizard(scene).screen.go_on.isEnabled)
    said = " ".join(cashier.texts())
    assert "只发短信，其中 33 人可以收到" in said
    assert "Come back" in said
    # Somebody thinks about it, and finds it as it was.
    for _ in range(5):
        cashier.press(Key.Key_Escape)
    cashier.settle()
    cashier.press(Key.Key_3, ALT)
    cashier.settle()
    cashier.press(Key.Key_Return)
    wait(scene, lambda: cashier.at(ToCampaignDraft) and bool(wizard(scene).screen.rows))
    for _ in range(4):
        cashier.press(Key.Key_Return)
    wait(scene, wizard(scene).screen.go_on.isEnabled)
    cashier.press(Key.Key_Return)
    wait(scene, lambda: cashier.at(ToCampaigns) and bool(facts(cashier, CampaignAnnounced)))
    [told] = facts(cashier, CampaignAnnounced)
    assert (told.channels, told.text_en, told.is_personal) == (("sms",), "Come back", True)
    wait(scene, lambda: "只发短信" in cashier.texts())
    wait(scene, lambda: "总部没有回应" in cashier.texts())


def test_members_try_gold_by_a_campaign_from_its_template_to_its_end(scene: Scene) -> None:
    cashier = scene.cashier
    tier_offer(scene)
    assert {"银卡", "金卡"} <= set(cashier.texts())
    edit = wizard(scene).screen.edits["trial_days"]
    edit.setFocus()
    edit.selectAll()
    cashier.type("120")
    cashier.press(Key.Key_Return)
    assert (edit.text(), "最多 92 天" in edit.accessibleDescription()) == ("120", True)
    edit.selectAll()
    cashier.type("14")
    wizard(scene).screen.setFocus()
    cashier.press(Key.Key_Down)
    assert wizard(scene)._draft.plan.terms.tier == "gold"  # type: ignore[union-attr] # it is there
    edit = wizard(scene).screen.edits["trial_days"]
    edit.setFocus()
    edit.selectAll()
    cashier.type("14")
    for _ in range(2):
        cashier.press(Key.Key_Return)
    wait(scene, wizard(scene).screen.go_on.isEnabled)
    said = " ".join(cashier.texts())
    for each in (
        "金卡体验 14 天",
        "最多 100 位会员",
        "1 位会员已是该等级或体验过",
        "过去的销售算不出成本",
    ):
        assert each in said
    cashier.press(Key.Key_Return)
    wait(scene, lambda: cashier.at(ToCampaigns) and all_issued(scene))
    given = facts(cashier, TrialGiven)
    assert len({each.member for each in given}) == len(given) == 33
    assert {(each.tier, each.why) for each in given} == {("gold", "campaign")}
    assert "0 / 33" in " ".join(cashier.texts())
    cashier.press(Key.Key_2, ALT)
    assert "可用到最后一天" in " ".join(cashier.texts())
    cashier.press(Key.Key_2, ALT)
    cashier.settle()
    assert len(facts(cashier, CampaignEnded)) == 1


def test_the_poster_of_a_campaign_that_members_claim_is_saved(scene: Scene, tmp_path: Path) -> None:
    cashier = scene.cashier
    claim(scene)
    current = cashier.handle.parts.navigation.current
    assert isinstance(current, CampaignsController)
    current._posters.folder = tmp_path
    assert current.screen.poster.isVisible()
    assert "按回车把海报存成 PDF" in " ".join(cashier.texts()), "published just now"
    cashier.press(Key.Key_Return)
    wait(scene, lambda: bool(list(tmp_path.glob("zhanggui-poster-*.pdf"))))
    [file] = tmp_path.glob("zhanggui-poster-*.pdf")
    wait(scene, lambda: f"已保存到 {file}" in " ".join(cashier.texts()))
    assert file.read_bytes().startswith(b"%PDF")
    # Without a line there is no code to print, and it is said.
    parts = cashier.handle.parts
    parts.shop = replace(parts.shop, server=NoServerHere())
    cashier.press(Key.Key_4, ALT)
    wait(scene, lambda: "海报的二维码由总部提供" in " ".join(cashier.texts()))


def test_a_draft_is_kept_and_gone_on_with(scene: Scene) -> None:
    cashier = scene.cashier
    trial(scene)
    for _ in range(5):
        cashier.press(Key.Key_Escape)
    assert cashier.at(ToCampaigns)
    cashier.settle()
    cashier.press(Key.Key_3, ALT)
    cashier.settle()
    assert facts(cashier, CampaignPublished) == []
    cashier.press(Key.Key_Return)
    wait(scene, lambda: cashier.at(ToCampaignDraft) and bool(wizard(scene).screen.rows))
    draft = wizard(scene)._draft
    assert draft is not None
    assert draft.plan.title == "唤醒沉睡会员"


def test_ending_asks_once_more_and_then_nobody_gets_it(scene: Scene) -> None:
    cashier = scene.cashier
    as_manager(scene)
    room_of(scene, "ToCampaigns")
    cashier.press(Key.Key_1, ALT)
    wait(scene, lambda: bool(wizard(scene).screen.rows))
    cashier.type("4")
    for _ in range(4):
        cashier.press(Key.Key_Return)
    wait(scene, wizard(scene).screen.go_on.isEnabled)
    cashier.press(Key.Key_Return)
    wait(scene, lambda: cashier.at(ToCampaigns) and all_issued(scene))
    cashier.press(Key.Key_2, ALT)
    assert facts(cashier, CampaignEnded) == []
    cashier.press(Key.Key_2, ALT)
    cashier.settle()
    [ended] = facts(cashier, CampaignEnded)
    assert ended.why == "by_hand"
    wait(scene, lambda: "已结束 1" in cashier.texts())


def test_the_room_is_the_managers_and_speaks_both_languages(scene: Scene) -> None:
    cashier = scene.cashier
    cashier.press(Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    cashier.settle()
    desk = cashier.handle.parts.navigation.current
    assert isinstance(desk, DeskController)
    assert "ToCampaigns" not in {type(row.room.to()).__name__ for row in desk._rows}
    empty(scene)
    current = cashier.handle.parts.navigation.current
    assert isinstance(current, CampaignsController)
    assert "新建活动" in current.screen.new.accessibleName()
    cashier.handle.parts.language.use("en")
    assert "New campaign" in current.screen.new.accessibleName()
    cashier.settle()
    assert walking.clipped(current.screen) == []
    cashier.press(Key.Key_Escape)
    assert cashier.at(ToDesk)
