"""Referrals of the whole chain: who is won by whom, once, whatever is merged; and the steps."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection

from app.domain import effects as do
from app.domain.facts import CouponIssued, MemberJoined, SaleShared
from app.domain.figures import Days, SentSums
from app.domain.pieces import Interval
from app.domain.program import Program
from app.domain.program_file import decode_program
from app.domain.referral import referral_progress
from sync.protocol import MemberKey
from sync.server.database import ServerDatabase
from sync.server.figure_count import count_unit
from sync.server.figures import CHAIN, Slice, read_sent
from sync.server.head_office import Office, Said
from sync.server.merge import Merged, merge_members
from sync.server.rebuild import rebuild
from tests.domain.heart_builders import MEMBER, STORE, a_refund, a_sale, moment, op
from tests.sync.server.asking import TODAY
from tests.sync.server.programs import put_in_force
from tests.sync.server.test_calendar_fact import TOML, night, own, sound
from tests.sync.server.tills import Chain, Till

STEPPED = TOML.replace("per_year = 3", "per_year = 9\nsteps = [{ friends = 2, points = 200 }]")
DAY_MS = 24 * 3_600_000


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    made = Chain(database, tenant)
    put_in_force(made, STEPPED)
    return made


def id_of(number: int) -> str:
    return f"0197c2a0-0000-7000-8000-0000000e{number:04}"


def joined(number: int, member: str, **changes: Any) -> MemberJoined:
    changes.setdefault("claims", (f"phone:{number}",))
    return MemberJoined(
        op_id=op(number), store=STORE, day=TODAY, clock=moment(), member=member,
        card=f"M{number:012}", effects=(do.Joined(),), **changes,
    )  # fmt: skip


def shop_with_friends(chain: Chain, till: Till, *friends: MemberJoined) -> None:
    """The referrer, and friends who each bought once: sales 100, 101, ... in their order."""
    till.record(joined(1, MEMBER))
    for number, friend in enumerate(friends):
        till.record(friend)
        till.record(a_sale(100 + number, TODAY, member=friend.member))
    chain.push(till, keys=tuple(keys_of(friends)))


def keys_of(friends: tuple[MemberJoined, ...]) -> list[MemberKey]:
    return [
        MemberKey(member=each.member or "", key_id=f"k-{each.card}", secret=bytes(range(32)))
        for each in friends
    ]


def won(number: int, **changes: Any) -> MemberJoined:
    return joined(number, id_of(number), **({"referrer": MEMBER} | changes))


def gifts(chain: Chain) -> list[str]:
    """The sales something was given for."""
    found = [each for each in own(chain) if isinstance(each, SaleShared) and each.refund is None]
    return sorted(each.sale for each in found)


def shared(chain: Chain, member: str) -> int:
    """Points a referrer has because of friends' sales, less what refunds took."""
    found = [each for each in own(chain) if isinstance(each, SaleShared)]
    return sum(points for each in found if each.member == member for _, points in each.by_line)


def give_too(chain: Chain, gift: SaleShared, other: str) -> None:
    def write(connection: Connection) -> None:
        facts = Office(connection, chain.tenant, chain.now_ms, chain.house).facts()
        facts.write(
            SaleShared(
                **facts.origin(other, gift.store),
                effects=gift.effects,
                sale=gift.sale,
                by_line=gift.by_line,
            )
        )
        facts.finish()

    chain.database.write(write)


def steps(chain: Chain) -> list[str | None]:
    found = [each for each in own(chain) if isinstance(each, CouponIssued)]
    return [each.member for each in found if each.why == "referral"]


def one(chain: Chain, first: str, other: str) -> None:
    said = Said(by="店长王")
    answer = chain.database.write(
        lambda connection: merge_members(
            Office(connection, chain.tenant, chain.now_ms, chain.house), first, other, said
        )
    )
    assert isinstance(answer, Merged), answer


def test_a_step_is_written_once_when_its_friends_count(chain: Chain) -> None:
    till = Till("till-02")
    shop_with_friends(chain, till, won(2), won(3), won(4))
    night(chain)
    assert (len(gifts(chain)), steps(chain)) == (3, [])
    for number in (100, 101):
        back = a_refund(
            200 + number, a_sale(number, TODAY, member=id_of(number - 98)),
            [Interval("1", 0, 3)], TODAY,
        )  # fmt: skip
        till.record(back)
    chain.push(till)
    chain.now_ms += 9 * DAY_MS
    night(chain)
    assert steps(chain) == [], "of three friends two brought everything back"
    till.record(won(5))
    till.record(a_sale(110, TODAY, member=id_of(5)))
    chain.push(till)
    night(chain)
    chain.now_ms += 9 * DAY_MS
    assert night(chain) == night(chain)
    assert steps(chain) == [MEMBER]
    program = decode_program(STEPPED)
    assert isinstance(program, Program)
    seen = referral_progress(chain.account(MEMBER), program, TODAY)
    assert seen is not None
    assert (seen.given_this_year, seen.next_step) == (4, None)
    assert sound(chain)
    chain.database.write(lambda connection: rebuild(connection, chain.tenant))
    night(chain)
    assert steps(chain) == [MEMBER]


def test_who_has_no_number_of_his_own_wins_nobody_anything(chain: Chain) -> None:
    till = Till("till-02")
    shop_with_friends(
        chain,
        till,
        won(2),
        won(3, claims=()),
        won(4, claims=("phone:2",)),
        won(5, referrer=id_of(5)),
    )
    night(chain)
    assert gifts(chain) == [op(100)], "not a card without a number, a taken one, nor himself"
    one(chain, id_of(2), id_of(3))
    while chain.database.write(lambda connection: count_unit(connection, chain.tenant)):
        pass
    months = Days(TODAY.replace(day=1), TODAY)
    told = chain.database.read(
        lambda connection: [
            read_sent(connection, chain.tenant, months, part) for part in (CHAIN, Slice("nowhere"))
        ]
    )
    assert told == [SentSums(3, 3), SentSums()], "whoever is one of them counts once"
    assert sound(chain)


def test_friends_who_turn_out_to_be_one_bring_one_gift(chain: Chain) -> None:
    """The younger one bought and was rewarded first; the older one buys once they are merged."""
    till = Till("till-02")
    till.record(won(2))
    shop_with_friends(chain, till, won(3))
    night(chain)
    assert gifts(chain) == [op(100)]
    one(chain, id_of(2), id_of(3))
    till.record(a_sale(120, TODAY, member=id_of(2)))
    chain.push(till)
    night(chain)
    assert gifts(chain) == [op(100)]
    assert sound(chain)


def test_who_was_a_member_before_is_won_by_nobody(chain: Chain) -> None:
    """He joined again with a friend's code and another number: both became one before he bought."""
    till = Till("till-02")
    till.record(joined(2, id_of(2)))
    till.record(won(3))
    shop_with_friends(chain, till, won(4))
    one(chain, id_of(2), id_of(3))
    till.record(a_sale(120, TODAY, member=id_of(3)))
    chain.push(till)
    night(chain)
    assert gifts(chain) == [op(100)]
    assert sound(chain)


def test_a_friend_of_a_merged_referrer_counts_for_the_one_he_is_now(chain: Chain) -> None:
    till = Till("till-02")
    till.record(joined(2, id_of(2)))
    shop_with_friends(chain, till, won(3, referrer=id_of(2)), won(4))
    one(chain, id_of(2), MEMBER)
    night(chain)
    assert len(gifts(chain)) == 2
    chain.now_ms += 9 * DAY_MS
    night(chain)
    assert steps(chain) == [MEMBER], "one friend of each card is two of the person"
    assert sound(chain)


def test_one_person_whom_two_have_won_rewards_the_first_and_a_refund_takes_it_back(
    chain: Chain,
) -> None:
    till, other = Till("till-02"), id_of(9)
    till.record(joined(9, other))
    till.record(won(2, referrer=other))
    shop_with_friends(chain, till, won(3))
    night(chain)
    assert shared(chain, MEMBER) > 0
    one(chain, id_of(2), id_of(3))
    chain.now_ms += DAY_MS
    night(chain)
    assert (gifts(chain), shared(chain, other)) == ([op(100)], 0), "he has one first order"
    # As an earlier server wrote it: the other one was given something for the same order.
    [gift] = [each for each in own(chain) if isinstance(each, SaleShared)]
    give_too(chain, gift, other)
    till.record(a_refund(300, a_sale(100, TODAY, member=id_of(3)), [Interval("1", 0, 3)], TODAY))
    chain.push(till)
    assert (shared(chain, MEMBER), shared(chain, other)) == (0, 0)
    assert sound(chain)
