"""The visit of a sale with a pack in it: whether it goes when everything came back.

Owns: that. Does not own: what a pack brings back (test_pack.py), other sales (test_settlement.py).
"""

from __future__ import annotations

from dataclasses import replace

from msgspec import structs

from app.domain import effects as do
from app.domain.account import fold
from app.domain.facts import FactTender
from app.domain.pieces import Interval
from app.domain.refund import Chosen, RefundCase, RefundQuote, quote_refund
from app.domain.settlement import settle_pieces
from tests.domain.heart_builders import a_line, a_refund, of_fact, on, op
from tests.domain.pack_samples import BOUGHT_ON, PACKS, a_pack_refund, a_pack_sale


def test_the_visit_stays_with_what_is_kept_of_a_pack_whatever_else_comes_back() -> None:
    """Goods beside it that come back behind the pack leave the visit, too; a till that knew no
    better has it set right."""
    sale = a_pack_sale(lines=(a_pack_sale().lines[0], a_line("2")))
    account = fold([of_fact(sale)])
    case = RefundCase(sale, BOUGHT_ON, (), PACKS, on("2026-12-30"), account, True)
    pack_back = quote_refund(case, [Chosen("1", 1, "unwanted")], op_id=op(50))
    assert isinstance(pack_back, RefundQuote)
    first = structs.replace(
        a_pack_refund(), op_id=op(50), packs=pack_back.packs, effects=pack_back.effects,
        kept_back_minor=pack_back.kept_back_minor,
        tenders=(FactTender(kind="cash", amount_minor=pack_back.back_minor),),
    )  # fmt: skip
    behind = quote_refund(replace(case, past=(first,)), [Chosen("2", 3, "size")], op_id=op(60))
    assert isinstance(behind, RefundQuote)
    assert behind.last_piece
    assert [e.visits for e in behind.effects if isinstance(e, do.Undone)] == [0]
    goods = [Interval("2", 0, 3)]
    now = a_refund(60, sale, goods, BOUGHT_ON, effects=behind.effects, last_piece=True)
    assert settle_pieces(sale, [first, now]) == ()
    older = a_refund(61, sale, goods, BOUGHT_ON, [Interval("1", 0, 1)])
    (found,) = settle_pieces(sale, [first, older])
    assert (found.refund, found.effect.visits, found.exception) == (op(61), 1, None)
