"""Membership packs and trials in a chain: sold at one store, taken back at another; tried once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection

from app.domain.facts import PackRefundRecorded, read_fact
from app.domain.money import Money
from app.domain.pack import trials_that_count
from app.domain.product import Product
from app.domain.program import Program
from app.domain.program_file import decode_program
from app.services.opening import refresh_desk
from app.services.refund_answers import RefundDone
from app.services.scan import scan_code
from app.services.tier_member import TierOfMember, tier_of_member
from app.services.trial import TrialStarted, give_trial
from sync.server.publish import publish_program
from tests.real_shop import MILK
from tests.sync.joined.counter import Counter
from tests.sync.joined.goods_back import chosen, given_back
from tests.sync.joined.made_chain import POORER, RULES, Chain, a_chain

pytestmark = pytest.mark.slow
PACK = "6901028000048"
WITH_PACKS = f"""{RULES.replace('"2026.2"', '"2026.3"').replace("2025-11-02", "2025-11-03")}
[[plans]]
id = "gold-year"
name = {{ zh = "金卡年卡", en = "Gold for a year" }}
sku = "SVC-GOLD"
tier = "gold"
[[trials]]
id = "gold-taste"
name = {{ zh = "金卡体验", en = "A taste of gold" }}
tier = "gold"
days = 14
"""


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    """Both stores sell gold for a year, by rules that head office published."""
    with a_chain(tmp_path) as made:
        publish(made)
        goods = Product("SVC-GOLD", "金卡年卡", "service", Money(19_900), (PACK,))
        for counter in made.both:
            counter.real.store.lane.run(lambda work: work.products.put(goods))
            counter.until(partial(_has_rules, counter), "the new rules")
            counter.do(refresh_desk)
            counter.real.sign_in("王芳")
        yield made


def publish(chain: Chain) -> None:
    program = decode_program(WITH_PACKS)
    assert isinstance(program, Program), program
    tenant, now_ms = chain.office.ready.tenant.tenant, chain.story.wall_ms()

    def write(connection: Connection) -> object:
        return publish_program(connection, tenant, program, WITH_PACKS, now_ms)

    chain.office.ready.database.write(write)


def _has_rules(counter: Counter) -> bool:
    programs = counter.real.store.lane.run(lambda work: work.programs.all_programs())
    return any(stored.toml == WITH_PACKS for stored in programs)


def stands(counter: Counter, member: str) -> tuple[str, str]:
    seen = counter.do(tier_of_member, member_id=member)
    assert isinstance(seen, TierOfMember), seen
    return seen.standing.tier, seen.standing.source


def test_a_trial_given_twice_apart_counts_once_and_is_said(chain: Chain) -> None:
    member = chain.member(POORER)
    chain.pull_the_cables()
    for counter in chain.both:
        given = counter.do(give_trial, member_id=member, trial_id="gold-taste")
        assert isinstance(given, TrialStarted), given
        assert stands(counter, member) == ("gold", "trial"), "at once, without head office"
    chain.put_them_back()
    chain.first.until(lambda: _trials(chain.first, member) == 2, "the first hears of the other")
    for counter in chain.both:
        account = counter.account(member)
        assert account is not None
        assert len(list(trials_that_count(account))) == 1
    chain.first.until(chain.cases, "it is said")
    assert chain.cases() == [("occasion_given_twice", "open")]


def _trials(counter: Counter, member: str) -> int:
    account = counter.account(member)
    return 0 if account is None else len(account.trials)


def test_a_pack_sold_offline_is_had_and_comes_back_at_another_store(chain: Chain) -> None:
    first, afar = chain.both
    member = chain.member(POORER)
    chain.pull_the_cables()
    receipt = _sell(first, PACK)
    assert stands(first, member) == ("gold", "pack")
    _sell(first, MILK)
    chain.put_them_back()
    afar.until(lambda: stands(afar, member) == ("gold", "pack"), "it holds everywhere")
    refund = chosen(afar, receipt)
    done = given_back(afar, refund)
    assert isinstance(done, RefundDone), done
    stored = afar.real.store.lane.run(lambda work: work.facts.get(refund))
    assert stored is not None
    fact = read_fact(stored.data)
    assert isinstance(fact, PackRefundRecorded)
    (kept,) = fact.packs
    assert (kept.why, kept.months_left, kept.kept_minor) == ("months", 11, 1_650)
    assert sum(each.amount_minor for each in fact.tenders) == 18_250
    afar.until_sent()
    first.until(lambda: stands(first, member)[0] == "silver", "the tier by it has ended")
    assert stands(afar, member)[0] == "silver", "what he had besides is as it was"
    assert chain.cases() == [], "every sale priced again agrees"


def _sell(counter: Counter, *codes: str) -> str:
    counter.do(scan_code, text=counter.real.cards[POORER])
    return str(counter.sell(*codes).receipt.code)
