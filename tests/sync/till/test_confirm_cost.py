"""Confirming a sale costs an enrolled till not one statement more than a shop without a server."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from app.services.payment import pay_cash
from app.services.scan import scan_code
from tests.real_shop import MILK, OIL
from tests.sync.till.a_till import SyncedTill
from tests.sync.till.small_server import SmallServer

OF_SYNC = {
    "enrolment", "fact_place", "forked_chain", "stream", "confirmed_account", "known_fact",
    "point_grant", "reservation", "pass_key", "agreement",
}  # fmt: skip
TABLES = re.compile(r"(?i)\b(?:from|into|update|join)\s+(\w+)")


def statements_of_a_sale(till: SyncedTill) -> list[str]:
    """The tables of each statement, in order, while 王小红's milk and oil are confirmed."""
    for code in (till.shop.cards["王小红"], MILK, OIL):
        till.shop.do(scan_code, text=code)
    heard: list[str] = []

    def confirm(*, shop: Any, work: Any) -> Any:
        work.driver.set_trace_callback(heard.append)
        try:
            return pay_cash(shop=shop, work=work)
        finally:
            work.driver.set_trace_callback(None)

    assert till.shop.do(confirm).sale_id
    return [" ".join(TABLES.findall(one)) for one in heard]


def test_confirming_asks_the_file_nothing_new(tmp_path: Path) -> None:
    alone, enrolled = SyncedTill(tmp_path / "alone"), SyncedTill(tmp_path / "enrolled")
    enrolled.enrol(SmallServer())
    asked = statements_of_a_sale(alone)
    assert asked.count("outbox") == 1
    assert asked.count("fact") >= 2
    assert statements_of_a_sale(enrolled) == asked
    assert not {table for one in asked for table in one.split()} & OF_SYNC
    alone.close()
    enrolled.close()
