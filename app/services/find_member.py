"""Finding members: by card, phone, last four digits, name, pinyin; putting one on the basket.

Owns: the order of matching and who may be put on. Does not own: searching (a repository), the
panel (present.py), joining (joining.py). Hits are masked; only reveal.py unmasks, with a trace.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from app.domain.codes import Code, CodeKind, masked, parse_code
from app.domain.member import Member, MemberStatus, masked_name, masked_phone
from app.domain.moment import Moment
from app.domain.open_basket import MemberOnBasket
from app.domain.phone import Phone
from app.domain.server_answer import LookedUp, LookUpAnswer, LookUpWanted
from app.domain.view import IdentifiedBy
from app.services import basket_moves as moves
from app.services.answers import Changed, MemberUnknown, NoMember, Refusal
from app.services.audit_trail import record
from app.services.desk import keep, may_change, requote
from app.services.member_panel import card_masked
from app.services.phone import read_phone
from app.services.ports import UnitOfWork
from app.services.redeem_way import with_way
from app.services.seating import seat_member, survivor
from app.services.shop import Shop
from app.services.till_state import TillState

HITS_MAX = 8
LAST_DIGITS = 4


@dataclass(frozen=True, slots=True)
class MemberHit:
    """One row of the look-up: enough to tell two people apart, nothing more."""

    member_id: str
    name_masked: str
    phone_masked: str | None
    card_masked: str
    last_visit: date | None
    identified_by: IdentifiedBy
    """How the person will count as recognised when this row is chosen."""


@dataclass(frozen=True, slots=True)
class MembersFound:
    """The best matches; `more` where there are others: type more digits or letters."""

    hits: tuple[MemberHit, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class NobodyFound:
    """No match. `phone` where the text is a whole number: the person can join with it.

    `only_here`: head office could not be asked, so somebody else may know him.
    """

    text: str
    phone: str | None = None
    only_here: bool = False


@dataclass(frozen=True, slots=True)
class PhoneIncomplete:
    """Digits that are no whole number yet (or too many)."""

    digits: int


@dataclass(frozen=True, slots=True)
class TypeMore:
    """Too short to search for."""


@dataclass(frozen=True, slots=True)
class MemberPutOn:
    """The member is on the basket and it is priced for him."""

    state: TillState
    member_id: str


@dataclass(frozen=True, slots=True)
class CardUnknown:
    """A right member code that no member of this shop has."""

    card: str


@dataclass(frozen=True, slots=True)
class MemberElsewhere:
    """Nobody here knows him, and the server can be asked: look him up, then try again with that."""

    wanted: LookUpWanted


@dataclass(frozen=True, slots=True)
class MemberOutOfReach:
    """Nobody here knows him, and nobody can be asked: the sale goes on without a member."""


@dataclass(frozen=True, slots=True)
class CardOutOfUse:
    """The card was replaced by another one."""

    card_masked: str


@dataclass(frozen=True, slots=True)
class MemberNotActive:
    """Frozen or erased: he cannot be put on a basket."""

    status: MemberStatus


@dataclass(frozen=True, slots=True)
class OwnMembership:
    """Nobody rings up his own membership: another cashier has to do it."""


FindAnswer = MembersFound | NobodyFound | MemberElsewhere | PhoneIncomplete | TypeMore

PutOnAnswer = (
    MemberPutOn
    | CardUnknown
    | MemberElsewhere
    | MemberOutOfReach
    | CardOutOfUse
    | MemberNotActive
    | OwnMembership
    | MemberUnknown
    | Refusal
)


def find_members(
    *, shop: Shop, work: UnitOfWork, text: str, looked_up: LookUpAnswer | None = None
) -> FindAnswer:
    """Look a member up as typed: card, phone, last four digits, name or pinyin. Changes nothing.

    `looked_up`: what the server said of a card or a whole number nobody here knew.
    """
    wanted = text.strip()
    code = parse_code(wanted)
    if isinstance(code, Code) and code.kind is CodeKind.MEMBER:
        holder = work.members.by_card(code.text)
        member = survivor(work, work.members.get(holder.member_id)) if holder else None
        if holder is None or member is None:
            other = LookUpWanted(card=code.text)
            known = who_else(shop=shop, work=work, wanted=other, looked_up=looked_up)
            return _nobody(NobodyFound(wanted), known)
        return _found([member], "card" if holder.in_use else "name")
    digits = wanted.translate(_NO_SEPARATORS)
    if digits.lstrip("+").isdigit():
        return _by_digits(shop, work, wanted, digits, looked_up)
    if len(wanted) < _shortest_name(wanted):
        return TypeMore()
    hits = list(work.members.search(wanted, HITS_MAX + 1))
    return _found(hits, "name") if hits else NobodyFound(wanted)


_NO_SEPARATORS = {ord(sign): None for sign in " -()"}


def _shortest_name(text: str) -> int:
    """One Han character is a surname already; of letters it takes two."""
    return 2 if text.isascii() else 1


def _by_digits(
    shop: Shop, work: UnitOfWork, wanted: str, digits: str, looked_up: LookUpAnswer | None
) -> FindAnswer:
    phone = read_phone(digits)
    if isinstance(phone, Phone):
        owners = list(work.members.by_phone(phone.e164))
        if owners:
            return _found(owners, "phone")
        known = None
        if work.enrolment.read() is not None:
            # No open number leaves the till for a question.
            other = LookUpWanted(phone_claim=work.member_keys.claim(f"phone:{phone.e164}"))
            known = who_else(shop=shop, work=work, wanted=other, looked_up=looked_up)
        return _nobody(NobodyFound(wanted, phone.e164), known)
    count = len(digits.lstrip("+"))
    if count < LAST_DIGITS:
        return TypeMore()
    if count > LAST_DIGITS or digits.startswith("+"):
        return PhoneIncomplete(count)
    hits = list(work.members.by_last_digits(digits, HITS_MAX + 1))
    return _found(hits, "name") if hits else NobodyFound(wanted)


def _nobody(
    here: NobodyFound, known: MemberElsewhere | MemberOutOfReach | None
) -> NobodyFound | MemberElsewhere:
    """Nobody in this store: somebody else may know him, or can be asked at least."""
    if isinstance(known, MemberElsewhere):
        return known
    return here if known is None else replace(here, only_here=True)


def _found(members: list[Member], by: IdentifiedBy) -> MembersFound:
    hits = tuple(hit_of(member, by) for member in members[:HITS_MAX])
    return MembersFound(hits, len(members) > HITS_MAX)


def hit_of(member: Member, by: IdentifiedBy) -> MemberHit:
    """A member as the look-up shows him."""
    phone = member.person.phone
    return MemberHit(
        member.member_id,
        masked_name(member.person.name),
        masked_phone(phone) if phone else None,
        card_masked(member),
        member.last_visit,
        how_known(member, by),
    )


def how_known(member: Member, by: IdentifiedBy) -> IdentifiedBy:
    """A phone nobody has verified proves no more than a name."""
    return "name" if by == "phone" and not member.phone_verified else by


def put_on_by_card(
    *, shop: Shop, work: UnitOfWork, card: Code, looked_up: LookUpAnswer | None = None
) -> PutOnAnswer:
    """Put the member of a scanned card on the basket. Changes: the basket.

    `looked_up`: what the server said of a card nobody here knew; None = it was not asked.
    """
    refusal = may_change(shop)
    if refusal:
        return refusal
    holder = work.members.by_card(card.text)
    if holder is None:
        wanted = LookUpWanted(card=card.text)
        known = who_else(shop=shop, work=work, wanted=wanted, looked_up=looked_up)
        return known or CardUnknown(card.text)
    if not holder.in_use:
        return CardOutOfUse(masked(card))
    return _put_on(shop, work, MemberOnBasket(holder.member_id, "card", card.text))


def who_else(
    *, shop: Shop, work: UnitOfWork, wanted: LookUpWanted, looked_up: LookUpAnswer | None
) -> MemberElsewhere | MemberOutOfReach | None:
    """Who else may know a member that is not known here; None = nobody does."""
    if work.enrolment.read() is None or isinstance(looked_up, LookedUp):
        return None
    can_ask = looked_up is None and shop.server.contact().is_there
    return MemberElsewhere(wanted) if can_ask else MemberOutOfReach()


def put_identified_on(*, shop: Shop, work: UnitOfWork, how: MemberOnBasket) -> PutOnAnswer:
    """Put somebody on whom another service has recognised. Changes: the basket."""
    return _put_on(shop, work, how)


def put_on(*, shop: Shop, work: UnitOfWork, member_id: str, found_by: str) -> PutOnAnswer:
    """Put a member chosen from the look-up on the basket. Changes: the basket.

    `found_by`: what was typed to find him. How well he is known is judged by it here, since it
    limits what may be spent: a window says what was typed, never what it proves.
    """
    refusal = may_change(shop)
    if refusal:
        return refusal
    member = survivor(work, work.members.get(member_id))
    if member is None:
        return MemberUnknown(member_id)
    return _put_on(shop, work, _recognised(work, member, found_by))


def _recognised(work: UnitOfWork, member: Member, typed: str) -> MemberOnBasket:
    """What was typed proves his own card in use, his own number, or no more than a name."""
    wanted = typed.strip()
    code = parse_code(wanted)
    if isinstance(code, Code) and code.kind is CodeKind.MEMBER:
        holder = work.members.by_card(code.text)
        if holder is not None and holder.in_use:
            owner = survivor(work, work.members.get(holder.member_id))
            if owner is not None and owner.member_id == member.member_id:
                return MemberOnBasket(member.member_id, "card", code.text)
    phone = read_phone(wanted.translate(_NO_SEPARATORS))
    is_his = isinstance(phone, Phone) and phone.e164 == member.person.phone
    return MemberOnBasket(member.member_id, how_known(member, "phone" if is_his else "name"))


def put_new_on(*, shop: Shop, work: UnitOfWork, member: Member, now: Moment) -> PutOnAnswer:
    """Put somebody who has just joined on the basket, card in hand."""
    return _put_on(
        shop, work, MemberOnBasket(member.member_id, "card", member.card_code), now, is_new=True
    )


def _put_on(
    shop: Shop,
    work: UnitOfWork,
    how: MemberOnBasket,
    now: Moment | None = None,
    *,
    is_new: bool = False,
) -> PutOnAnswer:
    now = now or shop.now()
    state = shop.desk.state
    member = survivor(work, work.members.get(how.member_id))
    if member is None:
        return MemberUnknown(how.member_id)
    if member.status != "active":
        return MemberNotActive(member.status)
    if state.staff is not None and member.member_id in state.staff.member_ids:
        subject = member.member_id
        record(shop=shop, work=work, now=now, act="own_membership_refused", subject=subject)
        return OwnMembership()
    seat = seat_member(work, state, how, now, is_new=is_new)
    if seat is None:
        return MemberUnknown(how.member_id)
    basket = moves.put_member(state.basket, seat.how)
    judged = with_way(shop=shop, work=work, state=replace(state, basket=basket, seat=seat), now=now)
    seated = requote(shop, judged, now)
    return MemberPutOn(keep(shop, work, seated, now), member.member_id)


def remove_member(*, shop: Shop, work: UnitOfWork) -> Changed | NoMember | Refusal:
    """Take the member off the basket: it is priced for a walk-in. Changes: the basket, audit."""
    refusal = may_change(shop, "remove_member")
    if refusal:
        return refusal
    state = shop.desk.state
    if state.seat is None:
        return NoMember()
    now = shop.now()
    subject = state.seat.member.member_id
    record(shop=shop, work=work, now=now, act="member_removed", subject=subject)
    basket = moves.put_member(state.basket, None)
    bare = requote(shop, replace(state, basket=basket, seat=None), now)
    return Changed(keep(shop, work, bare, now))
