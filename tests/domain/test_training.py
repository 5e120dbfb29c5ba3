"""The first tasks: each is done by the fact or the act that shows it, and by no other."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from app.domain import facts as ft
from app.domain.receipt import ReceiptTender
from app.domain.training import TASK_ACTS, TASKS, Task, tasks_done
from tests.domain import shift_builders as of_shift
from tests.domain.heart_builders import MEMBER
from tests.domain.test_facts import SAMPLES


def sale(*, change_minor: int = 0, member: str | None = None, points: int = 0) -> ft.SaleRecorded:
    """A sale whose points paid nothing off its lines, so that it still adds up."""
    sold = SAMPLES["sale_recorded.1"]()
    assert isinstance(sold, ft.SaleRecorded)
    paid = sold.receipt.due_minor + change_minor
    receipt = msgspec.structs.replace(
        sold.receipt,
        tenders=(ReceiptTender(kind="cash", amount_minor=paid),),
        change_minor=change_minor,
    )
    lines = (msgspec.structs.replace(sold.lines[0], points_spent=points), *sold.lines[1:])
    return msgspec.structs.replace(
        sold, receipt=receipt, member=member, points_spent=points, lines=lines
    )


@pytest.mark.parametrize(
    ("fact", "shown"),
    [
        pytest.param(sale, {"sale"}, id="walk in"),
        pytest.param(lambda: sale(change_minor=420), {"sale", "change"}, id="change"),
        pytest.param(lambda: sale(member=MEMBER), {"sale", "member_sale"}, id="member"),
        pytest.param(
            lambda: sale(member=MEMBER, points=300), {"sale", "member_sale", "points"}, id="points"
        ),
        pytest.param(SAMPLES["refund_recorded.2"], {"refund"}, id="refund"),
        pytest.param(SAMPLES["return_recorded.1"], {"refund"}, id="return"),
        pytest.param(of_shift.opened, {"open_shift"}, id="open"),
        pytest.param(of_shift.closed, {"close_shift"}, id="close"),
        pytest.param(SAMPLES["checked_in.1"], set(), id="nothing of it"),
    ],
)
def test_a_fact_shows_its_tasks(fact: Callable[[], ft.Fact], shown: set[Task]) -> None:
    assert tasks_done([fact()], []) == shown


def test_acts_without_a_fact_come_from_the_trail() -> None:
    assert tasks_done([], ["sale_recalled", "signed_in"]) == {"hold"}
    assert tasks_done([], TASK_ACTS) == {"hold", "reprint"}


def test_every_task_can_be_done() -> None:
    everything: list[ft.Fact] = [sale(change_minor=420, member=MEMBER, points=300)]
    everything += [of_shift.opened(), of_shift.closed(), SAMPLES["refund_recorded.2"]()]
    assert tasks_done(everything, TASK_ACTS) == set(TASKS)
