"""Scenes of the whole chain's figures: the dashboard as head office tells it, what stands behind.

Owns: how each of them comes about, by what a person does, and a head office that tells. Does not
own: a shop's own figures (scenes_figures.py).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtCore import Qt

from app.domain.chain_behind import (
    BehindTold,
    BehindWanted,
    ChainCohorts,
    ChainCohortsWanted,
    ChainDays,
    ChainDaysWanted,
    ChainHour,
    ChainHours,
    ChainHoursWanted,
    ChainPeople,
    ChainPeopleWanted,
    ChainPerson,
    ChainReceipt,
    ChainReceipts,
    ChainReceiptsWanted,
    ChainScores,
    ChainScoresWanted,
)
from app.domain.chain_figures import ChainSpans, SpanSums, answer_parts
from app.domain.figure_count import received
from app.domain.figures import Days, LifeSums, PeopleSums
from app.domain.link import Link
from app.domain.months import Month
from app.domain.person_figures import CellKey, CohortCell
from app.domain.server_answer import NoAnswer
from app.domain.survey_record import SurveyAnswer, SurveySums
from tests.screens.scene import TILL_SIZES, Scene, Shot
from tests.screens.scenes_desk import ALT, wait
from tests.screens.scenes_figures import (
    a_day,
    board,
    is_read,
    open_figures,
    people_page,
)
from tests.screens.scenes_sync import ToldLine
from tests.services.figure_shop import judged
from ui.figure_intents import ToFigures, ToSegments
from ui.kit.pick_dialog import PickDialog

Key = Qt.Key
STORES = {"renmin-road": "人民路店", "lake-road": "湖滨路店", "xidan": "西单店"}
TOLD_MS = 1_795_255_320_000
SAID = SurveySums(71, 40, 9)


class ChainTold(ToldLine):
    """A line over which head office tells of all stores. `known`: members of this shop."""

    known: tuple[str, ...] = ()
    day = Days(date(2026, 11, 21), date(2026, 11, 21))

    def figures(  # type: ignore[override] # the other one never hears of a chain
        self, days: Days, beside: Days
    ) -> ChainSpans:
        names = ("sales", "paid", "member_sales", "member_paid", "back", "refunds")
        by_day = {
            date.fromordinal(days.first.toordinal() + place): dict(
                zip(names[:5], (600 + 31 * (place % 7), 4_310_000 + 210_000 * (place % 6),
                                390, 2_900_000, 21_200), strict=True)
            )
            for place in range(days.count)
        }  # fmt: skip
        now = {name: sum(each.get(name, 0) for each in by_day.values()) for name in names}
        now |= answer_parts(SAID)
        now |= {
            "refunds": 41,
            received("cash"): now["paid"] // 4,
            received("mobile"): now["paid"] // 2,
        }
        now[received("card")] = now["paid"] - now["paid"] // 4 - now["paid"] // 2
        before = {name: amount * 93 // 100 for name, amount in now.items()}
        people = PeopleSums(3_120, 1_210, now["member_paid"], now["back"])
        life = LifeSums(48_210, 912_310_400, 12_200_300)
        return ChainSpans(
            SpanSums(now, people, life), SpanSums(before, people, life), by_day, 3,
            TOLD_MS,
        )  # fmt: skip

    def behind(  # type: ignore[override] # as above
        self, asked: BehindWanted
    ) -> BehindTold | NoAnswer:
        match asked:
            case ChainDaysWanted(days):
                return ChainDays(self.figures(days, days).by_day)
            case ChainHoursWanted():
                return ChainHours(self._hours())
            case ChainPeopleWanted(offset=offset, rows=rows):
                return ChainPeople(tuple(map(self._person, range(offset, offset + rows))), True)
            case ChainReceiptsWanted():
                return ChainReceipts(tuple(map(_receipt, range(30))), False, STORES)
            case ChainCohortsWanted(last=last, months=months):
                return ChainCohorts(_cells(Month.of(last), months))
            case ChainScoresWanted(days):
                return ChainScores(
                    tuple(self._score(days, each) for each in range(12)), False, SAID, STORES
                )

    def _hours(self) -> tuple[ChainHour, ...]:
        """A day as `figures` tells it, from eight to nine in the evening."""
        of_day = next(iter(self.figures(self.day, self.day).by_day.values()))
        parts = (3, 5, 8, 9, 12, 10, 7, 6, 8, 11, 13, 8)
        hours, left = [], dict(of_day)
        for place, part in enumerate(parts):
            share = {name: amount * part // 100 for name, amount in of_day.items()}
            if place == len(parts) - 1:
                share = left
            left = {name: left[name] - share[name] for name in left}
            hours.append(
                ChainHour(8 + place, share["sales"], share["paid"], share["member_sales"],
                          share["member_paid"])
            )  # fmt: skip
        return tuple(hours)

    def _person(self, place: int) -> ChainPerson:
        known = self.known[place // 3] if place % 3 == 0 and place // 3 < len(self.known) else ""
        card = f"M****{7 * place % 10}Q{place % 10}X"
        return ChainPerson(
            known or f"other-{place}", card, 31 - place % 30, 912_340 - 7_310 * place
        )

    def _score(self, days: Days, place: int) -> SurveyAnswer:
        member = self.known[place % 2] if place % 3 == 0 else None
        return SurveyAnswer(
            sale_id="",
            op_id="",
            store=tuple(STORES)[place % 3],
            till=1,
            receipt=f"R0101{place:06d}K",
            member_id=member,
            day=days.last,
            at_ms=TOLD_MS - 61_000 * place,
            score=place * 10 // 11,
            channel=("cashier", "display", "page")[place % 3],
        )


def _cells(last: Month, months: int) -> dict[CellKey, CohortCell]:
    """Of each month's new buyers fewer and fewer come back."""
    cells = {}
    for age in range(months):
        born, new = last.plus(-age), 1_900 - 130 * age
        for later in range(age + 1):
            came = new if not later else new * (46 - 2 * later) // 100
            cells[born.index, born.index + later] = CohortCell(
                came, came // 3, came * 8_640, came * 90
            )
    return cells


def _receipt(place: int) -> ChainReceipt:
    is_refund = place == 4
    paid = -3_980 if is_refund else 5_970 + 1_310 * (place % 7)
    return ChainReceipt(
        f"op-{100 - place}", f"R0{place % 3 + 1}02000{187 - place}K", tuple(STORES)[place % 3],
        TOLD_MS - 213_000 * place, paid, 1 + place % 5, is_refund, "other" if place % 2 else None,
    )  # fmt: skip


def at_chain(scene: Scene, period: str) -> None:
    """The figures of all stores, as head office counts them."""
    a_day(scene)
    judged(scene.cashier.shop)
    parts = scene.cashier.handle.parts
    line = ChainTold(Link("online", 1))
    line.known = tuple(scene.cashier.shop.members.values())
    parts.shop = replace(parts.shop, server=line)
    open_figures(scene)
    scene.cashier.press(Key.Key_1, ALT)
    scene.cashier.type(period)
    wait(scene, lambda: is_read(board(scene)))
    scene.cashier.press(Key.Key_2, ALT)
    scene.cashier.type(str(len(next(scene.cashier.shown(PickDialog)).rows)))
    wait(scene, lambda: bool(board(scene).slice.as_of_ms))


def whole_chain(scene: Scene) -> None:
    """A month of all stores."""
    at_chain(scene, "5")


def hours(scene: Scene) -> None:
    """A day of all stores, hour by hour."""
    at_chain(scene, "1")
    wait(scene, lambda: board(scene).slice.hours is not None)


def opened(scene: Scene) -> None:
    scene.cashier.press(Key.Key_Return)
    wait(scene, lambda: board(scene).screen.is_behind)


def people(scene: Scene) -> None:
    """Who bought twice."""
    whole_chain(scene)
    for _ in range(4):
        scene.cashier.press(Key.Key_Right)
    opened(scene)


def days(scene: Scene) -> None:
    whole_chain(scene)
    opened(scene)


def receipts(scene: Scene) -> None:
    days(scene)
    scene.cashier.press(Key.Key_Return)
    wait(scene, lambda: len(board(scene).behind.drill.pages) == 2 and is_told(scene))


def is_told(scene: Scene) -> bool:
    page = board(scene).behind.drill.page
    return page is not None and bool(page.view.columns)


def answers(scene: Scene) -> None:
    """What customers of all stores said."""
    whole_chain(scene)
    found = board(scene).slice.found
    assert found is not None
    board(scene).behind.open_figure("nps", found)
    wait(scene, lambda: board(scene).screen.is_behind)


def cohorts(scene: Scene) -> None:
    """Those of all stores, one of their months marked."""
    whole_chain(scene)
    scene.cashier.type("3")
    wait(scene, lambda: not people_page(scene).counting.is_running)
    scene.cashier.press(Key.Key_1, ALT)
    wait(scene, lambda: people_page(scene).cohorts.told.chain)
    for key in (Key.Key_Down, Key.Key_Right, Key.Key_Right):
        scene.cashier.press(key)


def silent(scene: Scene) -> None:
    """Head office does not tell what stands behind it."""
    whole_chain(scene)
    server: Any = scene.cashier.handle.parts.shop.server
    server.behind = lambda asked: NoAnswer()
    scene.cashier.press(Key.Key_Return)
    wait(scene, lambda: bool(board(scene).screen.notice.sentence))


SHOTS = (
    Shot("figures", "chain", whole_chain, ToFigures, TILL_SIZES[:2]),
    Shot("figures", "chain-150", whole_chain, ToFigures, TILL_SIZES[:1], scale_percent=150),
    Shot("figures", "chain-hours", hours, ToFigures),
    Shot("figures", "chain-people", people, ToFigures, TILL_SIZES[:2]),
    Shot("figures", "chain-days", days, ToFigures),
    Shot("figures", "chain-receipts", receipts, ToFigures, TILL_SIZES[:2]),
    Shot("figures", "chain-receipts-150", receipts, ToFigures, TILL_SIZES[1:2], scale_percent=150),
    Shot("figures", "chain-answers", answers, ToFigures, TILL_SIZES[:2]),
    Shot("figures", "chain-silent", silent, ToFigures),
    Shot("segments", "chain-cohorts", cohorts, ToSegments, TILL_SIZES),
    Shot("segments", "chain-cohorts-150", cohorts, ToSegments, TILL_SIZES[:1], scale_percent=150),
)
