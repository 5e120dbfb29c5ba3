"""Who the till is towards its server: its key, and becoming somebody.

Owns: what stands in a request to enrol, and taking over its answer. Does not own: the key itself
(app/store/device_key.py), the requests (transport.py).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from app.domain.enrolment import Enrolment
from app.domain.outbox import ChainKept
from app.domain.settings import Identity
from sync.errors import NotAllowed
from sync.ports import Clock
from sync.protocol import EPOCHS_ASKED_MAX, Enrol, Enrolled
from sync.till.ports import DeviceKey, Note, TillLane, TillWork, unnoted

LOG = logging.getLogger(__name__)


class TillCredentials:
    """Fits sync.ports.Credentials over the till's store and this machine's keychain."""

    def __init__(self, lane: TillLane, clock: Clock, keys: DeviceKey) -> None:
        self._lane, self._clock, self._keys = lane, clock, keys
        self._coming: str | None = None
        self.note: Note = unnoted

    def server_url(self) -> str | None:
        """As the port says; also None while the till has to enrol again."""
        who = self._lane.run(lambda work: work.enrolment.read())
        return None if who is None or who.key_id is None else who.server_url

    def device(self) -> str:
        """As the port says."""
        return self.identity().device

    def sign(self, data: bytes) -> bytes:
        """As the port says. Raises NotAllowed where this machine has no key: a keychain that is
        open again later has one, another machine never will, and its till has to enrol."""
        who = self._lane.run(lambda work: work.enrolment.read())
        key_id = None if who is None else who.key_id
        if not self._keys.has(key_id):
            raise NotAllowed("no_device_key", 401, "this machine has no key of this till")
        return self._keys.sign(key_id, data)

    def request(self, code: str, name: str) -> Enrol:
        """What to send to be enrolled; makes the key that `enrolled` then keeps."""
        self._forget(self._coming)
        self._coming, public = self._keys.new()

        def read(work: TillWork) -> tuple[int, bytes | None, Mapping[int, int]]:
            pending = work.outbox.pending_from(EPOCHS_ASKED_MAX)
            return work.enrolment.epoch_to_ask(), work.member_keys.claim_secret(), pending

        epoch, claim_secret, pending = self._lane.run(read)
        return Enrol(
            code=code,
            public_key=public,
            device=self.device(),
            name=name,
            epoch=epoch,
            claim_secret=claim_secret,
            pending=dict(pending),
        )

    def enrolled(self, answer: Enrolled, url: str) -> None:
        """As the port says. From the next start on every receipt says so too."""
        assert self._coming is not None, "the key is made with the request"
        was = self._lane.run(lambda work: work.enrolment.read())
        now = Enrolment(
            server_url=url,
            key_id=self._coming,
            enrolled_ms=self._clock.wall_ms(),
            rights=answer.rights,
            public_url=answer.public_url,
            server_epoch=answer.server_epoch,
        )
        identity = Identity(
            tenant=answer.tenant,
            store_id=answer.store,
            store_number=answer.store_number,
            till_number=answer.till_number,
            device=answer.device,
            epoch=answer.epoch,
        )

        def keep(work: TillWork) -> None:
            chains = [ChainKept(one.epoch, one.first, one.hashes) for one in answer.chains]
            others = {each.epoch: work.outbox.disown(each) for each in chains}
            work.enrolment.adopt(identity, now, answer.claim_secret)
            for epoch, dseq in others.items():
                if dseq is not None:
                    work.confirmed.show_own(epoch, dseq)
            self.note(work)

        self._lane.run(keep)
        self._coming = None
        if was is not None and was.key_id != now.key_id:
            self._forget(was.key_id)

    def _forget(self, key_id: str | None) -> None:
        """A key nobody believes any more. That it cannot be removed holds nothing up."""
        if key_id is None:
            return
        try:
            self._keys.forget(key_id)
        except Exception:  # whatever a keychain raises
            LOG.exception("an older key of this till stays on this machine")

    def identity(self) -> Identity:
        """Who this till is now."""
        here = self._lane.run(lambda work: work.device.read())
        assert here is not None, "a till is set up before it enrols"
        return here
