"""The question after a sale at one till: answered once, with points, read back, in the figures.

Owns: the service over a real store. Does not own: which answers count together (tests/domain), the
chain (tests/sync/joined), windows (tests/journeys).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec

from app.domain.facts import read_fact
from app.domain.figures import Days, month_of
from app.domain.survey_fact import SurveyAnswered
from app.services.checkout import SaleDone
from app.services.figure_export import FiguresExported
from app.services.figures import FiguresRead, read_figures
from app.services.find_member import OwnMembership
from app.services.payment import pay_cash
from app.services.scan import scan_code
from app.services.survey import (
    AnsweredBefore,
    AnswersRead,
    NoSuchSale,
    NoSurvey,
    SurveyAsked,
    SurveyClosed,
    SurveyNoted,
    answer_survey,
    answers_behind,
    answers_of_member,
    ask_survey,
)
from app.services.survey_export import export_answers
from tests.real_shop import DAY, MILK, RealShop
from tests.services.conftest import restarted, trail, use_program

ON = "\n[survey]\nleast_answers = 2\n"
WANG = "王小红"
DAY_MS = 86_400_000


def sold(shop: RealShop, name: str = "") -> SaleDone:
    for code in ([shop.cards[name]] if name else []) + [MILK]:
        shop.do(scan_code, text=code)
    done = shop.do(pay_cash)
    assert isinstance(done, SaleDone), done
    return done


def answer(shop: RealShop, done: SaleDone, score: int, **told: Any) -> Any:
    return shop.do(answer_survey, sale_id=done.sale_id, score=score, **told)


def points(shop: RealShop, name: str) -> int:
    seen = shop.do(scan_code, text=shop.cards[name]).state.member
    return int(seen.points)


def as_manager(shop: RealShop, service: Callable[..., Any], **wanted: Any) -> Any:
    shop.sign_in("王芳")
    found = shop.do(service, **wanted)
    shop.sign_in()
    return found


def figures(shop: RealShop) -> dict[str, int | None]:
    found = as_manager(shop, read_figures, days=month_of(DAY))
    assert isinstance(found, FiguresRead), found
    return {name: each.figure.rounded for name, each in found.figures.items()}


def test_a_member_is_asked_once_and_has_his_points_at_once(shop: RealShop) -> None:
    before = sold(shop, WANG)
    assert shop.do(ask_survey, sale_id=before.sale_id) == NoSurvey(), "switched off"
    assert "nps" not in figures(shop)
    use_program(shop, ON)
    first, second = sold(shop, WANG), sold(shop, WANG)
    had = second.points_balance or 0
    assert shop.do(ask_survey, sale_id=first.sale_id) == SurveyAsked(first.sale_id, 50)
    assert answer(shop, first, 9, channel="display") == SurveyNoted(9, 50)
    assert answer(shop, first, 1) == AnsweredBefore(9), "the first one stands"
    restarted(shop)
    shop.sign_in()
    assert shop.do(ask_survey, sale_id=first.sale_id) == AnsweredBefore(9)
    assert answer(shop, second, 4) == SurveyNoted(4, 0), "one in thirty days is rewarded"
    assert points(shop, WANG) == had + 50
    assert trail(shop).count("survey_answered") == 2
    assert shop.do(ask_survey, sale_id="nobody") == NoSuchSale("nobody")


def test_a_walk_in_answers_and_a_low_score_stands_first_among_the_answers(shop: RealShop) -> None:
    use_program(shop, ON)
    walk_in, member = sold(shop), sold(shop, WANG)
    assert answer(shop, member, 10) == SurveyNoted(10, 50)
    assert figures(shop)["nps"] is None, "one answer is too few"
    assert answer(shop, walk_in, 6) == SurveyNoted(6, 0)
    told = figures(shop)
    assert (told["nps"], told["survey_answers"]) == (0, 2)
    found = as_manager(shop, answers_behind, days=Days(DAY, DAY))
    assert isinstance(found, AnswersRead)
    assert [(each.answer.score, each.member is None) for each in found.lines] == [
        (6, True), (10, False),
    ]  # fmt: skip
    mine = as_manager(shop, answers_of_member, member_id=shop.members[WANG])
    assert isinstance(mine, AnswersRead)
    shop.sign_in("王芳")
    file = export_answers(
        shop=shop.shop, lane=shop.store.lane, days=Days(DAY, DAY), form="csv", language="zh_CN"
    )
    assert isinstance(file, FiguresExported), file
    *_, low, high = file.data.decode("utf-8-sig").strip().splitlines()
    assert (low.split(",")[0], high.split(",")[0]) == ("6", "10")
    assert "王*红" in high and "13911222233" not in high
    assert [(each.answer.receipt, each.words) for each in mine.lines] == [
        (member.receipt.code, None)
    ]
    assert figures(shop)["nps"] == 0


def test_what_a_restore_writes_again_is_one_answer_for_each_sale(shop: RealShop) -> None:
    use_program(shop, ON)
    done = sold(shop, WANG)
    answer(shop, done, 5)

    def written(shop: Any, work: Any) -> list[SurveyAnswered]:
        facts = [read_fact(each.data) for each in work.facts.all_facts(0, 1000)]
        return [each for each in facts if isinstance(each, SurveyAnswered)]

    (fact,) = shop.do(written)
    assert (fact.sale, fact.staff, fact.receipt) == (
        done.sale_id, shop.staff["李明"], done.receipt.code,
    )  # fmt: skip

    def again(shop: Any, work: Any) -> list[bool]:
        later = msgspec.structs.replace(fact, op_id=f"f{fact.op_id[1:]}", score=9)
        earlier = msgspec.structs.replace(fact, op_id=f"00{fact.op_id[2:]}", score=8)
        return [work.surveys.take(each) for each in (fact, later, earlier)]

    assert shop.do(again) == [False, False, True], "the one that was given first stands"
    assert shop.do(ask_survey, sale_id=done.sale_id) == AnsweredBefore(8)


def test_who_was_forgotten_meanwhile_answers_as_a_walk_in(shop: RealShop) -> None:
    use_program(shop, ON)
    done, wang = sold(shop, WANG), shop.members[WANG]
    shop.do(lambda shop, work: work.erasures.wipe((wang,)))
    assert shop.do(ask_survey, sale_id=done.sale_id) == SurveyAsked(done.sale_id, 0)
    assert answer(shop, done, 7) == SurveyNoted(7, 0)
    written = shop.do(lambda shop, work: work.facts.all_facts(0, 1000))
    fact = read_fact(written[-1].data)
    assert isinstance(fact, SurveyAnswered)
    assert (fact.member, fact.effects) == (None, ())


def test_too_late_and_his_own_purchase(shop: RealShop) -> None:
    use_program(shop, ON)
    done = sold(shop, WANG)
    shop.clock.go_on(milliseconds=8 * DAY_MS)
    assert shop.do(ask_survey, sale_id=done.sale_id) == SurveyClosed("ended")
    assert answer(shop, done, 3) == SurveyClosed("ended")
    again = sold(shop, WANG)

    def own(shop: Any, work: Any) -> None:
        person = work.staff.get(shop.desk.state.staff.staff_id)
        work.staff.put(replace(person, member_ids=frozenset({wang})))

    wang = shop.members[WANG]
    shop.do(own)
    restarted(shop)
    shop.sign_in()
    assert answer(shop, again, 10) == OwnMembership(), "nobody gives himself points"
    assert trail(shop).count("survey_answered") == 0
