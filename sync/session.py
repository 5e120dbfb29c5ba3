"""Session: who this till is towards the server, and the token that says so.

Owns: enrolment, challenge and token, when a token is asked for anew. Does not own: the key (it
stays with the till, ports.Credentials), what a refusal means for the lanes (core.py).

One session serves all lanes. They may ask at once and one of them fetches; whoever has less time
than that takes fetches for himself: a cashier never waits for what hangs on another lane.
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
from sync.transport import ANSWER_S, Call, Transport

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
        # Held for moments only, never while the network is asked.
        self._lock = threading.Condition()
        self._held: _Held | None = None
        self._fetching = 0

    def token(self, transport: Transport, seconds: float = ANSWER_S) -> str:
        """The token in force; a new one over `transport` where it ends within a minute.

        `seconds`: how long the caller waits, for another lane's fetch and for each answer.
        """
        with self._lock:
            self._lock.wait_for(lambda: not self._fetching or self._good() is not None, seconds)
            held = self._good()
        return self._fetched(transport, seconds) if held is None else held.token

    def renew(
        self, transport: Transport, refused: str | None = None, seconds: float = ANSWER_S
    ) -> None:
        """Another token than `refused`, unless another lane has fetched one meanwhile."""
        with self._lock:
            self._lock.wait_for(lambda: not self._fetching, seconds)
            if refused is not None and self._held is not None and self._held.token != refused:
                return
            self._held = None
        self._fetched(transport, seconds)

    def _good(self) -> _Held | None:
        held = self._held
        is_old = held is None or self._clock.monotonic_ms() >= held.renew_ms
        return None if is_old else held

    def _fetched(self, transport: Transport, seconds: float) -> str:
        with self._lock:
            self._fetching += 1
        try:
            held = self._fetch(transport, seconds)
            with self._lock:
                self._held = held
            return held.token
        finally:
            with self._lock:
                self._fetching -= 1
                self._lock.notify_all()

    def _fetch(self, transport: Transport, seconds: float) -> _Held:
        device = self._credentials.device()
        asked_ms = self._clock.monotonic_ms()
        wanted = ChallengeWanted(device=device)
        given = transport.send(Call("challenge", wanted, answer_s=seconds), Challenge)
        signature = self._credentials.sign(signed_part(device, given.challenge))
        answer = TokenWanted(device=device, challenge=given.challenge, signature=signature)
        token = transport.send(Call("token", answer, answer_s=seconds), Token)
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
