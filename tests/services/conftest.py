"""Service tests run on the real thing: an encrypted file, the store lane, the pictures' shop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.domain.stored_program import StoredProgram
from app.services.opening import TillOpened, refresh_desk
from app.services.shop import Desk
from app.store.unit_of_work import UnitOfWork
from tests.real_shop import PROGRAM, RealShop, copy_shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[RealShop]:
    """人民路店, its till open, 李明 signed in."""
    made = copy_shop(tmp_path)
    made.sign_in()
    yield made
    made.close()


def restarted(shop: RealShop) -> TillOpened:
    """The process died and came back: an empty desk over the same store."""
    shop.shop = replace(shop.shop, desk=Desk())
    return shop.open()


def use_program(shop: RealShop, extra: str, *, swap: tuple[str, str] = ("", "")) -> None:
    """Put a later version of the shop's program in force: one text swapped, more at its end.

    It bypasses the notice period on purpose; that one has tests of its own.
    """
    toml = PROGRAM.replace('version = "2026.1"', 'version = "2026.2"')
    toml = toml.replace("effective = 2025-11-01", "effective = 2026-11-01")
    assert swap[0] in toml
    toml = toml.replace(*swap) if swap[0] else toml
    toml += extra
    later = StoredProgram("renmin", "2026.2", date(2026, 10, 1), date(2026, 11, 1), toml)
    shop.store.lane.submit(lambda work: work.programs.add(later)).result()
    state = shop.do(refresh_desk)
    assert state.program.version == "2026.2"


def make_rules_unreadable(shop: RealShop) -> None:
    """Every stored version says what only a later product understands."""

    def work(unit: UnitOfWork) -> None:
        later = f"{PROGRAM}\n[of_a_later_product]\nanswer = 42\n"
        unit.connection.exec_driver_sql("UPDATE program SET toml = ?", (later,))

    shop.store.lane.submit(work).result()


def trail(shop: RealShop) -> list[str]:
    """The acts in the audit trail, oldest first."""
    entries = shop.store.lane.submit(lambda work: work.audit.entries()).result()
    return [chained.entry.action for chained in entries]
