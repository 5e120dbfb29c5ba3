"""Sentences of the settings: why a value cannot be, who may change it, what came of it. Pure.

Owns: these sentences. Does not own: names and options (words.py), when they are said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.domain.money import Money
from app.domain.rights import LimitMissing, Verdict
from app.domain.setting_kind import ValueFault, ValueRefused
from app.services.answers import PaymentUnderWay, SignInFirst
from app.services.approval import ActForbidden
from app.services.settings import SettingNotPossible
from app.wording import N_, Wording
from ui import formatting
from ui.settings.words import WORDS

_FAULTS: Mapping[ValueFault, str] = {
    "empty": N_("Type something: this cannot be empty."),
    "not_a_number": N_("Type a whole number from {least} to {most}."),
    "out_of_range": N_("This does not fit: it has to be from {least} to {most}."),
    "not_an_amount": N_("Type an amount of money, as in 20 or 20.50."),
    "amount_too_high": N_("At most {amount}."),
    "not_an_option": N_("Choose one of the options."),
    "too_long": N_("Too long: at most {most} signs."),
    "control_signs": N_("Remove the signs that cannot be seen; type it instead of pasting it."),
    "too_many": N_("At most {most} of them."),
    "doubled": N_("{part} stands there twice: remove one."),
    "not_worths": N_("{part} is no note or coin: type amounts with commas, as in 100, 50, 0.5."),
    "worths_order": N_("{part} stands too far behind: the largest comes first."),
    "not_a_prefix": N_("{part} cannot be: two figures from {least} to {most}."),
    "prefix_taken": N_("{part} belongs to the other kind of label: remove it there first."),
    "not_a_pattern": N_("This is no regular expression: check its brackets."),
    "overlaps_payment": N_("This would take customers' payment codes for goods: make it narrower."),
    "not_an_address": N_("Begin with one of {part}, then a colon and where it is."),
    "not_before_codes": N_(
        "Codes or typing may begin with this sign: take a control sign, as STX (2), or ~ (126)."
    ),
}

ROLE_WORDS: Mapping[str, str] = {
    "cashier": N_("Cashier"),
    "supervisor": N_("Supervisor"),
    "manager": N_("Store manager"),
    "auditor": N_("Auditor"),
}


def fault_sentence(why: ValueRefused, currency: str, wording: Wording) -> str:
    """What is wrong with a value, and what would do."""
    return wording.t(
        _FAULTS[why.fault],
        least=why.least,
        most=why.most,
        part=why.part,
        amount=formatting.money(Money(why.most), currency=currency),
    )


def refusal_sentence(answer: object, currency: str, wording: Wording) -> str:
    """Why a setting was not changed."""
    match answer:
        case SettingNotPossible(_, why):
            return fault_sentence(why, currency, wording)
        case ActForbidden() | LimitMissing():
            return wording.t("Your role may not change this. Ask the store manager.")
        case PaymentUnderWay():
            return wording.t("A payment is under way: finish it first.")
        case SignInFirst():
            return wording.t("Sign in first.")
        case _:
            raise TypeError(f"no answer of the settings: {answer!r}")


def changed_sentence(changed: Sequence[str], wording: Wording) -> str:
    """What was changed, by identifier."""
    if len(changed) == 1:
        return wording.t("{setting}: changed.", setting=wording.t(WORDS[changed[0]].name))
    return wording.n("{count} setting changed.", "{count} settings changed.", len(changed))


def who_may(is_personal: bool, roles: Sequence[tuple[str, Verdict]], wording: Wording) -> str:
    """Who may change a setting, in words."""
    if is_personal:
        return wording.t("Everybody may change it.")
    free = [_role(name, wording) for name, verdict in roles if verdict in ("allowed", "up_to")]
    asks = [_role(name, wording) for name, verdict in roles if verdict == "approval"]
    comma = wording.t(", ")
    if not free and not asks:
        return wording.t("Nobody may change it.")
    if not asks:
        return wording.t("May change it: {roles}.", roles=comma.join(free))
    if not free:
        return wording.t("May change it with approval: {roles}.", roles=comma.join(asks))
    return wording.t(
        "May change it: {roles}; with approval: {others}.",
        roles=comma.join(free),
        others=comma.join(asks),
    )


def _role(name: str, wording: Wording) -> str:
    return wording.t(ROLE_WORDS[name]) if name in ROLE_WORDS else name
