"""The training checklist: which steps a shop wants, and what proves one."""

from __future__ import annotations

from typing import get_args

from app.domain.audit_search import group_of
from app.domain.checklist import (
    EVIDENCE,
    PRACTISED,
    STEP_CODES,
    StepCode,
    evidence_of,
    own_words,
    steps_practised,
    steps_wanted,
)
from app.domain.training import TASKS


def test_a_shop_leaves_steps_out_and_adds_its_own_behind() -> None:
    assert steps_wanted((), ()) == STEP_CODES == get_args(StepCode)
    wanted = steps_wanted(("offline", "from_a_later_version"), ("擦扫描枪",))
    assert "offline" not in wanted and wanted[:2] == ("sale", "member_sale")
    assert wanted[-1] == "own:擦扫描枪"
    assert own_words(wanted[-1]) == "擦扫描枪" and own_words("sale") == ""


def test_every_proof_is_an_act_somebody_does_and_the_rest_takes_eyes() -> None:
    acts = {act for proof in EVIDENCE.values() for act in proof.acts}
    assert all(group_of(act) != "till" for act in acts)
    assert evidence_of("member_sale").naming == ("member",)
    assert evidence_of("paper").acts == evidence_of("own:sale").acts == ()


def test_practice_proves_what_it_lets_one_do() -> None:
    assert steps_practised(TASKS) == set(PRACTISED.values()) <= set(EVIDENCE)
    assert steps_practised(("hold", "points", "from_a_later_version")) == {"hold"}
