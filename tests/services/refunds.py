"""A shop for tests of refunds: goods sold and taken back through the real services.

Owns: the fixture's shop with a bank that behaves as told, and the steps tests share. Does not own:
any test.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.devices.terminals import Behaviour, HandConfirmedTerminal, SimulatedTerminal
from app.domain.chain import Intact, verify_chain
from app.domain.facts import RefundRecorded, read_fact
from app.domain.quantity import pieces
from app.services.payment import (
    ask_terminal,
    finish_payment,
    pay_cash,
    start_payment,
)
from app.services.refund import (
    RefundChanged,
    begin_refund,
    choose_back,
)
from app.services.refund_answers import (
    AskTerminalBack,
    RefundDone,
)
from app.services.refund_payment import (
    ask_terminal_back,
    confirm_refund,
    finish_giving_back,
)
from app.services.scan import scan_code
from app.services.verify import VerifyReport, verify_store
from tests.real_shop import (
    IDENTITY,
    RealShop,
    copy_shop,
)

DAY_MS = 24 * 3600 * 1000


class Scripted:
    """A simulated bank that behaves as told."""

    def __init__(self) -> None:
        self.behaviour: Behaviour = "approve"
        self.bank = SimulatedTerminal(scripted=lambda: self.behaviour, label="模拟")


def shop_with(bank: Scripted, folder: Path) -> Iterator[RealShop]:
    """人民路店 with a bank that behaves as told, 李明 signed in."""
    terminals = {"mobile": bank.bank, "card": HandConfirmedTerminal()}
    made = copy_shop(folder, terminals=terminals)  # type: ignore[arg-type] # dict is invariant in its keys
    made.sign_in()
    yield made
    made.close()


def sold(shop: RealShop, *codes: str, member: str = "", kind: str = "cash") -> str:
    """Ring up goods and take the money; the sale's id."""
    if member:
        shop.do(scan_code, text=shop.cards[member])
    for code in codes:
        shop.do(scan_code, text=code)
    if kind == "cash":
        return str(shop.do(pay_cash).sale_id)
    begun = shop.do(start_payment, kind=kind)
    result = ask_terminal(shop=shop.shop, attempt=begun.attempt)
    done = shop.do(finish_payment, attempt_id=begun.attempt.attempt_id, result=result)
    return str(done.sale_id)


def begun(shop: RealShop, sale_id: str) -> Any:
    answer = shop.do(begin_refund, sale_id=sale_id)
    assert isinstance(answer, RefundChanged), answer
    return answer.state


def chosen(shop: RealShop, sale_id: str, *choices: tuple[int, int], reason: str = "size") -> Any:
    """A refund with so many pieces of the lines at these places."""
    state = begun(shop, sale_id)
    for place, count in choices:
        answer = shop.do(
            choose_back,
            line_id=state.lines[place].line_id,
            quantity=pieces(count),
            reason=reason,
        )
        assert isinstance(answer, RefundChanged), answer
        state = answer.state
    return state


def refunded(shop: RealShop, sale_id: str, *choices: tuple[int, int]) -> RefundDone:
    state = chosen(shop, sale_id, *choices)
    done = shop.do(confirm_refund, refund_id=state.refund_id, shown=state.total.back)
    assert isinstance(done, RefundDone), done
    return done


def tried(shop: RealShop, answer: Any) -> Any:
    """Ask the terminal and settle what it said."""
    assert isinstance(answer, AskTerminalBack), answer
    result = ask_terminal_back(shop=shop.shop, attempt=answer.attempt)
    return shop.do(finish_giving_back, attempt_id=answer.attempt.attempt_id, result=result)


def fact_of(shop: RealShop, refund_id: str) -> RefundRecorded:
    stored = shop.do(lambda shop, work: work.facts.get(refund_id))
    fact = read_fact(stored.data)
    assert isinstance(fact, RefundRecorded)
    return fact


def account_of(shop: RealShop, member: str) -> Any:
    return shop.do(lambda shop, work: work.accounts.get(member))


def verified(shop: RealShop) -> list[Any]:
    """What the whole store, looked at against its facts, finds wrong."""
    report = VerifyReport()

    class Waiting:
        def run(self, work: Any) -> Any:
            return shop.store.lane.submit(work).result()

    for _ in verify_store(lane=Waiting(), identity=IDENTITY, report=report):
        pass
    facts = shop.do(lambda shop, work: work.facts.all_facts())
    links = [(row.dseq, row.data, row.chain_hash) for row in facts]
    assert isinstance(verify_chain(links), Intact)
    return report.faults
