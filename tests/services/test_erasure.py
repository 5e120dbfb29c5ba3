"""A shop of its own forgets a member at once, and says what goes and what stays before it does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event

import pytest
from sqlalchemy import text

from app.domain.churn_record import ChurnSeen
from app.services.answers import MemberUnknown, NotAllowed
from app.services.checkout import SaleDone
from app.services.churn_keeping import judge_churn
from app.services.complaint_act import Result, resolve_complaint
from app.services.complaint_photo import add_photo
from app.services.erasure import (
    AlreadyAsked,
    ErasureHindered,
    ErasureHolds,
    ErasurePreview,
    ReasonNeeded,
    ask_erasure,
    erasures,
    preview_erasure,
    report_erasures,
)
from app.services.figure_keeping import count_facts, judge_members
from app.services.find_member import MemberPutOn
from app.services.payment import pay_cash
from app.services.scan import scan_code
from app.services.verify import VerifyReport, verify_store
from app.store.unit_of_work import UnitOfWork
from app.store.waiting_lane import WaitingLane
from tests.real_shop import DAY, GOLD_PHONE, OIL, RealShop
from tests.services.complaints import acted, taken
from tests.store.pages import decrypted_bytes

PICTURE = b"\xff\xd8\xff" + b"a jar with a broken lid " * 80
OF_HIM = (GOLD_PHONE.encode(), "张三丰".encode(), b"zhangsanfeng")


@pytest.fixture
def manager(shop: RealShop) -> RealShop:
    shop.sign_in("王芳")
    return shop


def left(shop: RealShop) -> list[str]:
    data = decrypted_bytes(shop.store)
    return [each.decode() for each in OF_HIM if each in data]


def test_what_goes_and_what_stays_is_said_before(manager: RealShop) -> None:
    seen = manager.do(preview_erasure, member_id=manager.members["张三丰"])
    assert isinstance(seen, ErasurePreview), seen
    assert seen.goes[:3] == ("name", "phone", "birthday")
    assert (seen.decided_here, seen.waiting, seen.obstacles) == (True, 0, ())
    assert seen.points > 0


def test_it_holds_at_once_and_no_byte_is_left(manager: RealShop) -> None:
    member = manager.members["张三丰"]
    assert len(left(manager)) == len(OF_HIM)
    done = manager.do(ask_erasure, member_id=member, reason="本人要求")
    assert isinstance(done, ErasureHolds), done
    assert done.proof.is_complete
    assert left(manager) == []
    lane = WaitingLane(manager.store.lane)
    report = VerifyReport()
    list(verify_store(lane=lane, identity=manager.shop.identity, report=report))
    assert report.sound, report.faults
    assert report_erasures(shop=manager.shop, lane=lane) == 0, "it was said already"
    unsaid = text("UPDATE erasure SET state = 'told'")
    manager.store.lane.run(lambda work: work.connection.execute(unsaid).rowcount)
    read, go = Event(), Event()

    def look(work: UnitOfWork) -> bool:
        seen = bool(work.erasures.to_report())
        read.set()
        return go.wait(9) and seen

    page = manager.store.lane.look(look)
    assert read.wait(9)
    with ThreadPoolExecutor(1) as aside:
        said = aside.submit(report_erasures, shop=manager.shop, lane=lane)
        assert wait([said], 0.1).not_done, "a page is read: the log is not empty yet"
        assert manager.store.lane.read(lambda work: work.erasures.to_report()).result(9)
        go.set()
        assert (said.result(9), page.result(9)) == (1, True)
    again = manager.do(ask_erasure, member_id=member, reason="再说一次")
    assert isinstance(again, AlreadyAsked), again
    assert isinstance(manager.do(preview_erasure, member_id=member), MemberUnknown)
    [standing] = manager.do(erasures)
    assert (standing.proof.missing, standing.refused) == (0, None)
    assert not isinstance(manager.do(scan_code, text=manager.cards["张三丰"]), MemberPutOn)


def test_what_is_begun_with_him_is_finished_first(manager: RealShop) -> None:
    manager.do(scan_code, text=manager.cards["张三丰"])
    manager.do(scan_code, text=OIL)
    wanted = {"member_id": manager.members["张三丰"], "reason": "本人要求"}
    assert manager.do(ask_erasure, **wanted) == ErasureHindered(("in_basket",))
    assert len(left(manager)) == len(OF_HIM)


def test_it_wants_a_reason_a_right_and_a_member(shop: RealShop) -> None:
    wanted = {"member_id": shop.members["张三丰"], "reason": "  "}
    assert shop.do(ask_erasure, **wanted) == NotAllowed("manage_settings")
    assert shop.do(preview_erasure, member_id="nobody") == NotAllowed("manage_settings")
    assert shop.do(erasures) == NotAllowed("manage_settings")
    shop.sign_in("王芳")
    assert shop.do(ask_erasure, **wanted) == ReasonNeeded()
    assert shop.do(ask_erasure, member_id="nobody", reason="x") == MemberUnknown("nobody")


def test_a_complaint_that_is_open_is_settled_first_and_then_nothing_of_it_is_left(
    manager: RealShop,
) -> None:
    case = taken(manager, "张三丰", text="家住长安街 8 号")
    acted(manager, add_photo, case, data=PICTURE)
    wanted = {"member_id": manager.members["张三丰"], "reason": "本人要求"}
    assert manager.do(ask_erasure, **wanted) == ErasureHindered(("open_case",))
    acted(manager, resolve_complaint, case, result=Result(text="道歉", cause="scale", told="phone"))
    assert isinstance(manager.do(ask_erasure, **wanted), ErasureHolds)
    there = decrypted_bytes(manager.store)
    assert "长安街".encode() not in there
    assert PICTURE not in there


def test_nobody_is_judged_who_was_forgotten(manager: RealShop) -> None:
    member, lane = manager.members["张三丰"], WaitingLane(manager.store.lane)
    manager.do(scan_code, text=manager.cards["张三丰"])
    manager.do(scan_code, text=OIL)
    assert isinstance(manager.do(pay_cash), SaleDone)
    count_facts(shop=manager.shop, lane=lane)
    judge_members(shop=manager.shop, lane=lane)
    assert judged(manager, member) == 1
    grade(manager, member)
    assert judged(manager, member, "figure_churn") == 1
    assert isinstance(manager.do(ask_erasure, member_id=member, reason="本人要求"), ErasureHolds)
    assert judged(manager, member) == 0
    assert judged(manager, member, "figure_churn") == 0
    judge_members(shop=manager.shop, lane=lane)
    judge_churn(shop=manager.shop, lane=lane)
    assert judged(manager, member) == 0
    assert judged(manager, member, "figure_churn") == 0


def grade(shop: RealShop, member: str) -> None:
    """As somebody who came often enough."""
    seen = ChurnSeen("high", "silent", 0, 90, 7, 0)
    shop.store.lane.run(lambda work: work.churn.put(DAY, {member: seen}))


def judged(shop: RealShop, member: str, table: str = "figure_segment") -> int:
    asked = text(f"SELECT count(*) FROM {table} WHERE person = :key")
    found = shop.store.lane.run(
        lambda work: work.figures._execute(asked, {"key": member}).scalar_one()
    )
    return int(found)
