"""Signed passes as the server makes them: who, with which tier, from now on, for how long.

Owns: signing one, and for how long it is good. Does not own: its form and judgement
(app/domain/member_pass.py), the key (ports.py), the picture (code_picture.py).
"""

from __future__ import annotations

from app.domain.codes import Code
from app.domain.member_pass import MemberPassClaims, pass_code, signed_bytes
from sync.server.pages.ports import PassSigner

PASS_SECONDS = 60
RENEW_SECONDS = 40
"""A shown pass is replaced while it still has time to be scanned."""
assert 0 < RENEW_SECONDS < PASS_SECONDS


def signed_pass(signer: PassSigner, *, member: str, tier: str, now_ms: int) -> Code:
    """A fresh pass. Raises ValueError for a tier whose id no pass can carry."""
    claims = MemberPassClaims(
        key_number=signer.key_number,
        member=member,
        tier=tier,
        issued_ms=now_ms,
        seconds=PASS_SECONDS,
    )
    return pass_code(claims, signer.key.sign(signed_bytes(claims)))
