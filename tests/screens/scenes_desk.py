"""Scenes of the manager's desk: its rooms, the audit log, exceptions.

Owns: how each of them comes about, by what a person does. Does not own: opening the window.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
from PySide6.QtCore import Qt

from app.services.approval import approve_with_badge
from app.services.audit_trail import record
from app.services.drawer import open_drawer
from app.services.staff import sign_out
from app.store.backups import BackupReason
from app.store.journal import Behind
from tests.real_shop import GOLD_PHONE, MILK, OIL, TOWEL
from tests.screens.scene import TILL_SIZES, Scene, Shot
from ui.audit.export_dialog import ExportDialog
from ui.kit.pick_dialog import PickDialog
from ui.navigation import ToAudit, ToDesk, ToExceptions, ToReceipt, ToStaff, ToTill
from ui.safety.dialog import SafetyDialog
from ui.safety.watch import SafetyWatch
from ui.staff.person_dialog import PersonDialog

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


def as_manager(scene: Scene) -> None:
    """王芳 takes over the till."""
    answer = scene.cashier.shop.do(sign_out)
    scene.cashier.handle.parts.live.adopt(answer.state)
    scene.cashier.scan(scene.cashier.shop.badges["王芳"])
    if type(scene.cashier.handle.parts.navigation.here).__name__ == "ToShiftOpen":
        scene.cashier.press(Key.Key_Return)


def a_busy_hour(scene: Scene) -> None:
    """A member's sale, a discount beyond the limit, the drawer, a voided sale, a reprint."""
    cashier = scene.cashier
    cashier.scan(cashier.shop.cards["张三丰"])
    for code in (MILK, TOWEL, OIL):
        cashier.scan(code)
    cashier.press(Key.Key_F7)
    cashier.type("80")
    cashier.press(Key.Key_Return)
    cashier.type("1")
    cashier.scan(cashier.shop.badges["王芳"])
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_R, CONTROL)
    cashier.press(Key.Key_Escape)
    shop = cashier.shop
    needed = shop.do(open_drawer, reason="check")
    shop.do(approve_with_badge, request_id=needed.request_id, badge=shop.badges["王芳"])
    cashier.scan(MILK)
    cashier.press(Key.Key_Delete, Qt.KeyboardModifier.ShiftModifier)
    cashier.type("1")
    cashier.press(Key.Key_Return, CONTROL)


def desk(scene: Scene) -> None:
    as_manager(scene)
    scene.cashier.press(Key.Key_M, CONTROL)


def desk_of_cashier(scene: Scene) -> None:
    scene.cashier.press(Key.Key_M, CONTROL)


def log(scene: Scene) -> None:
    a_busy_hour(scene)
    desk(scene)
    scene.cashier.type("1")
    scene.cashier.settle()


def story(scene: Scene) -> None:
    """The discount that was approved."""
    log(scene)
    _go_to(scene, "discount_given")


def _go_to(scene: Scene, action: str) -> None:
    controller: Any = scene.cashier.handle.parts.navigation.current
    table = controller.screen.table
    for place in range(table.trail.rowCount()):
        entry = table.trail.entry(place)
        if entry is not None and entry.entry.action == action:
            table.go_to(place)
            break
    wait(scene, lambda: controller.screen.story.view is not None)


def wait(scene: Scene, until: Any) -> None:
    from tests.ui.real_window import wait_until

    wait_until(until)
    scene.cashier.settle()


def groups(scene: Scene) -> None:
    log(scene)
    scene.cashier.press(Key.Key_3, ALT)


def by_group(scene: Scene) -> None:
    groups(scene)
    scene.cashier.type("2")


def by_member(scene: Scene) -> None:
    log(scene)
    scene.cashier.type(f"/{GOLD_PHONE}")
    scene.cashier.press(Key.Key_Return)


def unknown(scene: Scene) -> None:
    log(scene)
    scene.cashier.type("/R1234")
    scene.cashier.press(Key.Key_Return)


def nothing(scene: Scene) -> None:
    """Nobody saw a phone number today."""
    log(scene)
    scene.cashier.press(Key.Key_3, ALT)
    scene.cashier.type("6")


def broken(scene: Scene) -> None:
    """Somebody wrote into the file."""

    def meddle(work: Any) -> None:
        work.connection.exec_driver_sql(
            "UPDATE audit SET staff_id = '' WHERE number = (SELECT max(number) - 9 FROM audit)"
        )

    a_busy_hour(scene)
    desk(scene)
    scene.cashier.shop.store.lane.submit(meddle).result()
    scene.cashier.type("1")
    scene.cashier.settle()
    scene.cashier.press(Key.Key_4, ALT)


def export(scene: Scene) -> None:
    log(scene)
    scene.cashier.press(Key.Key_E, CONTROL)
    scene.cashier.type("2")


def odd_things(scene: Scene) -> None:
    """Six sales to one member, a payment nobody knows, an opening too many; 王芳 looks."""
    cashier = scene.cashier
    shop = cashier.shop
    settings = shop.shop.desk.state.settings
    shop.use_settings(msgspec.structs.replace(settings, member_sales_limit=1, no_sale_limit=0))
    cashier.scan(shop.badges["李明"])
    for _ in range(2):
        cashier.scan(shop.cards["王小红"])
        cashier.scan(TOWEL)
        cashier.press(Key.Key_F9)
        cashier.press(Key.Key_F9)
        cashier.press(Key.Key_Escape)
    needed = shop.do(open_drawer, reason="check")
    shop.do(approve_with_badge, request_id=needed.request_id, badge=shop.badges["王芳"])

    def odd(work: Any) -> None:
        record(
            shop=shop.shop, work=work, now=shop.shop.now(), act="payment_without_sale",
            subject="attempt-1", details={"amount": "11640", "kind": "mobile"},
        )  # fmt: skip

    shop.store.lane.submit(odd).result()
    as_manager(scene)


def exceptions(scene: Scene) -> None:
    odd_things(scene)
    scene.cashier.press(Key.Key_M, CONTROL)
    scene.cashier.type("2")


def exception_money(scene: Scene) -> None:
    exceptions(scene)
    scene.cashier.settle()
    controller: Any = scene.cashier.handle.parts.navigation.current
    kinds = [case.kind for case in controller._cases]
    for _ in range(kinds.index("payment_without_sale")):
        scene.cashier.press(Key.Key_Down)


def exceptions_decided(scene: Scene) -> None:
    exceptions(scene)
    scene.cashier.settle()
    controller: Any = scene.cashier.handle.parts.navigation.current
    controller.screen.note.setText("家人代买")
    scene.cashier.press(Key.Key_1, ALT)
    scene.cashier.press(Key.Key_3, ALT)


def staff(scene: Scene) -> None:
    desk(scene)
    scene.cashier.handle.parts.navigation.go(ToStaff())
    scene.cashier.settle()
    scene.cashier.press(Key.Key_Down)


def staff_acts(scene: Scene) -> None:
    staff(scene)
    scene.cashier.press(Key.Key_Up)
    scene.cashier.press(Key.Key_Return)


def staff_training(scene: Scene) -> None:
    """A cashier some days in: sales prove themselves, a manager saw the paper changed."""
    cashier = scene.cashier
    cashier.scan(cashier.shop.cards["张三丰"])
    cashier.scan(MILK)
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_Escape)
    seller = cashier.handle.parts.state.staff
    assert seller is not None
    staff(scene)
    controller: Any = cashier.handle.parts.navigation.current
    people = controller._desk.people
    place = next(at for at, each in enumerate(people) if each.staff_id == seller.staff_id)
    controller._choose(place)
    cashier.settle()
    cashier.press(Key.Key_Return)
    cashier.type("6")
    cashier.type("6")


def staff_new(scene: Scene) -> None:
    staff(scene)
    scene.cashier.press(Key.Key_1, ALT)
    scene.cashier.type("1")
    scene.cashier.press(Key.Key_Return)


def no_exceptions(scene: Scene) -> None:
    desk(scene)
    scene.cashier.type("2")


def bell(scene: Scene) -> None:
    """At the till only the number says that something waits."""
    odd_things(scene)


def receipt_found(scene: Scene) -> None:
    """A receipt scanned at the empty till."""
    cashier = scene.cashier
    cashier.scan(cashier.shop.cards["张三丰"])
    cashier.scan(MILK)
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_Escape)
    cashier.scan(cashier.sales()[-1].code)


def unsafe(scene: Scene) -> None:
    """The disk of the backups was unplugged; nothing else is wrong."""
    store = scene.cashier.shop.store
    store.back_up(BackupReason.HAND, now=datetime.now(UTC))
    folder = store.backups.folder
    folder.rename(folder.with_name("unplugged"))
    store.journal.start()
    wait(scene, lambda: isinstance(store.journal.status(), Behind))
    watch = scene.cashier.window.findChild(SafetyWatch)
    assert isinstance(watch, SafetyWatch)
    wait(scene, lambda: not watch._is_looking)
    watch.look()
    wait(scene, lambda: not watch._is_looking)


def unsafe_why(scene: Scene) -> None:
    unsafe(scene)
    scene.cashier.window.header.status_chosen.emit()


def unsafe_manager(scene: Scene) -> None:
    as_manager(scene)
    unsafe_why(scene)


SHOTS = (
    Shot("safety", "chip", unsafe, ToTill, TILL_SIZES[:2]),
    Shot("safety", "why", unsafe_why, SafetyDialog, TILL_SIZES[:2]),
    Shot("safety", "why-150", unsafe_why, SafetyDialog, TILL_SIZES[:2], scale_percent=150),
    Shot("safety", "manager", unsafe_manager, SafetyDialog),
    Shot("receipt", "found", receipt_found, ToReceipt, TILL_SIZES),
    Shot("receipt", "found-150", receipt_found, ToReceipt, TILL_SIZES[:2], scale_percent=150),
    Shot("desk", "rooms", desk, ToDesk, TILL_SIZES),
    Shot("desk", "rooms-150", desk, ToDesk, TILL_SIZES[:2], scale_percent=150),
    Shot("desk", "cashier", desk_of_cashier, ToDesk),
    Shot("audit", "today", log, ToAudit, TILL_SIZES),
    Shot("audit", "story", story, ToAudit, TILL_SIZES),
    Shot("audit", "story-150", story, ToAudit, TILL_SIZES, scale_percent=150),
    Shot("audit", "groups", groups, PickDialog, TILL_SIZES[:2]),
    Shot("audit", "groups-150", groups, PickDialog, TILL_SIZES[:2], scale_percent=150),
    Shot("audit", "approvals", by_group, ToAudit),
    Shot("audit", "member", by_member, ToAudit, TILL_SIZES[:2]),
    Shot("audit", "unknown", unknown, ToAudit, TILL_SIZES[:2]),
    Shot("audit", "nothing", nothing, ToAudit, TILL_SIZES[:2]),
    Shot("audit", "broken", broken, ToAudit, TILL_SIZES),
    Shot("audit", "broken-150", broken, ToAudit, TILL_SIZES[:2], scale_percent=150),
    Shot("audit", "export", export, ExportDialog, TILL_SIZES[:2]),
    Shot("exceptions", "open", exceptions, ToExceptions, TILL_SIZES),
    Shot("exceptions", "open-150", exceptions, ToExceptions, TILL_SIZES, scale_percent=150),
    Shot("exceptions", "money", exception_money, ToExceptions),
    Shot("exceptions", "decided", exceptions_decided, ToExceptions),
    Shot("exceptions", "none", no_exceptions, ToExceptions),
    Shot("staff", "list", staff, ToStaff, TILL_SIZES[:2]),
    Shot("staff", "list-150", staff, ToStaff, TILL_SIZES[:2], scale_percent=150),
    Shot("staff", "training", staff_training, ToStaff, TILL_SIZES),
    Shot("staff", "training-150", staff_training, ToStaff, TILL_SIZES[:2], scale_percent=150),
    Shot("staff", "acts", staff_acts, PickDialog),
    Shot("staff", "new", staff_new, PersonDialog),
    Shot("exceptions", "bell", bell, ToTill, TILL_SIZES[:2]),
)
