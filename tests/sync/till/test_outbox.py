"""The outbox over the real file: what waits, in which envelope, and what an answer changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.domain.chain import GENESIS, Intact, chain_hash, verify_chain
from app.domain.facts import read_fact
from app.domain.outbox import Difference, OutboxState
from app.services.joining import NewMember, join_member
from app.store.errors import StoreBug
from sync.errors import NotAllowed
from sync.ports import Backlog, Credentials, Outbox, Waiting
from sync.protocol import Adjustment, OpAnswer, Outcome, Refusal
from sync.status import reason_of
from tests.real_shop import MILK, OIL
from tests.services.refunds import refunded, sold
from tests.sync.till.a_till import URL, SyncedTill
from tests.sync.till.small_server import SmallServer


def all_waiting(till: SyncedTill) -> list[Waiting]:
    return list(till.outbox.waiting(9_999))


def answered(one: Waiting, outcome: Outcome = "accepted", **more: Any) -> OpAnswer:
    return OpAnswer(op_id=one.op_id, epoch=one.epoch, dseq=one.dseq, outcome=outcome, **more)


def settle(till: SyncedTill, *answers: OpAnswer) -> None:
    till.outbox.settle(answers, server_epoch=1)


def accept_all(till: SyncedTill) -> None:
    settle(till, *[answered(one) for one in all_waiting(till)])


def state_of(till: SyncedTill, op_id: str) -> Any:
    return till.run(lambda work: work.outbox.get(op_id))


def test_it_fits_the_port_of_the_heart(till: SyncedTill) -> None:
    port: Outbox = till.outbox
    who: Credentials = till.credentials
    assert who.device() == "till-02"
    assert port.backlog().pending == len(all_waiting(till))


def test_a_shop_that_never_enrolled_sends_nothing(tmp_path: Path) -> None:
    alone = SyncedTill(tmp_path / "alone")
    assert alone.outbox.waiting(10) == []
    assert alone.outbox.backlog().pending > 0
    assert alone.credentials.server_url() is None
    alone.close()


def test_facts_wait_in_the_order_of_their_chain_and_go_as_they_were_made(till: SyncedTill) -> None:
    waiting = all_waiting(till)
    assert [one.dseq for one in waiting] == list(range(1, len(waiting) + 1))
    ops = till.outbox.load([one.op_id for one in waiting])
    links = [(op.dseq, op.data, op.hash) for op in ops]
    assert verify_chain(links) == Intact(len(ops), ops[-1].hash)
    assert [len(op.data) for op in ops] == [one.size for one in waiting]
    assert till.outbox.waiting(3) == waiting[:3]
    assert till.outbox.load(["of another life"]) == []


def test_a_refund_names_its_sale_and_waits_for_it(till: SyncedTill) -> None:
    accept_all(till)
    sale_id = sold(till.shop, MILK, OIL)
    refunded(till.shop, sale_id, (0, 1))
    kinds = {one.op_id: type(read_fact(till.outbox.load([one.op_id])[0].data)).__name__
             for one in all_waiting(till)}  # fmt: skip
    assert list(kinds.values()) == ["SaleRecorded", "RefundRecorded"]
    sale, refund = all_waiting(till)
    assert sale.aggregates == (sale_id,)
    assert (refund.aggregates, refund.needs) == ((sale_id,), (sale_id,))
    settle(till, answered(sale))
    [refund] = all_waiting(till)
    assert refund.needs == ()


def test_the_keys_of_members_travel_with_their_sealed_data_alone(till: SyncedTill) -> None:
    accept_all(till)
    new = NewMember(phone="13712342468", name="单雄信", consents=frozenset({"membership"}))
    joined = till.shop.do(join_member, new=new)
    till.gain(joined.member_id, 5)
    join, gain = all_waiting(till)
    [key] = till.outbox.keys_for([join.op_id])
    assert (key.member, len(key.secret)) == (joined.member_id, 32)
    assert till.outbox.keys_for([gain.op_id]) == []
    till.run(lambda work: work.member_keys.destroy(joined.member_id))
    assert till.outbox.keys_for([join.op_id]) == []


ADJUSTED = Adjustment(kind="overdraft", case="case-9", points=-40, text={"shown": "100"})
REFUSED = Refusal(code="edited_elsewhere", text="later", fields={"name": "later"})


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        pytest.param({"outcome": "accepted"}, "acknowledged", id="accepted"),
        pytest.param(
            {"outcome": "accepted_adjusted", "adjustments": (ADJUSTED,)}, "adjusted", id="adjusted"
        ),
        pytest.param({"outcome": "quarantined"}, "quarantined", id="quarantined"),
        pytest.param({"outcome": "rejected", "refusal": REFUSED}, "set_aside", id="rejected"),
        pytest.param({"outcome": "retry"}, "pending", id="not looked at yet"),
        pytest.param({"outcome": "fork"}, "pending", id="another till's place"),
    ],
)
def test_an_answer_is_kept_and_telling_it_twice_changes_nothing(
    till: SyncedTill, answer: dict[str, Any], state: OutboxState
) -> None:
    one = all_waiting(till)[0]
    settle(till, answered(one, **answer))
    kept = state_of(till, one.op_id)
    assert kept.state == state
    if state != "pending":
        settle(till, answered(one, duplicate=True, **answer))
        assert state_of(till, one.op_id) == kept
    assert kept.differences == (
        (Difference(kind="overdraft", case="case-9", points=-40, text={"shown": "100"}),)
        if state == "adjusted"
        else ()
    )
    assert (kept.rejection is not None) == (state == "set_aside")


def test_the_first_answer_stands_and_only_a_later_word_changes_it(till: SyncedTill) -> None:
    one = all_waiting(till)[0]
    settle(till, answered(one, "quarantined"))
    settle(till, answered(one, "accepted"))
    assert state_of(till, one.op_id).state == "quarantined"
    till.run(lambda work: work.outbox.settle([_told(one)], at_ms=9, decided=True))
    assert state_of(till, one.op_id).state == "acknowledged"
    settle(till, answered(one, "quarantined", duplicate=True))
    assert state_of(till, one.op_id).state == "acknowledged"


def _told(one: Waiting) -> Any:
    from sync.till.outbox import answer_told

    return answer_told(answered(one))


def test_answers_about_another_life_of_this_till_are_passed_over(till: SyncedTill) -> None:
    before = all_waiting(till)
    settle(till, OpAnswer(op_id="of another life", epoch=1, dseq=900, outcome="accepted"))
    assert all_waiting(till) == before


def test_the_backlog_counts_what_waits_and_what_needs_somebody(till: SyncedTill) -> None:
    first, second, third, *rest = all_waiting(till)
    settle(till, answered(first), answered(second, "quarantined"))
    settle(till, answered(third, "rejected", refusal=REFUSED))
    oldest = read_fact(till.outbox.load([rest[0].op_id])[0].data)
    assert till.outbox.backlog() == Backlog(
        pending=len(rest), oldest_ms=oldest.clock.wall_ms, set_aside=1, quarantined=1  # type: ignore[union-attr] # the story's facts are known
    )  # fmt: skip
    settle(till, *[answered(one) for one in rest])
    assert till.outbox.backlog() == Backlog(set_aside=1, quarantined=1)


def test_what_a_restored_server_lost_is_pushed_again_in_its_old_envelope(till: SyncedTill) -> None:
    sent = all_waiting(till)
    accept_all(till)
    assert all_waiting(till) == []
    assert till.outbox.push_again(1, 4) == len(sent) - 4
    assert all_waiting(till) == sent[4:]
    assert till.outbox.push_again(1, 4) == 0
    assert till.outbox.push_again(7, 0) == 0


def test_after_a_restore_the_same_bytes_go_in_a_new_chain(till: SyncedTill) -> None:
    pending = all_waiting(till)
    settle(till, *[answered(one) for one in pending[:3]])
    data = [op.data for op in till.outbox.load([one.op_id for one in pending[3:]])]
    till.run(lambda work: work.enrolment.restored())
    assert till.credentials.server_url() is None, "it has to enrol first"
    till.enrol(SmallServer())
    here = till.shop.shop.identity
    again = all_waiting(till)
    assert {one.epoch for one in again} == {here.epoch - 1}
    ops = till.outbox.load([one.op_id for one in again])
    assert [op.data for op in ops] == data
    assert verify_chain([(op.dseq, op.data, op.hash) for op in ops]) == Intact(
        len(ops), ops[-1].hash
    )
    member = till.shop.members["陈静"]
    till.gain(member, 7)
    newest = all_waiting(till)[-1]
    assert (newest.epoch, newest.dseq) == (here.epoch, 1)
    [op] = till.outbox.load([newest.op_id])
    assert op.hash == chain_hash(GENESIS, op.data)


def test_what_follows_a_fork_is_not_sent_until_the_till_has_enrolled(till: SyncedTill) -> None:
    first, second, *rest = all_waiting(till)
    settle(till, answered(first))
    settle(till, answered(second, "fork"))
    assert all_waiting(till) == []
    assert till.outbox.backlog().pending == 1 + len(rest)
    till.enrol(SmallServer())
    assert len(all_waiting(till)) == 1 + len(rest)


def test_a_key_of_this_machine_signs_and_no_other(till: SyncedTill) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    request = till.credentials.request("code", "收银机 02")
    till.credentials.enrolled(SmallServer().enrolled(request), URL)
    Ed25519PublicKey.from_public_bytes(request.public_key).verify(
        till.credentials.sign(b"challenge"), b"challenge"
    )
    till.shop.keychain.entries.clear()
    with pytest.raises(NotAllowed) as raised:
        till.credentials.sign(b"challenge")
    assert reason_of(raised.value) == "no_key", "a person has to act, and is told why"


def test_of_a_till_one_key_stays_on_its_machine(till: SyncedTill) -> None:
    entries = till.shop.keychain.entries
    others = len(entries) - 1
    for _ in range(3):
        till.credentials.request("a slip with a mistyped code", "")
    till.enrol(SmallServer())
    till.enrol(SmallServer())
    assert len(entries) == others + 1
    assert till.credentials.sign(b"challenge")


def test_the_file_refuses_a_state_without_its_answer(till: SyncedTill) -> None:
    with pytest.raises(StoreBug):
        till.run(
            lambda work: work.connection.exec_driver_sql(
                "UPDATE outbox SET state = 'acknowledged' WHERE dseq = 1"
            )
        )
