"""A chain that is in step already: head office, 人民路店 and a till of another store, copied.

Owns: making it once a process (enrolled, everything sent and heard, 张三丰 known at both), and
giving each test a copy with threads of its own. Does not own: any of the three.
"""

from __future__ import annotations

import atexit
import shutil
import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

from sqlalchemy import Connection

from app.domain.program import Program
from app.domain.program_file import decode_program
from app.domain.server_answer import Enrolled, LookedUp
from app.services.campaign import CampaignIssued, issue_campaign
from app.services.find_member import MemberElsewhere, MemberPutOn
from app.services.lines import clear_basket
from app.services.look_up import look_up_member
from app.services.scan import scan_code
from app.store.opening import open_store
from sync.server.publish import publish_program
from tests import real_shop
from tests.real_shop import OPENED_AT, PROGRAM, MemoryKeychain, RealShop, store_setting
from tests.sync.joined.counter import Counter, first_counter, other_counter
from tests.sync.joined.office_here import OfficeHere
from tests.sync.joined.story_time import StoryTime

MEMBER = "张三丰"
POORER = "王小红"
"""640 points, and one coupon: what two tills spend of it is more than there is."""
COUPON = "coupon-100-8"
_GOLD = 'earn_rate = "1.5"\npoints_months = 24\n'
_NEWER = PROGRAM.replace("2025-11-01", "2025-11-02").replace('"2026.1"', '"2026.2"')
RULES = _NEWER.replace(
    _GOLD,
    f"""{_GOLD}
[[tiers.entitlements]]
id = "parking"
name = {{ zh = "免费停车", en = "Free parking" }}
count = 2
period = "month"
""",
)
"""The chain's own rules, published by head office: two hours of parking for gold."""


@dataclass
class Chain:
    """Two tills of two stores and their server, all running."""

    office: OfficeHere
    first: Counter
    second: Counter
    story: StoryTime
    before: frozenset[str]
    """Exceptions of the shop's made-up past."""

    def cases(self) -> list[tuple[str, str]]:
        """Kind and state of every exception since."""
        cases = self.office.cases()
        return [case for case_id, case in cases.items() if case_id not in self.before]

    @property
    def both(self) -> tuple[Counter, Counter]:
        return self.first, self.second

    def member(self, name: str = MEMBER) -> str:
        return self.first.real.members[name]

    def card(self, name: str = MEMBER) -> str:
        return self.first.real.cards[name]

    def pull_the_cables(self) -> None:
        """Both tills are alone; head office goes on."""
        for counter in self.both:
            counter.line.switch(on=False)
            counter.until(partial(_is_alone, counter), "offline")

    def put_them_back(self) -> None:
        """Both agree with head office again; what the first one has arrives first."""
        for counter in self.both:
            counter.line.switch(on=True)
            counter.line.sync_now()
            counter.until_online()
            counter.until_sent()

    def close(self) -> None:
        for counter in self.both:
            counter.close()
        self.office.close()


@contextmanager
def a_chain(folder: Path) -> Iterator[Chain]:
    """A copy of the made one, running, in this folder."""
    source, port, first, second = _made()
    shutil.copytree(source, folder / "chain")
    story, home = StoryTime(), folder / "chain"
    office = OfficeHere(home / "office", port, story)
    office.open()
    tills = _again(home / "first", first, story), _again(home / "second", second, story)
    made = Chain(office, *tills, story, frozenset(office.cases()))
    try:
        for counter in made.both:
            counter.until_online()
        yield made
    finally:
        made.close()


def _is_alone(counter: Counter) -> bool:
    return not counter.line.contact().is_there


def _again(folder: Path, was: RealShop, story: StoryTime) -> Counter:
    """The till of a copied folder, as it opens the next morning."""
    keychain = MemoryKeychain()
    keychain.entries.update(was.keychain.entries)
    known = {"members": was.members, "cards": was.cards, "staff": was.staff, "badges": was.badges}
    return open_again(folder, keychain, known, story)


def open_again(
    folder: Path, keychain: MemoryKeychain, known: Mapping[str, Mapping[str, str]], story: StoryTime
) -> Counter:
    """The till of this folder; `known`: ids and codes by name, as RealShop has them."""
    store = open_store(store_setting(folder, keychain), now=OPENED_AT)
    again = real_shop._till_over(store, keychain)
    identity = store.lane.run(lambda work: work.device.read())
    assert identity is not None, "it was enrolled"
    again.shop = replace(again.shop, identity=identity)
    for what, by_name in known.items():
        setattr(again, what, dict(by_name))
    return Counter(again, folder, story=story)


@cache
def _made() -> tuple[Path, int, RealShop, RealShop]:
    folder = Path(tempfile.mkdtemp(prefix="zhanggui-chain-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    story = StoryTime()
    office = OfficeHere(folder / "office", port, story)
    office.open()
    first = first_counter(folder / "first", story=story)
    _give_coupon(first, first.real.members[POORER])
    second = other_counter(folder / "second", device="haidian-01", story=story)
    for counter, place in ((first, (7, 2)), (second, (8, 1))):
        answer = counter.enrol(office, office.code(*place))
        assert isinstance(answer, Enrolled), answer
    _publish_program(office, story)
    for counter in (first, second):
        counter.until_online()
        counter.until_sent()
    for counter in (first, second):
        counter.until(partial(_has_rules, counter), "the chain's rules came")
    for name in (MEMBER, POORER):
        _get_to_know(second, first.real.cards[name], first.real.members[name])
        first.until(partial(_is_confirmed, first, first.real.members[name]), "confirmed")
    for counter in (first, second):
        counter.close()
    office.close()
    return folder, port, first.real, second.real


def _give_coupon(counter: Counter, member: str) -> None:
    counter.real.sign_in("王芳")
    given = counter.do(issue_campaign, offer_id=COUPON, members=[member])
    assert isinstance(given, CampaignIssued), given
    counter.real.sign_in()


def _publish_program(office: OfficeHere, story: StoryTime) -> None:
    """The rules of both stores, so that head office can judge by them."""
    program = decode_program(RULES)
    assert isinstance(program, Program)
    tenant, now_ms = office.ready.tenant.tenant, story.wall_ms()

    def publish(connection: Connection) -> object:
        return publish_program(connection, tenant, program, RULES, now_ms)

    office.ready.database.write(publish)


def _has_rules(counter: Counter) -> bool:
    programs = counter.real.store.lane.run(lambda work: work.programs.all_programs())
    return any(stored.toml == RULES for stored in programs)


def _get_to_know(counter: Counter, card: str, member: str) -> None:
    """He was a customer there before."""
    counter.until(lambda: _look_up(counter, card), "head office knows his card")
    assert isinstance(counter.do(scan_code, text=card), MemberPutOn)
    counter.do(clear_basket)
    counter.until(lambda: _is_confirmed(counter, member), "he is known at the other store")


def _look_up(counter: Counter, card: str) -> bool:
    asked = counter.do(scan_code, text=card)
    if isinstance(asked, MemberPutOn):
        return True
    assert isinstance(asked, MemberElsewhere), asked
    told = look_up_member(shop=counter.real.shop, wanted=asked.wanted)
    return isinstance(told, LookedUp) and bool(told.member_ids)


def _is_confirmed(counter: Counter, member: str) -> bool:
    return counter.real.store.lane.run(lambda work: work.confirmed.account(member)) is not None
