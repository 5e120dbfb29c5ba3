"""The same number everywhere for the same slice: screen, members behind it, export, Z and server.

A year is not needed for it: two tills of two stores, a sale of a member at each, a refund, a Z.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from app.domain.figures import Days, Figure, FigureId, days_before
from app.domain.server_answer import NoAnswer
from app.services.answers import NotAllowed
from app.services.audit_trail import read_trail
from app.services.chain_behind import (
    ChainReceiptsRead,
    chain_days,
    chain_hours,
    chain_people,
    chain_receipts,
)
from app.services.chain_export import (
    export_chain_answers,
    export_chain_figures,
    export_chain_people,
)
from app.services.chain_figures import ChainFigures, ask_chain_figures
from app.services.figure_export import FiguresExported, export_figures
from app.services.figure_receipts import HoursOfDay, ReceiptRow
from app.services.figure_words import figure_name
from app.services.figures import FigureDays, FiguresRead, NobodyBehind, PeopleBehind, people_behind
from app.services.scan import scan_code
from sync.server.figure_count import count_unit
from sync.server.figures import CHAIN, Slice, people_page, slice_figures
from tests.real_shop import DAY, MILK, OIL, TOWEL, words_for
from tests.services.figure_shop import TODAY, counted, read, value
from tests.services.refunds import refunded
from tests.services.shifts import begin, with_shifts
from tests.services.test_figures import z_of
from tests.sync.joined.counter import Counter
from tests.sync.joined.made_chain import Chain, a_chain

EXACT: tuple[FigureId, ...] = (
    "sales", "paid", "avg_basket", "refunds", "paid_back", "net_paid", "member_share",
    "avg_basket_member", "avg_basket_other", "active", "repeat_rate", "arpu",
)  # fmt: skip


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    """What happened at both; everything is sent and counted on both sides."""
    with a_chain(Path(tmp_path_factory.mktemp("chain"))) as made:
        first = made.first
        with_shifts(first.real)
        begin(first.real)
        first.do(scan_code, text=made.card())
        sale = first.sell(MILK, TOWEL)
        first.sell(OIL)
        refunded(first.real, sale.sale_id, (1, 1))
        made.second.do(scan_code, text=made.card())
        made.second.sell(OIL)
        for counter in made.both:
            counter.line.sync_now()
            counter.until_sent()
            counted(counter.real)
        write = made.office.ready.database.write
        tenant = made.office.ready.tenant.tenant
        while write(lambda connection: count_unit(connection, tenant)):
            pass
        yield made


def of_server(chain: Chain, part: Slice, days: Days = TODAY) -> dict[FigureId, Figure]:
    ready = chain.office.ready
    found = ready.database.read(
        lambda connection: slice_figures(connection, ready.tenant.tenant, days, part)
    )
    return {each.id: each for each in found}


def people_of_server(chain: Chain, part: Slice) -> list[tuple[str, int, int]]:
    ready = chain.office.ready
    return ready.database.read(
        lambda connection: people_page(connection, ready.tenant.tenant, TODAY, part)
    )


def here(counter: Counter) -> Slice:
    identity = counter.real.shop.identity
    return Slice(identity.store_id, identity.till_number)


def chain_read(counter: Counter) -> FiguresRead:
    told = ask_chain_figures(shop=counter.real.shop, days=TODAY, beside=days_before(TODAY))
    assert isinstance(told, ChainFigures), told
    return told.read


def of_chain_cohorts(file: FiguresExported) -> int:
    """Members of all cohorts in a file."""
    rows = list(csv.reader(io.StringIO(file.data.decode("utf-8-sig"))))
    at = next(place for place, row in enumerate(rows) if row and row[0] == "First purchase")
    return sum(int(row[1]) for row in rows[at + 1 :] if len(row) > 1)


def exported(counter: Counter) -> dict[str, tuple[int, int]]:
    till = counter.real.shop.identity.till_number
    answer = counter.do(export_figures, days=TODAY, till=till, form="csv", language="en")
    assert isinstance(answer, FiguresExported)
    rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    return {
        row[0]: (int(row[3]), int(row[4])) for row in rows if len(row) == 6 and row[3].isdigit()
    }


def test_screen_members_export_and_server_say_one_number_of_each_till(chain: Chain) -> None:
    for counter in chain.both:
        till = counter.real.shop.identity.till_number
        screen, server = read(counter.real, till=till), of_server(chain, here(counter))
        in_file = exported(counter)
        for name in EXACT:
            mine = value(screen, name)
            assert (server[name].numerator, server[name].denominator) == mine, name
            assert in_file[figure_name(name, words_for("en"))] == mine, name
        behind: Any = counter.do(people_behind, figure="active", days=TODAY, till=till)
        assert isinstance(behind, PeopleBehind)
        assert len(behind.lines) == value(screen, "active")[0]
        at_server = people_of_server(chain, here(counter))
        lines = [(line.person, line.sales, line.net_minor) for line in behind.lines]
        assert lines == at_server


def test_the_chain_is_its_tills_together(chain: Chain) -> None:
    whole = of_server(chain, CHAIN)
    tills = [of_server(chain, here(counter)) for counter in chain.both]
    for name in ("sales", "paid", "paid_back", "refunds"):
        together = sum(each[name].numerator for each in tills)
        assert whole[name].numerator == together, name
    # One person at two stores is one person.
    assert whole["active"].numerator == 1
    assert (whole["repeat_rate"].numerator, whole["repeat_rate"].denominator) == (1, 1)


def test_a_till_asks_head_office_and_says_its_number_of_the_chain(chain: Chain) -> None:
    """Whichever till asks: the figures of the server, divided by the same arithmetic."""
    whole = of_server(chain, CHAIN)
    for counter in chain.both:
        shop = counter.real.shop
        counter.real.sign_in("王芳")
        told = ask_chain_figures(shop=shop, days=TODAY, beside=days_before(TODAY))
        assert isinstance(told, ChainFigures), told
        assert told.read.of_chain and told.as_of_ms > 0 and told.read.so_far.waiting == 0
        mine = {name: each.figure for name, each in told.read.figures.items()}
        assert mine == whole
        assert sum(each.paid_minor for each in told.read.by_day) == whole["paid"].numerator
        in_file = counter.do(
            export_figures, days=TODAY, form="csv", language="en", found=told.read
        ).data.decode("utf-8-sig")
        assert f"{whole['paid'].numerator},1" in in_file and "Cohort" not in in_file
    chain.first.line.switch(on=False)
    asked = ask_chain_figures(shop=chain.first.real.shop, days=TODAY, beside=TODAY)
    chain.first.line.switch(on=True)
    assert asked == NoAnswer()
    chain.second.real.sign_in("李明")
    refused = ask_chain_figures(shop=chain.second.real.shop, days=TODAY, beside=TODAY)
    assert isinstance(refused, NotAllowed)


def test_what_stands_behind_a_figure_of_the_chain_comes_to_its_number(chain: Chain) -> None:
    """Members, days, receipts, hours: at either till, of both stores; and it is in the trail."""
    whole = of_server(chain, CHAIN)
    for counter in chain.both:
        shop, lane = counter.real.shop, counter.real.store.lane
        counter.real.sign_in("王芳")
        behind = chain_people(shop=shop, lane=lane, figure="active", days=TODAY)
        assert isinstance(behind, PeopleBehind), behind
        assert [(e.person, e.sales, e.net_minor) for e in behind.lines] == people_of_server(
            chain, CHAIN
        )
        assert len(behind.lines) == whole["active"].numerator
        assert "*" in behind.lines[0].card, "his card is masked"
        days = chain_days(shop=shop, figure="paid", days=TODAY)
        assert isinstance(days, FigureDays), days
        assert sum(each.numerator for _, each in days.lines) == whole["paid"].numerator
        rows: list[ReceiptRow] = []
        more, after = True, ""
        while more:
            page = chain_receipts(shop=shop, lane=lane, day=TODAY.first, after=after, limit=2)
            assert isinstance(page, ChainReceiptsRead), page
            rows, more, after = [*rows, *page.rows], page.has_more, page.last
        assert sum(each.paid.minor for each in rows) == whole["net_paid"].numerator
        assert len({each.store for each in rows}) == 2
        assert len([each for each in rows if each.kind == "sale"]) == whole["sales"].numerator
        hours = chain_hours(shop=shop, day=TODAY.first)
        assert isinstance(hours, HoursOfDay), hours
        assert sum(each.paid_minor for each in hours.hours) == whole["paid"].numerator
        assert chain_people(shop=shop, lane=lane, figure="paid", days=TODAY) == NobodyBehind()
        trail = lane.run(lambda work: read_trail(work=work))
        looked = [dict(e.entry.details) for e in trail if e.entry.action == "chain_listed"]
        assert [each["what"] for each in looked] == ["active", *["receipts"] * 2]


def test_a_file_of_the_chain_says_what_the_screen_says(chain: Chain) -> None:
    """Members, figures with their cohorts, answers; each leaves one trace."""
    whole = of_server(chain, CHAIN)
    for counter in chain.both:
        shop, lane = counter.real.shop, counter.real.store.lane
        counter.real.sign_in("王芳")
        trail = lane.run(lambda work: read_trail(work=work))
        looked = [e.entry.action for e in trail].count("chain_listed")
        file = export_chain_people(
            shop=shop, lane=lane, figure="arpu", days=TODAY, form="csv", language="en"
        )
        assert isinstance(file, FiguresExported)
        card, *_, net = file.data.decode("utf-8-sig").splitlines()[-1].split(",")
        assert "*" in card and net == "106.90", "masked, and to the cent"
        sheets = export_chain_figures(
            shop=shop, lane=lane, found=chain_read(counter), form="csv", language="en"
        )
        assert isinstance(sheets, FiguresExported) and "Bought, month 0" in sheets.data.decode()
        assert of_chain_cohorts(sheets) == whole["lifetime_value"].denominator
        answers = export_chain_answers(
            shop=shop, lane=lane, days=TODAY, form="xlsx", language="zh_CN"
        )
        assert isinstance(answers, FiguresExported) and not answers.is_cut
        trail = lane.run(lambda work: read_trail(work=work))
        assert [e.entry.action for e in trail].count("chain_listed") == looked, "has its own trace"


def test_without_head_office_the_lists_are_away_and_the_screen_is_saved_all_the_same(
    chain: Chain,
) -> None:
    whole = of_server(chain, CHAIN)
    chain.first.real.sign_in("王芳")
    shown = chain_read(chain.first)
    chain.first.line.switch(on=False)
    shop, lane = chain.first.real.shop, chain.first.real.store.lane
    assert chain_days(shop=shop, figure="paid", days=TODAY) == NoAnswer()
    assert chain_receipts(shop=shop, lane=lane, day=TODAY.first) == NoAnswer()
    alone = export_chain_figures(shop=shop, lane=lane, found=shown, form="csv", language="en")
    assert isinstance(alone, FiguresExported) and alone.lacks_cohorts
    assert "Head office did not tell the cohorts" in (in_file := alone.data.decode("utf-8-sig"))
    assert f"{whole['paid'].numerator},1" in in_file and "Bought, month 0" not in in_file
    for export in (partial(export_chain_people, figure="arpu"), export_chain_answers):
        assert export(shop=shop, lane=lane, days=TODAY, form="csv", language="en") == NoAnswer()
    chain.first.line.switch(on=True)
    chain.first.real.sign_in("李明")
    assert isinstance(chain_hours(shop=shop, day=TODAY.first), NotAllowed)
    chain.first.real.sign_in()


def test_the_z_says_the_same_of_its_shift(chain: Chain) -> None:
    first = chain.first
    first.real.sign_in()
    report = z_of(first.real)
    server = of_server(chain, here(first), Days(DAY, DAY))
    assert server["sales"].numerator == report.sales.count
    assert server["paid"].numerator == report.sales.paid_minor
    assert server["paid_back"].numerator == report.refunds.paid_minor
    assert server["member_share"].numerator == report.sales.of_members
