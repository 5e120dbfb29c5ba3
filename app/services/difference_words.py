"""Difference words: why the server's account differs from a receipt, in a sentence.

Owns: one sentence per kind of difference, and its points. Does not own: finding differences (the
server), the exception that tells the whole story (head office's list). A receipt stands in every
case: these sentences are about the account.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.codes import in_fours
from app.domain.outbox import Difference, DifferenceKind
from app.wording import N_, Wording

SENTENCES: Mapping[DifferenceKind, str] = {
    "overdraft": N_(
        "The points were spent somewhere else in the meantime. Later points make up for it."
    ),
    "coupon_used_twice": N_("The coupon had been used in another sale already."),
    "entitlement_used_twice": N_("The benefit had been used up somewhere else already."),
    "piece_refunded_twice": N_("Goods of this sale had been taken back at another till already."),
    "price_differs": N_("Head office calculated another price. The receipt counts."),
    "reservation_expired": N_("The points were no longer reserved when the sale arrived."),
    "floor_exceeded": N_("More points were spent offline than this till may spend for a member."),
    "grant_exceeded": N_("More points were spent than were set aside for this till."),
    "day_changed": N_("This till's clock was wrong. The sale counts on another day."),
    "pass_used_twice": N_("The same code of the member's phone was accepted at two tills."),
    "occasion_given_twice": N_("The gift for this occasion had been given already."),
    "phone_taken": N_("The phone number belongs to another member already."),
    "foreign_store": N_("The sale names another store than this till belongs to."),
    "unreadable": N_("Head office could not read all of it yet. Nothing is lost."),
    "revoked_device": N_("This till was locked out by head office when it arrived."),
    "approved_by_unknown": N_("Head office does not know who approved it."),
    "own_membership": N_("Somebody rang up his own membership."),
    "sums_differ": N_("What it does to the member's account is not what the receipt says."),
    "kind_not_allowed": N_("This till may not do that by itself; head office looks at it."),
    "gifts_differ": N_("Joining gave other gifts than the program has. They count."),
    "refund_differs": N_("The refund moved more or less than its goods were worth."),
    "copied_sale": N_("A copy of this machine finished the same basket, too."),
}


def difference_sentence(difference: Difference, wording: Wording) -> str:
    """What differs, and by how many points."""
    sentence = wording.t(SENTENCES[difference.kind])
    points = difference.points
    if not points:
        return sentence
    amount = (
        wording.n("{count} point more.", "{count} points more.", points, count=points)
        if points > 0
        else wording.n("{count} point fewer.", "{count} points fewer.", -points, count=-points)
    )
    return f"{sentence}{'' if sentence.endswith('。') else ' '}{amount}"


def other_side_sentence(difference: Difference, wording: Wording) -> str:
    """Where the other till was that this collided with; empty where the server named none."""
    said = difference.text
    store, till = said.get("other_store", ""), said.get("other_till", "")
    if not store or not till:
        return ""
    receipt = in_fours(said.get("other_receipt", ""))
    where = wording.t("The other side: {store}, register {till}.", store=store, till=till.zfill(2))
    if not receipt:
        return where
    return wording.t(
        "The other side: {store}, register {till}, receipt {receipt}.",
        store=store, till=till.zfill(2), receipt=receipt,
    )  # fmt: skip
