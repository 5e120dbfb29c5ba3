"""The list of the chain's members: its orders, who is left out, page behind page; both databases.

Owns: that. Does not own: what an account comes to (tests/domain), segments (test_figures.py).
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.domain.codes import CodeKind, random_code
from app.domain.segments import DEFAULT_RULES
from sync.server import member_list
from sync.server.database import ServerDatabase
from sync.server.erase import Erased
from sync.server.figure_count import count_unit
from sync.server.member_list import ListChoice, ListedMember, ListPage, ListPlace, list_members
from sync.server.merge import Merged
from sync.server.segments import judge_all
from tests.domain.heart_builders import FRIEND, MEMBER, a_sale
from tests.sync.server.programs import put_in_force
from tests.sync.server.test_erase import erased
from tests.sync.server.test_merge import joined, merged
from tests.sync.server.tills import Chain, Till

FIRST = date(2026, 5, 20)
PEOPLE = [MEMBER, FRIEND, *(f"member-{number}" for number in range(1, 6))]
"""Each bought a day after the one before; who comes last never did."""


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    world = Chain(database, tenant)
    put_in_force(world)
    till = Till("till-02")
    for number, member in enumerate(PEOPLE):
        card = random_code(CodeKind.MEMBER, number).text
        till.record(joined(number + 1, member, card=card))
        if member != PEOPLE[-1]:
            till.record(a_sale(number + 21, FIRST + timedelta(days=number), member=member))
    world.push(till)
    count(world)
    return world


def count(chain: Chain) -> None:
    while chain.database.write(lambda connection: count_unit(connection, chain.tenant)):
        pass


def page(
    chain: Chain, choice: ListChoice, after: ListPlace | None = None, rows: int = 50
) -> ListPage:
    today = FIRST + timedelta(days=9)
    return chain.database.read(
        lambda connection: list_members(
            connection, chain.tenant, choice, today, after=after, rows=rows
        )
    )


def everybody(chain: Chain, choice: ListChoice, rows: int = 2) -> list[str]:
    """Page behind page, by the place as a script hands it back."""
    found: list[ListedMember] = []
    after = None
    while True:
        told = page(chain, choice, after, rows)
        assert len(told.rows) <= rows
        found += told.rows
        if told.place is None:
            return [each.member for each in found]
        after = ListPlace.of(told.place.text)
        assert after == told.place


def test_every_order_tells_each_member_once(chain: Chain) -> None:
    bought = PEOPLE[-2::-1]
    assert everybody(chain, ListChoice()) == bought
    assert sorted(everybody(chain, ListChoice("newest"))) == sorted(PEOPLE)
    days = (FIRST + timedelta(days=1), FIRST + timedelta(days=3))
    assert everybody(chain, ListChoice(bought=days)) == bought[2:5]
    assert everybody(chain, ListChoice(segment="new")) == []
    today = FIRST + timedelta(days=9)
    judge_all(chain.database, chain.tenant, today, DEFAULT_RULES, lambda done, of_all: True)
    assert sorted(everybody(chain, ListChoice(segment="new"))) == sorted(bought)


def test_a_row_says_what_his_account_comes_to_and_no_name(chain: Chain) -> None:
    [first, *_] = page(chain, ListChoice()).rows
    assert (first.last_purchase, first.spend_minor, first.status) == (
        FIRST + timedelta(days=5), 5_970, "active",
    )  # fmt: skip
    assert first.points is not None and first.tier
    assert first.card.startswith("M****0")
    never = next(row for row in page(chain, ListChoice("newest")).rows if row.member == PEOPLE[-1])
    assert (never.last_purchase, never.spend_minor) == (None, 0)


def test_who_is_one_with_another_or_forgotten_is_not_in_it(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(merged(chain, MEMBER, FRIEND), Merged)
    assert isinstance(erased(chain, PEOPLE[3]), Erased)
    count(chain)
    left = {MEMBER, *PEOPLE} - {FRIEND, PEOPLE[3]}
    assert set(everybody(chain, ListChoice("newest"))) == left
    monkeypatch.setattr(member_list, "LOOKED_MAX", 1)
    assert set(everybody(chain, ListChoice("newest"), rows=1)) == left, "short pages go on"
    assert everybody(chain, ListChoice()) == [PEOPLE[5], PEOPLE[4], PEOPLE[2], MEMBER]


@pytest.mark.parametrize("said", ["", "~", "2026-05-20", "2026-05-20~", "~somebody"])
def test_what_is_no_place_is_none(said: str) -> None:
    assert ListPlace.of(said) is None
