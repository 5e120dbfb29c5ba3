"""Enrolling: one request to become a till of a chain, and what each refusal means for a person.

Owns: which addresses may be asked, asking again with the same key after a lost answer. Does not
own: the key and taking the answer over (credential.py), when lanes are made (joined.py).
"""

from __future__ import annotations

import ipaddress
import logging
import threading
from collections.abc import Callable
from urllib.parse import urlsplit

from app.domain.server_answer import Enrolled, EnrolRefused, EnrolStep, EnrolTrouble
from sync.errors import Busy, Garbled, NotSpoken, Refused, Unreachable
from sync.protocol import Enrol
from sync.session import enrol
from sync.till.credential import TillCredentials
from sync.till.ports import Note, unnoted
from sync.transport import Transport, is_untrusted

LOG = logging.getLogger(__name__)
TRIES = 2
CODE_SIGNS_MAX = 40
NAME_MAX = 60


class Enroller:
    """Enrols one till. Not for two threads at once."""

    def __init__(self, credentials: TillCredentials, language: str) -> None:
        self._credentials, self._language = credentials, language
        self._asked: tuple[str, str, Enrol] | None = None
        self._lock = threading.Lock()
        self._transport: Transport | None = None
        self._is_ended = False

    def end(self) -> None:
        """Whoever is asked is asked no longer, nor anybody after him: the program ends."""
        with self._lock:
            self._is_ended = True
            if self._transport is not None:
                self._transport.abort()

    def enrol(
        self,
        url: str,
        code: str,
        name: str,
        tell: Callable[[EnrolStep], object],
        note: Note = unnoted,
    ) -> Enrolled | EnrolRefused:
        """Ask the server at `url`. A code works once: where an answer was lost, the same request
        (the same key) is sent again, also by a person who presses once more. `note` is written in
        the transaction that keeps the answer."""
        address, slip = url.strip().rstrip("/"), code.strip()
        trouble = _trouble_of_address(address)
        if trouble is None and not (0 < len(slip) <= CODE_SIGNS_MAX and slip.isascii()):
            trouble = "unknown_code"
        if trouble is not None:
            return EnrolRefused(trouble, address)
        tell("reaching")
        wanted = self._request(address, slip, name.strip()[:NAME_MAX])
        self._credentials.note = note
        tell("proving")
        try:
            answer = self._say(wanted, address)
        except (Unreachable, Garbled, Refused) as error:
            return _refused(error, address)
        except Exception:  # the store's own errors: pressed again, the same request is sent
            LOG.exception("who this till is could not be kept")
            return EnrolRefused("not_kept", address)
        tell("adopting")
        self._asked = None
        here = self._credentials.identity()
        return Enrolled(here, answer)

    def _request(self, address: str, code: str, name: str) -> Enrol:
        if self._asked is not None and self._asked[:2] == (address, code):
            return self._asked[2]
        wanted = self._credentials.request(code, name)
        self._asked = (address, code, wanted)
        return wanted

    def _say(self, wanted: Enrol, address: str) -> str:
        transport = Transport(address, language=self._language)
        try:
            with self._lock:
                if self._is_ended:
                    raise Unreachable("the program ends")
                self._transport = transport
            for _ in range(TRIES - 1):
                try:
                    return self._once(wanted, address, transport)
                except Unreachable:
                    continue  # a lost answer: the same again, and the same comes
            return self._once(wanted, address, transport)
        finally:
            with self._lock:
                self._transport = None
            transport.close()

    def _once(self, wanted: Enrol, address: str, transport: Transport) -> str:
        given = enrol(wanted, url=address, credentials=self._credentials, transport=transport)
        return given.store_name


def _trouble_of_address(address: str) -> EnrolTrouble | None:
    """Why nobody is asked there. Without TLS only this machine is."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "bad_address"
    extra = parts.query or parts.fragment or parts.username or parts.password
    if parts.scheme not in ("http", "https") or not host or extra:
        return "bad_address"
    return None if parts.scheme == "https" or _is_here(host) else "open_address"


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _refused(error: Unreachable | Garbled | Refused, address: str) -> EnrolRefused:
    match error:
        case Unreachable():
            return EnrolRefused("unreachable", address)
        case Garbled():
            return EnrolRefused("untrusted" if is_untrusted(error) else "garbled", address)
        case NotSpoken():
            return EnrolRefused("update_program", address, error.detail)
        case Refused(code="too_many"):
            return EnrolRefused("too_many", address, error.detail)
        case Busy():
            return EnrolRefused("busy", address, error.detail)
        case Refused(code="unknown_code"):
            return EnrolRefused("unknown_code", address, error.detail)
        case Refused(code="device_taken"):
            return EnrolRefused("till_taken", address, error.detail)
        case _:
            return EnrolRefused("refused", address, error.detail)
