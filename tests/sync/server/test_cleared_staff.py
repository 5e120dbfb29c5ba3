"""Who rang it up, who approved it: found on the server, whatever the till let somebody do."""

from __future__ import annotations

from typing import Any

import pytest

from sync.protocol import StaffCleared
from sync.server.database import ServerDatabase
from sync.server.head_office import Office, Said
from sync.server.merge import merge_members
from sync.server.publish import publish_staff
from tests.domain.heart_builders import FRIEND, MEMBER, NOON_MS, STORE, a_sale, moment
from tests.sync.server.asking import TODAY
from tests.sync.server.tills import DAY_MS, Chain, Till, outcomes

LI = StaffCleared(
    staff="staff-li", name="李梅", role="cashier", permissions=("sell",), members=(FRIEND,)
)
WANG = StaffCleared(staff="staff-wang", name="王店长", role="manager", permissions=("approve",))
GONE = StaffCleared(
    staff="staff-zhao", name="赵", role="manager", permissions=("approve",), active=False
)


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    """A store whose staff head office cleared; one of them has left since."""
    made = Chain(database, tenant)
    made.database.write(
        lambda connection: publish_staff(connection, tenant, STORE, (LI, WANG, GONE), NOON_MS)
    )
    return made


def found(chain: Chain, **changes: Any) -> list[tuple[str, dict[str, str]]]:
    """What there is to say about one sale, as its till hears it."""
    till = Till("till-02", changes.get("store", STORE))
    till.record(a_sale(1, TODAY, **changes))
    [answer] = chain.push(till).answers
    return [(each.kind, each.text) for each in answer.adjustments]


def test_an_ordinary_sale_by_known_people_is_nothing_to_look_at(chain: Chain) -> None:
    assert found(chain, approved_by=("staff-wang",)) == []


def test_somebody_rings_up_his_own_membership(chain: Chain) -> None:
    assert found(chain, member=FRIEND) == [("own_membership", {"staff": "staff-li"})]
    [case] = chain.cases("own_membership")
    assert (case["subject"], b"sale_recorded.1" in case["story"]) == (FRIEND, True)


def test_under_whatever_id_he_is_known(chain: Chain) -> None:
    till = Till("till-03")
    for number, member in ((11, MEMBER), (12, FRIEND)):
        till.record(a_sale(number, TODAY, member=member, staff="staff-wang"))
    chain.push(till)
    chain.database.write(
        lambda connection: merge_members(
            Office(connection, chain.tenant, chain.now_ms, chain.house), MEMBER, FRIEND, Said("王")
        )
    )
    assert [kind for kind, _ in found(chain, member=MEMBER)] == ["own_membership"]


def test_an_approval_by_nobody_who_is_known(chain: Chain) -> None:
    said = found(chain, approved_by=("staff-wang", "staff-x"))
    assert said == [("approved_by_unknown", {"approved_by": "staff-x", "store": STORE})]


def test_who_left_approves_nothing_any_more_but_what_he_approved_before_stands(
    chain: Chain,
) -> None:
    before = moment(NOON_MS - DAY_MS, 5_000)
    assert found(chain, approved_by=("staff-zhao",), clock=before) == []
    till = Till("till-04")
    later = moment(NOON_MS + 1000, 86_405_000)
    till.record(a_sale(2, TODAY, approved_by=("staff-zhao",), clock=later))
    chain.now_ms += 2000
    assert outcomes(chain.push(till)) == ["accepted_adjusted"]


def test_where_head_office_published_no_staff_nobody_is_accused(chain: Chain) -> None:
    assert found(chain, store="xidan", approved_by=("staff-x",)) == []


def test_walk_ins_are_looked_at_for_their_approvals(chain: Chain) -> None:
    nobody = {"member": None, "effects": (), "identified_by": None}
    assert found(chain, **nobody) == []
    till = Till("till-05")
    till.record(a_sale(3, TODAY, approved_by=("staff-x",), **nobody))
    chain.push(till)
    [case] = chain.cases("approved_by_unknown")
    assert case["subject"] == STORE
