"""Who this till is towards its server.

Owns: the enrolment table (one row, or none). Does not own: the identity on receipts (device.py),
the device's own key (device_key.py), enrolling (sync).
"""

from __future__ import annotations

from dataclasses import replace

import msgspec
from sqlalchemy import bindparam, delete, select, text, update
from sqlalchemy.dialects.sqlite import insert

from app.domain.enrolment import NO_SERVER_EPOCH, Enrolment, epoch_to_ask, epoch_to_renew
from app.domain.settings import Identity
from app.store.changes import Changes
from app.store.device import DeviceRepository
from app.store.forgotten import Forgotten
from app.store.member_keys import MemberKeys
from app.store.photo import PhotoRepository
from app.store.repository import Prepared, Repository, Transaction, list_text, put_row, texts_of
from app.store.sync_tables import (
    agreement,
    confirmed_account,
    enrolment,
    former_device,
    known_fact,
    last_contact,
    pass_key,
    point_grant,
    stream,
)
from app.store.tables import outbox

_READ = Prepared(
    select(
        *(
            enrolment.c[name]
            for name in (
                "server_url", "key_id", "enrolled_ms", "rights", "public_url", "server_epoch",
                "renews_as",
            )
        )
    )
)  # fmt: skip
_WRITE = Prepared(put_row(enrolment, "only_row"))
_SERVER_EPOCH = update(enrolment).values(server_epoch=bindparam("told"))
_NO_KEY = update(enrolment).values(key_id=None)
_LOSE_GRANTS = update(point_grant).where(point_grant.c.ended.is_(None)).values(ended="lost")
_FORGET = tuple(delete(table) for table in (stream, confirmed_account, known_fact, last_contact))
_OTHER_CHAIN = (*_FORGET, *(delete(table) for table in (pass_key, agreement)), _LOSE_GRANTS)
# A request that somebody let go, or has yet to decide about, was refused by people of that chain.
_ALL_PENDING = (
    update(outbox)
    .where(outbox.c.state.in_(("acknowledged", "adjusted", "quarantined")))
    .values(state="pending")
)
_FORMER = insert(former_device).on_conflict_do_nothing()
_HIGHEST = text(
    "SELECT max(epoch) FROM (SELECT max(epoch) AS epoch FROM fact UNION ALL"
    " SELECT max(epoch) FROM fact_place UNION ALL SELECT epoch FROM device)"
)


class EnrolmentRepository(Repository):
    """Written when the till is enrolled; never taken away."""

    def __init__(self, transaction: Transaction, device: DeviceRepository) -> None:
        super().__init__(transaction)
        self._device = device

    def read(self) -> Enrolment | None:
        """None: never enrolled, the shop is its own authority."""
        row = self._first(_READ)
        if row is None:
            return None
        url, key_id, enrolled_ms, rights, public_url, server_epoch, renews_as = row
        return Enrolment(
            url, key_id, enrolled_ms, texts_of(rights), public_url, server_epoch, renews_as
        )

    def write(self, now: Enrolment) -> None:
        """Who we are from now on. What another server told is forgotten."""
        before = self.read()
        if before is not None and before.server_url != now.server_url:
            for statement in _FORGET:
                self._execute(statement)
        row = {
            "only_row": 1,
            "server_url": now.server_url,
            "key_id": now.key_id,
            "enrolled_ms": now.enrolled_ms,
            "rights": list_text(now.rights),
            "public_url": now.public_url,
            "server_epoch": now.server_epoch,
            "renews_as": now.renews_as,
        }
        self._write(_WRITE, row)
        self._changed(Changes(device=True, sync=True))

    def epoch_to_ask(self) -> int:
        """The epoch to ask for when this till enrols (again)."""
        highest = self._highest_epoch()
        return epoch_to_ask(highest, (), again=self.read() is not None)

    def adopt(self, identity: Identity, now: Enrolment, claim_secret: bytes) -> None:
        """Become who the server says we are: facts go on in the epoch it gave.

        Where it is a new one, pending facts of older epochs are given new places (outbox.renew).
        A server that was restored, rebuilt or is another one does not have what some server once
        acknowledged: after the first enrolment it is asked before anything is believed. Another
        tenant is another chain: it has nothing of ours, and what the old one told is forgotten.
        """
        highest = self._highest_epoch()
        before, was = self.read(), self._device.read()
        self._keep_former(identity.device, highest)
        if before is not None:
            now = replace(now, server_epoch=NO_SERVER_EPOCH)
            PhotoRepository(self._transaction).send_again(None)
            if was is not None and was.tenant != identity.tenant:
                self._leave_chain()
        renews_as = epoch_to_renew(identity.epoch, (highest,))
        epoch = max(identity.epoch, highest)
        self._device.write(msgspec.structs.replace(identity, epoch=epoch))
        self._take_claim_secret(claim_secret, is_first=before is None)
        self.write(replace(now, renews_as=renews_as))

    def _take_claim_secret(self, secret: bytes, *, is_first: bool) -> None:
        """Whoever was forgotten before stays so: by the key his number was hashed under then."""
        keys, keeps = MemberKeys(self._transaction), False
        if is_first or keys.claim_secret() != secret:
            keeps = Forgotten(self._transaction).keep_claims()
        keys.take_claim_secret(secret, keeps_old=keeps)

    def learn_pages(self, public_url: str) -> None:
        """Head office has an address now that customers' phones reach."""
        known = self.read()
        if known is not None and known.public_url != public_url:
            self.write(replace(known, public_url=public_url))

    def _leave_chain(self) -> None:
        for statement in (*_OTHER_CHAIN, _ALL_PENDING):
            self._execute(statement)
        self._changed(Changes(outbox=True, sync=True))

    def _keep_former(self, device: str, highest: int) -> None:
        """Which id the epochs so far were pushed under, where this till gets another one.

        All of them, however often that was: a server may have kept its mark from each time. Grants
        belong to the one that had it.
        """
        before = self._device.read()
        if before is None or before.device == device or self.read() is None:
            return
        self._execute(_LOSE_GRANTS)
        epochs = range(1, highest + 1)
        self._execute(_FORMER, [{"epoch": epoch, "device": before.device} for epoch in epochs])

    def _highest_epoch(self) -> int:
        """Of all epochs this till has ever used."""
        found: int = self._execute(_HIGHEST).scalar_one()
        return found

    def put_server_epoch(self, epoch: int) -> None:
        """The server's epoch, once all it told before was told anew."""
        self._execute(_SERVER_EPOCH, {"told": epoch})
        self._changed(Changes(sync=True))

    def restored(self) -> None:
        """This file was brought back from a backup: enrol again; grants belong to an older life."""
        self._execute(_NO_KEY)
        self._execute(_LOSE_GRANTS)
        self._changed(Changes(device=True, sync=True))
