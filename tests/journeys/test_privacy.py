"""A member asks to be forgotten at one store: done at both tills and at head office, with proof.

Real windows and key events, the real line and server; the second till is away at first.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QImage, QImageWriter
from sqlalchemy import select

from app.services.complaint import NewComplaint, take_complaint
from app.services.complaint_act import ComplaintChanged, Result, resolve_complaint
from app.services.complaint_photo import add_photo
from app.services.complaint_view import CaseView, read_complaint
from app.services.data_copy import DataCopy
from app.services.erasure import report_erasures
from app.services.joining import Joined, NewMember, join_member
from app.store.backups import BackupReason
from app.store.waiting_lane import WaitingLane
from sync.server.erasure_traces import tidy_erasures
from sync.server.photo import photo_part
from tests.journeys.cashier import Cashier
from tests.journeys.chain_counter import ChainCashier, at_chain_till
from tests.real_shop import GOLD_PHONE, OIL
from tests.store.pages import decrypted_bytes, decrypted_file
from tests.sync.joined.counter import Counter
from tests.sync.joined.made_chain import Chain, _get_to_know
from tests.sync.joined.test_erasure import file_of_office, key_at_office, known_at_office
from ui.application import Application
from ui.complaints.controller import ComplaintsController
from ui.desk.controller import DeskController
from ui.navigation import ToComplaints, ToDesk, ToMember, ToPrivacy, ToSettings
from ui.privacy.controller import PrivacyController
from ui.privacy.dialogs import EraseDialog, RetentionDialog

pytestmark = pytest.mark.journey
Key = Qt.Key
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
PHONE, NAME = "13812345678", "欧阳娜娜"


def enter(cashier: Cashier) -> PrivacyController:
    """The manager opens the room from the desk, by its digit."""
    cashier.press(Key.Key_F12)
    cashier.scan(cashier.shop.badges["王芳"])
    cashier.press(Key.Key_M, CONTROL)
    assert cashier.at(ToDesk)
    desk = cashier.handle.parts.navigation.current
    assert isinstance(desk, DeskController)
    names = [row.room.to for row in desk._rows]
    cashier.type(str(names.index(ToPrivacy) + 1))
    assert cashier.at(ToPrivacy)
    return room_of(cashier)


def room_of(cashier: Cashier) -> PrivacyController:
    current = cashier.handle.parts.navigation.current
    assert isinstance(current, PrivacyController)
    return current


def joined(chain: Chain) -> str:
    """She joined at the first store and is known at the other one."""
    first, second = chain.both
    first.real.sign_in("王芳")
    consents: frozenset[Any] = frozenset({"membership", "marketing"})
    new = NewMember(phone=PHONE, name=NAME, consents=consents, put_on_basket=False)
    answer = first.do(join_member, new=new)
    assert isinstance(answer, Joined), answer
    first.until_sent()
    _get_to_know(second, answer.card_code, answer.member_id)
    return answer.member_id


def complained(chain: Chain, member: str) -> str:
    """She showed a jar at the first store; it is settled by now, and the photo is on its way."""
    first = chain.first
    new = NewComplaint(topic="weight", text="瓶盖破了", member_id=member)
    case: str = first.do(take_complaint, new=new).case_id
    assert isinstance(first.do(add_photo, case_id=case, data=jar()), ComplaintChanged)
    result = Result(text="道歉", cause="scale", told="phone")
    assert isinstance(first.do(resolve_complaint, case_id=case, result=result), ComplaintChanged)
    return case


def jar() -> bytes:
    """A photo as a phone takes it, of noise: no byte of it repeats."""
    chance = Random(7)
    drawn = QImage(160, 120, QImage.Format.Format_RGB32)
    for x in range(160):
        for y in range(120):
            drawn.setPixel(x, y, chance.getrandbits(24))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"jpeg")).write(drawn)
    return bytes(data.data())


def see_photo(counter: Counter, application: Application, case: str) -> None:
    """The manager of the other store opens the case: the photo comes from head office."""
    counter.until(lambda: is_case(counter, case), "the case came")
    with at_chain_till(counter, application) as at:
        at.cashier.press(Key.Key_F12)
        at.cashier.scan(at.cashier.shop.badges["王芳"])
        at.cashier.handle.parts.navigation.go(ToComplaints(case))
        desk = at.cashier.handle.parts.navigation.current
        assert isinstance(desk, ComplaintsController)

        def pressed() -> bool:
            """Before it is at head office its place says so; pressed, it is asked for again."""
            for place in desk.screen.aside.photos.pictures.values():
                if place.photo is not None:
                    return True
                place.click()
            return False

        at.until(pressed, "the photo came")


def is_case(counter: Counter, case: str) -> bool:
    found = counter.do(read_complaint, case_id=case)
    return isinstance(found, CaseView) and bool(found.photos)


OF_HER = (PHONE.encode(), NAME.encode(), b"ouyangnana", jar()[2000:2060])


def left(counter: Counter) -> list[bytes]:
    """What of her stands in any page of a till, freed ones and the log included."""
    data = decrypted_bytes(counter.real.store)
    return [each[:20] for each in OF_HER if each in data]


def left_at_office(chain: Chain, key: bytes) -> list[bytes]:
    """The same of head office: her key, what was sealed under it as it travelled, the rest."""
    data = file_of_office(chain)
    return [each[:20] for each in (key, *OF_HER) if each in data]


def photos_at_office(chain: Chain) -> list[bytes]:
    asked = select(photo_part.c.data)
    return chain.office.ready.database.read(lambda c: list(c.execute(asked).scalars()))


def report(counter: Counter) -> None:
    """As the caretaker does every minute."""
    report_erasures(shop=counter.real.shop, lane=WaitingLane(counter.real.store.lane))


@pytest.mark.slow
def test_erased_at_both_tills_and_head_office_and_the_proof_names_them(
    chain: Chain, application: Application, tmp_path: Path
) -> None:
    first, second = chain.both
    member = joined(chain)
    see_photo(second, application, complained(chain, member))
    assert [len(left(counter)) for counter in chain.both] == [len(OF_HER)] * 2
    key = key_at_office(chain, member)
    assert key is not None
    [sealed] = photos_at_office(chain)
    assert left_at_office(chain, key) == [key[:20]], "all else is sealed under it"
    assert len(known_at_office(chain, member)) == 1
    second.line.switch(on=False)
    with at_chain_till(first, application) as at:
        room = ask_to_erase(at)
        at.until(lambda: "0/2 台完成" in said(at.cashier), "it holds")
        report(first)
        at.until(lambda: "1/2 台完成" in said(at.cashier), "this till has done it")
        assert "尚未回报" in said(at.cashier)
        assert left(first) == []
        assert len(left(second)) == len(OF_HER), "the other one is away"
        second.line.switch(on=True)
        second.line.sync_now()
        at.until(lambda: left(second) == [], "it heard of it")
        report(second)
        at.until(lambda: "全部完成" in said(at.cashier), "the other one has reported")
        room.files.folder = tmp_path
        at.cashier.press(Key.Key_E, CONTROL)
        at.until(lambda: list(tmp_path.glob("zhanggui-erasure-*.pdf")), "the proof is saved")
    for counter in chain.both:
        store = counter.real.store
        copy = store.back_up(BackupReason.HAND, now=datetime(2026, 11, 22, tzinfo=UTC))
        data = decrypted_file(copy, store.secrets.database_key)
        assert [each[:20] for each in OF_HER if each in data] == []
    nothing_is_left_at_office(chain, member, key, sealed)


def nothing_is_left_at_office(chain: Chain, member: str, key: bytes, sealed: bytes) -> None:
    ready = chain.office.ready
    tidy_erasures(ready.database, ready.tenant.tenant, chain.story.wall_ms())
    assert (known_at_office(chain, member), key_at_office(chain, member)) == ([], None)
    assert photos_at_office(chain) == []
    chain.first.until(lambda: left_at_office(chain, key) == [], "the pages are clean")
    assert sealed not in file_of_office(chain)


def ask_to_erase(at: ChainCashier) -> PrivacyController:
    """Phone, Alt+2, why, the word, Ctrl+Enter."""
    cashier = at.cashier
    room = enter(cashier)
    cashier.type(PHONE)
    at.until(lambda: "138****5678" in said(cashier), "she is found")
    cashier.press(Key.Key_2, ALT)
    at.until(lambda: isinstance(room.questions.dialog, EraseDialog), "the question is asked")
    assert "依法保留" in said(cashier)
    cashier.type("member asked")
    cashier.press(Key.Key_Return)
    cashier.press(Key.Key_Return, CONTROL)
    assert "请输入 注销 再继续。" in said(cashier), "nobody is erased without the word"
    dialog = room.questions.dialog
    assert isinstance(dialog, EraseDialog)
    dialog.word.setText("注销")
    cashier.press(Key.Key_Return, CONTROL)
    at.until(lambda: room.questions.dialog is None, "it was asked for")
    return room


def said(cashier: Cashier) -> str:
    return " ".join(cashier.texts())


def test_a_copy_is_given_as_paper_and_as_json(cashier: Cashier, tmp_path: Path) -> None:
    import msgspec

    room = enter(cashier)
    room.files.folder = tmp_path
    cashier.type(GOLD_PHONE)
    cashier.settle()
    assert "138****8000" in said(cashier)
    assert GOLD_PHONE not in said(cashier).replace(room.screen.field.text(), "")
    cashier.press(Key.Key_E, CONTROL)
    cashier.settle()
    [paper] = tmp_path.glob("zhanggui-member-*.pdf")
    assert paper.read_bytes().startswith(b"%PDF")
    data = msgspec.json.decode(paper.with_suffix(".json").read_bytes(), type=DataCopy)
    assert data.phone == f"+86{GOLD_PHONE}"
    cashier.press(Key.Key_1, ALT)
    assert cashier.at(ToMember), "where the data is corrected"
    cashier.settle()
    cashier.press(Key.Key_Escape)
    cashier.settle()
    assert cashier.at(ToPrivacy)
    assert room.screen.field.text() == GOLD_PHONE and "138****8000" in said(cashier)


def test_what_is_begun_with_a_member_is_finished_first(cashier: Cashier) -> None:
    cashier.scan(cashier.shop.cards["张三丰"])
    cashier.scan(OIL)
    room = enter(cashier)
    cashier.scan(cashier.shop.cards["张三丰"])
    cashier.settle()
    cashier.press(Key.Key_2, ALT)
    cashier.settle()
    assert isinstance(room.questions.dialog, EraseDialog)
    assert "请先收完或移除会员" in said(cashier)
    cashier.press(Key.Key_Return, CONTROL)
    assert isinstance(room.questions.dialog, EraseDialog), "there is nothing to press"
    cashier.press(Key.Key_Escape)
    assert room.questions.dialog is None


def test_whom_to_tell_and_what_goes_tonight(cashier: Cashier, tmp_path: Path) -> None:
    room = enter(cashier)
    room.files.folder = tmp_path
    cashier.press(Key.Key_3, ALT)
    cashier.type("1")
    cashier.settle()
    [table] = tmp_path.glob("zhanggui-breach-*.csv")
    text = table.read_text("utf-8-sig")
    assert "138****8000" in text
    assert GOLD_PHONE not in text
    cashier.press(Key.Key_4, ALT)
    cashier.settle()
    assert isinstance(room.questions.dialog, RetentionDialog)
    cashier.press(Key.Key_Return)
    assert cashier.at(ToSettings)
