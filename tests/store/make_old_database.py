"""Makes the database a release leaves behind for all later tests: run once, when a schema is final.

`python -m tests.store.make_old_database` writes tests/store/old_databases/NNNN.db with NNNN.db.key
beside it and is never run again for that number. The recovery code below opens them all; it
protects nothing but test data.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path

from app.domain.account import MemberAccount
from app.domain.audit import AuditEntry
from app.domain.money import Money
from app.domain.open_basket import OpenBasket
from app.domain.payment import PaymentAttempt
from app.domain.settings import Settings
from app.domain.staff import CASHIER, StaffMember
from app.domain.stored_program import OfferUse, StoredProgram
from app.store.migrations import load_steps
from app.store.opening import create_store
from app.store.place import StorePlace
from app.store.recovery_code import RecoveryCode, parse_recovery_code
from app.store.unit_of_work import UnitOfWork
from tests.store.builders import IDENTITY, a_fact, a_member, a_product, a_sale, an_id
from tests.store.conftest import NOW, a_setting

FOLDER = Path(__file__).parent / "old_databases"
SALES = 12
MEMBERS = (("张小明", "13800138000"), ("单雄信", "13900139000"), ("Anna Li", "13700137000"))
LI = StaffMember("li", "李明", CASHIER, "$argon2id$v=19$of-nobody", "S123", frozenset({an_id(100)}))
RULES = StoredProgram("renmin", "1", date(2025, 10, 1), date(2025, 11, 1), "schema = 1\n")
OFFER_USE = OfferUse("60-5", 3, 1500)
BASKET = OpenBasket(basket_id="open", opened_ms=1_763_000_000_000)
OPEN_PAYMENT = PaymentAttempt("attempt", "open", "mobile", Money(5900), 1_763_000_000_100, "li")
SETTINGS = Settings(store_name="人民路店", language="zh_CN")


def old_code() -> RecoveryCode:
    """The one code of all old databases."""
    code = parse_recovery_code("0VDSH-0PTES-TDATA-NEVER-SEC04")
    assert isinstance(code, RecoveryCode), code
    return code


def fill(unit: UnitOfWork) -> None:
    """A little of everything a shop keeps."""
    unit.device.write(IDENTITY)
    for number, (name, phone) in enumerate(MEMBERS):
        unit.members.add(a_member(100 + number, name, phone))
        account = MemberAccount(includes={an_id(100 + number)}, gained={24_322: 60})
        unit.accounts.put(an_id(100 + number), account)
    unit.settings.write(SETTINGS)
    unit.staff.put(LI)
    unit.programs.add(RULES)
    unit.programs.count_offer_use(OFFER_USE, an_id(100))
    unit.coupons.issued("coupon", an_id(100))
    unit.baskets.save(BASKET)
    unit.payments.add(OPEN_PAYMENT)
    unit.products.put(a_product("milk", "纯牛奶 250ml×12", 5900, "6901234567892"))
    for number in range(1, SALES + 1):
        unit.sales.add(a_sale(number, an_id(100)))
        unit.facts.append(a_fact(number, an_id(100)))
        unit.audit.append(AuditEntry(number, "li", "sale", an_id(number)))


def make(folder: Path) -> Path:
    """Write the database of today's schema into `folder`; refuses to replace one."""
    target = folder / f"{len(load_steps()):04}.db"
    if target.exists():
        raise FileExistsError(f"{target.name} was released and is never made again")
    with tempfile.TemporaryDirectory() as workshop:
        store = create_store(a_setting(Path(workshop)), code=old_code(), now=NOW)
        store.lane.run(fill)
        store.close()
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(store.place.key_file, StorePlace(target).key_file)
        shutil.copy(store.place.database, target)
    return target


if __name__ == "__main__":
    sys.stdout.write(f"{make(FOLDER)}\n")
