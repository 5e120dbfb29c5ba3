"""A photo of a complaint at two tills of two stores and their server: taken here, seen there, gone
with the person everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.photo import PhotoBrought, PhotoSought
from app.domain.server_answer import Declined, NoAnswer
from app.services.complaint import NewComplaint, take_complaint
from app.services.complaint_act import Result, resolve_complaint
from app.services.complaint_photo import add_photo, read_photo
from app.services.complaint_step import CaseForgotten
from app.services.complaint_view import CaseView, read_complaint
from app.services.erasure import ErasureAsked, ask_erasure
from app.services.photo import bring_photo
from sync.server.photo import photo as photo_table
from sync.server.photo import photo_part
from tests.store.pages import decrypted_bytes
from tests.sync.joined.counter import Counter
from tests.sync.joined.made_chain import Chain, a_chain
from tests.sync.joined.test_erasure import file_of_office, go_on

pytestmark = pytest.mark.slow
PICTURE = b"\xff\xd8\xff" + b"a jar with a broken lid, and whose hand that is " * 8000
"""Two parts."""
MARK = PICTURE[3:60]


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    with a_chain(tmp_path) as made:
        for counter in made.both:
            counter.real.sign_in("王芳")
        yield made


def photos(counter: Counter, case: str) -> tuple[str, ...]:
    found = counter.do(read_complaint, case_id=case)
    return found.photos if isinstance(found, CaseView) else ()


def is_sent(counter: Counter, photo: str) -> bool:
    kept = counter.real.store.lane.run(lambda work: work.photos.get(photo))
    return kept is not None and kept.state == "sent"


def sealed_at_office(chain: Chain) -> bytes:
    def read(connection: object) -> bytes:
        rows = connection.execute(select(photo_part.c.data).order_by(photo_part.c.at))  # type: ignore[attr-defined]  # a Connection
        return b"".join(rows.scalars())

    return chain.office.ready.database.read(read)


def test_taken_here_while_alone_seen_there_and_gone_with_the_person(chain: Chain) -> None:
    here, there = chain.both
    new = NewComplaint(topic="weight", text="瓶盖破了", member_id=chain.member())
    case = here.do(take_complaint, new=new).case_id
    here.until_sent()
    chain.pull_the_cables()
    here.do(add_photo, case_id=case, data=PICTURE)
    [photo] = photos(here, case)
    chain.put_them_back()
    there.until(lambda: photos(there, case), "the fact came")
    here.until(partial(is_sent, here, photo), "the picture went after it")
    sealed = sealed_at_office(chain)
    assert len(sealed) == len(PICTURE) + 28
    assert MARK not in sealed
    assert MARK not in file_of_office(chain), "what head office keeps says nothing by itself"
    sought = there.do(read_photo, case_id=case, photo_id=photo)
    assert isinstance(sought, PhotoSought), sought
    there.line.switch(on=False)
    assert bring_photo(shop=there.real.shop, sought=sought) == NoAnswer()
    there.line.switch(on=True)
    there.until_online()
    _is_refused_what_is_not_its_own(there, sought)
    assert bring_photo(shop=there.real.shop, sought=sought) == PhotoBrought(photo)
    assert there.do(read_photo, case_id=case, photo_id=photo) == PICTURE
    for counter in chain.both:
        assert MARK in decrypted_bytes(counter.real.store)
    result = Result(text="道歉", cause="scale", told="phone")
    here.do(resolve_complaint, case_id=case, result=result)
    asked = here.do(ask_erasure, member_id=chain.member(), reason="本人要求")
    assert isinstance(asked, ErasureAsked), asked
    for counter in chain.both:
        go_on(counter, chain.member())
        assert MARK not in decrypted_bytes(counter.real.store)
        assert counter.do(read_photo, case_id=case, photo_id=photo) == CaseForgotten(case)
    assert sealed_at_office(chain) == b""
    rows = chain.office.ready.database.read(lambda c: c.execute(select(photo_table)).all())
    assert rows == []
    assert bring_photo(shop=there.real.shop, sought=sought) == Declined("erased")


def _is_refused_what_is_not_its_own(there: Counter, sought: PhotoSought) -> None:
    other = PhotoSought(sought.photo_id, sought.photo_id, sought.holder, sought.sha256)
    assert bring_photo(shop=there.real.shop, sought=other) == Declined("not_for_you")
