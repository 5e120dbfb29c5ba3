"""The practice till: a shop of its own beside the real one, with its goods and rules, nobody real.

Owns: what is put into it and when it is made anew; which till this process runs next. Does not
own: the services that fill it, invented people (demo), the checklist (services/training.py).

It lies in a folder of its own with a key of its own. Nothing of it is ever counted, sent or found
beside what is real, and nothing it does can reach the real store.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from app.commands.demo.command import NewShop
from app.commands.demo.history import Event, HistoryClock, Storyteller
from app.commands.demo.making import STAFF, DemoFiles
from app.commands.demo.people import SEED, STORY_PHONE, Person, people
from app.domain.product import Product
from app.domain.rights import Rights
from app.domain.settings import Language, Settings
from app.domain.stored_program import StoredProgram
from app.domain.training import Task
from app.services.checklist import take_practice
from app.services.import_products import BATCH_COUNT_MAX, import_products
from app.services.opening import TillOpened, open_till
from app.services.ports import Lane, UnitOfWork
from app.services.program import ProgramAdded, put_program
from app.services.shop import Shop
from app.services.staff import NewStaff, StaffSaved, put_new_staff, sign_out
from app.services.training import TrainingProgress, training_progress
from app.store.migrations import schema_fingerprint

MARK = "practice-is-whole"
HABITS = ("gold", "silver", "regular", "regular", "new", "dormant", "anonymous", "falling")
VISITS_MOST, DAYS = 4, 90
"""How often each of them came, and within how many days."""
ARTICLES_MOST = 6
_PAGE = 500

Next = Literal["", "practice", "real"]
"""What the process does once its window is closed: end, practise, go back."""
Tell = Callable[[int, int], None]
"""How far the making is: done, of."""


@dataclass(frozen=True, slots=True)
class Model:
    """What of the real shop the practice till is like: no member, no fact, no PIN."""

    settings: Settings
    program: str
    in_force_since: date
    rights: Rights
    products: tuple[Product, ...]

    @property
    def mark(self) -> str:
        """Another one where the practice till would be another."""
        digest = hashlib.sha256(schema_fingerprint().encode())
        for part in (self.settings, self.program, self.rights, self.products):
            digest.update(msgspec.json.encode(part, order="sorted", enc_hook=str))
        return digest.hexdigest()


def model_of(*, shop: Shop, lane: Lane) -> Model:
    """Read it, in units so short that no sale waits."""

    def begin(work: UnitOfWork) -> tuple[Settings, StoredProgram, Rights]:
        used = shop.desk.state.program
        program = next(
            each
            for each in reversed(work.programs.all_programs())
            if (each.program_id, each.version) == (used.id, used.version)
        )
        return work.settings.read(), program, work.rights.read()

    settings, program, rights = lane.run(begin)
    return Model(settings, program.toml, program.effective, rights, tuple(_products(lane)))


def _page_of_products(after: str, work: UnitOfWork) -> Sequence[Product]:
    return work.products.page(after, _PAGE)


def _products(lane: Lane) -> Iterator[Product]:
    after = ""
    while page := lane.run(partial(_page_of_products, after)):
        after = page[-1].sku
        yield from page


@dataclass(frozen=True, slots=True)
class Practised:
    """What somebody did at the practice till, carried back to the real one."""

    tasks: frozenset[Task] = frozenset()

    def stand_at(self, shop: Shop, lane: Lane) -> None:
        """It stands in his training checklist there."""
        if self.tasks:
            lane.run(lambda work: take_practice(shop=shop, work=work, tasks=self.tasks))


@dataclass(slots=True)
class Practice:
    """The way between the two tills of a machine. One per window."""

    folder: Path
    """Where the practice till lies."""
    files: DemoFiles
    new_shop: NewShop
    read_model: Callable[[], Model] | None = None
    """Reads the real shop; None = this is the practice till."""
    close_window: Callable[[], None] = lambda: None
    wanted: Next = field(default="")
    practised: Practised = Practised()
    """What was done while this window was the practice till's."""
    begun_ms: int = 0

    @property
    def is_here(self) -> bool:
        """Whether this window is the practice till's."""
        return self.read_model is None

    @property
    def is_begun(self) -> bool:
        """Whether there is a practice till to go on at."""
        return (self.folder / MARK).exists()

    def make(self, tell: Tell, is_cancelled: Callable[[], bool]) -> bool:
        """Make it where it is not there yet or the shop has changed. Takes seconds; any thread.

        False: it was cancelled, and nothing of it is left.
        """
        assert self.read_model is not None, "a practice till makes no other"
        model = self.read_model()
        mark = self.folder / MARK
        if mark.exists() and mark.read_text("ascii", "replace").strip() == model.mark:
            return True
        draft = self.folder.with_name(f"{self.folder.name}.making")
        shutil.rmtree(draft, ignore_errors=True)
        if not self._fill(draft, model, tell, is_cancelled):
            shutil.rmtree(draft, ignore_errors=True)
            return False
        (draft / MARK).write_text(f"{model.mark}\n", encoding="ascii")
        shutil.rmtree(self.folder, ignore_errors=True)
        draft.replace(self.folder)
        return True

    def leave_for(self, wanted: Next) -> None:
        """Close this window; main.py opens the other till. GUI thread only."""
        self.wanted = wanted
        self.close_window()

    def throw_away(self) -> None:
        """The next practice begins with everything undone."""
        (self.folder / MARK).unlink(missing_ok=True)

    def begin(self, shop: Shop) -> None:
        """The window opens: what is done from now on is new."""
        self.begun_ms = shop.now().wall_ms

    def end(self, shop: Shop, lane: Lane) -> None:
        """The window has closed, the store not yet."""
        if not self.is_here:
            return

        def read(work: UnitOfWork) -> TrainingProgress:
            return training_progress(shop=shop, work=work, begun_ms=self.begun_ms)

        self.practised = Practised(lane.run(read).done)

    def _fill(self, home: Path, model: Model, tell: Tell, is_cancelled: Callable[[], bool]) -> bool:
        now = datetime.now(UTC)
        days = max(0, min(DAYS, (now.date() - model.in_force_since).days - 1))
        clock = HistoryClock(now - timedelta(days=days, minutes=10))
        with self.new_shop(home, practice_settings(model.settings, now), clock) as opened:
            filling = _Filling(opened.shop, opened.lane, clock, model, self.files, now, days)
            for done, of in filling.steps():
                tell(done, of)
                if is_cancelled():
                    return False
        return True


def practice_settings(real: Settings, now: datetime) -> Settings:
    """As the real till, but without any device that acts: no paper, no drawer, no money."""
    return msgspec.structs.replace(
        real,
        training_since_ms=int(now.timestamp()) * 1000,
        printer="",
        drawer=False,
        display_pay_code="",
        customer_display="off",
        mobile_terminal="simulated",
        card_terminal="simulated",
        phone_region="CN",
    )


def practice_pins() -> dict[str, str]:
    """PINs by name, shown on the sign-in screen: they open nothing real."""
    return {name: pin for team in STAFF.values() for name, _, pin in team}


@dataclass(frozen=True, slots=True)
class _Filling:
    """Filling one empty store."""

    shop: Shop
    lane: Lane
    clock: HistoryClock
    model: Model
    files: DemoFiles
    now: datetime
    days: int
    """How far back its story goes: not behind the rules."""

    def steps(self) -> Iterator[tuple[int, int]]:
        """Yields after each piece how many are done, of how many at most."""
        badge = self.lane.run(self._begin)
        goods_pieces = -(-len(self.model.products) // BATCH_COUNT_MAX)
        of, done = goods_pieces + 1 + len(HABITS) * (VISITS_MOST + 1), 0
        for _ in import_products(lane=self.lane, products=self.model.products):
            done += 1
            yield done, of
        opened = self.lane.run(lambda work: open_till(shop=self.shop, work=work))
        if not isinstance(opened, TillOpened):
            raise TypeError(f"the practice till did not open: {opened!r}")
        for _ in self._tell_story(badge):
            done += 1
            yield done, of
        self.clock.go_to(self.now - timedelta(minutes=4))
        self.lane.run(lambda work: sign_out(shop=self.shop, work=work))

    def _begin(self, work: UnitOfWork) -> str:
        """Rules, rights and staff; the badge of the cashier who rings up the story."""
        shop, model = self.shop, self.model
        added = put_program(shop=shop, work=work, toml=model.program, shipped=True)
        if not isinstance(added, ProgramAdded):
            raise TypeError(f"the shop's own rules were refused: {added!r}")
        work.rights.write(model.rights)
        people_here = STAFF[model.settings.language]
        saved = [
            put_new_staff(shop=shop, work=work, person=NewStaff(name, role, pin, with_badge=True))
            for name, role, pin in people_here
        ]
        work.settings.put_setup_step("done")
        badges = [s.badge_code for s in saved if isinstance(s, StaffSaved) and s.badge_code]
        return badges[0]

    def _tell_story(self, badge: str) -> Iterator[object]:
        zone = ZoneInfo(self.shop.desk.state.program.timezone)
        today = self.now.astimezone(zone).date()
        goods = [p for p in self.model.products if p.barcodes and p.unit_price and p.active]
        most = min(ARTICLES_MOST, len(goods))
        persons = _persons(self.model.settings.language, today, self.files, self.days)
        persons = tuple(replace(each, spend=(min(2, most), most)) for each in persons)
        planned = _events(persons, today, self.days, self.now, zone)
        if not goods:
            planned = tuple(each for each in planned if each.kind != "visit")
        teller = Storyteller(
            self.shop, self.lane, self.clock, persons, goods, badge, badge, Random(SEED + 3), {}
        )
        return teller.play(planned)


def _persons(language: Language, today: date, files: DemoFiles, days: int) -> tuple[Person, ...]:
    """A few of the demo's invented people, one of each habit; the first has the README's phone."""
    neighbours = people(language, today, files.names())
    chosen = [next(each for each in neighbours if each.phone == STORY_PHONE)]
    for habit in HABITS[1:]:
        chosen.append(next(p for p in neighbours if p.habit == habit and p not in chosen))
    return tuple(
        replace(
            each,
            joined_days_ago=min(each.joined_days_ago, days),
            visits=tuple(min(ago, days) for ago in each.visits[-VISITS_MOST:]),
        )
        for each in chosen
    )


def _events(
    persons: tuple[Person, ...], today: date, days: int, now: datetime, zone: ZoneInfo
) -> tuple[Event, ...]:
    chance = Random(SEED + 4)

    def at(days_ago: int, hour: int) -> datetime:
        day = today - timedelta(days=days_ago)
        return datetime.combine(day, time(hour, chance.randrange(60)), zone)

    planned = [Event(at(days, 6), "open")]
    for place, person in enumerate(persons):
        planned.append(Event(at(person.joined_days_ago, 8), "join", place))
        planned += [Event(at(ago, 9 + place), "visit", place) for ago in person.visits]
    return tuple(sorted(event for event in planned if event.at < now - timedelta(minutes=5)))
