"""The proof of an erasure names every till, and says of none that it is done before it said so."""

from __future__ import annotations

from app.domain.erasure import Erasure, TillReport, proof_of
from app.domain.erasure_fact import ReportingTill

HERE = ReportingTill("till-02", "人民路店", 7, 2)
THERE = ReportingTill("haidian-01", "海淀店", 8, 1)
HOLDS = Erasure("m1", "done", ("m1",), erasure_id="e1", tills=(HERE, THERE))


def test_every_till_is_named_and_those_that_did_not_report_are_missing() -> None:
    said = TillReport("e1", "till-02", 5, was_known=True)
    proof = proof_of(HOLDS, [said, TillReport("e1", "joined-later", 6, was_known=False)])
    assert [(line.till, line.report) for line in proof.lines] == [(HERE, said), (THERE, None)]
    assert (proof.missing, proof.is_complete) == (1, False)


def test_it_is_complete_when_all_have_reported() -> None:
    said = [TillReport("e1", each.device, 5, was_known=False) for each in (HERE, THERE)]
    assert proof_of(HOLDS, said).is_complete


def test_nothing_is_proved_before_it_holds() -> None:
    assert not proof_of(Erasure("m1", "asked", asked_ms=3), []).is_complete
