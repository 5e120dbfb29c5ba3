"""Exports hold what the screen shows: the same numbers, the same members, masked."""

from __future__ import annotations

import csv
import io
from typing import Any

from app.domain.figures import Days
from app.services.answers import NotAllowed
from app.services.audit_trail import read_trail
from app.services.figure_export import FiguresExported, export_figures, export_people
from app.services.figures import NobodyBehind
from tests.real_shop import DAY, MILK, OIL, TOWEL, RealShop
from tests.services.figure_shop import TODAY, LaneOf, counted, read, value
from tests.services.refunds import sold
from tests.services.test_spreadsheet import cells_of


def a_day(shop: RealShop) -> None:
    sold(shop, MILK, TOWEL, member="王小红")
    sold(shop, OIL, member="王小红")
    sold(shop, MILK, member="陈静")
    sold(shop, TOWEL)
    counted(shop)
    shop.sign_in("王芳")


def exported(shop: RealShop, **wanted: Any) -> FiguresExported:
    answer = shop.do(export_figures, days=TODAY, language="en", **wanted)
    assert isinstance(answer, FiguresExported), answer
    return answer


def rows_of(file: FiguresExported) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.data.decode("utf-8-sig"))))


def test_an_export_says_what_the_screen_says(shop: RealShop) -> None:
    a_day(shop)
    found = read(shop)
    file = exported(shop, form="csv")
    assert file.name == f"figures-{DAY}-{DAY}.csv"
    rows = {row[0]: row for row in rows_of(file) if len(row) == 6}
    for name, words in (("avg_basket", "Average basket"), ("repeat_rate", "Repeat rate")):
        numerator, denominator = value(found, name)  # type: ignore[arg-type]  # both are figures
        assert rows[words][3:5] == [str(numerator), str(denominator)]
    assert rows["Money received"][1] == f"{value(found, 'paid')[0] / 100:.2f}"
    assert rows["Repeat rate"][1] == "0.5000"
    in_book = {row[0]: row for row in cells_of(exported(shop, form="xlsx").data) if len(row) == 6}
    assert {words: row[3:5] for words, row in in_book.items()} == {
        words: row[3:5] for words, row in rows.items()
    }


def test_the_members_of_a_file_are_those_of_the_figure_and_masked(shop: RealShop) -> None:
    a_day(shop)
    found = read(shop)
    lane = LaneOf(shop)
    file = export_people(
        shop=shop.shop, lane=lane, figure="active", days=TODAY, form="csv", language="zh_CN"
    )
    assert isinstance(file, FiguresExported)
    header, *rows = rows_of(file)
    assert header[1:3] == ["姓名", "手机号"]
    assert len(rows) == value(found, "active")[0]
    assert [row[1:4] for row in rows] == [
        ["王*红", "139****2233", "2"],
        ["陈*", "136****8000", "1"],
    ]
    money = sum(round(float(row[4]) * 100) for row in rows)
    assert money == value(found, "arpu")[0]
    text = file.data.decode("utf-8-sig")
    assert "13911222233" not in text
    assert "王小红" not in text
    [*_, last] = shop.do(lambda shop, work: read_trail(work=work))
    assert last.entry.action == "figures_exported"
    assert dict(last.entry.details)["what"] == "active"


def test_what_has_no_members_and_who_may_not(shop: RealShop) -> None:
    counted(shop)
    lane = LaneOf(shop)
    wanted: dict[str, Any] = {"days": TODAY, "form": "xlsx", "language": "en"}
    shop.sign_in("王芳")
    nobody = export_people(shop=shop.shop, lane=lane, figure="refunds", **wanted)
    assert isinstance(nobody, NobodyBehind)
    ours = export_figures
    assert isinstance(shop.do(ours, **wanted, till=2), FiguresExported)
    assert isinstance(shop.do(ours, **wanted, beside=Days(DAY, DAY)), FiguresExported)
    shop.sign_in("李明")
    assert isinstance(shop.do(ours, **wanted), NotAllowed)
