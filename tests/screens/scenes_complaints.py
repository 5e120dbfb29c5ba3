"""Scenes of the complaints desk: its lists, a case with its clocks, what a move asks for.

Owns: how each of them comes about, by what a person does. Does not own: opening the window.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QColor, QImage, QImageWriter

from app.services.complaint_act import (
    Result,
    answer_complaint,
    assign_complaint,
    note_complaint,
    resolve_complaint,
    wait_for_customer,
)
from app.services.complaint_photo import add_photo
from app.services.solution import NewSolution, keep_solution
from app.services.solution_library import read_library
from tests.real_shop import APPLE_LABEL, TOWEL
from tests.screens.scene import TILL_SIZES, Scene, Shot
from tests.screens.scenes_desk import ALT, CONTROL, as_manager
from tests.services.complaints import MINUTE, QUICK_GOLD, RECOVERY, taken
from tests.services.conftest import use_program
from ui.complaints.controller import ComplaintsController
from ui.complaints.library_dialog import LibraryDialog
from ui.complaints.move_dialog import MoveDialog
from ui.navigation import LogComplaint, ToComplaints, ToSolutions
from ui.photos.photos import PhotoDialog

Key = Qt.Key


def _pass(scene: Scene, minutes: int) -> None:
    scene.cashier.shop.clock.go_on(milliseconds=minutes * MINUTE)


def _library(scene: Scene) -> None:
    say, shop = scene.say, scene.cashier.shop
    entries = (
        (say("短秤：先复称，再补差", "Short weight: weigh again, then make it up"),
         say("苹果 少了 克 秤", "apples grams short scale"),
         say("请顾客带回复称，当面补足差额，再送一张致歉券。",
             "Weigh it again before the customer, make up what was short, add a coupon.")),
        (say("生鲜售后：当日包退", "Fresh goods: refund on the day"),
         say("苹果 水果 坏", "apples fruit bad"),
         say("当日凭小票全额退款，不必追问。", "On the same day the whole is refunded.")),
    )  # fmt: skip
    for title, problem, answer in entries:
        shop.do(keep_solution, new=NewSolution("weight", title, problem, answer))


def a_photo(colour: str) -> bytes:
    """A picture of the goods, as a phone would take it."""
    drawn = QImage(320, 240, QImage.Format.Format_RGB32)
    drawn.fill(QColor(colour))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"jpeg")).write(drawn)
    return bytes(data.data())


def desk(scene: Scene) -> None:
    """Four cases: one overdue, one at its warning, one that waits, one that just came in."""
    as_manager(scene)
    shop, say = scene.cashier.shop, scene.say
    use_program(shop, RECOVERY, swap=QUICK_GOLD)
    _library(scene)
    taken(
        shop, None, topic="attitude", text=say("店员说话很冲。", "Somebody was rude to me."),
        contact="13712342468", name=say("孙红", "Sun Hong"),
    )  # fmt: skip
    _pass(scene, 160)
    waits = taken(shop, topic="price", text=say("价签 39.8，收了 42。", "Tagged 39.8, charged 42."))
    shop.do(answer_complaint, case_id=waits, text=say("请把小票发来。", "Send us the receipt."))
    shop.do(wait_for_customer, case_id=waits, reason="information")
    apples = taken(
        shop, "张三丰", text=say("回家一称，苹果少了大约 200 克。", "The apples were 200 g short."),
        wanted=say("补差价", "the difference"),
    )  # fmt: skip
    shop.do(assign_complaint, case_id=apples, staff_id=shop.staff["王芳"])
    _pass(scene, 7)
    note = say("查 03 号秤：今早校准正常。", "Scale 03 was checked this morning.")
    shop.do(note_complaint, case_id=apples, text=note)
    for colour in ("#8FB339", "#C8553D"):
        shop.do(add_photo, case_id=apples, data=a_photo(colour))
    _pass(scene, 17)
    scene.cashier.handle.parts.navigation.go(ToComplaints(apples))
    scene.cashier.settle()


def overdue(scene: Scene) -> None:
    desk(scene)
    scene.cashier.type("3")


def answer(scene: Scene) -> None:
    """The first word: what helped before stands below."""
    desk(scene)
    scene.cashier.type("r")
    scene.cashier.type(scene.say("苹果", "apples"))


def settle(scene: Scene) -> None:
    desk(scene)
    scene.cashier.type("d31")


def erase(scene: Scene) -> None:
    """A case of nobody's member, settled: its words may go."""
    as_manager(scene)
    shop, say = scene.cashier.shop, scene.say
    case = taken(
        shop, None, topic="attitude", text=say("店员说话很冲。", "Somebody was rude to me."),
        contact="13712342468", name=say("孙红", "Sun Hong"),
    )  # fmt: skip
    result = Result(text=say("道歉。", "We apologised."), cause="scale", told="phone")
    shop.do(resolve_complaint, case_id=case, result=result)
    scene.cashier.handle.parts.navigation.go(ToComplaints(case))
    scene.cashier.settle()
    scene.cashier.type("z")


def give(scene: Scene) -> None:
    """What may be given: coupons, points with what they cost."""
    desk(scene)
    scene.cashier.type("c4")
    scene.cashier.type("200")


def photo(scene: Scene) -> None:
    """One of the pictures, large."""
    desk(scene)
    current = scene.cashier.handle.parts.navigation.current
    assert isinstance(current, ComplaintsController)
    thumbnail = next(iter(current.screen.aside.photos.pictures.values()))
    current.screen.case.area.ensureWidgetVisible(thumbnail)
    scene.cashier.settle()
    scene.cashier.tap(thumbnail)


def library(scene: Scene) -> None:
    """A settled case, and what helped in it."""
    settle(scene)
    scene.cashier.type("weighed again")
    scene.cashier.press(Key.Key_Return, CONTROL)
    scene.cashier.type("l")


def empty(scene: Scene) -> None:
    as_manager(scene)
    scene.cashier.handle.parts.navigation.go(ToComplaints())
    scene.cashier.settle()


def intake(scene: Scene) -> None:
    """From a receipt that was scanned at the till: goods to point at, the words, what helped."""
    as_manager(scene)
    _library(scene)
    cashier = scene.cashier
    for code in (cashier.shop.cards["王小红"], APPLE_LABEL, TOWEL):
        cashier.scan(code)
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_N, CONTROL)
    cashier.press(Key.Key_1, ALT)
    cashier.type("1apples")


def intake_of_nobody(scene: Scene) -> None:
    """Nobody could be answered: said beside the field."""
    as_manager(scene)
    scene.cashier.press(Key.Key_N, CONTROL)
    scene.cashier.type("4rude")
    scene.cashier.press(Key.Key_Return, CONTROL)


def library_room(scene: Scene) -> None:
    """An entry that was changed, beside one that serves no more."""
    desk(scene)
    shop, say = scene.cashier.shop, scene.say
    old = shop.do(read_library).entries
    retired = say("短秤：送一张券了事", "Short weight: just give a coupon")
    new = NewSolution(
        "weight", retired, say("苹果 短秤", "short scale"), say("送券。", "A coupon.")
    )
    kept = shop.do(keep_solution, new=new)
    _pass(scene, 5)
    gone = replace(new, solution_id=kept.solution_id, retired=True)
    shop.do(keep_solution, new=gone)
    weight = next(each for each in old if each.title.startswith(say("短秤", "Short")))
    answer = say(
        "先复称，当面补足差额；再送一张致歉券，登记秤号。",
        "Weigh it again first and make up what was short; add a coupon and note the scale.",
    )
    changed = NewSolution("weight", weight.title, weight.problem, answer, "scale")
    shop.do(keep_solution, new=replace(changed, solution_id=weight.solution_id))
    scene.cashier.press(Key.Key_1, ALT)
    scene.cashier.settle()
    scene.cashier.press(Key.Key_Down)


def causes(scene: Scene) -> None:
    """Two settled by the scale, one by a price tag, the others not known yet."""
    desk(scene)
    shop, say = scene.cashier.shop, scene.say
    for topic, cause in (("weight", "scale"), ("weight", "scale"), ("price", "price")):
        case = taken(shop, "张三丰", topic=topic, text=say("少了一些。", "Some was missing."))
        result = Result(text=say("补差。", "Made up."), cause=cause, told="phone")
        shop.do(resolve_complaint, case_id=case, result=result)
    scene.cashier.press(Key.Key_2, ALT)
    scene.cashier.settle()
    scene.cashier.press(Key.Key_Down)


def cause_cases(scene: Scene) -> None:
    causes(scene)
    scene.cashier.press(Key.Key_Return)
    scene.cashier.settle()
    scene.cashier.press(Key.Key_Down)


SHOTS = (
    Shot("library", "entries", library_room, ToSolutions, TILL_SIZES),
    Shot("library", "entries-150", library_room, ToSolutions, TILL_SIZES[:2], scale_percent=150),
    Shot("library", "causes", causes, ToSolutions, TILL_SIZES[:2]),
    Shot("library", "causes-150", causes, ToSolutions, TILL_SIZES[:1], scale_percent=150),
    Shot("library", "cases", cause_cases, ToSolutions, TILL_SIZES[:2]),
    Shot("complaints", "intake", intake, LogComplaint, TILL_SIZES[:2]),
    Shot("complaints", "intake-150", intake, LogComplaint, TILL_SIZES[:2], scale_percent=150),
    Shot("complaints", "intake-nobody", intake_of_nobody, LogComplaint, TILL_SIZES[:2]),
    Shot("complaints", "desk", desk, ToComplaints, TILL_SIZES),
    Shot("complaints", "desk-150", desk, ToComplaints, TILL_SIZES[:2], scale_percent=150),
    Shot("complaints", "overdue", overdue, ToComplaints, TILL_SIZES[:2]),
    Shot("complaints", "erase", erase, MoveDialog, TILL_SIZES[:2]),
    Shot("complaints", "empty", empty, ToComplaints),
    Shot("complaints", "answer", answer, MoveDialog, TILL_SIZES[:2]),
    Shot("complaints", "photo", photo, PhotoDialog, TILL_SIZES[:2]),
    Shot("complaints", "library", library, LibraryDialog, TILL_SIZES[:2]),
    Shot("complaints", "give", give, MoveDialog, TILL_SIZES[:2]),
    Shot("complaints", "give-150", give, MoveDialog, TILL_SIZES[:2], scale_percent=150),
    Shot("complaints", "settle", settle, MoveDialog, TILL_SIZES[:2]),
    Shot("complaints", "settle-150", settle, MoveDialog, TILL_SIZES[:2], scale_percent=150),
)
