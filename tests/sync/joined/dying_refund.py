"""A till of another store that is killed (-9) while head office keeps goods for its refund.

    python -m tests.sync.joined.dying_refund FOLDER RECEIPT WHERE AHEAD_MS

Owns: that one life of it, by services over real HTTP, up to its end. Does not own: what has to be
true afterwards (test_goods_elsewhere_killed.py).
"""

from __future__ import annotations

import ast
import os
import signal
import sys
from pathlib import Path
from typing import Any

from app.services.pieces_kept import AskToKeepPieces, PiecesSettled, settle_pieces
from app.services.refund_answers import RefundDone
from app.services.refund_payment import confirm_refund
from app.services.reservation import ask_reservation
from tests.real_shop import MemoryKeychain, RealShop
from tests.sync.joined.counter import Counter
from tests.sync.joined.goods_back import chosen
from tests.sync.joined.made_chain import open_again
from tests.sync.joined.story_time import StoryTime

BEFORE_ASKING, BEFORE_HEARING, BEFORE_MONEY, BEFORE_TELLING = ENDS = (
    "before asking", "before hearing", "before money", "before telling",
)  # fmt: skip
KNOWN = "known"
"""The file beside the till's folder in which its keychain, people and members stand."""


def keep_what_is_known(folder: Path, real: RealShop) -> None:
    """What another process needs to open this till again."""
    known = {"keychain": real.keychain.entries, "members": real.members, "cards": real.cards,
             "staff": real.staff, "badges": real.badges}  # fmt: skip
    (folder.parent / KNOWN).write_text(repr(known), "utf-8")


def _main(folder: Path, receipt: str, where: str, ahead_ms: int) -> None:
    known: dict[str, dict[Any, str]] = ast.literal_eval((folder.parent / KNOWN).read_text("utf-8"))
    keychain, story = MemoryKeychain(), StoryTime()
    keychain.entries.update(known.pop("keychain"))
    story.go_on(milliseconds=ahead_ms)
    counter = open_again(folder, keychain, known, story)
    counter.until_online()
    _refund_until(counter, receipt, where)


def _refund_until(counter: Counter, receipt: str, where: str) -> None:
    refund_id = chosen(counter, receipt)
    asked = counter.do(confirm_refund, refund_id=refund_id)
    assert isinstance(asked, AskToKeepPieces), asked
    if where == BEFORE_ASKING:
        _die()
    said = ask_reservation(shop=counter.real.shop, wanted=asked.wanted)
    if where == BEFORE_HEARING:
        _die()
    settled = counter.do(
        settle_pieces,
        reservation_id=asked.wanted.reservation_id,
        receipt_code=asked.receipt_code,
        answer=said,
    )
    assert isinstance(settled, PiecesSettled), settled
    if where == BEFORE_MONEY:
        _die()
    counter.line.switch(on=False)  # what was done is told by the next life
    assert isinstance(counter.do(confirm_refund, refund_id=refund_id), RefundDone)
    _die()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    _main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]))
