"""Finding people: by card, phone, last digits, name, pinyin and initials - and forgetting them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.facts import Sealed
from app.domain.member import BirthdayOn, CardHolder, Member, PersonalData
from app.store.errors import StoreBug
from app.store.opening import OpenStore
from app.store.unit_of_work import UnitOfWork
from tests.store.builders import DAY, IDENTITY, a_card, a_member, an_id
from tests.store.pages import decrypted_bytes


@pytest.fixture
def shop(store: OpenStore) -> OpenStore:
    """A store whose till has its identity."""
    store.lane.run(lambda unit: unit.device.write(IDENTITY))
    return store


def add(shop: OpenStore, *people: Member) -> None:
    def work(unit: UnitOfWork) -> None:
        for person in people:
            unit.members.add(person)

    shop.lane.run(work)


def found(shop: OpenStore, text: str, limit: int = 8) -> list[str]:
    people = shop.lane.read(lambda unit: unit.members.search(text, limit)).result()
    return [person.person.name for person in people]


def by_digits(shop: OpenStore, digits: str, limit: int = 8) -> Sequence[Member]:
    return shop.lane.read(lambda unit: unit.members.by_last_digits(digits, limit)).result()


def test_a_member_comes_back_whole(shop: OpenStore) -> None:
    full = Member(
        member_id=an_id(1),
        card_code=a_card(1),
        joined=date(2025, 3, 1),
        person=PersonalData(
            "+8613800138000", "张小明", BirthdayOn(4, 30, lunar=True), "花生过敏", "mr",
            tags=("VIP", "沉睡预警"), account_manager="wang",
        ),
        status="frozen",
        merged_into=an_id(2),
        phone_verified=True,
        home_store="renmin-road",
        referrer_id=an_id(3),
        last_visit=DAY,
    )  # fmt: skip
    add(shop, full)
    assert shop.lane.read(lambda unit: unit.members.get(an_id(1))).result() == full
    assert shop.lane.read(lambda unit: unit.members.get("nobody")).result() is None
    assert shop.lane.read(lambda unit: unit.members.count()).result() == 1


def test_cards_old_and_new(shop: OpenStore) -> None:
    person = a_member(1, "张小明")
    add(shop, person, a_member(2, "李娜"))
    shop.lane.run(lambda unit: unit.members.update(replace(person, card_code=a_card(7))))

    def holder(code: str) -> CardHolder | None:
        return shop.lane.read(lambda unit: unit.members.by_card(code)).result()

    assert holder(a_card(1)) == CardHolder(an_id(1), in_use=False)
    assert holder(a_card(7)) == CardHolder(an_id(1), in_use=True)
    assert holder(a_card(9)) is None
    with pytest.raises(StoreBug, match="another member"):
        shop.lane.run(lambda unit: unit.members.update(replace(person, card_code=a_card(2))))
    with pytest.raises(StoreBug):
        add(shop, replace(a_member(3), card_code=a_card(2)))
    assert holder(a_card(2)) == CardHolder(an_id(2), in_use=True)


def test_by_phone_the_oldest_first_and_nobody_erased(shop: OpenStore) -> None:
    young = a_member(1, "年轻", "13800138000", joined=date(2026, 5, 1))
    old = a_member(2, "老", "13800138000", joined=date(2024, 5, 1))
    gone = a_member(3, "", "13800138000", status="erased")
    add(shop, young, old, gone, a_member(4, "别人", "13900139000"))
    people = shop.lane.read(lambda unit: unit.members.by_phone("+8613800138000")).result()
    assert [person.member_id for person in people] == [an_id(2), an_id(1)]


def test_last_digits_this_shop_first_then_seen_last(shop: OpenStore) -> None:
    away = a_member(1, "外店", "13900008000", home_store="other", last_visit=DAY)
    long_ago = a_member(
        2, "久", "13800138000", home_store="renmin-road", last_visit=date(2025, 1, 1)
    )
    recent = a_member(3, "近", "13700138000", home_store="renmin-road", last_visit=DAY)
    never = a_member(4, "未", "13600138000", home_store="renmin-road")
    merged = a_member(5, "并", "13500138000", status="merged")
    add(shop, away, long_ago, recent, never, merged, a_member(6, "别", "13800138001"))
    names = [person.person.name for person in by_digits(shop, "8000")]
    assert names == ["近", "久", "未", "外店"]
    assert [person.person.name for person in by_digits(shop, "8000", limit=2)] == ["近", "久"]
    assert [person.person.name for person in by_digits(shop, "38138000")] == []
    assert [person.person.name for person in by_digits(shop, "0138000")] == ["近", "久", "未"]
    assert [person.person.name for person in by_digits(shop, "13600138000")] == ["未"]
    assert by_digits(shop, "000") == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("张", ["张伟", "张小明"], id="surname"),
        pytest.param("小明", ["张小明", "李小明"], id="given name"),
        pytest.param("zhangx", ["张小明"], id="pinyin"),
        pytest.param("zxm", ["张小明"], id="initials"),
        pytest.param("ZXM", ["张小明"], id="capital initials"),
        pytest.param("zhang xiao", ["张小明"], id="pinyin with blanks"),
        pytest.param("shanx", ["单雄信"], id="surname reading"),
        pytest.param("danx", ["单雄信"], id="dictionary reading"),
        pytest.param("anna", ["Anna Li"], id="Latin first name"),
        pytest.param("li", ["李小明", "Anna Li"], id="Latin surname and pinyin"),
        pytest.param("", [], id="nothing"),
        pytest.param("%_*\"'", [], id="signs"),
        pytest.param("\ud800", [], id="half a character"),
        pytest.param("王", [], id="nobody"),
    ],
)
def test_search(shop: OpenStore, text: str, names: list[str]) -> None:
    add(
        shop,
        a_member(1, "张小明", last_visit=DAY - timedelta(days=2)),
        a_member(2, "张伟", last_visit=DAY),
        a_member(3, "李小明", last_visit=DAY - timedelta(days=9)),
        a_member(4, "单雄信"),
        a_member(5, "Anna Li"),
        a_member(6, "张三", status="merged", last_visit=DAY),
    )
    assert found(shop, text) == names


def test_of_many_with_one_name_those_seen_last_come_first(shop: OpenStore) -> None:
    many = [a_member(number, "王伟", last_visit=date(2025, 1, 1)) for number in range(700)]
    last = a_member(900, "王伟强", last_visit=DAY)
    add(shop, *many, last)
    assert found(shop, "wang", limit=1) == ["王伟强"]
    assert found(shop, "王伟", limit=1) == ["王伟强"]
    assert len(found(shop, "ww")) == 8


def test_a_new_name_is_found_and_the_old_one_is_not(shop: OpenStore) -> None:
    person = a_member(1, "张小明", "13800138000")
    add(shop, person)
    renamed = replace(person, person=replace_name(person, "单雄信"))
    shop.lane.run(lambda unit: unit.members.update(renamed))
    assert found(shop, "zxm") == found(shop, "小明") == []
    assert found(shop, "sxx") == found(shop, "雄信") == ["单雄信"]
    with pytest.raises(StoreBug):
        shop.lane.run(lambda unit: unit.members.update(a_member(5)))


def replace_name(member: Member, name: str) -> PersonalData:
    return PersonalData(phone=member.person.phone, name=name)


def test_visits_only_move_forward(shop: OpenStore) -> None:
    add(shop, a_member(1, "张小明"))

    def visit(unit: UnitOfWork) -> None:
        unit.members.visited(an_id(1), DAY)
        unit.members.visited(an_id(1), DAY - timedelta(days=3))

    shop.lane.run(visit)
    person = shop.lane.read(lambda unit: unit.members.get(an_id(1))).result()
    assert person is not None
    assert person.last_visit == DAY


def test_ids_in_pages(shop: OpenStore) -> None:
    add(shop, *(a_member(number) for number in range(5)))

    def page(after: str) -> Sequence[str]:
        return shop.lane.run(lambda unit: unit.members.all_ids(after, limit=2))

    assert page("") == [an_id(0), an_id(1)]
    assert page(an_id(1)) == [an_id(2), an_id(3)]
    assert page(an_id(3)) == [an_id(4)]
    assert page(an_id(4)) == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("𠮷田", id="a character beyond the basic plane"),
        pytest.param("a\x00b", id="a zero character"),
        pytest.param("'; DROP TABLE member; --", id="SQL"),
        pytest.param("\U0010ffff", id="the last character there is"),
        pytest.param("é" * 300, id="long"),
        pytest.param("٣٤", id="digits of another script"),
    ],
)
def test_any_name_can_be_kept_and_looked_for(shop: OpenStore, text: str) -> None:
    add(shop, a_member(1, text))
    person = shop.lane.read(lambda unit: unit.members.get(an_id(1))).result()
    assert person is not None
    assert person.person.name == text
    found(shop, text)
    assert shop.lane.read(lambda unit: unit.members.count()).result() == 1


def test_sealed_data_opens_until_the_key_is_destroyed(shop: OpenStore) -> None:
    plain = "张小明 +8613800138000".encode()

    def work(unit: UnitOfWork) -> None:
        keys = unit.member_keys
        sealed, again = keys.seal("m1", plain), keys.seal("m1", plain)
        assert sealed.key == again.key
        assert sealed.ciphertext != again.ciphertext
        assert keys.unseal("m1", sealed) == plain
        assert keys.unseal("m2", sealed) is None
        other = keys.seal("m2", b"x")
        assert keys.unseal("m2", Sealed(other.key, sealed.nonce, sealed.ciphertext)) is None
        keys.destroy("m1")
        assert keys.unseal("m1", sealed) is None
        assert keys.unseal("m2", other) == b"x"
        keys.destroy("m3")

    shop.lane.run(work)
    with pytest.raises(StoreBug, match="destroyed"):
        shop.lane.run(lambda unit: unit.member_keys.seal("m1", plain))
    with pytest.raises(StoreBug, match="destroyed"):
        shop.lane.run(lambda unit: unit.member_keys.seal("m3", plain))


def test_claims_are_keyed_and_steady(shop: OpenStore) -> None:
    def claim(identity: str) -> str:
        return shop.lane.run(lambda unit: unit.member_keys.claim(identity))

    assert claim("phone:+8613800138000") == claim("phone:+8613800138000")
    assert claim("phone:+8613800138000") != claim("phone:+8613800138001")
    assert "13800138000" not in claim("phone:+8613800138000")


def test_a_person_wiped_leaves_no_byte_behind(shop: OpenStore) -> None:
    person = a_member(1, "欧阳娜娜", "13812345678", home_store="renmin-road")
    person = replace(person, person=PersonalData("+8613812345678", "欧阳娜娜", note="花生过敏"))
    # Neighbours on every page: what is wiped must not hide in a page that stays in use.
    others = [a_member(number, f"王{number}", f"139{number:08}") for number in range(10, 300)]
    add(shop, *others[:150], person, *others[150:])
    secret_texts = [b"13812345678", "欧阳娜娜".encode(), "花生过敏".encode(), b"ouyangnana"]
    assert all(secret in decrypted_bytes(shop) for secret in secret_texts)
    wiped = replace(person, person=PersonalData(), status="erased")
    shop.lane.run(lambda unit: unit.members.update(wiped))
    left = decrypted_bytes(shop)
    assert [secret.decode() for secret in secret_texts if secret in left] == []
    assert "欧".encode() not in left
    assert b"13900000299" in left
