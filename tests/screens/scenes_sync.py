"""Scenes of sync: the chip, the sync centre in its states, the page that lets a till in.

Owns: how each of them comes about, over the real store; a line to a server that is told how it is.
Does not own: opening the window, real servers (tests/sync).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtCore import Qt

from app.domain.agreement_record import DayCompared
from app.domain.enrolment import Enrolment
from app.domain.link import Link
from app.domain.outbox import Answer, Difference, Rejection
from app.domain.phone_page import NoPages, PageAnswer, PageLink, PageWanted
from app.domain.server_answer import EnrolAnswer, EnrolRefused, EnrolStep, NoAnswer
from app.services.profile import ProfileEdit, edit_profile
from app.services.server_port import NoServerHere, untold
from sync.till.settling import settle as keep_answers
from tests.real_shop import DAY, MILK
from tests.screens.scene import TILL_SIZES, Scene, Shot
from tests.screens.scenes_desk import as_manager, wait
from tests.screens.scenes_shift import closed_before
from tests.screens.scenes_till import join, joined
from ui.join.dialog import JoinDialog
from ui.navigation import ToExceptions, ToSettings, ToShift, ToSync, ToTill
from ui.sync_centre.give_up_dialog import GiveUpDialog
from ui.sync_centre.removal_dialog import RemovalDialog
from ui.sync_centre.server_page import ServerPage
from ui.sync_centre.watch import SyncWatch

Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
URL = "https://head-office.example"
PAGES = "https://card.head-office.example"
HOUR_MS = 3_600_000


@dataclass
class ToldLine(NoServerHere):
    """A line that is as it is told: the window over it is the real one. `synced`: how often
    somebody asked for it now."""

    how: Link | None = None
    wire_is_in: bool | None = None
    phone: PageAnswer = field(default_factory=NoPages)
    answer: EnrolAnswer = field(default_factory=lambda: EnrolRefused("unknown_code", URL))
    now_ms: int = 0
    synced: int = 0
    wanted: list[PageWanted] = field(default_factory=list)
    typed: list[tuple[str, str]] = field(default_factory=list)
    hearers: list[Callable[[], object]] = field(default_factory=list)

    def link(self) -> Link | None:  # type: ignore[override] # the other one never has a link
        return self.how

    def listen(self, hear: Callable[[], object]) -> Callable[[], object]:
        self.hearers.append(hear)
        return lambda: self.hearers.remove(hear)

    @property
    def cable(self) -> bool | None:  # type: ignore[override] # the other one never has a cable
        return self.wire_is_in

    def switch(self, *, on: bool) -> None:
        self.wire_is_in = on
        reason = "" if on else "switched_off"
        self.tell(Link("checking" if on else "offline", self.now_ms, reason))

    def page(self, wanted: PageWanted) -> PageAnswer:  # type: ignore[override] # as above
        self.wanted.append(wanted)
        return self.phone

    def sync_now(self) -> None:
        self.synced += 1

    def enrol(  # type: ignore[override] # the other one is never let in
        self, address: str, code: str, tell: Callable[[EnrolStep], object] = untold, *also: object
    ) -> EnrolAnswer:
        self.typed.append((address, code))
        tell("reaching")
        tell("proving")
        return self.answer

    def tell(self, how: Link | None) -> None:
        self.how = how
        for hear in tuple(self.hearers):
            hear()


def connect(
    scene: Scene, how: Link | None, *, cable: bool | None = None, pages: str | None = None
) -> ToldLine:
    """This till has a line from now on; where the line is one, the till belongs to a server.

    `pages`: where customers' phones find that server.
    """
    cashier = scene.cashier
    parts = cashier.handle.parts
    line = ToldLine(how, cable)
    line.now_ms = parts.now().wall_ms
    parts.shop = replace(parts.shop, server=line)
    watch = cashier.window.findChild(SyncWatch)
    assert isinstance(watch, SyncWatch)
    line.listen(watch._news.emit)
    if how is not None:
        since_ms = line.now_ms - 48 * HOUR_MS
        who = Enrolment(URL, "key-1", since_ms, public_url=pages, server_epoch=1)
        cashier.read(lambda work: work.enrolment.write(who))
    watch.look()
    wait(scene, lambda: not watch._is_asking)
    return line


def online(scene: Scene, *, pages: str | None = None, **other: Any) -> ToldLine:
    now_ms = scene.cashier.handle.parts.now().wall_ms
    known: dict[str, Any] = {
        "since_ms": now_ms - HOUR_MS, "last_ms": now_ms - 4_000, "last_push_ms": now_ms - 64_000,
        "last_pull_ms": now_ms - 4_000, "last_ask_ms": now_ms - 240_000,
    }  # fmt: skip
    return connect(scene, Link("online", **(known | other)), pages=pages)


def offline(scene: Scene, *, hours: int = 2, cable: bool | None = None) -> ToldLine:
    now_ms = scene.cashier.handle.parts.now().wall_ms
    reason = "switched_off" if cable is False else "unreachable"
    last_ms = now_ms - hours * HOUR_MS
    link = Link("offline", last_ms, reason, last_ms=last_ms, last_pull_ms=last_ms)
    return connect(scene, replace(link, last_ask_ms=now_ms, ask_failed=True), cable=cable)


def waiting(scene: Scene) -> list[Any]:
    return list(scene.cashier.read(lambda work: work.outbox.waiting(999)))


def answer_all(scene: Scene, keep: int = 0) -> None:
    """The server took everything but the last `keep`."""
    all_of_it = waiting(scene)
    taken = all_of_it[: len(all_of_it) - keep]
    settle(scene, *[Answer(w.op_id, w.epoch, w.dseq, "accepted") for w in taken])


def settle(scene: Scene, *answers: Answer) -> None:
    now_ms = scene.cashier.handle.parts.now().wall_ms
    scene.cashier.read(lambda work: keep_answers(work, answers, at_ms=now_ms))


def sell(scene: Scene) -> None:
    cashier = scene.cashier
    cashier.scan(cashier.shop.cards["张三丰"])
    cashier.scan(MILK)
    for key in (Key.Key_F9, Key.Key_F9, Key.Key_Escape):
        cashier.press(key)


def refuse(scene: Scene) -> None:
    """陈静 wants to be called otherwise, and head office says no."""
    shop = scene.cashier.shop
    shop.do(edit_profile, member_id=shop.members["陈静"], edit=ProfileEdit(name="陈静怡"))
    request = waiting(scene)[-1]
    text = scene.say(
        "总部在 09:40 已改过这位会员的姓名。", "Head office changed this member's name at 09:40."
    )
    rejection = Rejection(code="edited_elsewhere", text=text)
    settle(scene, Answer(request.op_id, request.epoch, request.dseq, "rejected",
                         rejection=rejection))  # fmt: skip


def differ(scene: Scene) -> None:
    """One sale is adjusted, another one is looked at."""
    sell(scene)
    first = waiting(scene)[-1]
    sell(scene)
    second = waiting(scene)[-1]
    sold_ms = scene.cashier.handle.parts.now().wall_ms
    other = {
        "other_store": scene.say("城东店", "East Gate shop"), "other_till": "1",
        "other_at": str(sold_ms - 840_000), "other_points": "500",
        "other_receipt": "R001010101T000021",
    }  # fmt: skip
    fewer = Difference(kind="overdraft", case="case-1", points=-40, text=other)
    odd = Difference(kind="approved_by_unknown", case="case-2")
    settle(
        scene,
        Answer(first.op_id, first.epoch, first.dseq, "accepted_adjusted", differences=(fewer,)),
        Answer(second.op_id, second.epoch, second.dseq, "quarantined", differences=(odd,)),
    )


def hear_streams(scene: Scene) -> None:
    """Goods are whole, members are on their way."""
    now_ms = scene.cashier.handle.parts.now().wall_ms

    def write(work: Any) -> None:
        work.inbox.move("chain", 88, head=88, at_ms=now_ms - 40_000)
        work.inbox.move("store:renmin-road", 1_962, head=3_166, at_ms=now_ms - 4_000)
        work.inbox.move("device:till-02", 3, head=3, at_ms=now_ms - 4_000)

    scene.cashier.read(write)


def compare(scene: Scene, *, is_equal: bool = True) -> None:
    now_ms = scene.cashier.handle.parts.now().wall_ms
    compared = DayCompared(1, DAY, 9, is_equal, now_ms - HOUR_MS)
    scene.cashier.read(lambda work: work.agreements.put(compared))


def open_centre(scene: Scene) -> None:
    scene.cashier.window.header.status_chosen.emit()
    scene.cashier.settle()
    deadline = time.monotonic() + 30
    while not scene.cashier.at(ToSync) and time.monotonic() < deadline:
        scene.cashier.settle()


# ---------------------------------------------------------------------- the shots


def agreed(scene: Scene) -> None:
    """A closed shift whose day both sides count alike."""
    closed_before(scene)
    answer_all(scene)
    online(scene)
    compare(scene)
    scene.cashier.press(Key.Key_Return)
    scene.cashier.press(Key.Key_J, Qt.KeyboardModifier.ControlModifier)


def differs(scene: Scene) -> None:
    closed_before(scene)
    online(scene)
    compare(scene, is_equal=False)
    scene.cashier.press(Key.Key_Return)
    scene.cashier.press(Key.Key_J, Qt.KeyboardModifier.ControlModifier)


def chip_synced(scene: Scene) -> None:
    answer_all(scene)
    online(scene)


def chip_offline(scene: Scene) -> None:
    answer_all(scene, keep=3)
    offline(scene)
    scene.cashier.window.show_banner("")  # it lies over the chip for some seconds


def centre_well(scene: Scene) -> None:
    closed_before(scene)
    as_manager(scene)
    compare(scene)
    hear_streams(scene)
    answer_all(scene)
    online(scene)
    open_centre(scene)


def centre_busy(scene: Scene) -> None:
    """Mid-upload, with something to decide and something to know."""
    as_manager(scene)
    refuse(scene)
    hear_streams(scene)
    answer_all(scene, keep=2)
    differ(scene)
    online(scene, sending=True)
    open_centre(scene)


def centre_offline(scene: Scene) -> None:
    as_manager(scene)
    answer_all(scene, keep=4)
    offline(scene, hours=26, cable=False)
    open_centre(scene)


def centre_revoked(scene: Scene) -> None:
    as_manager(scene)
    now_ms = scene.cashier.handle.parts.now().wall_ms
    connect(scene, Link("needs_person", now_ms - HOUR_MS, "revoked", ahead_ms=1_260_000))
    open_centre(scene)


def centre_alone(scene: Scene) -> None:
    as_manager(scene)
    scene.cashier.handle.parts.navigation.go(ToSync())
    scene.cashier.settle()


def giving_up(scene: Scene) -> None:
    centre_busy(scene)
    scene.cashier.press(Key.Key_2, ALT)


def removal(scene: Scene) -> None:
    centre_offline(scene)
    controller: Any = scene.cashier.handle.parts.navigation.current
    controller.removal.ask()
    scene.cashier.settle()


def server_page(scene: Scene) -> None:
    as_manager(scene)
    connect(scene, None)
    scene.cashier.handle.parts.navigation.go(ToSettings("server"))
    scene.cashier.settle()


def server_refused(scene: Scene) -> None:
    server_page(scene)
    page = page_of(scene)
    page.address.setText(URL)
    page.code.setText("7K2M 9XQ4 TB3W")
    scene.cashier.tap(page.connect_key)


def server_belongs(scene: Scene) -> None:
    as_manager(scene)
    online(scene)
    scene.cashier.handle.parts.navigation.go(ToSettings("server"))
    scene.cashier.settle()


def case_of_two_tills(scene: Scene) -> None:
    """An overdraft in the list of exceptions, with both sides."""
    as_manager(scene)
    answer_all(scene)
    differ(scene)
    online(scene)
    scene.cashier.handle.parts.navigation.go(ToExceptions())
    scene.cashier.settle()


def offline_page(scene: Scene) -> None:
    as_manager(scene)
    offline(scene)
    scene.cashier.handle.parts.navigation.go(ToSettings("offline"))
    scene.cashier.settle()


def join_on_phone(scene: Scene) -> None:
    """The customer in front joins by himself."""
    line = online(scene, pages=PAGES)
    line.phone = PageLink(f"{PAGES}/p/join/Q4fJ7mXc0dKp2nVw8LrT", line.now_ms + 30 * 60_000)
    join(scene)
    press_on_phone(scene)


def no_link(scene: Scene) -> None:
    line = online(scene, pages=PAGES)
    line.phone = NoAnswer()
    join(scene)
    press_on_phone(scene)


def card_on_phone(scene: Scene) -> None:
    line = online(scene, pages=PAGES)
    line.phone = PageLink(f"{PAGES}/p/claim/Q4fJ7mXc0dKp2nVw8LrT", line.now_ms + 48 * HOUR_MS)
    joined(scene)
    press_on_phone(scene)


def press_on_phone(scene: Scene) -> None:
    (dialog,) = scene.cashier.shown(JoinDialog)
    wait(scene, dialog.on_phone.isVisible)
    scene.cashier.tap(dialog.on_phone)
    wait(scene, lambda: not dialog.side.phone.busy.isVisible())


def page_of(scene: Scene) -> ServerPage:
    (page,) = scene.cashier.shown(ServerPage)
    return page


SHOTS = (
    Shot("chip", "synced", chip_synced, ToTill, TILL_SIZES[:2]),
    Shot("chip", "offline", chip_offline, ToTill, TILL_SIZES[:2]),
    Shot("sync", "well", centre_well, ToSync, TILL_SIZES),
    Shot("sync", "busy", centre_busy, ToSync, TILL_SIZES),
    Shot("sync", "busy-150", centre_busy, ToSync, TILL_SIZES[:2], scale_percent=150),
    Shot("sync", "offline", centre_offline, ToSync, TILL_SIZES[:2]),
    Shot("sync", "revoked", centre_revoked, ToSync, TILL_SIZES[:2]),
    Shot("sync", "alone", centre_alone, ToSync, TILL_SIZES[:2]),
    Shot("sync", "give-up", giving_up, GiveUpDialog, TILL_SIZES[:2]),
    Shot("sync", "removal", removal, RemovalDialog, TILL_SIZES[:2]),
    Shot("proof", "agrees", agreed, ToShift, TILL_SIZES[:2]),
    Shot("proof", "differs", differs, ToShift, TILL_SIZES[:2]),
    Shot("server", "form", server_page, ToSettings, TILL_SIZES[:2]),
    Shot("server", "refused", server_refused, ToSettings, TILL_SIZES[:2]),
    Shot("server", "belongs", server_belongs, ToSettings, TILL_SIZES[:2]),
    Shot("sync", "case", case_of_two_tills, ToExceptions, TILL_SIZES[:2]),
    Shot("offline", "page", offline_page, ToSettings, TILL_SIZES[:2]),
    Shot("phone", "join", join_on_phone, JoinDialog, TILL_SIZES[:2]),
    Shot("phone", "none", no_link, JoinDialog, TILL_SIZES[:2]),
    Shot("phone", "card", card_on_phone, JoinDialog, TILL_SIZES[:2]),
)
