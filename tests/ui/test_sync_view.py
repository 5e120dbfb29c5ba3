"""The state card of the sync centre: lines of the three lanes, and very much that waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.domain.agreement_record import SentCount
from app.domain.link import Link
from app.domain.outbox import OutboxCount
from app.services.sync_chip import Chip
from app.services.sync_state import SyncCentre
from app.wording import load
from ui.sync_centre.view_model import Now, StateView, sync_view

AT = datetime(2026, 11, 21, 18, 2, tzinfo=UTC)
CENTRE = SyncCentre(
    chip=Chip("sending", 12), count=OutboxCount(pending=12, oldest_ms=1), server="https://x",
    must_enrol=False, pending=(("sales", 9), ("members", 3)), dead=(), adjusted=(), held=(),
    heard=(), latest=(), today=SentCount(20, 8, 2),
)  # fmt: skip
LINK = Link("online", last_push_ms=2, last_pull_ms=3, sending=True)


def state(centre: SyncCentre, link: Link, language: str = "en") -> StateView:
    now = Now(AT, lambda ms: AT.replace(minute=ms), load(language))
    return sync_view(centre, link, {}, now).state


@pytest.mark.parametrize(
    ("link", "said"),
    [
        (LINK, "—"),
        (replace(LINK, last_ask_ms=4), "18:04"),
        (replace(LINK, last_ask_ms=4, ask_failed=True), "18:04, no answer"),
    ],
    ids=["nothing was asked", "answered", "asked in vain"],
)
def test_every_lane_has_its_line(link: Link, said: str) -> None:
    lines = dict(state(CENTRE, link).lines)
    assert lines["Last upload"] == "18:02"
    assert lines["Last download"] == "18:03"
    assert lines["Last contact"] == said
    assert len(lines) == 6


def test_what_waits_is_told_by_group() -> None:
    assert state(CENTRE, LINK).parts == "Sales rung up 9 ⋅ Members 3"


def test_of_very_much_the_longest_waiting_are_told_by_group() -> None:
    alone = replace(CENTRE, count=OutboxCount(100_000), pending=(("sales", 990), ("shifts", 10)))
    assert state(alone, LINK).parts == "Of the first 1,000: Sales rung up 990 ⋅ Shifts 10"
    assert state(alone, LINK, "zh_CN").parts == "最早的 1,000 条：销售 990 ⋅ 班次 10"


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ("", "2 waiting"),
        ("disk_full", "2, no room there"),
        ("unknown_photo", "2, not taken"),
    ],
)
def test_photos_that_wait_are_told_with_what_keeps_them(trouble: str, said: str) -> None:
    lines = dict(state(replace(CENTRE, photos=2), replace(LINK, photo_trouble=trouble)).lines)
    assert lines["Photos"] == said
