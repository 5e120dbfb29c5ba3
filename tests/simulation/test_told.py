"""An account that was told is known again by its value: sets have no order in their bytes."""

from __future__ import annotations

import msgspec

from app.domain.account import account_bytes, account_of
from app.domain.account_records import MemberAccount
from sync.simulation.told import Told

LI, LI_AGAIN = "01a1f11a-6000-70ab-adab-ffcb0c655343", "01a1f187-2a22-7d78-8817-eb7e1d1f4879"
SALE = frozenset({"01a1f121-5b72-74e2-bffa-75a82c9e4f93"})


def test_two_orders_of_one_account_stand_for_the_same_facts() -> None:
    kept = account_bytes(MemberAccount(includes={LI, LI_AGAIN}, gained={24_323: 120}))
    fields = msgspec.msgpack.decode(kept)
    turned = msgspec.msgpack.encode({**fields, "includes": fields["includes"][::-1]})
    assert turned != kept and account_of(turned) == account_of(kept)
    told = Told()
    told.note(LI, kept, SALE)
    assert told.facts_of(LI, kept) == told.facts_of(LI, turned) == SALE


def test_what_was_never_told_stands_for_nothing() -> None:
    told = Told()
    told.note(LI, account_bytes(MemberAccount(includes={LI}, gained={24_323: 120})), SALE)
    other = account_bytes(MemberAccount(includes={LI}, gained={24_323: 121}))
    assert told.facts_of(LI, other) is None and told.facts_of(LI_AGAIN, other) is None
