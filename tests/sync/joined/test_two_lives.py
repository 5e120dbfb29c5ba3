"""A till that is there twice, and one that died and came back from its backup: with the real
server nothing is lost, nothing counts twice, and the till says what a person has to do.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from app.domain.server_answer import Enrolled
from app.services.fact_replay import FactReplay
from app.services.sync_state import must_enrol
from app.store.backups import BackupReason
from app.store.opening import OpenStore, open_store
from app.store.restore import FoundShop, Restoring, find_shop
from sync.server import tables as t
from tests import real_shop
from tests.real_shop import MILK, OIL, OPENED_AT, TOWEL, MemoryKeychain, recovery_code
from tests.sync.joined.counter import Counter
from tests.sync.joined.made_chain import Chain, a_chain
from ui.sync_centre import words

pytestmark = pytest.mark.slow


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    with a_chain(tmp_path) as made:
        yield made


def known(chain: Chain, op_id: str) -> int:
    """How often head office counts this fact."""

    def read(connection: Connection) -> int:
        asked = select(func.count()).select_from(t.op).where(t.op.c.op_id == op_id)
        return int(connection.execute(asked).scalar_one())

    return chain.office.ready.database.read(read)


def over(
    store: OpenStore, keychain: MemoryKeychain, was: Counter, folder: Path, chain: Chain
) -> Counter:
    """The till of another file that thinks it is `was`."""
    made = real_shop._till_over(store, keychain)
    identity = store.lane.run(lambda work: work.device.read())
    assert identity is not None
    made.shop = replace(made.shop, identity=identity)
    made.staff, made.badges = dict(was.real.staff), dict(was.real.badges)
    return Counter(made, folder, story=chain.story)


def a_copy(was: Counter, folder: Path, chain: Chain) -> Counter:
    """Somebody copied the machine."""
    shutil.copytree(was.folder / "shop", folder / "shop")
    keychain = MemoryKeychain()
    keychain.entries.update(was.real.keychain.entries)
    store = open_store(real_shop.store_setting(folder, keychain), now=OPENED_AT)
    return over(store, keychain, was, folder, chain)


def test_a_copied_till_is_stopped_says_so_and_loses_nothing(chain: Chain, tmp_path: Path) -> None:
    first = chain.first
    copy = a_copy(first, tmp_path / "copy", chain)
    try:
        copy.line.switch(on=False)
        own = first.sell(MILK).sale_id
        first.until_sent()
        theirs = copy.sell(TOWEL, OIL).sale_id
        first.until_sent()
        copy.line.switch(on=True)
        copy.line.sync_now()
        copy.until(lambda: _reason(copy) == "enrol_again", "head office knows another till here")
        sentence, code = words.REASONS["enrol_again"]
        assert sentence and code == "E-SYNC-06"
        assert "enrol_again" in words.CODE_HELPS
        copy.until(lambda: wants_code(copy), "its file knows it too")
        assert copy.pending() == 1
        assert (known(chain, own), known(chain, theirs)) == (1, 0)
        late = copy.sell(MILK).sale_id
        assert isinstance(copy.enrol(chain.office, chain.office.code(7, 5)), Enrolled)
        copy.until_online()
        copy.until_sent()
        assert [known(chain, each) for each in (own, theirs, late)] == [1, 1, 1]
        assert first.sell(OIL).sale_id
        first.until_sent()
    finally:
        copy.close()


def wants_code(counter: Counter) -> bool:
    return counter.real.store.lane.run(lambda work: must_enrol(work=work))


def _reason(counter: Counter) -> str:
    link = counter.link()
    return "" if link is None else link.reason


def test_a_till_back_from_its_backup_sends_what_nobody_has_and_nothing_twice(
    chain: Chain, tmp_path: Path
) -> None:
    first = chain.first
    store = first.real.store
    sent = first.sell(MILK).sale_id
    first.until_sent()
    first.line.switch(on=False)
    store.back_up(BackupReason.HAND, now=datetime.now(UTC))
    store.journal.start()
    waiting = first.sell(TOWEL).sale_id
    assert first.pending() == 1
    last = first.sell(OIL).sale_id
    store.journal.close()
    keychain = MemoryKeychain()
    back = brought_back(store, keychain, tmp_path / "new machine")
    again = over(back, keychain, first, tmp_path / "new machine", chain)
    try:
        assert wants_code(again)
        again.until(lambda: _reason(again) == "restored_till", "it has to come with a new code")
        assert again.pending() >= 2, "what nobody else had came with the journal"
        answer = again.enrol(chain.office, chain.office.code(7, 2, replaces=True))
        assert isinstance(answer, Enrolled), answer
        again.until_online()
        again.until_sent()
        new = again.sell(MILK).sale_id
        again.until_sent()
        assert [known(chain, each) for each in (sent, waiting, last, new)] == [1, 1, 1, 1]
    finally:
        again.close()


def brought_back(store: OpenStore, keychain: MemoryKeychain, folder: Path) -> OpenStore:
    """The newest backup and the journal beside it, on a new machine."""
    found = find_shop(store.backups.folder, recovery_code())
    assert isinstance(found, FoundShop), found
    setting = real_shop.store_setting(folder, keychain)
    with Restoring(found, setting) as restoring:
        assert restoring.take_backup()
        replay = FactReplay(restoring.device())
        written = restoring.replay(restoring.read_journal(), replay.write)
        assert list(written)[-1:] == [2], "both sales of the journal"
        restoring.finish(now=datetime.now(UTC), keep_folder=False)
    return open_store(setting, now=datetime.now(UTC))
