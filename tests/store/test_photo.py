"""Photos in the store: sealed alike for their way, opened where they come, never too many."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import pytest

import app.store.photo
from app.domain.outbox import Answer, Rejection
from app.domain.photo import PhotoSought, SealedPhoto, StoredPhoto
from app.store.opening import OpenStore
from app.store.unit_of_work import UnitOfWork
from tests.store.builders import IDENTITY, a_fact

CASE, MEMBER = "case-1", "member-1"
PICTURE = b"\xff\xd8\xff" + b"a jar with a broken lid " * 40


def taken(number: int, holder: str = MEMBER) -> StoredPhoto:
    return StoredPhoto(f"photo-{number}", CASE, holder, number, PICTURE)


def sought(photo_id: str, picture: bytes = PICTURE) -> PhotoSought:
    return PhotoSought(photo_id, CASE, MEMBER, sha256(picture).hexdigest())


def test_what_waits_is_offered_until_this_life_of_the_server_has_it(store: OpenStore) -> None:
    def story(work: UnitOfWork) -> None:
        photos = work.photos
        work.member_keys.seal(MEMBER, b"words")
        for number in (2, 1):
            photos.put(taken(number))
        assert photos.waiting() == ["photo-1", "photo-2"]
        photos.sent("photo-1", 7)
        assert photos.waiting(1) == ["photo-2"]
        photos.send_again(7)
        assert photos.waiting() == ["photo-2"]
        photos.send_again(8)
        assert photos.waiting() == ["photo-1", "photo-2"], "that server may have lost it"
        photos.sent("photo-1", 8)
        photos.send_again(None)
        assert photos.waiting() == ["photo-1", "photo-2"], "another server has none of them"
        assert photos.sealed("photo-1") == photos.sealed("photo-1") != photos.sealed("photo-2")
        assert photos.sealed("unknown") is None
        photos.put(taken(3, "nobody"))
        assert photos.sealed("photo-3") is None, "whose key is not here, nobody could open it there"
        work.member_keys.destroy(MEMBER)
        assert photos.sealed("photo-1") is None

    store.lane.run(story)


def test_of_a_record_that_was_refused_no_picture_is_offered(store: OpenStore) -> None:
    def story(work: UnitOfWork) -> None:
        work.member_keys.seal(MEMBER, b"words")
        work.device.write(IDENTITY)
        request = work.facts.append(a_fact(1)).op_id
        photo = replace(taken(1), about=request)
        work.photos.put(photo)
        assert (work.photos.waiting(), work.photos.count_waiting()) == (["photo-1"], 1)
        refused = Answer(request, 1, 1, "rejected", rejection=Rejection(code="unknown_tier"))
        work.outbox.settle([refused], at_ms=1)
        for again in (7, None):
            assert (work.photos.waiting(), work.photos.count_waiting()) == ([], 0)
            work.photos.send_again(again)
        work.outbox.put_state(request, "given_up")
        assert work.photos.count_waiting() == 0, "nothing keeps this till from being removed"
        work.outbox.put_state(request, "pending")
        assert work.photos.waiting() == ["photo-1"], "somebody sends the request again"

    store.lane.run(story)


def test_what_comes_is_kept_where_it_is_the_one(
    store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.store.photo, "FETCHED_BYTES_MAX", 2 * len(PICTURE))

    def story(work: UnitOfWork) -> None:
        photos = work.photos
        work.member_keys.seal(MEMBER, b"words")
        photos.put(taken(1))
        came = photos.sealed("photo-1")
        assert came is not None
        photos.forget(MEMBER)
        assert photos.get("photo-1") is None
        other = SealedPhoto("photo-2", CASE, MEMBER, came.key_id, came.data)
        assert not photos.take(sought("photo-2"), other, 5), "another picture under that name"
        assert not photos.take(sought("photo-1", b"another"), came, 5)
        huge = SealedPhoto("photo-1", CASE, MEMBER, came.key_id, bytes(2 * 1024 * 1024))
        assert not photos.take(sought("photo-1"), huge, 5)
        assert photos.take(sought("photo-1"), came, 5)
        kept = photos.get("photo-1")
        assert kept == StoredPhoto("photo-1", CASE, MEMBER, 5, PICTURE, "fetched")
        for number in (2, 3):
            mine = taken(number)
            photos.put(mine)
            again = photos.sealed(mine.photo_id)
            work.connection.exec_driver_sql(f"DELETE FROM photo WHERE photo_id = 'photo-{number}'")
            assert again is not None
            assert photos.take(sought(mine.photo_id), again, 5 + number)
        photos.put(taken(4))
        here = [photos.get(f"photo-{n}") is not None for n in (1, 2, 3, 4)]
        assert here == [False, True, True, True], "the one that is here the longest can come again"
        assert photos.count_waiting() == 1
        assert [photos.forget_fetched(before, 9) for before in (7, 8, 99)] == [0, 1, 1]
        here = [photos.get(f"photo-{n}") is not None for n in (1, 2, 3, 4)]
        assert here == [False, False, False, True], "this till's own stay"

    store.lane.run(story)
