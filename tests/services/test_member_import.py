"""An import at the desk: kept until it is done, in the name of who began it, gone on with by
anybody's till, and nothing of its rows left behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from app.domain.enrolment import Enrolment
from app.domain.erasure_fact import PersonErased, ReportingTill
from app.domain.facts import MemberJoined, read_fact
from app.domain.member_import import KeptImport
from app.domain.months import Month
from app.domain.program import Program
from app.domain.program_file import decode_program
from app.services.answers import NotAllowed, SignInFirst
from app.services.erasure import report_erasures
from app.services.import_members import ImportRefused, MemberRow, MembersFile, read_members
from app.services.member_import import (
    DAY_MS,
    KEPT_DAYS,
    ROWS_A_PART,
    ImportStanding,
    ImportTaken,
    ImportUnderWay,
    NoImport,
    close_import,
    drop_import,
    forget_old_import,
    import_standing,
    keep_import,
    keep_rows,
    run_import,
    stop_import,
    take_next,
)
from app.services.staff import sign_out
from app.store.waiting_lane import WaitingLane
from tests.real_shop import DAY, GOLD_PHONE, PROGRAM, RealShop
from tests.services.conftest import trail
from tests.store.pages import decrypted_bytes

LAST = "13900000049"
ROWS = "".join(f"139{number:08},顾客{number},,,,,,,\n" for number in range(49))
FILE = f"phone,name,birthday,card,tier,tier_until,points,points_expire,sms\n{ROWS}"


@pytest.fixture
def manager(shop: RealShop) -> RealShop:
    shop.sign_in("王芳")
    return shop


def read() -> MembersFile:
    """49 new members, one who is known, and one row nobody can take."""
    program = decode_program(PROGRAM)
    assert isinstance(program, Program)
    content = f"{FILE}{GOLD_PHONE},老会员,,,,,,,\n12,坏号,,,,,,,\n".encode()
    answer = read_members(content, program=program, today=DAY)
    assert isinstance(answer, MembersFile)
    return answer


def begun(shop: RealShop, rows: Sequence[MemberRow] | None = None) -> KeptImport:
    file = read()
    rows = file.members if rows is None else rows
    kept = shop.do(
        keep_import, name="members.csv", mapping={"phone": "手机"}, count=len(rows),
        faults=file.errors,
    )  # fmt: skip
    assert isinstance(kept, KeptImport), kept
    assert shop.do(keep_rows, rows=rows) is None
    running = shop.do(run_import)
    assert isinstance(running, KeptImport), running
    return running


def taken(shop: RealShop) -> KeptImport:
    step = shop.do(take_next)
    assert isinstance(step, ImportTaken), step
    return step.kept


def count(shop: RealShop) -> int:
    return int(shop.store.lane.run(lambda work: work.members.count()))


def test_it_goes_on_after_a_restart_in_the_name_of_who_began_it(manager: RealShop) -> None:
    before = count(manager)
    assert begun(manager).left == 50
    assert taken(manager).left == 50 - ROWS_A_PART
    assert LAST.encode() not in decrypted_bytes(manager.store), "no such row"
    assert b"+8613900000048" in decrypted_bytes(manager.store), "kept with the shop, sealed on disk"
    manager.do(sign_out)
    manager.open()  # as after a start: nobody is signed in
    found = manager.do(import_standing)
    assert isinstance(found, ImportStanding), found
    assert (found.kept.name, found.kept.mapping, found.by) == (
        "members.csv", {"phone": "手机"}, "王芳",
    )  # fmt: skip
    assert [(each.row, each.column, each.value) for each in found.faults] == [(52, "phone", "")]
    assert taken(manager).left == 10
    manager.sign_in("李明")
    done = taken(manager)
    assert (done.left, done.state, done.known) == (0, "done", 1)
    assert manager.do(take_next) == NoImport()
    assert count(manager) == before + 49
    facts = manager.store.lane.run(lambda work: list(work.facts.all_facts(0, 10_000)))
    joined = [fact for each in facts if isinstance(fact := read_fact(each.data), MemberJoined)]
    assert {fact.staff for fact in joined[-49:]} == {manager.staff["王芳"]}
    entries = manager.store.lane.run(lambda work: work.audit.entries())
    acts = [(each.entry.action, each.entry.staff_id) for each in entries]
    assert acts[-1] == ("members_imported", manager.staff["王芳"])
    assert ("import_begun", manager.staff["王芳"]) in acts
    found = manager.do(import_standing)
    assert isinstance(found, ImportStanding)
    assert [each.problem for each in found.faults] == ["already_known", "bad_phone"]
    assert manager.do(close_import) == NoImport()
    assert manager.do(import_standing) == NoImport()


def test_it_is_stopped_gone_on_with_and_dropped(manager: RealShop) -> None:
    before = count(manager)
    begun(manager)
    taken(manager)
    stopped = manager.do(stop_import)
    assert (stopped.state, stopped.done) == ("stopped", ROWS_A_PART)
    assert manager.do(take_next) == NoImport()
    other = manager.do(keep_import, name="b.csv", mapping={}, count=1, faults=())
    assert isinstance(other, ImportUnderWay)
    assert other.standing.name == "members.csv"
    manager.sign_in("李明")
    assert manager.do(run_import) == NotAllowed("manage_settings")
    assert manager.do(drop_import) == NotAllowed("manage_settings")
    manager.sign_in("王芳")
    assert manager.do(run_import).left == 30
    assert taken(manager).left == 10
    assert isinstance(manager.do(drop_import), KeptImport)
    assert count(manager) == before + 2 * ROWS_A_PART, "what is in stays in"
    assert b"+8613900000048" not in decrypted_bytes(manager.store)
    assert trail(manager)[-1] == "members_imported"
    for nothing in (drop_import, run_import, stop_import, import_standing, take_next, close_import):
        assert manager.do(nothing) == NoImport()
    assert manager.do(keep_rows, rows=()) == NoImport()


def test_what_nobody_goes_on_with_is_not_kept_for_ever(manager: RealShop) -> None:
    begun(manager)
    taken(manager)
    manager.clock.go_on(milliseconds=(KEPT_DAYS + 1) * DAY_MS)
    assert not manager.do(forget_old_import), "it runs"
    manager.do(stop_import)
    assert manager.do(forget_old_import)
    assert b"+8613900000048" not in decrypted_bytes(manager.store)
    assert trail(manager)[-1] == "members_imported"
    assert not manager.do(forget_old_import)
    begun(manager)
    manager.do(stop_import)
    assert not manager.do(forget_old_import), "it was begun today"


def test_what_was_not_kept_whole_had_not_begun(manager: RealShop) -> None:
    file = read()
    kept = manager.do(keep_import, name="a.csv", mapping={}, count=50, faults=())
    assert isinstance(kept, KeptImport)
    manager.do(keep_rows, rows=file.members[:20])
    assert manager.do(import_standing) == NoImport()
    assert manager.do(run_import) == NoImport()


def test_who_may_not_any_more_and_a_full_disk_stop_it(manager: RealShop) -> None:
    manager.do(sign_out)
    assert manager.do(keep_import, name="", mapping={}, count=1, faults=()) == SignInFirst()
    manager.sign_in("王芳")
    roomy = manager.shop
    manager.shop = replace(roomy, has_room=lambda: False)
    full = manager.do(keep_import, name="", mapping={}, count=1, faults=())
    assert full == ImportRefused("no_room")
    manager.shop = roomy
    begun(manager)
    manager.shop = replace(roomy, has_room=lambda: False)
    assert manager.do(take_next) == ImportRefused("no_room")
    manager.shop = roomy
    assert manager.do(take_next) == NoImport(), "it waits for somebody"
    manager.do(run_import)
    who = manager.store.lane.run(lambda work: work.staff.get(manager.staff["王芳"]))
    assert who is not None
    manager.store.lane.run(lambda work: work.staff.put(replace(who, active=False)))
    assert manager.do(take_next) == ImportRefused("no_right")


def test_what_passed_or_left_the_program_while_it_waited_stays_out_and_is_named(
    manager: RealShop,
) -> None:
    before = count(manager)
    plain, until, points, tier, both = read().members[:5]
    month = Month.of(DAY)
    begun(manager, [
        plain, replace(until, tier="gold", tier_until=DAY),
        replace(points, points=100, points_expire=month), replace(tier, tier="last year's"),
        replace(both, tier="gold", tier_until=DAY, points=5, points_expire=month),
    ])  # fmt: skip
    manager.do(stop_import)
    manager.clock.go_on(milliseconds=45 * DAY_MS)
    manager.do(run_import)
    step = manager.do(take_next)
    assert isinstance(step, ImportTaken), step
    assert (step.kept.state, step.kept.count, step.kept.known) == ("done", 1, 0)
    assert step.known == ()
    assert [(each.row, each.column, each.problem) for each in step.faults] == [
        (until.row, "tier_until", "in_the_past"), (points.row, "points_expire", "in_the_past"),
        (tier.row, "tier", "unknown_tier"), (both.row, "tier_until", "in_the_past"),
        (both.row, "points_expire", "in_the_past"),
    ]  # fmt: skip
    assert count(manager) == before + 1
    found = manager.do(import_standing)
    assert isinstance(found, ImportStanding)
    assert (found.kept.done, len(found.faults)) == (1, 6), "a restart tells the same"


def test_who_is_forgotten_does_not_come_back_by_a_row_that_waits(manager: RealShop) -> None:
    rows = read().members
    older = replace(rows[0], card=manager.cards["张三丰"])
    begun(manager, (older, *rows[1:]))
    manager.do(stop_import)
    member = manager.members["张三丰"]
    assert decrypted_bytes(manager.store).count(GOLD_PHONE.encode()) > 1
    manager.store.lane.run(lambda work: work.erasures.wipe([member]))
    kept = decrypted_bytes(manager.store)
    assert GOLD_PHONE.encode() not in kept
    assert older.phone.encode() not in kept, "his card, with the number he had before"
    assert manager.do(run_import).left == 48
    manager.do(drop_import)
    begun(manager, rows[-1:])  # the same list, read again
    step = manager.do(take_next)
    assert isinstance(step, ImportTaken), step
    assert [(each.row, each.problem) for each in step.faults] == [(rows[-1].row, "forgotten")]
    assert (step.kept.done, step.kept.known) == (0, 0)
    assert GOLD_PHONE.encode() not in decrypted_bytes(manager.store)


def test_who_was_forgotten_stays_so_when_the_shop_joins_a_chain(manager: RealShop) -> None:
    """His number was hashed under the key of the shop's own: head office has no other. What is
    hashed under the chain's goes when every till has said so and no list waits."""
    first, second, *_, old = read().members
    lane = manager.store.lane
    lane.run(lambda work: work.erasures.wipe([manager.members["张三丰"]]))
    assert known_by(manager, old) == [True], "nobody else could tell"
    for secret in (b"1" * 32, b"2" * 32):  # that chain's, and the next one's
        join_chain(manager, secret)
    begun(manager, (first, old))
    step = manager.do(take_next)
    assert isinstance(step, ImportTaken), step
    assert [(each.row, each.problem) for each in step.faults] == [(old.row, "forgotten")]
    manager.do(close_import)
    [found] = lane.run(lambda work: work.members.by_phone(first.phone))
    told = PersonErased(
        op_id=manager.shop.op_id(manager.shop.now()), store=manager.shop.identity.store_id,
        day=DAY, clock=manager.shop.now(), member=found.member_id, ids=(found.member_id,),
        tills=(ReportingTill(manager.shop.identity.device, "人民路店", 7, 2),),
    )  # fmt: skip
    lane.run(lambda work: work.erasures.take(told))
    begun(manager, (second,))
    assert known_by(manager, first, old) == [True, True], "a list waits"
    manager.do(take_next)
    assert known_by(manager, first, old) == [False, True]


def known_by(shop: RealShop, *rows: MemberRow) -> list[bool]:
    """Whether these are known as forgotten, after the caretaker's look."""
    lane = shop.store.lane
    report_erasures(shop=shop.shop, lane=WaitingLane(lane))
    return lane.run(lambda work: [work.erasures.is_forgotten_by(each.phone) for each in rows])


def join_chain(shop: RealShop, secret: bytes) -> None:
    enrolled = Enrolment("https://office.example.cn", "key-1", 1)
    shop.store.lane.run(lambda work: work.enrolment.adopt(shop.shop.identity, enrolled, secret))
