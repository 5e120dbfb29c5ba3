"""The status chip: the whole truth table, and never green with something pending."""

from dataclasses import replace
from datetime import datetime
from itertools import product
from typing import get_args

import pytest

from app import wording
from app.domain.link import Link, Wire
from app.domain.outbox import OutboxCount
from app.services.sync_chip import Chip, chip_of
from ui.status import StatusFacts, Unsafe, is_unsafe, status_state, status_view
from ui.status_board import StatusBoard
from ui.theme import icons

AT = datetime(2026, 11, 21, 10, 32)  # noqa: DTZ001 - the chip shows the till's own clock
NOW_MS = 1_795_255_200_000
CASES = [
    ("never enrolled", Chip("alone"), "本店独立运行", "info"),
    ("synced", Chip("synced", at_ms=NOW_MS), "在线 ⋅ 10:32 已同步", "success"),
    ("sending", Chip("sending", 12), "同步中 ⋅ 剩 12 笔", "info"),
    ("stuck", Chip("not_moving", 12), "在线 ⋅ 12 笔未上传", "warning"),
    ("offline", Chip("offline", 12), "离线 ⋅ 可正常收银 ⋅ 12 笔待上传", "offline"),
    ("offline long", Chip("offline_long", 12, hours=26), "离线 26 小时 ⋅ 请联系店长", "offline"),
    ("conflicts", Chip("attention", 3), "3 笔需处理", "danger"),
    ("checking", Chip("checking", 2), "正在确认连接…", "info"),
]
EVERY = [
    pytest.param(
        Link(wire, since_ms=NOW_MS - hours * 3_600_000, sending=sending, last_ms=last_ms),
        OutboxCount(pending=pending, set_aside=refused),
        must_enrol,
        id=f"{wire} {hours}h {sending=} {last_ms=} {pending=} {refused=} {must_enrol=}",
    )
    for wire, hours, sending, last_ms, pending, refused, must_enrol in product(
        get_args(Wire), (0, 26), (False, True), (None, NOW_MS), (0, 1, 501), (0, 3), (False, True)
    )
]


@pytest.mark.parametrize(
    ("chip", "text", "tone"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_the_chip_says(chip: Chip, text: str, tone: str) -> None:
    view = status_view(StatusFacts(chip, AT), wording.load("zh_CN"))
    assert (view.text, view.tone) == (text, tone)


@pytest.mark.parametrize(("link", "count", "must_enrol"), EVERY)
def test_never_green_with_something_pending_or_unproven(
    link: Link, count: OutboxCount, must_enrol: bool
) -> None:
    chip = chip_of(link, count, must_enrol, NOW_MS)
    for language in wording.LANGUAGES:
        view = status_view(StatusFacts(chip, AT), wording.load(language))
        assert view.text
        assert not view.icon or view.icon in icons.names()
        if view.tone == "success":
            assert (link.wire, link.last_ms) == ("online", NOW_MS)
            assert count == OutboxCount()
            assert not must_enrol
        if link.wire == "offline" and not count.set_aside and not must_enrol:
            assert view.tone == "offline", "being offline is normal"


@pytest.mark.parametrize("unsafe", get_args(Unsafe))
def test_a_disk_that_may_cost_sales_goes_before_the_link_but_not_before_a_person(
    unsafe: Unsafe,
) -> None:
    known = StatusFacts(Chip("synced", at_ms=NOW_MS), AT, unsafe, AT)
    assert status_state(known) == unsafe
    assert status_view(known, wording.load("en")).tone == "warning"
    asked = replace(known, chip=Chip("attention", 1))
    assert status_state(asked) == "attention"
    assert not is_unsafe(asked)


def test_both_watches_write_on_one_board_and_a_change_is_told_once() -> None:
    board = StatusBoard()
    told: list[StatusFacts] = []
    board.changed.connect(told.append)
    board.put_safety("journal", AT)
    board.put_link(Chip("offline", 2), None)
    board.put_link(Chip("offline", 2), None)
    assert told == [
        StatusFacts(unsafe="journal", unsafe_since=AT),
        StatusFacts(Chip("offline", 2), None, "journal", AT),
    ]
    assert board.facts == told[-1]
