"""Customer display view: what a customer may read of the till, as texts. Pure: no Qt, no service.

Owns: which state is shown, every text on it. Does not own: where the cashier is (controller.py),
the look (window.py). A member is a tier and points here: never a name, a number or a card.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from app.domain.consent import ConsentText
from app.domain.money import ZERO, Money
from app.domain.phone_page import PageKind
from app.services.charged_price import ChargedPrices
from app.services.checkout import SaleDone
from app.services.till_state import TillLine, TillState
from app.wording import Wording
from ui import formatting, phrases
from ui.customer_display.order_rows import order_rows
from ui.phrases import FigureLine, quantity_text
from ui.rows import tier_tone
from ui.survey_words import ScoreView, Told, for_customer

Place = Literal["closed", "selling", "paying", "done"]
DisplayState = Literal[
    "closed", "welcome", "items", "member", "payment", "done", "consent", "phone", "test"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class PhoneLink:
    """A page for the customer's own phone."""

    url: str = field(repr=False)
    page: PageKind


@dataclass(frozen=True, slots=True)
class DisplayFacts:
    """What is known. `state`: the last committed snapshot; `place`: where the cashier works."""

    state: TillState | None = None
    place: Place = "closed"
    done: SaleDone | None = None
    before: TillState | None = None
    """The snapshot that was paid."""
    charged: ChargedPrices = field(default_factory=ChargedPrices)
    is_test: bool = False
    asked: tuple[ConsentText, ...] = ()
    """What the customer is asked to agree to, membership first; empty = nothing."""
    link: PhoneLink | None = None
    """What his own phone is to open."""
    scored: Told | None = None
    """The question after his purchase, or his answer."""


@dataclass(frozen=True, slots=True)
class ItemView:
    """One line of goods. `struck`: its list price, where it was really charged lately."""

    name: str
    detail: str
    amount: str
    struck: str
    saving: str


@dataclass(frozen=True, slots=True)
class MemberStrip:
    """`金卡会员  +409 分`."""

    tone: str
    tier: str
    short: str
    """The tier where there is no room to say that it is a member's."""
    points: str


@dataclass(frozen=True, slots=True)
class ConsentAsked:
    """The answers a customer has. `marketing`: the text of its tick; empty: not asked for."""

    agree: str
    decline: str
    marketing: str


@dataclass(frozen=True, slots=True)
class DisplayView:
    """The whole display. Texts that a state has not are empty."""

    state: DisplayState
    shop: str
    language_label: str
    headline: str = ""
    detail: str = ""
    icon: str = ""
    member: MemberStrip | None = None
    items: tuple[ItemView, ...] = ()
    """Newest first."""
    counts: str = ""
    rows: tuple[FigureLine, ...] = ()
    total_label: str = ""
    total: str = ""
    saved: str = ""
    pay_code: str = ""
    """The text of the shop's payment QR, where the customer is to scan it."""
    phone_code: str = ""
    """The link that his phone is to open."""
    consent: ConsentAsked | None = None
    survey: ScoreView | None = None


def present(facts: DisplayFacts, wording: Wording) -> DisplayView:
    """The display in the customer's language."""
    view = _View(facts, wording)
    state = facts.state
    if facts.is_test:
        return view.test()
    if facts.place == "done" and facts.done is not None:
        return view.done(facts.done)
    if state is None or state.staff is None or state.locked or facts.place == "closed":
        return view.closed()
    if facts.link is not None:
        return view.phone(facts.link)
    if facts.asked:
        return view.consent(facts.asked)
    if not state.lines:
        return view.member(state) if state.member is not None else view.welcome()
    return view.payment(state) if facts.place == "paying" else view.items(state)


@dataclass(frozen=True, slots=True)
class _View:
    """Puts the facts into words."""

    facts: DisplayFacts
    wording: Wording

    def closed(self) -> DisplayView:
        t = self.wording.t
        return self._view(
            "closed",
            icon="clock",
            headline=t("This register is closed for a moment"),
            detail=t("Please wait, or ask at another register."),
        )

    def welcome(self) -> DisplayView:
        t = self.wording.t
        return self._view(
            "welcome",
            icon="qrcode",
            headline=t("Welcome"),
            detail=t("Member? Show your code: prices and points count from the first item on."),
        )

    def member(self, state: TillState) -> DisplayView:
        t, panel = self.wording.t, state.member
        assert panel is not None, "nobody to greet"
        points = t("Points: {points}", points=formatting.points(panel.points))
        return self._view(
            "member",
            icon="sparkles",
            headline=t(
                "Welcome, {tier} member", tier=phrases.words(panel.tier_words, self.wording)
            ),
            detail=points,
            member=self._strip(state),
        )

    def items(self, state: TillState) -> DisplayView:
        t, totals = self.wording.t, state.totals
        is_settled = all(line.problem is None for line in state.lines)
        return self._view(
            "items",
            member=self._strip(state),
            items=self._items(state),
            counts=self._counts(state),
            rows=order_rows(state, self.wording),
            total_label=t("Amount due") if is_settled else t("So far"),
            total=phrases.money(totals.due, state),
            saved=self._saved(totals.saved, state),
        )

    def payment(self, state: TillState) -> DisplayView:
        t, totals = self.wording.t, state.totals
        left = totals.due - totals.received
        goes_back = left < ZERO
        icon, headline, detail = self._prompt(state, left)
        return self._view(
            "payment",
            icon=icon,
            headline=headline,
            detail=detail,
            member=self._strip(state),
            items=self._items(state),
            counts=self._counts(state),
            rows=self._payment_rows(state, left),
            total_label=t("You get back") if goes_back else t("Amount due"),
            total=phrases.money(Money(abs(left.minor)), state),
            saved=self._saved(totals.saved, state),
            pay_code=self._pay_code(state),
        )

    def done(self, done: SaleDone) -> DisplayView:
        t, before = self.wording.t, self.facts.before
        state = before if before is not None else done.state
        rows = [FigureLine(t("You paid"), phrases.money(done.due, state))]
        if done.change:
            rows.append(FigureLine(t("Change"), phrases.money(done.change, state)))
        if done.cash_back:
            rows.append(FigureLine(t("You get back"), phrases.money(done.cash_back, state)))
        if done.points_balance is not None:
            rows.append(FigureLine(t("Points now"), formatting.points(done.points_balance)))
        return self._view(
            "done",
            icon="check-circle",
            headline=t("Thank you, see you again"),
            member=self._done_strip(done, state),
            rows=tuple(rows),
            saved=self._saved(before.totals.saved if before is not None else ZERO, state),
            survey=self._survey(state),
        )

    def consent(self, asked: tuple[ConsentText, ...]) -> DisplayView:
        t = self.wording.t
        words = {text.purpose: self._words(text) for text in asked}
        answers = ConsentAsked(t("I agree"), t("No, thank you"), words.get("marketing", ""))
        return self._view(
            "consent",
            headline=t("Become a member? Please read and answer here"),
            detail=self._words(asked[0]),
            consent=answers,
        )

    def phone(self, link: PhoneLink) -> DisplayView:
        t = self.wording.t
        joins = link.page == "join"
        return self._view(
            "phone",
            headline=t("Become a member on your phone") if joins else t("Your card on your phone"),
            detail=t("Scan this with your phone; read and agree there.")
            if joins
            else t("Scan this with your phone. It opens once."),
            phone_code=link.url,
        )

    def test(self) -> DisplayView:
        t = self.wording.t
        return self._view(
            "test",
            icon="monitor",
            headline=t("Customer display: test picture"),
            detail=t("Is every edge of this frame on the screen?"),
            total="¥1,234,567.89",
        )

    # ------------------------------------------------------------------ parts

    def _survey(self, state: TillState) -> ScoreView | None:
        told = self.facts.scored
        if told is None:
            return None
        return for_customer(told, state.settings.store_name, self.wording)

    def _words(self, text: ConsentText) -> str:
        """Exactly what is agreed to: its hash goes into the record."""
        words = dict(text.texts)
        return words.get(self.wording.language, words.get("en", "")).strip()

    def _view(self, state: DisplayState, **texts: object) -> DisplayView:
        shop = self.facts.state.settings.store_name if self.facts.state is not None else ""
        other = "English" if self.wording.is_chinese else "中文"
        return DisplayView(state, shop, other, **texts)  # type: ignore[arg-type]  # each by its own name

    def _strip(self, state: TillState) -> MemberStrip | None:
        panel = state.member
        if panel is None:
            return None
        earned = state.totals.points_earned
        return MemberStrip(
            tone=tier_tone(panel.tier_rank, state.program.tier_count),
            tier=self._tier(state),
            short=phrases.words(panel.tier_words, self.wording),
            points=self._earned(earned) if state.lines else "",
        )

    def _done_strip(self, done: SaleDone, state: TillState) -> MemberStrip | None:
        panel = state.member
        if panel is None:
            return None
        tone = tier_tone(panel.tier_rank, state.program.tier_count)
        short = phrases.words(panel.tier_words, self.wording)
        return MemberStrip(tone, self._tier(state), short, self._earned(done.points_earned))

    def _tier(self, state: TillState) -> str:
        assert state.member is not None
        words = phrases.words(state.member.tier_words, self.wording)
        return self.wording.t("{tier} member", tier=words)

    def _earned(self, points: int) -> str:
        if not points:
            return ""
        return self.wording.t("{points} pts", points=formatting.points(points, signed=True))

    def _items(self, state: TillState) -> tuple[ItemView, ...]:
        return tuple(self._item(line, state) for line in reversed(state.lines))

    def _item(self, line: TillLine, state: TillState) -> ItemView:
        t, currency = self.wording.t, state.program.currency
        if line.problem is not None or line.unit_price is None:
            return ItemView(line.name or t("An item"), t("One moment, being checked"), "", "", "")
        unit = line.unit if line.weighed or not line.quantity.is_pieces else ""
        price = formatting.figure(line.unit_price, currency=currency)
        count = quantity_text(line.quantity, unit)
        by_points = any(change.kind == "points_price" for change in line.adjustments)
        is_lower = line.row_amount < line.list_amount and not by_points
        said = [phrases.adjustment_name(each, state.rules, self.wording)
                for each in line.adjustments]  # fmt: skip
        if line.is_gift and not said:
            said = [t("Gift")]
        off = formatting.taken_off(line.row_amount - line.list_amount, currency=currency)
        was = line.sku is not None and self.facts.charged.holds(line.sku, line.unit_price)
        return ItemView(
            name=line.name,
            detail=phrases.SEPARATOR.join([f"{count} × {price}", *said]),
            amount=formatting.figure(line.row_amount, currency=currency),
            struck=formatting.figure(line.list_amount, currency=currency)
            if is_lower and was
            else "",
            saving=off if is_lower else "",
        )

    def _counts(self, state: TillState) -> str:
        return self.wording.n("{count} pc", "{count} pcs", state.totals.pieces)

    def _saved(self, amount: Money, state: TillState) -> str:
        if amount <= ZERO:
            return ""
        return self.wording.t("You save {amount}", amount=phrases.money(amount, state))

    def _payment_rows(self, state: TillState, left: Money) -> tuple[FigureLine, ...]:
        t, totals = self.wording.t, state.totals
        rows = [] if self._pay_code(state) else list(order_rows(state, self.wording))
        if totals.received:
            rows.append(FigureLine(t("Received"), phrases.money(totals.received, state)))
        if totals.round_off and left > ZERO and state.attempt is None:
            rows.append(FigureLine(t("In cash"), phrases.money(totals.due_cash, state)))
        return tuple(rows)

    def _prompt(self, state: TillState, left: Money) -> tuple[str, str, str]:
        """An icon, what to do, and what else could be done."""
        t, attempt = self.wording.t, state.attempt
        if state.giving_back:
            return "refresh", t("Your payment is being given back"), t("Please wait.")
        if attempt is None:
            if left <= ZERO:
                return "", "", ""
            return "qrcode", t("Please show your payment code"), t("Or pay in cash or by card.")
        amount = phrases.money(attempt.amount, state)
        if attempt.state == "unknown":
            return "refresh", t("The payment is being checked"), t("Please do not pay again.")
        if not attempt.by_hand:
            return "hourglass", t("{amount} is being taken", amount=amount), t("Please wait.")
        if attempt.kind == "card":
            return "card", t("Please use the card terminal"), amount
        return "qrcode", t("Please pay {amount} by code", amount=amount), ""

    def _pay_code(self, state: TillState) -> str:
        attempt = state.attempt
        asks = attempt is not None and attempt.kind == "mobile" and attempt.by_hand
        is_open = asks and attempt is not None and attempt.state != "unknown"
        return state.settings.display_pay_code if is_open and not state.giving_back else ""
