"""The question after a purchase by message: some hours later, to who agreed, once in a while, and
never about what was answered, brought back or is over.

Owns: the story of a shop's day and of the month after it, with messages that really go. Does not
own: the page behind the link (../pages/test_survey_page.py).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from msgspec.structs import replace as with_fields
from sqlalchemy import Connection, insert

from app.domain.facts import SaleRecorded
from app.domain.ids import uuid7
from app.domain.member import PersonalData
from app.domain.message import MessageChoice, MessageKind
from app.domain.pieces import Interval
from app.domain.survey_link import PATH, sale_named
from sync.server.database import ServerDatabase
from sync.server.house import house_of
from sync.server.messages.calendar import Looking, look_at_news
from sync.server.messages.post_settings import MessageSettings
from sync.server.messages.rehearsal import rehearse
from sync.server.messages.sending import send_due
from sync.server.promise import today
from sync.server.secret import system_chance
from sync.server.tenant import CHAIN_SHARD, claim_secret, tenant_table
from tests.domain.heart_builders import a_refund, a_sale
from tests.domain.survey_samples import an_answer
from tests.sync.server.messages.people import HOUR_MS, People, by_webhook, joining
from tests.sync.server.messages.sinks import Sink
from tests.sync.server.programs import TOML, put_in_force
from tests.sync.server.tills import DAY_MS, Till, with_clock

ASKING = TOML + "\n[survey]\nmessage_hours = 3\n"
SECRET = bytes(range(32))
KIND: MessageKind = "survey"


class Shop:
    """A shop that asks by message, and what its customers do."""

    def __init__(self, people: People, toml: str = ASKING) -> None:
        self.people, self.till = people, Till("till-03")
        put_in_force(people.chain, toml)
        people.database.write(self._enrol)
        self.look()

    def _enrol(self, connection: Connection) -> None:
        """Its first till has brought the secret of the chain."""
        people = self.people
        connection.execute(
            insert(tenant_table).values(
                tenant_id=people.tenant, shard_key=CHAIN_SHARD, name="人民路店",
                seal_check=b"-", created_ms=people.now_ms,
            )
        )  # fmt: skip
        claim_secret(connection, people.secret, people.tenant, brought=SECRET, chance=system_chance)

    def sell(self, name: str, **changes: Any) -> SaleRecorded:
        """Now, to this member."""
        now_ms, number = self.people.now_ms, len(self.till.ops) + 1
        made = a_sale(
            number, today(now_ms), op_id=uuid7(now_ms, number), member=self.people.ids[name]
        )
        sale: SaleRecorded = with_fields(with_clock(made, now_ms), **changes)
        self.record(sale)
        return sale

    def record(self, *facts: Any) -> None:
        """They arrive at once."""
        said = len(self.till.ops)
        for fact in facts:
            self.till.record(fact)
        chain = self.people.chain
        chain.now_ms = self.people.now_ms
        answer = chain.push(self.till, self.till.ops[said:])
        assert all(each.outcome.startswith("accepted") for each in answer.answers)

    def answers(self, sale: SaleRecorded, score: int) -> None:
        """At the till."""
        number = len(self.till.ops) + 1
        said = an_answer(
            number, op_id=uuid7(self.people.now_ms, number), sale=sale.op_id, score=score,
            member=sale.member, day=sale.day, clock=sale.clock, words=None, effects=(),
            channel="cashier",
        )  # fmt: skip
        self.record(said)

    def look(self) -> None:
        """Whatever came is looked at, as each worker does."""
        people = self.people
        settings = MessageSettings(kinds=(KIND,))
        at = Looking(
            people.database, people.tenant, house_of(people.secret), settings, people.now_ms
        )
        while look_at_news(at):
            pass

    def states(self) -> list[str]:
        """Of every question: whose it is and what became of it."""
        names = {member: name for name, member in self.people.ids.items()}
        return sorted(
            f"{names[row['member']]} {row['state']} {row['why']}".strip()
            for row in self.people.rows()
        )


def english() -> PersonalData:
    return PersonalData(phone="+8613800000005", messages=MessageChoice(language="en"))


def link_in(text: str) -> str:
    """The sale that the link in a message stands for."""
    [url] = [word for word in text.replace("：http", "： http").split() if PATH in word]
    return sale_named(SECRET, url.rpartition("/")[2]) or ""


def test_a_day_of_purchases_and_the_month_after_it(people: People, hook: Sink) -> None:
    people.join(
        joining("张三", 1), joining("李四答了", 2), joining("王五退了", 3), joining("反悔", 4),
        joining("Mary", 5, person=english()), joining("没同意", 6, consents=("membership",)),
    )  # fmt: skip
    shop, post = Shop(people), people.post({"sms": by_webhook(hook)})
    sales = {name: shop.sell(name) for name in people.ids}
    shop.look()
    people.now_ms += 2 * HOUR_MS
    again = shop.sell("Mary")
    shop.look()
    shop.look()
    waiting = ["Mary", "Mary", "反悔", "张三", "李四答了", "王五退了"]
    assert shop.states() == sorted(f"{name} waiting" for name in waiting)
    assert send_due(post).sent == 0, "not before three hours"
    shop.answers(sales["李四答了"], 3)
    sale = sales["王五退了"]
    pieces = [Interval(line.line_id, 0, line.pieces) for line in sale.lines]
    refund = a_refund(90, sale, pieces, sale.day, op_id=uuid7(people.now_ms, 90))
    shop.record(with_clock(refund, people.now_ms))
    people.withdraw("反悔")
    people.now_ms += HOUR_MS
    told = {(each.goes, each.why) for each in rehearse(post)}
    assert told == {(True, ""), (False, "answered"), (False, "closed"), (False, "no_consent")}
    hook.faults = ["500", "lost"]
    people.until_nothing_waits(post)
    assert hook.people() == ["+8613800000001", "+8613800000005"], "each once"
    assert shop.states() == sorted(
        [
            "Mary sent", "Mary skipped asked", "反悔 skipped no_consent", "张三 sent",
            "李四答了 skipped answered", "王五退了 skipped closed",
        ]
    )  # fmt: skip
    assert not any(row["variables"] for row in people.rows())
    texts = {taken[0]: hook.texts[key]["body"] for key, taken in hook.taken.items()}
    chinese, foreign = texts["+8613800000001"], texts["+8613800000005"]
    assert chinese.startswith(
        "人民路店：您 2026-05-29 的购物满意吗？只有一个问题，评价得 50 积分："
    )
    assert "How was your purchase of 2026-05-29".lower() in foreign.lower()
    assert (link_in(chinese), link_in(foreign)) in {
        (sales["张三"].op_id, each.op_id) for each in (sales["Mary"], again)
    }
    assert "/p/stop/" in chinese and "/p/stop/" in foreign
    # Who was asked or has answered is left in peace for as long as no answer is rewarded.
    before = len(people.rows())
    people.now_ms += 5 * DAY_MS
    for name in ("张三", "李四答了", "Mary"):
        shop.sell(name)
    shop.look()
    assert len(people.rows()) == before
    people.now_ms += 31 * DAY_MS
    sold = shop.sell("李四答了")
    shop.look()
    people.now_ms += 3 * HOUR_MS
    send_due(post)
    [row] = [each for each in people.rows() if each["message"] == f"survey:{sold.op_id}"]
    assert row["state"] == "sent"


def test_what_comes_late_what_is_over_and_a_program_that_asks_nothing(
    people_here: People, hook: Sink
) -> None:
    people = people_here
    people.join(*(joining(name, number) for number, name in enumerate(("前天", "上周", "今天"))))
    shop = Shop(people, ASKING.replace("message_hours = 3", "points = 0\nopen_days = 3"))
    days_ago = {name: -days for name, days in (("前天", 2), ("上周", 7))}
    for name, days in days_ago.items():
        people.now_ms += days * DAY_MS
        sale = a_sale(
            40 - days, today(people.now_ms), op_id=uuid7(people.now_ms, 40 - days),
            member=people.ids[name],
        )  # fmt: skip
        late = with_clock(sale, people.now_ms)
        people.now_ms -= days * DAY_MS
        shop.record(late)
    shop.sell("今天", clock=with_clock(a_sale(), people.now_ms + 400 * DAY_MS).clock)
    shop.look()
    assert shop.states() == ["今天 waiting", "前天 waiting"], (
        "a clock that is wrong puts off nothing"
    )
    post = people.post({"sms": by_webhook(hook)})
    assert send_due(post).sent == 1, "of the day before yesterday: at once"
    [text] = [each["body"] for each in hook.texts.values()]
    assert "积分" not in text and "只有一个问题：https://" in text
    put_in_force(
        people.chain, TOML.replace('"2026.1"', '"2026.2"').replace("2026-02-01", "2026-03-01")
    )
    people.now_ms += 4 * HOUR_MS
    assert send_due(post).sent == 0
    assert shop.states() == ["今天 skipped closed", "前天 sent"]
    shop.sell("上周")
    shop.look()
    assert len(people.rows()) == 2, "nobody is asked any more"


def test_several_workers_ask_each_once(
    on_postgres: ServerDatabase, tenant: str, hook: Sink
) -> None:
    people = People(on_postgres, tenant)
    people.join(*(joining(f"会员{number}", number) for number in range(1, 6)))
    shop = Shop(people)
    for name in (*people.ids, *people.ids):
        shop.sell(name)
    post = people.post({"sms": by_webhook(hook)})
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: shop.look(), range(4)))
        people.now_ms += 3 * HOUR_MS
        for _ in range(10):
            list(pool.map(lambda _: send_due(post), range(4)))
    assert [len(to) for to in hook.taken.values()] == [1] * 5
    assert [state.partition(" ")[2] for state in shop.states()] == ["sent", "skipped asked"] * 5
