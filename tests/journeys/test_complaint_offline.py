"""A complaint taken down at a till without a line: it arrives everywhere once there is one."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt

from app.services.complaint_view import CaseView, read_complaint
from tests.journeys.chain_counter import CONTROL, at_chain_till
from tests.services.complaints import listed
from tests.sync.joined.made_chain import Chain
from ui.application import Application
from ui.complaints.intake import IntakeDialog

pytestmark = pytest.mark.journey
Key = Qt.Key


@pytest.mark.slow
def test_a_case_taken_down_offline_arrives_at_head_office_and_the_other_store(
    chain: Chain, application: Application
) -> None:
    first, second = chain.both
    with at_chain_till(first, application) as here:
        here.pull_the_cable()
        here.cashier.press(Key.Key_N, CONTROL)
        here.cashier.scan(chain.card())
        here.cashier.type("4rude")
        here.cashier.press(Key.Key_Return)
        here.cashier.press(Key.Key_Return)
        assert not list(here.cashier.shown(IntakeDialog))
        (line,) = listed(first.real).lines
        assert (line.topic, line.is_member) == ("attitude", True)
        here.put_it_back()
    second.until(lambda: _arrived(second, line.case_id), "the other store knows it")
    assert second.do(read_complaint, case_id=line.case_id).text == "rude"


def _arrived(counter: Any, case_id: str) -> bool:
    return isinstance(counter.do(read_complaint, case_id=case_id), CaseView)
