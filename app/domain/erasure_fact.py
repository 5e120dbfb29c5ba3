"""Facts about forgetting a person everywhere: it was asked for, it holds, a till has done it, all
have.

Owns: those fact types, and what they say of tills. Does not own: their bytes (facts.py), deciding
(sync/server/erase.py, app/services/erasure.py), what goes and what stays (erasure.py).
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from app.domain.bound import Id
from app.domain.fact_base import FactBase
from app.domain.ids import OpId
from app.domain.member_fact import MemberErased


class ReportingTill(Struct, frozen=True):
    """A till that has to say that it has forgotten a person, as people call it."""

    device: Id
    store_name: str
    store_number: int
    till_number: int


class ErasureRequested(
    FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="erasure_requested.1"
):
    """A member asked at this desk to be forgotten. A request: head office decides, and forgets.

    It has no effects on the account.
    """

    reason: str = ""
    approved_by: tuple[str, ...] = ()


class KeepingEnded(FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="keeping_ended.1"):
    """A member was not here for as long as the shop keeps anybody, as far as this till knows. A
    request: head office, which hears of his visits everywhere, decides, and forgets."""

    unseen_since: date
    """Whoever was at any store on that day or later is kept."""


class CaseErasureRequested(
    FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="case_erasure_requested.1"
):
    """The words of a complaint of somebody who is no member are to be forgotten. A request: head
    office tells every till, by a PersonErased that names the case. It names no member."""

    case: OpId
    reason: str = ""
    """Empty: the time of keeping it is over."""


class PersonErased(
    MemberErased, frozen=True, kw_only=True, omit_defaults=True, tag="member_erased.2"
):
    """A person was forgotten, and these tills have to report when they have done it.

    Without a member: whoever complained and was none; its one id is that of the case.
    """

    tills: tuple[ReportingTill, ...] = ()
    request: OpId | None = None
    """The request it answers; None: head office itself was asked."""


class ErasureDone(FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="erasure_done.1"):
    """This till has forgotten the person of `erasure`: nothing of him can be read here any more.

    It names no member: it changes nobody's account.
    """

    erasure: Id
    """The op_id of the fact that said it holds."""
    ids: tuple[str, ...]
    """All his ids: a till restored from its journal forgets him by this fact once more."""
    was_known: bool = False
    """Whether there was anything of him here."""


class ErasureEnded(FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="erasure_ended.1"):
    """Every till that had to has reported that erasure. Head office says it to all of them: to a
    till of another store it tells no single report.

    It names no member: it changes nobody's account.
    """

    erasure: Id
    """The op_id of the fact that said it holds."""
