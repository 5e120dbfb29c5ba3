"""Who comes into the demo shop: five hundred invented people, the same at every making.

Owns: names, phones, birthdays, when they joined and how they shop. Does not own: ringing it up.
Phones lie in segments that are valid and belong to nobody in particular; any likeness is chance.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any, Literal

import msgspec

from app.domain.member import BirthdayOn
from app.domain.settings import Language

PEOPLE_COUNT = 500
SEED = 20261121
STORY_PHONE = "13800138000"

Habit = Literal["gold", "silver", "regular", "new", "dormant", "anonymous", "falling"]

_SHARES: tuple[tuple[Habit, int], ...] = (
    ("gold", 30), ("silver", 70), ("falling", 20), ("dormant", 70), ("new", 40),
    ("anonymous", 30), ("regular", 240),
)  # fmt: skip
assert sum(count for _, count in _SHARES) == PEOPLE_COUNT

_SEGMENTS = ("138", "139", "150", "158", "186", "189")


@dataclass(frozen=True, slots=True)
class Person:
    """One customer. `joined_days_ago` counts back from the day the demo is made."""

    number: int
    name: str
    phone: str
    birthday: BirthdayOn | None
    salutation: Literal["", "mr", "ms"]
    marketing: bool
    habit: Habit
    joined_days_ago: int
    visits: tuple[int, ...]
    """Days ago of each visit, the longest ago first; 0 = today."""
    spend: tuple[int, int]
    """How many articles a basket has: least and most."""


class Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parts of invented names (resources/demo/names.toml); words are parted by blanks."""

    surnames: str
    given: str
    first: str
    last: str

    def draw(self, language: Language, number: int, chance: Random) -> str:
        """A name as it is written in that language."""
        if language == "en":
            return f"{chance.choice(self.first.split())} {chance.choice(self.last.split())}"
        return self.surnames[number % len(self.surnames)] + chance.choice(self.given.split())


def people(language: Language, today: date, names: Names) -> tuple[Person, ...]:
    """The whole neighbourhood, in the order of joining."""
    chance = Random(SEED)
    habits = [habit for habit, count in _SHARES for _ in range(count)]
    made = [
        _person(number, habit, names.draw(language, number, chance), today, chance)
        for number, habit in enumerate(habits, start=1)
    ]
    made[0] = replace(
        made[0], **_STORY, birthday=BirthdayOn(today.month, 18), name=_story(language)
    )
    return tuple(sorted(made, key=lambda person: -person.joined_days_ago))


_STORY: dict[str, Any] = {"phone": STORY_PHONE, "salutation": "mr", "marketing": True}
"""The first one is the gold member of the README: the same number in every demo."""


def _story(language: Language) -> str:
    return "Zhang San" if language == "en" else "张三丰"


def _person(number: int, habit: Habit, name: str, today: date, chance: Random) -> Person:
    joined, visits, spend = _habit(habit, chance)
    anonymous = habit == "anonymous"
    return Person(
        number=number,
        name="" if anonymous else name,
        phone="" if anonymous else f"{_SEGMENTS[number % 6]}{chance.randrange(10**8):08d}",
        birthday=None if anonymous or chance.random() < 0.3 else _birthday(number, today, chance),
        salutation=chance.choice(("", "mr", "ms")),
        marketing=not anonymous and chance.random() < 0.45,
        habit=habit,
        joined_days_ago=joined,
        visits=visits,
        spend=spend,
    )


def _birthday(number: int, today: date, chance: Random) -> BirthdayOn:
    """One in twelve has his birthday this month, some by the lunar calendar."""
    if number % 12 == 0:
        return BirthdayOn(today.month, chance.randint(1, 28))
    return BirthdayOn(chance.randint(1, 12), chance.randint(1, 28), lunar=number % 9 == 0)


def _habit(habit: Habit, chance: Random) -> tuple[int, tuple[int, ...], tuple[int, int]]:
    """(joined days ago, days of visits, articles a basket)."""
    match habit:
        case "gold":
            joined = chance.randint(330, 360)
            return joined, _spread(joined - 1, 2, 10, chance), (12, 16)
        case "silver":
            joined = chance.randint(300, 360)
            return joined, _spread(joined - 1, 2, 6, chance), (7, 10)
        case "falling":
            joined = chance.randint(345, 362)
            return joined, _spread(joined - 1, 250, 6, chance), (10, 14)
        case "dormant":
            joined = chance.randint(200, 355)
            return joined, _spread(joined - 1, 95, 2, chance), (2, 5)
        case "new":
            joined = chance.randint(1, 25)
            return joined, _spread(joined, 0, 1, chance), (2, 5)
        case "anonymous":
            joined = chance.randint(20, 300)
            return joined, _spread(joined, 5, 2, chance), (2, 5)
        case "regular":
            joined = chance.randint(20, 355)
            return joined, _spread(joined, 0, 2, chance), (2, 5)


def _spread(first: int, last: int, count: int, chance: Random) -> tuple[int, ...]:
    days = [chance.randint(min(first, last), max(first, last)) for _ in range(count)]
    return tuple(sorted(days, reverse=True))


def day_of(today: date, days_ago: int) -> date:
    """The calendar day so long ago."""
    return today - timedelta(days=days_ago)
