"""The library: found while somebody types, in Chinese, English and pinyin; grown from cases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec import structs

from app.domain.solution import SolutionRefused
from app.services.approval import ApprovalNeeded
from app.services.complaint import NoSuchComplaint, NotAChoice
from app.services.complaint_act import Result, resolve_complaint
from app.services.solution import (
    NewSolution,
    SolutionKept,
    draft_from_case,
    keep_solution,
    suggest_solutions,
)
from app.services.solution_library import (
    cases_behind,
    read_library,
    report_causes,
    solution_story,
)
from tests.real_shop import RealShop
from tests.services.complaints import acted, seen, taken

WEIGHT = NewSolution("weight", "水果短秤", "水果复称少了", "复称、补差、致歉券 10 元", "scale")
RUDE = NewSolution("attitude", "Cashier was short", "Rude at the register", "Call back, apologise")
MILK = NewSolution("quality", "牛奶变质", "纯牛奶未到期变质", "换货并下架同批次")


@pytest.fixture
def library(shop: RealShop) -> RealShop:
    shop.sign_in("王芳")
    for entry in (WEIGHT, RUDE, MILK):
        assert isinstance(shop.do(keep_solution, new=entry), SolutionKept)
    return shop


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("苹果短秤了", "水果短秤"),
        ("水果少了两百克", "水果短秤"),
        ("买的纯牛奶坏了", "牛奶变质"),
        ("rude cash", "Cashier was short"),
        ("apologise", "Cashier was short"),
        ("dc", "水果短秤"),
        ("niunai", "牛奶变质"),
        ("奶", "牛奶变质"),
    ],
)
def test_found_while_typing(library: RealShop, typed: str, title: str) -> None:
    found = library.do(suggest_solutions, text=typed)
    assert [each.title for each in found][:1] == [title]


def test_nothing_fits_and_nothing_typed(library: RealShop) -> None:
    assert library.do(suggest_solutions, text="停车场") == ()
    assert library.do(suggest_solutions, text='"*(^') == ()
    newest = library.do(suggest_solutions, text=" ", limit=2)
    assert [each.title for each in newest] == ["牛奶变质", "Cashier was short"]


def test_grown_from_a_case_and_counted_where_it_served(library: RealShop) -> None:
    case = taken(library)
    (first, *_) = seen(library, case).suggested
    assert first.title == "水果短秤"
    done = Result(text="补差", cause="scale", told="phone", solution=first.solution_id)
    acted(library, resolve_complaint, case, result=done)
    (again, *_) = library.do(suggest_solutions, text="短秤")
    assert again.used == 1
    draft = library.do(draft_from_case, case_id=case)
    assert draft == NewSolution("weight", "", "", "", "scale", case)
    assert library.do(draft_from_case, case_id="none") == NoSuchComplaint("none")


def test_an_entry_is_changed_and_retired(library: RealShop) -> None:
    (found, *_) = library.do(suggest_solutions, text="短秤")
    better = NewSolution(
        "weight", "散称短秤", "散称少了", "双人复称", solution_id=found.solution_id
    )
    library.clock.go_on(milliseconds=1000)
    library.do(keep_solution, new=better)
    assert [each.title for each in library.do(suggest_solutions, text="短秤")] == ["散称短秤"]
    library.clock.go_on(milliseconds=1000)
    gone = NewSolution(
        "weight", "散称短秤", "散称少了", "双人复称", solution_id=found.solution_id, retired=True
    )
    library.do(keep_solution, new=gone)
    assert library.do(suggest_solutions, text="短秤") == ()
    assert "散称短秤" not in [each.title for each in library.do(suggest_solutions, text="")]


def test_what_may_not_be_written(library: RealShop) -> None:
    named = NewSolution("weight", "短秤", "13800138000 说少了", "复称")
    refused = library.do(keep_solution, new=named)
    assert refused == SolutionRefused("problem", "names_a_person", 2000)
    odd = NewSolution("weather", "短秤", "少了", "复称")
    assert library.do(keep_solution, new=odd) == NotAChoice("topic", "weather")
    odd = NewSolution("weight", "短秤", "少了", "复称", cause="moon")
    assert library.do(keep_solution, new=odd) == NotAChoice("cause", "moon")
    library.sign_in("李明")
    assert isinstance(library.do(keep_solution, new=WEIGHT), ApprovalNeeded)


def test_causes_are_counted(library: RealShop) -> None:
    for cause in ("scale", "scale", "people"):
        case = taken(library)
        acted(library, resolve_complaint, case, result=Result("好了", cause, "phone"))
    taken(library, topic="price")
    counted = library.do(report_causes, since_ms=0, until_ms=2**50).rows
    assert [(each.topic, each.cause, each.cases) for each in counted] == [
        ("weight", "scale", 2), ("price", "", 1), ("weight", "people", 1),
    ]  # fmt: skip
    assert library.do(report_causes, since_ms=0, until_ms=1).rows == ()


def test_every_wording_stays_in_the_story_of_an_entry(library: RealShop) -> None:
    (first, *_) = library.do(suggest_solutions, text="短秤")
    better = replace(WEIGHT, solution_id=first.solution_id, answer="复称、当面补差")
    library.clock.go_on(milliseconds=60_000)
    library.do(keep_solution, new=better)
    library.clock.go_on(milliseconds=60_000)
    library.do(keep_solution, new=replace(better, retired=True))
    story = library.do(solution_story, solution_id=first.solution_id)
    assert [(each.solution.answer, each.solution.retired) for each in story] == [
        ("复称、当面补差", True), ("复称、当面补差", False), (WEIGHT.answer, False),
    ]  # fmt: skip
    assert {each.by for each in story} == {"王芳"}
    titles = [(each.title, each.retired) for each in library.do(read_library).entries]
    assert titles[-1] == ("水果短秤", True), "retired ones stand last, and are still there"
    assert library.do(read_library, text="水果短").entries[-1].retired
    assert library.do(suggest_solutions, text="短秤") == ()


def test_a_cause_leads_to_its_cases(library: RealShop) -> None:
    case = taken(library, "张三丰", topic="weight", text="少了 200 克")
    acted(library, resolve_complaint, case, result=Result("补差", "scale", "phone"))
    taken(library, "张三丰", topic="weight", text="又少了")
    now = library.clock.now().wall_ms
    span = {"since_ms": now - 1000, "until_ms": now + 1000}
    report = library.do(report_causes, **span)
    assert {(row.topic, row.cause, row.cases) for row in report.rows} == {
        ("weight", "scale", 1), ("weight", "", 1),
    }  # fmt: skip
    behind = library.do(cases_behind, **span, topic="weight", cause="scale")
    assert [line.case_id for line in behind] == [case]
    assert library.do(cases_behind, since_ms=0, until_ms=1, topic="weight", cause="scale") == ()


def test_an_entry_whose_topic_left_the_program_is_retired_and_written_anew(
    library: RealShop,
) -> None:
    (found, *_) = library.do(suggest_solutions, text="短秤")
    state = library.shop.desk.state
    rules = state.program.complaints
    fewer = structs.replace(
        rules,
        topics=tuple(each for each in rules.topics if each.id != "weight"),
        causes=tuple(each for each in rules.causes if each.id != "scale"),
    )
    program = structs.replace(state.program, complaints=fewer)
    library.shop.desk.adopt(replace(state, program=program))
    gone = replace(WEIGHT, solution_id=found.solution_id, retired=True)
    better = replace(gone, answer="双人复称", retired=False)
    for new in (gone, better, replace(better, cause="")):
        library.clock.go_on(milliseconds=1000)
        assert library.do(keep_solution, new=new) == SolutionKept(found.solution_id)
    assert library.do(keep_solution, new=better) == NotAChoice("cause", "scale")
    assert library.do(keep_solution, new=WEIGHT) == NotAChoice("topic", "weight")
