"""Close view: why a shift cannot be closed now and the one way out, and its end. Pure.

Owns: those words. Does not own: the comparison (check_view.py), widgets.
"""

from __future__ import annotations

from app.domain.money import Money
from app.services.answers import PaymentUnderWay, Refusal
from app.services.shift_close import BasketOpen, RefundOpen, ShiftWasClosed
from app.services.till_state import TillState
from app.wording import Wording
from ui import formatting
from ui.navigation import Destination, ToPayment, ToRefund, ToTill
from ui.shift.check_view import signed
from ui.shift.sentences import sentence
from ui.shift.start_page import Notice, StartView

Blocked = BasketOpen | RefundOpen | Refusal


def way_out(why: Blocked) -> Destination:
    """Where what is in the way can be finished."""
    if isinstance(why, PaymentUnderWay):
        return ToPayment()
    return ToRefund() if isinstance(why, RefundOpen) else ToTill()


def blocked_view(why: Blocked, state: TillState, wording: Wording) -> StartView:
    """The shift stays open: what stands in the way, and one key that leads there."""
    t = wording.t
    labels = {ToPayment: t("To the payment"), ToRefund: t("To the refund")}
    lines = []
    if isinstance(why, BasketOpen):
        due = formatting.money(state.totals.due, currency=state.program.currency)
        pieces = state.totals.pieces
        lines.append(wording.n("{count} piece, {due}", "{count} pieces, {due}", pieces, due=due))
    return StartView(
        title=t("The shift cannot be closed yet"),
        lines=tuple(lines),
        primary=labels.get(type(way_out(why)), t("Back to the till")),
        notice=Notice(sentence(why, state, wording), "warning"),
        icon="alert",
    )


def done_view(closed: ShiftWasClosed, wording: Wording) -> StartView:
    """The Z is durable: what it says in one figure, and what goes on."""
    t, paper = wording.t, closed.paper
    end, currency = paper.end, paper.currency
    assert end is not None, "a Z has an end"
    left = formatting.money(Money(end.left_minor), currency=currency)
    over_short = Money(paper.over_short_minor)
    lines = [t("Stays in the drawer: {amount}", amount=left)]
    if over_short.minor:
        lines.append(t("Difference {amount}", amount=signed(over_short, currency)))
    if closed.holds:
        lines.append(
            wording.n(
                "{count} held sale goes to the next shift.",
                "{count} held sales go to the next shift.",
                len(closed.holds),
            )
        )
    return StartView(
        title=t("Shift closed: Z report No. {number}", number=paper.number),
        lines=tuple(lines),
        figure_label=t("Handed in"),
        figure=formatting.money(Money(end.handed_minor), currency=currency),
        primary=t("Sign out"),
        second=t("Print the Z again"),
        icon="check-circle",
    )
