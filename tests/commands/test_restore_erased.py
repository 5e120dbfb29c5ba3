"""Who was forgotten after a backup was made does not come back by restoring it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.services.erasure import ErasureHolds, ask_erasure
from app.store.erased_list import keep_listed, listed_in
from tests.commands.burnt_shop import burning_shop, lose, restore, till_of
from tests.real_shop import GOLD_PHONE, SILVER_PHONE, RealShop
from tests.store.pages import decrypted_bytes, decrypted_file


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RealShop]:
    yield from burning_shop(tmp_path, monkeypatch)


def test_the_journal_and_the_list_beside_the_backups_forget_again(
    shop: RealShop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shop.store.backups.folder
    [backup] = shop.store.backups.own()
    old = decrypted_file(backup.path, shop.store.secrets.database_key)
    assert GOLD_PHONE.encode() in old
    assert SILVER_PHONE.encode() in old
    shop.sign_in("王芳")
    done = shop.do(ask_erasure, member_id=shop.members["张三丰"], reason="本人要求")
    assert isinstance(done, ErasureHolds), done
    # Another till of this folder, or head office, forgot this one: only the list tells.
    assert keep_listed(folder, [shop.members["王小红"]]) == 1
    assert keep_listed(folder, [shop.members["王小红"]]) == 0
    lose(shop)
    assert restore(shop, tmp_path / "new") == 0, capsys.readouterr()
    assert "1 person erased since was erased again." in capsys.readouterr().out
    with till_of(tmp_path / "new", shop) as again:
        left = decrypted_bytes(again.store)
        for name in ("张三丰", "王小红"):
            member = again.store.lane.run(lambda work, of=name: work.members.get(shop.members[of]))  # type: ignore[misc]  # bound now
            assert member is not None
            assert (member.status, member.person.phone) == ("erased", None)
            assert name.encode() not in left
    assert GOLD_PHONE.encode() not in left
    assert SILVER_PHONE.encode() not in left
    assert listed_in(folder) == (shop.members["王小红"],)
