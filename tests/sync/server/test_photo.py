"""Photos at head office: in parts, once, for who hears of the record, and gone with the person. On
every database."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from app.domain import complaint_fact as cf
from app.domain.fact_parts import PhotoNamed
from sync.protocol import MemberKey, PhotoGiven, PhotoKept, PhotoPart, PhotoWanted
from sync.server.complaint import CASE_DAYS_TOLD
from sync.server.database import ServerDatabase
from sync.server.erase import erase_again
from sync.server.head_office import Said
from sync.server.photo import SEALING_ADDS, drop_old_photos, give_photo, keep_part, photo_part
from sync.server.photo import photo as table
from tests.domain.complaint_story import Shop
from tests.domain.complaint_story import facts_of as told_facts
from tests.domain.heart_builders import MEMBER, STORE, moment, op
from tests.domain.tier_builders import a_request_on_photos
from tests.sync.server.asking import TODAY, a_device
from tests.sync.server.members import KEY
from tests.sync.server.test_erase import erased, joined, office
from tests.sync.server.tills import DAY_MS, Chain, Till, outcomes

CASE, PHOTO = op(2), op(30)
SEALED = bytes(range(250)) * 4
HALF = len(SEALED) // 2


@dataclass
class Desk:
    """A chain with a till that took a complaint of 张三丰, and a picture of it."""

    chain: Chain
    till: Till

    def keep(self, start: int, data: bytes, **other: Any) -> PhotoKept:
        said: dict[str, Any] = {
            "photo": PHOTO, "about": CASE, "holder": MEMBER, "key": "k-1", "size": len(SEALED),
            "sha256": sha256(SEALED).digest(), "start": start, "data": data,
        }  # fmt: skip
        who = a_device(self.chain.tenant)
        asked = PhotoPart(**(said | other))
        return self.chain.database.write(lambda c: keep_part(c, who, asked, self.chain.now_ms))

    def give(self, start: int = 0, *, store: str = STORE, **other: Any) -> PhotoGiven:
        said: dict[str, Any] = {
            "photo": PHOTO, "about": CASE, "holder": MEMBER, "start": start,
        }  # fmt: skip
        who = a_device(self.chain.tenant, "till-07", store)
        asked = PhotoWanted(**(said | other))
        return self.chain.database.write(lambda c: give_photo(c, who, asked, self.chain.now_ms))

    def name_photo(self, member: str | None = MEMBER) -> None:
        """The fact that a picture was taken."""
        step = cf.PhotoAdded(photo=PHOTO, size=len(SEALED) - SEALING_ADDS, sha256="0" * 64)
        fact = cf.ComplaintStepped(
            op_id=op(3), store=STORE, day=TODAY, clock=moment(), member=member, case=CASE,
            home=STORE, after=CASE, step=step,
        )  # fmt: skip
        self.till.record(fact)
        assert "accepted" in outcomes(self.chain.push(self.till))

    def rows(self) -> int:
        return len(self.chain.rows(table)) + len(self.chain.rows(photo_part))


def desk_of(database: ServerDatabase, tenant: str, member: str | None) -> Desk:
    desk = Desk(Chain(database, tenant), Till("till-02"))
    (opened,) = told_facts(Shop("gold"), "11-21 10:00 open")
    told = {"op_id": CASE, "store": STORE, "day": TODAY, "clock": moment(), "member": member}
    if member is not None:
        desk.till.record(joined(1, member))
    desk.till.record(replace(opened, **told))
    key = MemberKey(member=member or CASE, key_id="k-1", secret=bytes(32))
    desk.chain.push(desk.till, keys=(key,))
    return desk


@pytest.fixture
def desk(database: ServerDatabase, tenant: str) -> Desk:
    return desk_of(database, tenant, MEMBER)


def why(answer: PhotoKept | PhotoGiven) -> str:
    return "" if answer.refusal is None else answer.refusal.code


def test_it_comes_in_parts_after_its_fact_and_goes_on_where_it_was(desk: Desk) -> None:
    assert why(desk.keep(0, SEALED[:HALF])) == "unknown_photo", "the fact comes first"
    desk.name_photo()
    assert why(desk.keep(0, b"", size=len(SEALED) + 1)) == "wrong_size"
    assert why(desk.keep(0, b"", holder="somebody-else")) == "unknown_photo"
    assert why(desk.keep(0, b"", about=op(1))) == "unknown_photo", "no complaint"
    assert (desk.keep(0, b"").have, desk.keep(0, SEALED[:HALF]).have) == (0, HALF)
    assert desk.keep(0, SEALED[:HALF]).have == HALF, "a lost answer: said again"
    assert why(desk.give()) == "not_here", "half of it is nothing to look at"
    assert why(desk.keep(HALF, SEALED)) == "wrong_size", "more than it said"
    done = desk.keep(HALF, SEALED[HALF:])
    assert (done.have, why(done)) == (len(SEALED), "")
    assert desk.keep(0, b"", sha256=bytes(32)).have == len(SEALED), "whole: nothing replaces it"
    first, rest = desk.give(), desk.give(HALF)
    assert (first.data + rest.data, first.size, first.key) == (SEALED, len(SEALED), "k-1")
    assert sha256(SEALED).digest() == first.sha256
    assert why(desk.give(HALF - 1)) == "not_here"
    assert why(desk.give(about=op(1))) == "not_for_you"
    assert why(desk.give(store="xidan")) == "not_for_you", "that store never heard of the case"


def test_what_was_damaged_on_its_way_begins_anew(desk: Desk) -> None:
    desk.name_photo()
    desk.keep(0, SEALED[:HALF])
    wrong = desk.keep(HALF, SEALED[HALF:][::-1])
    assert (why(wrong), wrong.have, desk.rows()) == ("wrong_hash", 0, 0)
    other = {"sha256": sha256(SEALED[::-1]).digest()}
    assert desk.keep(0, SEALED[:HALF]).have == HALF
    assert desk.keep(0, b"", **other).have == 0, "the same picture sealed anew: from its beginning"
    assert desk.keep(0, SEALED[::-1], **other).have == len(SEALED)


def test_nothing_of_it_stays_of_whoever_is_forgotten(desk: Desk) -> None:
    desk.name_photo()
    desk.keep(0, SEALED)
    assert desk.rows() == 2
    erased(desk.chain)
    assert desk.rows() == 0
    assert why(desk.keep(0, SEALED)) == "erased", "nor what comes late"
    assert why(desk.give()) == "erased"


def test_of_nobody_s_member_it_goes_with_the_case_and_old_ones_go_by_themselves(
    database: ServerDatabase, tenant: str
) -> None:
    desk = desk_of(database, tenant, None)
    desk.name_photo(None)
    mine: dict[str, Any] = {"holder": CASE}
    assert desk.keep(0, SEALED, **mine).have == len(SEALED)
    assert desk.give(**mine).data == SEALED

    def tidy(now_ms: int) -> int:
        return database.write(lambda c: drop_old_photos(c, tenant, now_ms))

    assert (tidy(desk.chain.now_ms), desk.rows()) == (0, 2)
    assert (tidy(desk.chain.now_ms + (CASE_DAYS_TOLD + 1) * DAY_MS), desk.rows()) == (1, 0)
    assert desk.keep(0, SEALED, **mine).have == len(SEALED)
    database.write(lambda c: erase_again(office(desk.chain, c), CASE, Said("王")))
    assert (desk.rows(), why(desk.keep(0, SEALED, **mine))) == (0, "erased")


def test_evidence_of_a_tier_asked_for_is_seen_at_every_store(
    database: ServerDatabase, tenant: str
) -> None:
    desk = Desk(Chain(database, tenant), Till("till-02"))
    named = PhotoNamed(PHOTO, len(SEALED) - SEALING_ADDS, "0" * 64)
    asked = a_request_on_photos(2, photos=(named,), day=TODAY, from_day=TODAY, last_day=TODAY)
    for fact in (joined(1, MEMBER), asked):
        desk.till.record(fact)
    assert outcomes(desk.chain.push(desk.till, keys=(KEY,))) == ["accepted"] * 2
    assert why(desk.keep(0, b"", photo=op(31))) == "unknown_photo"
    assert desk.keep(0, SEALED).have == len(SEALED)
    assert desk.give(store="xidan").data == SEALED
    erased(desk.chain)
    assert desk.rows() == 0


def test_bounds_stand_in_the_message() -> None:
    """A picture of 50 MB is refused before anybody looks at it."""
    said = {
        "photo": PHOTO, "about": CASE, "holder": MEMBER, "key": "k-1", "size": 50 * 1024 * 1024,
        "sha256": "A" * 43 + "=", "start": 0,
    }  # fmt: skip
    with pytest.raises(msgspec.ValidationError, match=r"\$\.size"):
        msgspec.json.decode(msgspec.json.encode(said), type=PhotoPart)
