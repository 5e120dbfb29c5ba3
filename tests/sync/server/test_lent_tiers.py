"""Tiers that are bought or tried, where a server is rebuilt, members are one, and somebody goes.

Owns: that story of packs and trials at head office. Does not own: their rules (tests/domain), two
tills with their windows (tests/sync/joined/test_pack.py), merging and erasing as such.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from msgspec.structs import replace
from sqlalchemy import update

from app.domain.account import MemberAccount, account_bytes
from app.domain.pack import periods, trials_that_count
from app.domain.view import view
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.erase import Erased
from sync.server.merge import Merged
from sync.server.part import Parted
from sync.server.rebuild import rebuild
from tests.domain.heart_builders import FRIEND, MEMBER, NOON_MS, op
from tests.domain.pack_samples import PACKS, a_pack_refund, a_pack_sale, a_trial
from tests.sync.server.asking import TODAY
from tests.sync.server.members import KEY
from tests.sync.server.test_erase import erased, joined
from tests.sync.server.test_part import merge, part, sound
from tests.sync.server.tills import DAY_MS, Chain, Till, outcomes, with_clock


def later(fact: Any, days: int) -> Any:
    """The same fact so many days after today."""
    return with_clock(replace(fact, day=on(days)), NOON_MS + days * DAY_MS)


def on(days: int) -> date:
    return TODAY + timedelta(days=days)


def stands(chain: Chain, member: str, days: int = 0) -> tuple[str, str]:
    seen = view(chain.account(member), PACKS, on(days))
    return seen.tier, seen.tier_source


def counted(chain: Chain, member: str) -> list[str]:
    return [op_id for op_id, _ in trials_that_count(chain.account(member))]


def a_chain_with_both(database: ServerDatabase, tenant: str) -> Chain:
    """MEMBER bought a year at silver and tries gold; he joined again at 西单 and tried it there."""
    chain = Chain(database, tenant)
    here, afar = Till("till-02"), Till("till-07", "xidan")
    here.record(joined(1, MEMBER))
    here.record(replace(a_pack_sale(), day=TODAY))
    here.record(a_trial(day=TODAY))
    afar.record(later(a_trial(40, member=FRIEND), 19))
    assert outcomes(chain.push(here, keys=(KEY,))) == ["accepted"] * 3
    chain.now_ms += 20 * DAY_MS
    assert outcomes(chain.push(afar)) == ["accepted"]
    return chain


def test_bought_and_tried_tiers_are_there_again_after_a_rebuild_and_count_once_of_one_person(
    database: ServerDatabase, tenant: str
) -> None:
    chain = a_chain_with_both(database, tenant)
    before = {each: chain.account(each) for each in (MEMBER, FRIEND)}
    assert stands(chain, MEMBER) == ("gold", "trial")
    assert stands(chain, MEMBER, 30) == ("silver", "pack")
    lost(chain, MEMBER)
    assert stands(chain, MEMBER) == ("regular", "entry")
    assert chain.database.write(lambda c: rebuild(c, chain.tenant)) == 1
    assert chain.account(MEMBER) == before[MEMBER]

    assert isinstance(merge(chain), Merged)
    assert (counted(chain, MEMBER), len(periods(chain.account(MEMBER)))) == ([op(32)], 1)
    assert stands(chain, MEMBER, 30) == ("silver", "pack"), "not gold once more"
    lost(chain, MEMBER)
    chain.database.write(lambda c: rebuild(c, chain.tenant))
    assert counted(chain, MEMBER) == [op(32)]
    assert sound(chain)

    other = Till("till-08", "xidan")
    other.record(later(a_pack_refund(), 20))
    chain.push(other)
    assert stands(chain, MEMBER, 31)[0] == "regular", "the pack came back"
    assert isinstance(part(chain), Parted)
    assert (counted(chain, MEMBER), counted(chain, FRIEND)) == ([op(32)], [op(40)])
    assert stands(chain, FRIEND, 31) == ("gold", "trial"), "his own again"
    assert sound(chain)


def test_who_is_forgotten_leaves_what_he_bought_and_tried_in_the_books(
    database: ServerDatabase, tenant: str
) -> None:
    chain = a_chain_with_both(database, tenant)
    before = chain.account(MEMBER)
    assert isinstance(erased(chain), Erased)
    after = chain.account(MEMBER)
    assert (after.packs, after.trials, after.occasions) == (
        before.packs, before.trials, before.occasions,
    )  # fmt: skip
    assert sound(chain)
    late = Till("till-09", "xidan")
    late.record(later(a_trial(50), 20))
    chain.push(late)
    assert counted(chain, MEMBER) == [op(32)], "given by a till that had not heard"
    assert sound(chain)


def lost(chain: Chain, member: str) -> None:
    """Somebody meddles with the row of an account."""
    mine: Any = t.account.c
    changed = update(t.account).where(mine.tenant_id == chain.tenant, mine.member == member)
    nothing = account_bytes(MemberAccount())
    chain.database.write(lambda c: c.execute(changed.values(data=nothing)))
