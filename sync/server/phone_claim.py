"""A member's number: whoever looks for him by phone finds him by the one he has now.

Owns: moving the claim with an edit of the profile, and hashing the number of who joined under the
chain's key. Does not own: claims (member.py), profiles (profile.py), joining (its fact carries its
claims; a shop that was alone made them under a key of its own, which the chain's tills have not).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec
from sqlalchemy import Connection

from app.domain.facts import MemberJoined
from app.domain.keyed_hash import phone_claim
from app.domain.member import PersonalData
from sync.server.exception_case import Finding
from sync.server.folding import Accounts
from sync.server.hearing import Heard
from sync.server.member import Claiming, claim_identities, give_claim_free
from sync.server.member_keys import KeyRing
from sync.server.profile import ProfileWrite, profiles
from sync.server.sender import House


def hash_numbers(
    connection: Connection,
    tenant: str,
    joined: Sequence[tuple[Heard, ProfileWrite]],
    ring: KeyRing,
    house: House,
) -> None:
    """Note what each of these who joined is found by: besides what his fact says, the number he has
    now. Once what he was entered with is in force, as far as it is: it may have changed since.
    """
    secret = house.claim_secret(connection, tenant) if joined else None
    if secret is None:
        return
    now = profiles(connection, tenant, {write.member for _, write in joined}, ring)
    for heard, write in joined:
        entered, has = write.values.get("phone"), _phone(now.get(write.member))
        said = heard.fact.claims if isinstance(heard.fact, MemberJoined) else ()
        past = phone_claim(secret, entered) if entered and entered != has else ""
        own = (phone_claim(secret, has),) if has else ()
        kept = (each for each in said if each != past)
        heard.claims = tuple(dict.fromkeys((*kept, *own)))


def move_claims(
    connection: Connection,
    accounts: Accounts,
    edits: Sequence[tuple[ProfileWrite, date]],
    ring: KeyRing,
    house: House,
) -> list[Finding]:
    """Before these edits are put in force. A number that somebody else holds is a finding."""
    moved = [(write, day) for write, day in edits if "phone" in write.values]
    tenant = accounts.tenant
    secret = house.claim_secret(connection, tenant) if moved else None
    if secret is None:
        return []
    before = profiles(connection, tenant, {write.member for write, _ in moved}, ring)
    wanted = []
    for write, day in moved:
        old = _phone(before.get(write.member))
        new = write.values["phone"]
        if old is not None and old != new:
            account = accounts.of(write.member)
            ids = {account.member, *account.after.includes, write.member}
            give_claim_free(connection, tenant, phone_claim(secret, old), ids)
        if new:
            wanted.append(Claiming(write.member, phone_claim(secret, new), write.op_id, day))
    return claim_identities(connection, tenant, wanted) if wanted else []


def _phone(profile: bytes | None) -> str | None:
    return None if profile is None else msgspec.json.decode(profile, type=PersonalData).phone
