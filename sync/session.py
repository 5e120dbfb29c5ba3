"""Session: who this till is towards the server, and the token that says so.

Owns: enrolment, challenge and token, when a token is asked for anew. Does not own: the key (it
stays with the till, ports.Credentials), what a refusal means for the lanes (core.py).

One session serves all lanes; they may ask at once, and one of them fetches.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from sync.ports import Clock, Credentials
from sync.protocol import (
    Challenge,
    ChallengeWanted,
    Enrol,
    Enrolled,
    Token,
    TokenWanted,
    signed_part,
)
from sync.transport import Call, Transport

RENEW_BEFORE_MS = 60_000
"""A token is asked for anew this long before its end, or at half its life if that is later."""


@dataclass(frozen=True, slots=True)
class _Held:
    token: str
    renew_ms: int
    """Monotonic."""


class Session:
    """The token of this till. Raises what the transport raises."""

    def __init__(self, credentials: Credentials, clock: Clock) -> None:
        self._credentials = credentials
        self._clock = clock
        self._lock = threading.Lock()
        self._held: _Held | None = None

    def token(self, transport: Transport) -> str:
        """The token in force; a new one over `transport` where it ends within a minute."""
        with self._lock:
            held = self._held
            if held is None or self._clock.monotonic_ms() >= held.renew_ms:
                held = self._held = self._fetch(transport)
            return held.token

    def renew(self, transport: Transport, refused: str | None = None) -> None:
        """Another token than `refused`, unless another lane has fetched one meanwhile."""
        with self._lock:
            if refused is None or self._held is None or self._held.token == refused:
                self._held = None
                self._held = self._fetch(transport)

    def _fetch(self, transport: Transport) -> _Held:
        device = self._credentials.device()
        asked_ms = self._clock.monotonic_ms()
        wanted = ChallengeWanted(device=device)
        given = transport.send(Call("challenge", wanted), Challenge)
        signature = self._credentials.sign(signed_part(device, given.challenge))
        answer = TokenWanted(device=device, challenge=given.challenge, signature=signature)
        token = transport.send(Call("token", answer), Token)
        # Counted from before the request: the server began to count later.
        life_ms = max(0, token.seconds) * 1000
        return _Held(token.token, asked_ms + max(life_ms - RENEW_BEFORE_MS, life_ms // 2))


def enrol(wanted: Enrol, *, url: str, credentials: Credentials, transport: Transport) -> Enrolled:
    """Turn a one-time code into who this till is, and keep that. Asked again with the same code
    and key (a lost answer), the server says the same again.

    Raises Unreachable, Garbled, Refused (`unknown_code`, `device_taken`) and the store's errors.
    """
    answer = transport.send(Call("enrol", wanted), Enrolled)
    credentials.enrolled(answer, url)
    return answer
