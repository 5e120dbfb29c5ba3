"""Every database a release ever left behind opens, and keeps every sale, member and point.

The test makes the database of today itself too. What lies in old_databases is of a release and is
never made again.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.commands.caretaker import everybody_forgotten
from app.domain.audit import first_broken_entry
from app.domain.chain import Intact, verify_chain
from app.domain.payment import OPEN_STATES
from app.store.cipher import StoreSecrets
from app.store.database import connect_writer
from app.store.keys import KeyHome
from app.store.migrations import load_steps
from app.store.opening import OpenStore, create_store, open_with_code
from app.store.place import StorePlace
from app.store.unit_of_work import UnitOfWork
from app.store.wrapped_key import read_wrapped
from tests.store.builders import a_sale, an_id
from tests.store.conftest import NOW, a_setting
from tests.store.make_old_database import (
    BASKET,
    FOLDER,
    LI,
    MEMBERS,
    OFFER_USE,
    OPEN_PAYMENT,
    RULES,
    SALES,
    SETTINGS,
    make,
    old_code,
)

RELEASED = sorted(FOLDER.glob("*.db"))
LANDED = ("0001", "0002", "0005")
"""The newest step of each time steps landed: 3 to 5 came together, no shop ever stood between."""


@pytest.fixture(params=["today", *(path.name for path in RELEASED)])
def old_database(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A database file with its key file beside it."""
    name: str = request.param
    return make(tmp_path / "made") if name == "today" else FOLDER / name


def check(unit: UnitOfWork) -> None:
    """What `fill` wrote is there, whole."""
    for number in range(1, SALES + 1):
        assert unit.sales.get(an_id(number)) == a_sale(number, an_id(100))
    [epoch] = unit.facts.epochs()  # the code began another one, which has none yet
    facts = unit.facts.of_epoch(epoch, 0, 1_000)
    assert unit.device.epoch() == epoch + 1
    links = [(fact.dseq, fact.data, fact.chain_hash) for fact in facts]
    assert verify_chain(links) == Intact(SALES, facts[-1].chain_hash)
    for number, (name, phone) in enumerate(MEMBERS):
        [member] = unit.members.by_phone(f"+86{phone}")
        assert member.person.name == name
        assert unit.members.search(name, 8) == [member]
        account = unit.accounts.get(an_id(100 + number))
        assert account is not None
        assert account.gained == {24_322: 60}
    milk = unit.products.by_barcode("6901234567892")
    assert milk is not None
    assert unit.products.search("cnn", 8) == [milk]
    assert unit.settings.read() == SETTINGS
    assert unit.staff.all_staff() == [LI]
    assert unit.programs.all_programs() == [RULES]
    assert unit.programs.offer_uses() == [OFFER_USE]
    assert unit.programs.member_offer_uses(an_id(100)) == [OFFER_USE]
    assert unit.coupons.owner("coupon") == an_id(100)
    assert unit.baskets.load() == BASKET
    assert unit.payments.in_states(OPEN_STATES) == [OPEN_PAYMENT]
    entries = unit.audit.entries()
    assert len(entries) == SALES
    assert first_broken_entry(entries) is None


def shape(unit: UnitOfWork) -> list[tuple[str, ...]]:
    """Every table and index as SQLite keeps it."""
    rows = unit.connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_master")
    return sorted((row.type, row.name, row.sql or "") for row in rows)


def test_every_released_database_opens_and_keeps_everything(
    old_database: Path, tmp_path: Path
) -> None:
    setting = a_setting(tmp_path)
    setting.place.folder.mkdir()
    shutil.copy(old_database, setting.place.database)
    shutil.copy(StorePlace(old_database).key_file, setting.place.key_file)
    opened = open_with_code(setting, code=old_code(), now=NOW)
    assert isinstance(opened, OpenStore)
    assert opened.key_home is KeyHome.KEYCHAIN
    opened.lane.run(check)
    fresh = create_store(a_setting(tmp_path / "new"), code=old_code(), now=NOW)
    wanted = fresh.lane.run(shape)
    fresh.close()
    assert opened.lane.run(shape) == wanted, "a released step was edited"
    number = opened.lane.run(
        lambda unit: unit.connection.exec_driver_sql("PRAGMA user_version").scalar()
    )
    assert number == len(load_steps())
    opened.close()


def forget_as_of_then(database: Path) -> None:
    """As a till erased somebody before erasures had a table: bare, and without his keys. Of the
    person's other id it only had the key."""
    secrets = read_wrapped(StorePlace(database).key_file).open(old_code())
    assert isinstance(secrets, StoreSecrets)
    connection = connect_writer(database, secrets.database_key)
    connection.execute(
        "UPDATE member SET status = 'erased', phone = NULL, name = '', readings = '' "
        "WHERE member_id = ?",
        (an_id(101),),
    )
    for member_id in (an_id(101), an_id(777)):
        connection.execute(
            "INSERT OR REPLACE INTO member_key VALUES (?, ?, NULL)", (member_id, f"k{member_id}")
        )
    connection.close()


@pytest.mark.parametrize("name", [path.name for path in RELEASED])
def test_who_was_forgotten_before_there_was_a_list_comes_into_it(name: str, tmp_path: Path) -> None:
    setting = a_setting(tmp_path)
    setting.place.folder.mkdir()
    shutil.copy(FOLDER / name, setting.place.database)
    shutil.copy(StorePlace(FOLDER / name).key_file, setting.place.key_file)
    forget_as_of_then(setting.place.database)
    opened = open_with_code(setting, code=old_code(), now=NOW)
    assert isinstance(opened, OpenStore)
    gone = list(everybody_forgotten(opened.lane))
    opened.close()
    assert gone == [an_id(101), an_id(777)]


def test_the_steps_released_have_their_databases() -> None:
    assert tuple(path.stem for path in RELEASED) == LANDED
    assert int(LANDED[-1]) <= len(load_steps())


def test_a_released_database_is_never_made_again(tmp_path: Path) -> None:
    made = make(tmp_path)
    before = made.read_bytes()
    with pytest.raises(FileExistsError):
        make(tmp_path)
    assert made.read_bytes() == before
