"""Answers about purchases in a chain: two tills out of each other's reach, head office, a phone.

Owns: that points come once, that one answer stands everywhere, that a sentence written on a phone
is read at the till and gone with its writer. Does not own: the page (tests/sync/server/pages).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import requests
from sqlalchemy import Connection

from app.domain.figures import Days
from app.domain.program import Program
from app.domain.program_file import decode_program
from app.domain.survey_record import SurveyAnswer, SurveySums
from app.domain.view import view
from app.services.chain_behind import chain_answers
from app.services.chain_figures import ChainFigures, ask_chain_figures
from app.services.phone_page import learn_pages
from app.services.survey import (
    AnswerRead,
    AnswersRead,
    SurveyNoted,
    answer_survey,
    answers_of_ids,
)
from sync.server.erase import erase_member
from sync.server.figures import Slice, slice_figures
from sync.server.head_office import Office, Said
from sync.server.publish import publish_program
from sync.server.survey import read_answers
from sync.server.tenant import set_public_url
from tests.real_shop import MILK
from tests.store.pages import decrypted_bytes
from tests.sync.joined.counter import Counter
from tests.sync.joined.made_chain import MEMBER, RULES, Chain, a_chain

pytestmark = pytest.mark.slow
PUBLIC = "https://vip.renmin.example"
ASKING = RULES.replace('"2026.2"', '"2026.3"') + "\n[survey]\nleast_answers = 2\n"
SENTENCE = "水果很新鲜，队伍太长"


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    with a_chain(tmp_path) as made:
        ask_everywhere(made)
        yield made


def ask_everywhere(chain: Chain) -> None:
    """Head office publishes the question and has an address that phones reach."""
    office, program = chain.office.ready, decode_program(ASKING)
    assert isinstance(program, Program), program
    tenant, now_ms = office.tenant.tenant, chain.story.wall_ms()

    def publish(connection: Connection) -> None:
        publish_program(connection, tenant, program, ASKING, now_ms)
        set_public_url(connection, tenant, PUBLIC)

    office.database.write(publish)
    for counter in chain.both:
        lane = counter.real.store.lane
        lane.run(lambda work: learn_pages(work=work, address=PUBLIC))
        counter.until(partial(asks, counter), "the question came")
        counter.start_again()
        counter.until_online()


def sold(counter: Counter, card: str) -> tuple[str, str]:
    """A sale to the member; its id and the link on its receipt, the path only."""
    done = counter.sell(card, MILK)
    assert done.receipt.survey.startswith(f"{PUBLIC}/p/survey/")
    assert done.receipt.survey_points == 50
    return done.sale_id, done.receipt.survey.removeprefix(PUBLIC)


def answered(counter: Counter, sale: str, score: int) -> SurveyNoted:
    noted = counter.do(answer_survey, sale_id=sale, score=score)
    assert isinstance(noted, SurveyNoted), noted
    return noted


def kept(counter: Counter, sale: str) -> SurveyAnswer | None:
    return counter.real.store.lane.run(lambda work: work.surveys.of_sale(sale))


def read(counter: Counter, member: str) -> list[AnswerRead]:
    lane = counter.real.store.lane
    return list(lane.run(lambda work: answers_of_ids(work=work, ids=[member])))


def asks(counter: Counter) -> bool:
    programs = counter.real.store.lane.run(lambda work: work.programs.all_programs())
    return any(each.toml == ASKING for each in programs)


def has_no_words(counter: Counter, member: str) -> bool:
    return read(counter, member)[0].words is None


def has_points(counter: Counter, member: str, points: int) -> bool:
    return survey_points(counter, member) == points


def survey_points(counter: Counter, member: str) -> int:
    """What answers brought him, as this till judges his account."""
    account = counter.account(member)
    assert account is not None
    program = decode_program(ASKING)
    assert isinstance(program, Program)
    day = counter.real.clock.now().local("Asia/Shanghai").date()
    counted = view(account, program, day).occasions
    return 50 * sum(each.startswith("survey:") for each in counted)


def test_two_tills_and_a_phone_come_to_one_answer_and_one_reward(chain: Chain) -> None:
    first, second, member, card = chain.first, chain.second, chain.member(), chain.card()
    chain.pull_the_cables()
    (here, link), (there, _) = sold(first, card), sold(second, card)
    assert answered(first, here, 3) == SurveyNoted(3, 50)
    assert answered(second, there, 9) == SurveyNoted(9, 50), "neither hears of the other"
    chain.put_them_back()
    for counter in chain.both:
        counter.until(partial(has_points, counter, member, 50), "the reward counts once")
    url = chain.office.url
    before = requests.post(url + link, data={"score": "10"}, timeout=30)
    assert before.status_code == 410, "the till was first"
    sale, link = sold(first, card)
    first.until_sent()
    page = requests.post(url + link, data={"score": "10", "words": SENTENCE}, timeout=30)
    assert page.status_code == 200, page.text
    assert SENTENCE not in page.text
    for counter in chain.both:
        counter.until(partial(kept, counter, sale), "the answer of the phone came")
        assert (read(counter, member)[0].words, read(counter, member)[0].answer.score) == (
            SENTENCE, 10,
        )  # fmt: skip
    office = chain.office.ready
    tenant, today = office.tenant.tenant, first.real.clock.now().local("Asia/Shanghai").date()
    days = Days(today - timedelta(days=1), today)
    sums = office.database.read(lambda c: read_answers(c, tenant, days))
    assert sums == SurveySums(3, 2, 1)
    store = first.real.shop.identity.store_id
    told = first.real.store.lane.run(lambda work: work.surveys.sums(days, store, None))
    assert told == SurveySums(2, 1, 1), "a store's own only"
    of_store = office.database.read(lambda c: slice_figures(c, tenant, days, Slice(store)))
    assert {each.id: each.rounded for each in of_store}["nps"] == 0
    assert_the_chain_is_told(chain, days)
    stores = [counter.real.store for counter in chain.both]
    assert all(SENTENCE.encode() not in decrypted_bytes(each) for each in stores), "only sealed"
    _forget(chain, member)
    for counter in chain.both:
        counter.until(partial(has_no_words, counter, member), "his words are gone")
        assert kept(counter, sale) is not None, "the score stays"


def assert_the_chain_is_told(chain: Chain, days: Days) -> None:
    """Whichever till asks: the score of the whole chain, and every answer of it behind."""
    office = chain.office.ready
    whole = office.database.read(lambda c: slice_figures(c, office.tenant.tenant, days))
    score = {each.id: each for each in whole if each.id in ("nps", "survey_answers")}
    assert (score["nps"].rounded, score["survey_answers"].rounded) == (33, 3)
    for counter in chain.both:
        counter.real.sign_in("王芳")
        shop, lane = counter.real.shop, counter.real.store.lane
        figures = ask_chain_figures(shop=shop, days=days, beside=days)
        assert isinstance(figures, ChainFigures), figures
        assert {name: figures.read.figures[name].figure for name in score} == score
        behind = chain_answers(shop=shop, lane=lane, days=days, limit=2)
        assert isinstance(behind, AnswersRead), behind
        rest = chain_answers(shop=shop, lane=lane, days=days, offset=2, limit=2)
        assert isinstance(rest, AnswersRead), rest
        lines = (*behind.lines, *rest.lines)
        assert [each.answer.score for each in lines] == [3, 9, 10], "the lowest first"
        assert (behind.has_more, rest.has_more) == (True, False)
        assert all(each.words is None for each in lines), "what he wrote is read in his store"
        counter.real.sign_in()


def _forget(chain: Chain, member: str) -> None:
    office = chain.office.ready

    def forget(connection: Connection) -> object:
        at = Office(connection, office.tenant.tenant, chain.story.wall_ms(), office.house)
        return erase_member(at, member, Said("head", MEMBER))

    office.database.write(forget)
