"""The state of sync as the window gets it: the chip's truth table, the centre, a person's acts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest

from app.domain.agreement_record import SentCount
from app.domain.chain import Intact, verify_chain
from app.domain.enrolment import NO_SERVER_EPOCH
from app.domain.facts import read_fact
from app.domain.outbox import (
    Answer,
    Difference,
    DifferenceKind,
    OutboxCount,
    Rejection,
    SentFact,
)
from app.domain.pending_export import ExportedPart, ExportHead, read_head, read_part
from app.domain.photo import StoredPhoto
from app.services.answers import NotAllowed
from app.services.difference_words import SENTENCES, difference_sentence
from app.services.pending_export import (
    ExportBegun,
    begin_export,
    count_missing,
    exported_file,
)
from app.services.photo import PhotosPending
from app.services.profile import ProfileEdit, edit_profile
from app.services.sync_chip import Chip, Link, chip_of
from app.services.sync_state import (
    FactsPending,
    GivenUp,
    MayReset,
    NotRefused,
    ReasonMissing,
    SyncCentre,
    TriedAgain,
    give_up_refused,
    may_reset,
    retry_refused,
    sync_centre,
    sync_chip,
)
from app.store.waiting_lane import WaitingLane
from app.wording import load
from tests.real_shop import RealShop
from tests.services.conftest import trail
from tests.sync.till.a_till import SyncedTill
from tests.sync.till.small_server import SmallServer

HOUR_MS = 3_600_000
NOW_MS = 1_795_255_200_000
ONLINE = Link("online", since_ms=NOW_MS - HOUR_MS, last_ms=NOW_MS - 5)
SENDING = Link("online", since_ms=NOW_MS - HOUR_MS, sending=True)
AWAY = Link("offline", since_ms=NOW_MS - 2 * HOUR_MS)
LONG_AWAY = Link("offline", since_ms=NOW_MS - 26 * HOUR_MS)


@pytest.mark.parametrize(
    ("link", "count", "must_enrol", "chip", "tone"),
    [
        pytest.param(None, OutboxCount(pending=9), False, Chip("alone"), "quiet", id="no server"),
        pytest.param(
            ONLINE, OutboxCount(), False, Chip("synced", at_ms=NOW_MS - 5), "success", id="synced"
        ),
        pytest.param(
            ONLINE, OutboxCount(quarantined=2, adjusted=3), False,
            Chip("synced", at_ms=NOW_MS - 5), "success", id="head office looks, nobody here has to",
        ),
        pytest.param(
            SENDING, OutboxCount(pending=12), False, Chip("sending", 12), "info", id="sending"
        ),
        pytest.param(
            ONLINE, OutboxCount(pending=12), False, Chip("not_moving", 12), "warning",
            id="online, not moving",
        ),
        pytest.param(
            Link("behind"), OutboxCount(pending=1), False, Chip("not_moving", 1), "warning",
            id="behind",
        ),
        pytest.param(
            Link(), OutboxCount(), False, Chip("checking"), "info", id="no round trip yet"
        ),
        pytest.param(
            AWAY, OutboxCount(pending=12), False, Chip("offline", 12, hours=2), "warning",
            id="offline",
        ),
        pytest.param(
            LONG_AWAY, OutboxCount(pending=1), False, Chip("offline_long", 1, hours=26), "warning",
            id="offline for more than a day",
        ),
        pytest.param(
            AWAY, OutboxCount(pending=501), False, Chip("offline_long", 501, hours=2), "warning",
            id="more than 500 waiting",
        ),
        pytest.param(
            AWAY, OutboxCount(pending=500), False, Chip("offline", 500, hours=2), "warning",
            id="500 waiting",
        ),
        pytest.param(
            ONLINE, OutboxCount(set_aside=3), False, Chip("attention", 3), "danger",
            id="refused requests",
        ),
        pytest.param(
            ONLINE, OutboxCount(pending=4), True, Chip("attention", 1), "danger",
            id="has to enrol again",
        ),
        pytest.param(
            Link("needs_person"), OutboxCount(set_aside=1), False, Chip("attention", 2), "danger",
            id="locked out, and a refused request",
        ),
    ],
)  # fmt: skip
def test_the_chip_is_one_of_its_truth_table(
    link: Link | None, count: OutboxCount, must_enrol: bool, chip: Chip, tone: str
) -> None:
    found = chip_of(link, count, must_enrol, NOW_MS)
    assert found == chip
    assert found.tone == tone
    assert not (count.pending and found.tone == "success")


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_kind_of_difference_has_its_sentence(language: str) -> None:
    wording = load(language)
    said = set()
    for kind in get_args(DifferenceKind):
        sentence = difference_sentence(Difference(kind=kind, case="c"), wording)
        assert sentence.endswith("。" if language == "zh_CN" else ".")
        said.add(sentence)
    assert len(said) == len(SENTENCES) == len(get_args(DifferenceKind))


@pytest.mark.parametrize(
    ("points", "zh", "en"),
    [
        (-40, "少 40 积分。", "40 points fewer."),
        (-1, "少 1 积分。", "1 point fewer."),
        (12, "多 12 积分。", "12 points more."),
        (0, "", ""),
    ],
)
def test_a_difference_in_points_is_said(points: int, zh: str, en: str) -> None:
    difference = Difference(kind="overdraft", case="c", points=points)
    assert difference_sentence(difference, load("zh_CN")).endswith(zh)
    assert difference_sentence(difference, load("en")).endswith(en)


@pytest.fixture
def shop(request: pytest.FixtureRequest, tmp_path: Any) -> Any:
    """An enrolled till, a manager at it."""
    till = SyncedTill(tmp_path)
    till.enrol(SmallServer())
    till.shop.sign_in("王芳")
    yield till.shop
    till.close()


def settle(shop: RealShop, *answers: Answer) -> None:
    shop.store.lane.run(lambda work: work.outbox.settle(answers, at_ms=NOW_MS))


def all_waiting(shop: RealShop) -> list[Any]:
    return list(shop.store.lane.run(lambda work: work.outbox.waiting(999)))


def a_request(shop: RealShop) -> Any:
    """陈静 wants to be called otherwise."""
    edit = ProfileEdit(name="陈静怡")
    shop.do(edit_profile, member_id=shop.members["陈静"], edit=edit)
    return all_waiting(shop)[-1]


def centre(shop: RealShop, link: Link | None = ONLINE) -> SyncCentre:
    answer = shop.do(sync_centre, link=link, now=shop.shop.now())
    assert isinstance(answer, SyncCentre), answer
    return answer


def test_what_waits_is_counted_by_what_it_is(shop: RealShop) -> None:
    before = centre(shop)
    assert before.count.pending == sum(number for _, number in before.pending)
    assert dict(before.pending)["members"] >= 4
    assert before.server == "https://head-office.example"
    assert before.chip.state == "not_moving"
    assert shop.do(_may_reset) == FactsPending(before.count)


def _may_reset(*, shop: Any, work: Any) -> Any:
    return may_reset(work=work)


def test_a_till_may_be_reset_once_all_of_it_is_known(shop: RealShop) -> None:
    settle(shop, *[Answer(w.op_id, w.epoch, w.dseq, "accepted") for w in all_waiting(shop)])
    assert shop.do(_may_reset) == MayReset()
    assert centre(shop).chip.state == "synced"
    photo = StoredPhoto("p", "case", "member", 7, b"\xff\xd8\xff")
    shop.store.lane.run(lambda work: work.photos.put(photo))
    assert shop.do(_may_reset) == PhotosPending(1)


def refuse(shop: RealShop) -> str:
    request = a_request(shop)
    rejection = Rejection(code="edited_elsewhere", text="later", fields={"name": "later"})
    rejected = Answer(request.op_id, request.epoch, request.dseq, "rejected", rejection=rejection)
    settle(shop, rejected)
    return str(request.op_id)


def test_a_refused_request_waits_for_a_person_and_holds_nothing_up(shop: RealShop) -> None:
    waiting = len(all_waiting(shop))
    op_id = refuse(shop)
    seen = centre(shop)
    assert [(one.op_id, one.group, one.rejection.code) for one in seen.dead] == [
        (op_id, "members", "edited_elsewhere")
    ]
    assert seen.chip == Chip("attention", 1)
    assert len(all_waiting(shop)) == waiting


def test_a_refused_request_is_sent_again(shop: RealShop) -> None:
    op_id = refuse(shop)
    tried = shop.do(retry_refused, op_id=op_id)
    assert isinstance(tried, TriedAgain)
    assert tried.op_id != op_id, "to the older one the server says for ever what it said"
    waiting = {one.op_id for one in all_waiting(shop)}
    assert tried.op_id in waiting
    assert op_id not in waiting
    assert fact_of(shop, tried.op_id).values == fact_of(shop, op_id).values
    assert centre(shop).dead == ()
    assert trail(shop)[-1] == "request_retried"
    assert shop.do(retry_refused, op_id=op_id) == NotRefused(op_id)


def fact_of(shop: RealShop, op_id: str) -> Any:
    return read_fact(sent_fact(shop, op_id).data)


def sent_fact(shop: RealShop, op_id: str) -> SentFact:
    found = shop.store.lane.run(lambda work: work.outbox.get(op_id))
    assert found is not None
    return found


def test_what_was_given_up_stays_so_after_it_was_pushed_again(shop: RealShop) -> None:
    """A restored server that lost it refuses it once more: nobody is asked twice."""
    op_id = refuse(shop)
    shop.do(give_up_refused, op_id=op_id, reason="顾客改主意")
    shop.store.lane.run(lambda work: work.outbox.push_again(1, 0))
    [request] = [one for one in all_waiting(shop) if one.op_id == op_id]
    rejection = Rejection(code="edited_elsewhere", text="later", fields={"name": "later"})
    settle(shop, Answer(op_id, request.epoch, request.dseq, "rejected", rejection=rejection))
    assert sent_fact(shop, op_id).state == "given_up"
    assert centre(shop).dead == ()


def test_giving_up_takes_a_reason_and_leaves_a_trace(shop: RealShop) -> None:
    op_id = refuse(shop)
    assert shop.do(give_up_refused, op_id=op_id, reason="  ") == ReasonMissing()
    assert shop.do(give_up_refused, op_id=op_id, reason="顾客改主意") == GivenUp(op_id)
    assert trail(shop)[-1] == "request_given_up"
    seen = centre(shop)
    assert (seen.dead, seen.chip.state) == ((), "not_moving")
    assert op_id not in {one.op_id for one in all_waiting(shop)}
    assert shop.do(give_up_refused, op_id="nothing", reason="x") == NotRefused("nothing")


def test_a_cashier_decides_about_no_request(shop: RealShop) -> None:
    op_id = refuse(shop)
    shop.sign_in("李明")
    assert isinstance(shop.do(retry_refused, op_id=op_id), NotAllowed)
    assert isinstance(shop.do(give_up_refused, op_id=op_id, reason="x"), NotAllowed)


def test_what_was_adjusted_and_what_waits_says_why(shop: RealShop) -> None:
    first, second, *_ = all_waiting(shop)
    fewer = Difference(kind="overdraft", case="case-1", points=-40)
    odd = Difference(kind="unreadable", case="case-2")
    settle(
        shop,
        Answer(first.op_id, 1, first.dseq, "accepted_adjusted", differences=(fewer,)),
        Answer(second.op_id, 1, second.dseq, "quarantined", differences=(odd,)),
    )
    seen = centre(shop)
    [adjusted], [held] = seen.adjusted, seen.held
    assert (adjusted.op_id, adjusted.points, adjusted.has_case) == (first.op_id, -40, True)
    assert adjusted.differences == (fewer,)
    assert difference_sentence(fewer, load("zh_CN")).endswith("少 40 积分。")
    assert (held.op_id, held.differences) == (second.op_id, (odd,))


def test_a_shop_without_a_server_shows_a_quiet_chip(tmp_path: Any) -> None:
    till = SyncedTill(tmp_path)
    assert till.shop.do(_chip, link=None) == Chip("alone")
    assert centre(till.shop, None).server is None
    assert isinstance(till.shop.do(_may_reset), FactsPending)
    till.close()


def _chip(*, shop: Any, work: Any, link: Link | None) -> Chip:
    return sync_chip(work=work, link=link, now=shop.now())


def test_a_restored_till_says_that_it_has_to_enrol(shop: RealShop) -> None:
    shop.store.lane.run(lambda work: work.enrolment.restored())
    assert shop.do(_chip, link=ONLINE) == Chip("attention", 1)
    assert centre(shop).must_enrol


def test_what_is_pending_can_be_exported_before_a_reset(shop: RealShop) -> None:
    first = all_waiting(shop)[0]
    settle(shop, Answer(first.op_id, 1, first.dseq, "accepted"))
    shop.store.lane.run(lambda work: work.enrolment.restored())
    begun = shop.do(begin_export)
    assert isinstance(begun, ExportBegun)
    head, parts = opened_export(shop, begun)
    assert head == begun.head
    facts = [fact for part in parts for fact in part.facts]
    assert len(facts) == head.count == centre(shop).count.pending
    links = [(fact.dseq, fact.data, fact.chain_hash) for fact in facts]
    sent = shop.store.lane.run(lambda work: work.facts.get(first.op_id))
    assert sent is not None
    assert verify_chain(links, start=sent.chain_hash, first_dseq=2) == Intact(
        len(links), links[-1][2]
    )
    assert "张三丰".encode() not in b"".join(fact.data for fact in facts)
    assert trail(shop)[-1] == "pending_exported"
    shop.sign_in("李明")
    assert isinstance(shop.do(begin_export), NotAllowed)


def test_while_nobody_knows_what_the_server_has_everything_is_exported(shop: RealShop) -> None:
    settle(
        shop,
        *(Answer(each.op_id, 1, each.dseq, "accepted") for each in all_waiting(shop)),
    )
    assert centre(shop).count.pending == 0
    who = shop.store.lane.run(lambda work: work.enrolment.read())
    assert who is not None
    unknown = replace(who, server_epoch=NO_SERVER_EPOCH)
    shop.store.lane.run(lambda work: work.enrolment.write(unknown))
    begun = shop.do(begin_export)
    assert isinstance(begun, ExportBegun)
    _, parts = opened_export(shop, begun)
    written = shop.store.lane.run(lambda work: work.outbox.count_all())
    assert sum(len(part.facts) for part in parts) == written == begun.head.count > 0


def opened_export(shop: RealShop, begun: ExportBegun) -> tuple[ExportHead, list[ExportedPart]]:
    """What stands in the file, by its own till."""
    lane, file = WaitingLane(shop.store.lane), shop.store.place.folder / "out.sealed"
    file.write_bytes(b"".join(exported_file(shop=shop.shop, lane=lane, begun=begun)))
    first, *rest = shop.shop.pending_seal.open(file)
    head, parts = read_head(first), [read_part(each) for each in rest]
    assert isinstance(head, ExportHead)
    assert count_missing(lane=lane, begun=begun, exported=shop.shop.pending_seal.open(file)) == 0
    return head, [part for part in parts if isinstance(part, ExportedPart)]


def test_what_was_written_today_is_counted_by_what_went_over(shop: RealShop) -> None:
    written = centre(shop).today.written
    first, second = all_waiting(shop)[:2]
    settle(
        shop,
        Answer(first.op_id, first.epoch, first.dseq, "accepted"),
        Answer(second.op_id, second.epoch, second.dseq, "retry"),
    )
    assert centre(shop).today == SentCount(written, 1, 1)
    shop.clock.go_on(milliseconds=24 * HOUR_MS)
    assert centre(shop).today == SentCount()
