"""Importing members of an earlier system: who they are, their tier, their points.

Owns: the columns of a members file, what makes a row a member, and the facts it becomes - joined,
tier granted, points adjusted - so that an import is explained like everything else.
Does not own: encodings and headers (table_file.py), joining (joining.py), the command's words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Literal

from app.domain import effects as do
from app.domain.birthday import NoSuchDay, check_birthday
from app.domain.bound import DAYS_MAX, MONTHS_MAX
from app.domain.codes import Code, CodeKind, parse_code
from app.domain.consent import REQUIRED, Purpose
from app.domain.facts import PointsAdjusted, TierGranted
from app.domain.member import MEMBER_NAME_LENGTH_MAX, BirthdayOn, Member
from app.domain.months import Month
from app.domain.phone import Phone
from app.domain.program import Program
from app.services.desk import today
from app.services.fact_origin import origin
from app.services.fact_writer import fact_day, write_fact
from app.services.joining import Checked, NewMember, write_member
from app.services.phone import read_phone
from app.services.ports import Lane, UnitOfWork
from app.services.shop import Shop
from app.services.table_file import (
    CellError,
    CellProblem,
    Layout,
    Row,
    Table,
    Unreadable,
    read_table,
)

LAYOUT = Layout(
    required=("phone",),
    optional=(
        "name", "birthday", "card", "tier", "tier_until", "points", "points_expire", "sms",
    ),
)  # fmt: skip
BATCH_COUNT_MAX = 50
LUNAR_SIGN = "L"
"""A lunar birthday is written L08-15, a leap month L08-15+."""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One member to be; months and days are absolute, as the earlier system knew them."""

    row: int
    phone: str
    name: str
    birthday: BirthdayOn | None
    card: str | None
    tier: str | None
    tier_until: date | None
    points: int
    points_expire: Month | None
    sms: bool


@dataclass(frozen=True, slots=True)
class MembersFile:
    """What a file would do."""

    encoding: str
    members: tuple[MemberRow, ...]
    errors: tuple[CellError, ...]


def read_members(
    content: bytes, *, program: Program, today: date, mapping: Mapping[str, str] | None = None
) -> MembersFile | Unreadable:
    """What the file would import: a dry run. Names, phones and cards are not looked up yet.

    `mapping`: see table_file.read_table.
    """
    table = read_table(content, LAYOUT, mapping)
    if not isinstance(table, Table):
        return table
    errors = list(table.errors)
    members: list[MemberRow] = []
    first: dict[str, int] = {}
    for row in table.rows:
        cells = _Cells(row, program, today)
        member = cells.member()
        errors.extend(cells.errors)
        if cells.errors:
            continue
        for column, claim in (("phone", member.phone), ("card", member.card)):
            if claim and claim in first:
                errors.append(
                    CellError(row.number, column, row.text(column), "duplicate", first[claim])
                )
            elif claim:
                first[claim] = row.number
        members.append(member)
    wrong = {error.row for error in errors}
    good = tuple(member for member in members if member.row not in wrong)
    return MembersFile(table.encoding, good, tuple(sorted(errors, key=lambda e: (e.row, e.column))))


def look_through(
    *, shop: Shop, content: bytes, mapping: Mapping[str, str]
) -> MembersFile | Unreadable:
    """What a file would import into this shop today; beside the store, as it may be long."""
    program = shop.desk.state.program
    return read_members(content, program=program, today=today(program, shop.now()), mapping=mapping)


class _Cells:
    """The cells of one row; what cannot be read is noted, not raised."""

    def __init__(self, row: Row, program: Program, today: date) -> None:
        self._row = row
        self._program = program
        self._today = today
        self.errors: list[CellError] = []

    def member(self) -> MemberRow:
        return MemberRow(
            row=self._row.number,
            phone=self._phone(),
            name=self._name(),
            birthday=self._birthday(),
            card=self._card(),
            tier=self._tier(),
            tier_until=self._tier_until(),
            points=self._points(),
            points_expire=self._month(),
            sms=self._yes("sms"),
        )

    def _refuse(self, column: str, problem: CellProblem) -> None:
        self.errors.append(CellError(self._row.number, column, self._row.text(column), problem))

    def _phone(self) -> str:
        read = read_phone(self._row.text("phone"))
        if isinstance(read, Phone):
            return read.e164
        self._refuse("phone", "bad_phone")
        return ""

    def _name(self) -> str:
        name = self._row.text("name")
        if len(name) > MEMBER_NAME_LENGTH_MAX:
            self._refuse("name", "too_long")
        return name

    def _birthday(self) -> BirthdayOn | None:
        text = self._row.text("birthday")
        if not text:
            return None
        lunar, leap = text.startswith(LUNAR_SIGN), text.endswith("+")
        parts = text.removeprefix(LUNAR_SIGN).removesuffix("+").split("-")[-2:]
        if len(parts) != 2 or not all(part.isascii() and part.isdigit() for part in parts):
            self._refuse("birthday", "not_a_date")
            return None
        birthday = BirthdayOn(int(parts[0]), int(parts[1]), lunar, leap)
        if isinstance(check_birthday(birthday), NoSuchDay):
            self._refuse("birthday", "not_a_date")
            return None
        return birthday

    def _card(self) -> str | None:
        text = self._row.text("card")
        if not text:
            return None
        code = parse_code(text)
        if isinstance(code, Code) and code.kind is CodeKind.MEMBER:
            return code.text
        self._refuse("card", "bad_card")
        return None

    def _tier(self) -> str | None:
        text = self._row.text("tier")
        named = text.casefold()
        for tier in self._program.tiers:
            if named in {tier.id, tier.name.zh, tier.name.en.casefold()}:
                return tier.id
        if text:
            self._refuse("tier", "unknown_tier")
        return None

    def _tier_until(self) -> date | None:
        text = self._row.text("tier_until")
        try:
            until = date.fromisoformat(text) if text else None
        except ValueError:
            self._refuse("tier_until", "not_a_date")
            return None
        if until is not None and until < self._today:
            self._refuse("tier_until", "in_the_past")
        return until

    def _points(self) -> int:
        text = self._row.text("points") or "0"
        if text.isascii() and text.isdigit() and len(text) <= 9:
            return int(text)
        self._refuse("points", "not_a_number")
        return 0

    def _month(self) -> Month | None:
        text = self._row.text("points_expire")
        try:
            month = Month.parse(text) if text else None
        except ValueError:
            self._refuse("points_expire", "not_a_date")
            return None
        if month is not None and month.last_day < self._today:
            self._refuse("points_expire", "in_the_past")
        return month

    def _yes(self, column: str) -> bool:
        word = self._row.text(column).lower()
        if word not in {"", "yes", "no", "1", "0", "是", "否"}:
            self._refuse(column, "not_yes_or_no")
        return word in {"yes", "1", "是"}


# ------------------------------------------------------------------ taking them in


@dataclass(frozen=True, slots=True)
class ImportStep:
    """After one unit of work: rows done, and what stayed out of them: members already (left as they
    are), who was forgotten, and what was good when it was read and is not any more."""

    done: int
    known: tuple[CellError, ...]


def import_members(*, shop: Shop, lane: Lane, members: Sequence[MemberRow]) -> Iterator[ImportStep]:
    """Make members of the rows. A phone or card that is known stays as it is and is named.

    Stopping between two steps keeps what is in; the same file may be imported again.
    Changes: members, facts, accounts, audit.
    """
    for start in range(0, len(members), BATCH_COUNT_MAX):
        batch = members[start : start + BATCH_COUNT_MAX]
        known = lane.run(partial(_take, shop, batch))
        yield ImportStep(start + len(batch), tuple(known))


@dataclass(frozen=True, slots=True)
class ImportRefused:
    """Nothing is taken in. no_room: the disk is nearly full; no_right: who began it may not any
    more."""

    why: Literal["no_room", "no_right"]


def take_rows(*, shop: Shop, work: UnitOfWork, rows: Sequence[MemberRow]) -> tuple[CellError, ...]:
    """Make members of a few rows, in one unit of work; those that are known already are answered
    and stay as they are, so that the same file may be taken again; who was forgotten is answered
    and stays out. Rows may wait for weeks: what
    has passed meanwhile, or left the program, stays out and is answered, too.

    Changes: members, facts, accounts, audit.
    """
    return tuple(_take(shop, rows, work))


GUESSES: Mapping[str, tuple[str, ...]] = {
    "phone": ("手机号", "手机", "电话", "手机号码", "联系电话", "mobile", "tel", "telephone"),
    "name": ("姓名", "称呼", "名字", "会员姓名", "客户姓名", "member name", "full name"),
    "birthday": ("生日", "出生日期", "birth date", "date of birth", "birth"),
    "card": ("卡号", "会员卡号", "会员号", "card no", "card number", "member card"),
    "tier": ("等级", "会员等级", "级别", "level", "grade"),
    "tier_until": ("等级到期", "等级有效期", "到期日", "tier expiry", "valid until"),
    "points": ("积分", "可用积分", "当前积分", "point", "balance"),
    "points_expire": ("积分到期", "积分有效期", "points expiry"),
    "sms": ("短信", "同意短信", "营销短信", "marketing", "opt in"),
}
"""What other systems call our columns."""


def guess_mapping(columns: Sequence[str]) -> dict[str, str]:
    """Which column of a file is probably which of ours; somebody looks at it before."""
    plain = {" ".join(name.replace("_", " ").lower().split()): name for name in columns}
    guessed: dict[str, str] = {}
    for ours in LAYOUT.known:
        names = (ours.replace("_", " "), *GUESSES[ours])
        found = next((plain[name] for name in names if name in plain), "")
        if found and found not in guessed.values():
            guessed[ours] = found
    return guessed


def _take(shop: Shop, batch: Sequence[MemberRow], work: UnitOfWork) -> list[CellError]:
    out: list[CellError] = []
    for row in batch:
        if work.members.by_phone(row.phone):
            out.append(CellError(row.row, "phone", row.phone, "already_known"))
        elif row.card is not None and work.members.by_card(row.card) is not None:
            out.append(CellError(row.row, "card", row.card, "already_known"))
        elif work.erasures.is_forgotten_by(row.phone):
            # Of his own wish he may join again, at the till: an old list is not that.
            out.append(CellError(row.row, "phone", "", "forgotten"))
        else:
            lapsed = _lapsed(shop, work, row)
            out.extend(lapsed)
            if not lapsed:
                _write(shop, work, row)
    return out


def _lapsed(shop: Shop, work: UnitOfWork, row: MemberRow) -> list[CellError]:
    """What was good in a row when its file was read, and cannot be given any more: judged by the
    day its facts would have."""
    state = shop.desk.state
    day, _ = fact_day(work, state.program, shop.now(), state.last_moment)
    faults: list[CellError] = []
    if row.tier is not None and all(tier.id != row.tier for tier in state.program.tiers):
        faults.append(CellError(row.row, "tier", row.tier, "unknown_tier"))
    if row.tier_until is not None and row.tier_until < day:
        faults.append(CellError(row.row, "tier_until", f"{row.tier_until}", "in_the_past"))
    if row.points_expire is not None and row.points_expire.last_day < day:
        faults.append(CellError(row.row, "points_expire", f"{row.points_expire}", "in_the_past"))
    return faults


def _write(shop: Shop, work: UnitOfWork, row: MemberRow) -> None:
    consents: set[Purpose] = set(REQUIRED)
    if row.sms:
        consents.add("marketing")
    new = NewMember(
        phone=row.phone,
        name=row.name,
        birthday=row.birthday,
        consents=frozenset(consents),
        channel="import",
        put_on_basket=False,
        card=row.card or "",
    )
    checked = Checked(row.phone, None)
    member, _ = write_member(shop=shop, work=work, new=new, checked=checked, now=shop.now())
    _give(shop, work, member, row)


def _give(shop: Shop, work: UnitOfWork, member: Member, row: MemberRow) -> None:
    """The tier and the points the earlier system knew, each as a fact with its cause."""
    state, now = shop.desk.state, shop.now()
    day, _ = fact_day(work, state.program, now, state.last_moment)
    tiers = state.program.tiers
    if row.tier is not None and row.tier != tiers[0].id:
        months = state.program.tier(row.tier).months
        until = row.tier_until or Month.of(day).plus(months).last_day
        effect = do.TierGiven(tier=row.tier, days=min((until - day).days, DAYS_MAX))
        granted = TierGranted(
            **origin(shop=shop, now=now, day=day, member=member.member_id),
            effects=(effect,),
            reason_type="import",
        )
        write_fact(shop=shop, work=work, fact=granted)
    if row.points:
        expires = row.points_expire or Month.of(day).plus(tiers[0].points_months)
        lives = min(expires.minus(Month.of(day)), MONTHS_MAX)
        gained = do.Gained(points=row.points, expires_in=lives)
        adjusted = PointsAdjusted(
            **origin(shop=shop, now=now, day=day, member=member.member_id),
            effects=(gained,),
            reason="import",
        )
        write_fact(shop=shop, work=work, fact=adjusted)
