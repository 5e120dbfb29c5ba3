"""Recipients: a member as the decision about a message sees him, read in the moment it is made.

Owns: reading consents, choice and addresses of whoever an id belongs to. Does not own: the decision
(app/domain/message.py), what a profile is (../profile.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import msgspec
from sqlalchemy import Connection

from app.domain.account import MemberAccount, account_of
from app.domain.business_day import ShopTime
from app.domain.member import PersonalData
from app.domain.message import (
    Channel,
    Decision,
    Due,
    MessageChoice,
    NotSent,
    Recipient,
    SendingRules,
    decide,
)
from app.domain.view import standing_consents
from sync.server import tables as t
from sync.server.alias import one_profile, status_of
from sync.server.member_keys import key_ring
from sync.server.message import channels_of
from sync.server.messages.post_settings import MessageSettings, is_mail_address
from sync.server.profile import profiles
from sync.server.rows import find
from sync.server.sender import House
from sync.server.survey_message import Questions
from sync.server.tables import shard_of


class Judging(Protocol):
    """What is asked of whoever sends (sending.Post)."""

    @property
    def tenant(self) -> str: ...
    @property
    def house(self) -> House: ...
    @property
    def settings(self) -> MessageSettings: ...
    @property
    def now_ms(self) -> Any: ...


def decision_on(
    connection: Connection,
    judging: Judging,
    row: Mapping[str, Any],
    ids: Sequence[str],
    others: Sequence[Mapping[str, Any]],
) -> tuple[Decision, str]:
    """Whether a message goes to the person of these ids now, and in which language."""
    to = recipient(connection, judging.tenant, ids, judging.house)
    settings = judging.settings
    rules = SendingRules(
        settings.channels, settings.most_in_30_days, settings.quiet, ShopTime().zone
    )
    sent = [
        each["sent_ms"] or each["claimed_ms"]
        for each in others
        if each["state"] in ("sending", "sent")
    ]
    due = Due(row["kind"], row["ends_ms"], channels_of(judging.tenant, row, judging.house))
    now_ms = judging.now_ms()
    decision = decide(due, to, sent, rules, now_ms)
    if due.kind == "survey" and not isinstance(decision, NotSent):
        questions = Questions(connection, judging.tenant, judging.house, now_ms)
        sale = row["message"].partition(":")[2]
        decision = questions.not_asked_because(sale, ids, others) or decision
    return decision, to.choice.language or settings.language


def recipient(connection: Connection, tenant: str, ids: Sequence[str], house: House) -> Recipient:
    """The person behind these ids, the survivor first: his own choices come first, too."""
    keys = [{"shard_key": shard_of(each), "member": each} for each in sorted(set(ids))]
    people = {row["member"]: row for row in find(connection, tenant, t.member, keys)}
    key = {"shard_key": shard_of(ids[0]), "member": ids[0]}
    rows = find(connection, tenant, t.account, [key], columns=(t.account.c.data,))
    account = account_of(rows[0]["data"]) if rows and rows[0]["data"] else MemberAccount()
    standing, refused = consents_of(account)
    seen = profiles(connection, tenant, ids, key_ring(connection, tenant, ids, house))
    profile = one_profile(seen.get(each) for each in ids)
    person = PersonalData() if profile is None else msgspec.json.decode(profile, type=PersonalData)
    return Recipient(
        status_of(ids, people), standing, refused, addresses_of(person),
        person.messages or MessageChoice(),
    )  # fmt: skip


def consents_of(account: MemberAccount) -> tuple[frozenset[str], frozenset[str]]:
    """Purposes he agrees to, and those he agreed to once and does not now."""
    standing = standing_consents(account)
    return standing, frozenset(each.purpose for each in account.consents.values()) - standing


def addresses_of(person: PersonalData) -> dict[Channel, str]:
    """Where he can be reached; what is no address is none."""
    found: dict[Channel, str] = {}
    if person.phone:
        found["sms"] = person.phone
    if person.email and is_mail_address(person.email):
        found["email"] = person.email
    return found
