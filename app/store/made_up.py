"""Made-up members and products by the hundred thousand, for benchmarks and stress.

Owns: names, phones and barcodes that look like a shop's, and loading them in bulk past the
repositories (a million single inserts would take an hour). Does not own: the demo shop (made
through the services), any measuring.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, Executable, bindparam, column, insert, text
from sqlalchemy import table as table_named

from app.domain.account import MemberAccount, account_bytes
from app.domain.codes import CodeKind, random_code
from app.domain.ids import uuid7
from app.domain.member import Member, PersonalData
from app.store import tables
from app.store.lane import StoreLane
from app.store.member import member_row, readings_of
from app.store.pinyin import product_readings, words
from app.store.unit_of_work import UnitOfWork

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程"
    "魏苏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝"
    "龚邵万钱严覃武戴莫孔向汤单仇解查翟区"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国文辉力宁小雨晨欣怡浩然子涵梓萱"
    "宇轩思雅诗琪俊熙博一诺佳慧雪梅春燕海波志鹏"
)
BRANDS = (
    "蒙牛", "伊利", "光明", "三元", "康师傅",
    "农夫山泉", "海天", "金龙鱼", "清风", "蓝月亮",
    "良品铺子", "洽洽", "旺旺", "统一", "达利园",
    "双汇", "安井", "思念", "太古", "恒顺",
)  # fmt: skip
GOODS = (
    "纯牛奶", "酸奶", "矿泉水", "方便面", "酱油",
    "花生油", "抽纸", "洗衣液", "坚果礼盒", "香瓜子",
    "雪饼", "绿茶", "面包", "火腿肠", "鱼丸",
    "水饺", "白砂糖", "香醋", "大米", "巧克力",
)  # fmt: skip
SIZES = ("100g", "250ml", "500ml", "1L", "1.5L", "2kg", "5kg", "12包", "24瓶", "家庭装")
TABLES_LOADED = ("member", "member_card", "member_reading", "account", "product", "product_code")
CHUNK = 20_000
WALL_MS = 1_760_000_000_000


@dataclass(frozen=True, slots=True)
class MadeUp:
    """How many, and from which seed: the same arguments make the same shop."""

    members: int = 1_000_000
    products: int = 50_000
    seed: int = 7


def member_name(chance: random.Random) -> str:
    """Two or three characters; two members in five share the ten most common surnames."""
    given = "".join(chance.choice(GIVEN) for _ in range(chance.choice((1, 2, 2))))
    surnames = SURNAMES[:10] if chance.random() < 0.4 else SURNAMES
    return chance.choice(surnames) + given


def made_members(plan: MadeUp) -> Iterator[Member]:
    """Members in the order of their ids; a tenth has no phone, a third never came back."""
    chance = random.Random(plan.seed)
    first_day = date(2023, 1, 1)
    for number in range(plan.members):
        phone = f"+861{chance.choice('3578')}{chance.randrange(10**9):09}"
        joined = first_day + timedelta(days=chance.randrange(900))
        came_back = chance.random() < 0.66
        yield Member(
            uuid7(WALL_MS + number, chance.getrandbits(74)),
            random_code(CodeKind.MEMBER, chance.getrandbits(60)).text,
            joined,
            PersonalData(None if chance.random() < 0.1 else phone, member_name(chance)),
            home_store="renmin-road" if chance.random() < 0.8 else "other",
            last_visit=joined + timedelta(days=chance.randrange(200)) if came_back else None,
        )


def gtin(number: int) -> str:
    """A valid EAN-13 of a Chinese prefix."""
    body = f"690{number:09}"
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return f"{body}{-weighted % 10}"


def made_product_name(number: int) -> str:
    """Brand, article and size; numbers behind all combinations get a batch."""
    rest, size = divmod(number, len(SIZES))
    rest, article = divmod(rest, len(GOODS))
    batch, brand = divmod(rest, len(BRANDS))
    return f"{BRANDS[brand]}{GOODS[article]}{SIZES[size]}{f' {batch}号' if batch else ''}"


def load(
    lane: StoreLane, plan: MadeUp, *, on_progress: Callable[[int], None] | None = None
) -> None:
    """Fill an empty store. `on_progress(rows)` is told how many members are in."""
    indexes = lane.run(_drop_indexes)
    _load_members(lane, plan, on_progress or (lambda _: None))
    _load_products(lane, plan)
    lane.run(lambda unit: _run_all(unit.connection, [*indexes, "ANALYZE"]))


def _drop_indexes(unit: UnitOfWork) -> list[str]:
    """Sorted once at the end they are built ten times as fast as row by row."""
    rows = unit.connection.execute(
        text("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index' AND sql NOTNULL")
    ).all()
    mine = [(name, sql) for name, table, sql in rows if table in TABLES_LOADED]
    _run_all(unit.connection, [f"DROP INDEX {name}" for name, _ in mine])
    return [sql for _, sql in mine]


def _run_all(connection: Connection, statements: Sequence[str]) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement)


def _execute(statement: Executable, rows: Sequence[dict[str, Any]], unit: UnitOfWork) -> None:
    unit.connection.execute(statement, rows).close()


def _insert(lane: StoreLane, table: Any, rows: Sequence[dict[str, Any]]) -> None:
    statement = insert(table)
    for start in range(0, len(rows), CHUNK):
        lane.run(partial(_execute, statement, rows[start : start + CHUNK]))


def _load_members(lane: StoreLane, plan: MadeUp, on_progress: Callable[[int], None]) -> None:
    account = account_bytes(MemberAccount(gained={24_310: 120, 24_312: 80}, taken={24_311: 50}))
    cards: list[tuple[str, str]] = []
    readings: list[tuple[str, int]] = []
    chunk: list[dict[str, Any]] = []
    names: list[dict[str, Any]] = []
    accounts: list[dict[str, Any]] = []
    for number, member in enumerate(made_members(plan), start=1):
        mine = readings_of(member.person)
        chunk.append({"member_no": number, **member_row(member, mine)})
        names.append({"number": number, "words": words(member.person.name)})
        accounts.append({"member_id": member.member_id, "data": account})
        cards.append((member.card_code, member.member_id))
        readings += [(reading, number) for reading in mine]
        if len(chunk) == CHUNK or number == plan.members:
            _insert(lane, tables.member, chunk)
            _insert(lane, tables.account, accounts)
            _insert_words(lane, "member_word", names)
            on_progress(number)
            chunk, names, accounts = [], [], []
    # In the order of their keys: each page of these trees is written once.
    _insert_sorted(lane, tables.member_card, ("card_code", "member_id"), cards, in_use=1)
    _insert_sorted(lane, tables.member_reading, ("reading", "member_no"), readings)


def _insert_sorted(
    lane: StoreLane, table: Any, columns: tuple[str, str], pairs: list[tuple[Any, Any]], **same: int
) -> None:
    pairs.sort()
    for start in range(0, len(pairs), CHUNK):
        part = pairs[start : start + CHUNK]
        _insert(lane, table, [{columns[0]: a, columns[1]: b, **same} for a, b in part])


def _insert_words(lane: StoreLane, table: str, rows: Sequence[dict[str, Any]]) -> None:
    index = table_named(table, column("rowid"), column("words"))
    statement = insert(index).values(rowid=bindparam("number"), words=bindparam("words"))
    lane.run(partial(_execute, statement, rows))


def _load_products(lane: StoreLane, plan: MadeUp) -> None:
    products: list[dict[str, Any]] = []
    codes: list[dict[str, Any]] = []
    names: list[dict[str, Any]] = []
    readings: list[dict[str, Any]] = []
    for number in range(1, plan.products + 1):
        name = made_product_name(number)
        price = 100 + number * 37 % 9_900
        products.append(
            {
                "product_no": number, "sku": f"{number:06}", "name": name, "category": "grocery",
                "unit_price_minor": price, "member_price_minor": None, "tax_rate": None,
                "unit": "", "weighed": 0, "scale_code": None, "active": 1,
            }
        )  # fmt: skip
        codes.append({"code": gtin(number), "product_no": number, "place": 0})
        names.append({"number": number, "words": words(name)})
        readings += [
            {"reading": reading, "from_start": int(start), "product_no": number}
            for reading, start in product_readings(name).items()
        ]
    _insert(lane, tables.product, products)
    _insert(lane, tables.product_code, codes)
    _insert(lane, tables.product_reading, readings)
    _insert_words(lane, "product_word", names)
