"""The status chip: the whole truth table, and never green with something pending."""

from datetime import datetime
from itertools import product

import pytest

from app import wording
from ui.status import Link, StatusState, SyncFacts, status_state, status_view
from ui.theme import icons

AT = datetime(2026, 11, 21, 10, 32)  # noqa: DTZ001 - the chip shows the till's own clock
CASES = [
    ("never enrolled", SyncFacts(), "本店独立运行", "info"),
    ("synced", SyncFacts(Link.ONLINE, last_good_at=AT), "在线 ⋅ 10:32 已同步", "success"),
    ("sending", SyncFacts(Link.ONLINE, 12, is_moving=True), "同步中 ⋅ 剩 12 笔", "info"),
    ("stuck", SyncFacts(Link.ONLINE, 12), "在线 ⋅ 12 笔未上传", "warning"),
    ("offline", SyncFacts(Link.OFFLINE, 12), "离线 ⋅ 可正常收银 ⋅ 12 笔待上传", "offline"),
    ("offline long", SyncFacts(Link.OFFLINE, 12, offline_hours=26),
     "离线 26 小时 ⋅ 请联系店长", "offline"),
    ("conflicts", SyncFacts(Link.ONLINE, conflicts=3), "3 笔需处理", "danger"),
    ("checking", SyncFacts(Link.CHECKING, 2), "正在确认连接…", "info"),
]  # fmt: skip
EVERY = [
    SyncFacts(link, pending, conflicts, is_moving, AT, hours)
    for link, pending, conflicts, is_moving, hours in product(
        Link, (0, 1, 501), (0, 3), (False, True), (0, 24)
    )
]


@pytest.mark.parametrize(
    ("facts", "text", "tone"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_the_chip_says(facts: SyncFacts, text: str, tone: str) -> None:
    view = status_view(facts, wording.load("zh_CN"))
    assert (view.text, view.tone) == (text, tone)


@pytest.mark.parametrize("language", wording.LANGUAGES)
@pytest.mark.parametrize("facts", EVERY, ids=str)
def test_never_green_with_something_pending_or_unproven(facts: SyncFacts, language: str) -> None:
    view = status_view(facts, wording.load(language))
    if view.tone == "success":
        assert facts.link is Link.ONLINE
        assert facts.pending == facts.conflicts == 0
    assert view.text
    assert not view.icon or view.icon in icons.names()


def test_many_waiting_or_a_day_offline_is_for_the_manager() -> None:
    assert status_state(SyncFacts(Link.OFFLINE, 500)) is StatusState.OFFLINE
    assert status_state(SyncFacts(Link.OFFLINE, 501)) is StatusState.OFFLINE_LONG
    assert status_state(SyncFacts(Link.OFFLINE, 0, offline_hours=24)) is StatusState.OFFLINE_LONG
