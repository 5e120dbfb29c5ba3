"""Members of an earlier system: every cell is judged by name, and what comes in is explained."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date

import pytest

from app.domain.codes import CodeKind, random_code
from app.domain.member import BirthdayOn
from app.domain.program import Program
from app.domain.program_file import decode_program
from app.services.find_member import MembersFound, find_members
from app.services.import_members import (
    BATCH_COUNT_MAX,
    MemberRow,
    MembersFile,
    guess_mapping,
    import_members,
    read_members,
)
from app.services.seating import account_of_member
from app.services.spreadsheet import Number, Sheet, xlsx_bytes
from app.services.table_file import (
    BadWorkbook,
    CellError,
    CellProblem,
    Header,
    MissingColumns,
    WrongEncoding,
    read_header,
)
from app.services.verify import VerifyReport, verify_store
from app.store.waiting_lane import WaitingLane
from tests.real_shop import GOLD_PHONE, PROGRAM, RealShop

HEADER = "phone,name,birthday,card,tier,tier_until,points,points_expire,sms\n"
TODAY = date(2026, 11, 21)
CARD = random_code(CodeKind.MEMBER, 2**59 + 7).text


def program() -> Program:
    decoded = decode_program(PROGRAM)
    assert isinstance(decoded, Program)
    return decoded


def read(rows: str) -> MembersFile:
    answer = read_members((HEADER + rows).encode(), program=program(), today=TODAY)
    assert isinstance(answer, MembersFile), answer
    return answer


def test_a_row_becomes_a_member_to_be() -> None:
    (row,) = read(f"138 0013 8888,欧阳娜娜,L08-15,{CARD},gold,2027-06-30,1200,2027-03,是\n").members
    assert row == MemberRow(
        2, "+8613800138888", "欧阳娜娜", BirthdayOn(8, 15, lunar=True), CARD, "gold",
        date(2027, 6, 30), 1200, row.points_expire, sms=True,
    )  # fmt: skip
    assert row.points_expire is not None
    assert row.points_expire.last_day == date(2027, 3, 31)


def test_only_the_phone_must_be_there() -> None:
    answer = read_members(b"phone\n13800138889\n", program=program(), today=TODAY)
    assert isinstance(answer, MembersFile)
    (row,) = answer.members
    assert (row.name, row.tier, row.points, row.sms) == ("", None, 0, False)
    assert read_members(b"name\nLi\n", program=program(), today=TODAY) == MissingColumns(
        ("phone",), ("name",)
    )


def test_the_encodings_of_spreadsheets() -> None:
    text = HEADER + "13800138890,赵磊,,,,,,,\n"
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        answer = read_members(text.encode(encoding), program=program(), today=TODAY)
        assert isinstance(answer, MembersFile)
        assert answer.members[0].name == "赵磊"
    wrong = read_members(text.encode("utf-16"), program=program(), today=TODAY)
    assert isinstance(wrong, WrongEncoding)


WRONG = [
    pytest.param("1380013888,,,,,,,,", "phone", "bad_phone", id="a phone of ten digits"),
    pytest.param("=cmd|'/c calc'!A1,,,,,,,,", "phone", "formula", id="a formula"),
    pytest.param("13800138888,=1+1,,,,,,,", "name", "formula", id="a formula as a name"),
    pytest.param(f"13800138888,{'长' * 61},,,,,,,", "name", "too_long", id="a long name"),
    pytest.param("13800138888,,02-30,,,,,,", "birthday", "not_a_date", id="30 February"),
    pytest.param("13800138888,,15 August,,,,,,", "birthday", "not_a_date", id="a spoken day"),
    pytest.param("13800138888,,,M123,,,,,", "card", "bad_card", id="no card of ours"),
    pytest.param("13800138888,,,,platinum,,,,", "tier", "unknown_tier", id="no such tier"),
    pytest.param("13800138888,,,,gold,soon,,,", "tier_until", "not_a_date", id="no day"),
    pytest.param("13800138888,,,,gold,2025-01-01,,,", "tier_until", "in_the_past", id="a past day"),
    pytest.param("13800138888,,,,,,-5,,", "points", "not_a_number", id="negative points"),
    pytest.param("13800138888,,,,,,1.5,,", "points", "not_a_number", id="half a point"),
    pytest.param("13800138888,,,,,,9999999999,,", "points", "not_a_number", id="too many points"),
    pytest.param("13800138888,,,,,,5,never,", "points_expire", "not_a_date", id="no month"),
    pytest.param("13800138888,,,,,,5,2026-10,", "points_expire", "in_the_past", id="a past month"),
    pytest.param("13800138888,,,,,,,,maybe", "sms", "not_yes_or_no", id="neither yes nor no"),
]


@pytest.mark.parametrize(("row", "column", "problem"), WRONG)
def test_a_wrong_cell_is_named_and_its_row_left_out(
    row: str, column: str, problem: CellProblem
) -> None:
    answer = read(f"13800138000,张三丰,,,,,,,\n{row}\n")
    assert [member.row for member in answer.members] == [2]
    (error,) = answer.errors
    assert (error.row, error.column, error.problem) == (3, column, problem)


def test_a_phone_and_a_card_twice_in_the_file() -> None:
    answer = read(f"13800138888,,,{CARD},,,,,\n13800138888,,,,,,,,\n13800138889,,,{CARD},,,,,\n")
    assert [member.row for member in answer.members] == [2]
    assert answer.errors == (
        CellError(3, "phone", "13800138888", "duplicate", 2),
        CellError(4, "card", CARD, "duplicate", 2),
    )


# ------------------------------------------------------------------ taking them in


def take(shop: RealShop, rows: Sequence[MemberRow]) -> list[CellError]:
    lane = WaitingLane(shop.store.lane)
    steps = list(import_members(shop=shop.shop, lane=lane, members=rows))
    assert steps[-1].done == len(rows)
    return [error for step in steps for error in step.known]


def test_what_comes_in_is_a_member_with_tier_and_points_and_verifies(shop: RealShop) -> None:
    rows = read(f"13800138888,欧阳娜娜,08-15,{CARD},gold,2027-06-30,1200,2027-03,yes\n").members
    assert take(shop, rows) == []
    shop.open()
    shop.sign_in()
    found = shop.do(find_members, text=CARD)
    assert isinstance(found, MembersFound)
    member_id = found.hits[0].member_id
    account = shop.store.lane.read(lambda work: account_of_member(work, member_id)).result()
    assert sum(account.gained.values()) == 1200
    kinds = shop.store.lane.read(
        lambda work: [fact.kind for fact in work.facts.of_member(member_id)]
    ).result()
    assert kinds == ["member_joined.1", "tier_granted.1", "points_adjusted.1"]
    report = VerifyReport()
    lane = WaitingLane(shop.store.lane)
    for _ in verify_store(lane=lane, identity=shop.shop.identity, report=report):
        pass
    assert report.faults == []


def test_members_that_are_known_stay_as_they_are_and_are_named(shop: RealShop) -> None:
    card = shop.cards["王小红"]
    rows = read(f"{GOLD_PHONE},别人,,,,,9,,\n13800138889,,,{card},,,,,\n13800138890,新人,,,,,,,\n")
    before = shop.store.lane.read(lambda work: work.members.count()).result()
    known = take(shop, rows.members)
    assert [(error.row, error.column, error.problem) for error in known] == [
        (2, "phone", "already_known"), (3, "card", "already_known"),
    ]  # fmt: skip
    assert shop.store.lane.read(lambda work: work.members.count()).result() == before + 1
    assert len(take(shop, rows.members)) == 3, "the same file again brings nobody in"


def test_more_than_one_unit_of_work(shop: RealShop) -> None:
    count = BATCH_COUNT_MAX * 2 + 3
    rows = read("".join(f"138{number:08},会员{number},,,,,,,\n" for number in range(count))).members
    lane = WaitingLane(shop.store.lane)
    steps = import_members(shop=shop.shop, lane=lane, members=rows)
    assert next(steps).done == BATCH_COUNT_MAX
    in_store = shop.store.lane.read(lambda work: work.members.count()).result()
    assert [step.done for step in steps] == [BATCH_COUNT_MAX * 2, count]
    after = shop.store.lane.read(lambda work: work.members.count()).result()
    assert after - in_store == count - BATCH_COUNT_MAX


# ------------------------------------------------------------------ another system's file

THEIRS = ("会员卡号", "手机", "姓名", "生日", "等级", "可用积分", "备注")


def workbook(*rows: tuple[str | Number, ...]) -> bytes:
    return xlsx_bytes([Sheet("会员", THEIRS, rows)])


def test_a_workbook_of_another_system_is_read_by_its_own_columns() -> None:
    content = workbook(
        ("", "13800138888", "欧阳娜娜", "1990-08-15", "金卡", Number(1200), "VIP"),
        ("", Number(13800138889), "=HYPERLINK()", "", "白金", "12.5", ""),
    )
    header = read_header(content)
    assert isinstance(header, Header)
    assert (header.encoding, header.columns, len(header.samples)) == ("xlsx", THEIRS, 2)
    mapping = guess_mapping(header.columns)
    assert mapping == {"phone": "手机", "name": "姓名", "birthday": "生日", "card": "会员卡号",
                       "tier": "等级", "points": "可用积分"}  # fmt: skip
    answer = read_members(content, program=program(), today=TODAY, mapping=mapping)
    assert isinstance(answer, MembersFile)
    [row] = answer.members
    assert (row.phone, row.name, row.tier, row.points) == (
        "+8613800138888", "欧阳娜娜", "gold", 1200,
    )  # fmt: skip
    assert row.birthday == BirthdayOn(8, 15)
    assert [(error.row, error.column, error.problem) for error in answer.errors] == [
        (3, "name", "formula")
    ]
    without = read_members(
        content, program=program(), today=TODAY, mapping=mapping | {"phone": "", "name": ""}
    )
    assert isinstance(without, MissingColumns)


def test_days_long_numbers_and_gaps_of_a_real_workbook() -> None:
    """As spreadsheets write them: shared texts, a day as a number, cells left out."""
    cells = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>'
        '<c r="C1" t="s"><v>2</v></c></row>'
        '<row r="5"><c r="A5"><v>1.3800138888E10</v></c><c r="C5" s="1"><v>33100</v></c></row>'
        '<row r="6"><c r="B6" t="inlineStr"><is><r><t>李</t></r><r><t>雷</t></r></is></c></row>'
    )
    book = made_of(cells, ("手机", "姓名", "生日"))
    answer = read_members(
        book, program=program(), today=TODAY,
        mapping={"phone": "手机", "name": "姓名", "birthday": "生日"},
    )  # fmt: skip
    assert isinstance(answer, MembersFile)
    [row] = answer.members
    assert (row.row, row.phone, row.birthday) == (5, "+8613800138888", BirthdayOn(8, 15))
    assert [(error.row, error.problem) for error in answer.errors] == [(6, "missing")]


@pytest.mark.parametrize("bad", [b"PK\x03\x04 cut off", b""], ids=["cut", "entities"])
def test_what_only_looks_like_a_workbook_is_said(bad: bytes) -> None:
    entities = '<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'
    content = bad or made_of("", (), sheet=entities)
    assert isinstance(read_members(content, program=program(), today=TODAY), BadWorkbook)


def made_of(rows: str, texts: Sequence[str], *, sheet: str = "") -> bytes:
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    shared = "".join(f"<si><t>{text}</t></si>" for text in texts)
    days = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as book:
        for name, content in (
            ("xl/worksheets/sheet1.xml", sheet or f"<worksheet {main}>{rows}</worksheet>"),
            ("xl/sharedStrings.xml", f"<sst {main}>{shared}</sst>"),
            ("xl/styles.xml", f"<styleSheet {main}>{days}</styleSheet>"),
        ):
            book.writestr(name, content)
    return packed.getvalue()
