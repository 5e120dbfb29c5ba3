"""Killed (-9) in the middle of a refund for another store's sale: the goods give money once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from app.domain.money import Money
from app.services.refund import NoOpenRefund, RefundChanged, open_refund
from app.services.refund_answers import RefundDone
from tests.real_shop import MemoryKeychain
from tests.sync.joined.counter import PATIENCE_S, Counter
from tests.sync.joined.dying_refund import BEFORE_TELLING, ENDS, keep_what_is_known
from tests.sync.joined.goods_back import given_back, paid_back, sold_to
from tests.sync.joined.made_chain import Chain, a_chain, open_again
from tests.sync.joined.story_time import BEGIN_MS

pytestmark = [pytest.mark.slow, pytest.mark.no_cover]
ROOT = Path(__file__).parent.parent.parent.parent


def killed_at(chain: Chain, receipt: str, where: str) -> Counter:
    """The other store's till after its death: opened again on what its file holds."""
    real, folder = chain.second.real, chain.second.folder
    keep_what_is_known(folder, real)
    chain.second.close()
    ahead_ms = chain.story.wall_ms() - BEGIN_MS
    died = subprocess.run(
        [sys.executable, "-m", "tests.sync.joined.dying_refund", str(folder), receipt, where,
         str(ahead_ms)],
        check=False, cwd=ROOT, timeout=PATIENCE_S, env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True, text=True,
    )  # fmt: skip
    assert died.returncode == -signal.SIGKILL, died.stderr[-2000:]
    known = {"members": real.members, "cards": real.cards, "staff": real.staff,
             "badges": real.badges}  # fmt: skip
    keychain = MemoryKeychain()
    keychain.entries.update(real.keychain.entries)
    chain.second = open_again(folder, keychain, known, chain.story)
    return chain.second


def test_wherever_it_dies_each_piece_gives_money_once(tmp_path: Path) -> None:
    with a_chain(tmp_path) as chain:
        for where in ENDS:
            receipt = sold_to(chain.first)
            afar = killed_at(chain, receipt, where)
            afar.until_online()
            left = afar.do(open_refund)
            if where == BEFORE_TELLING:
                assert isinstance(left, NoOpenRefund), "it was done before it died"
            else:
                assert isinstance(left, RefundChanged), where
                done = given_back(afar, left.state.refund_id)
                assert isinstance(done, RefundDone), (where, done)
            afar.until_sent()
            price = paid_back(afar, receipt)
            assert price > Money(0), where
            chain.first.until(
                partial(_is_told, chain.first, receipt, price), f"the shop that sold it, {where}"
            )
            assert paid_back(afar, receipt) == price, "one towel, and once"
        assert chain.cases() == []


def _is_told(counter: Counter, receipt: str, price: Money) -> bool:
    return paid_back(counter, receipt) == price
