"""The program with its campaigns: a version of its own, made out of the one it joins.

Owns: putting a campaign's offer into a program and leaving out what is over, naming that version,
and writing a program as the TOML it is kept and sent as. Does not own: the plan (campaign.py),
reading and checking programs (program_file.py, program_check.py), who may (services).

Such a version has the days of the one it is made from: a gift needs no notice, and by its longer
number it comes right behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from msgspec.structs import replace

from app.domain.campaign import CampaignPlan, OfferWords, exclusive_group, is_of_campaign, offer_of
from app.domain.offer import Offer
from app.domain.program import ExpiringPoints, Program

_MARK = "+"
_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


def base_version(version: str) -> str:
    """The version without its campaigns: as its owner named it."""
    return version.partition(_MARK)[0]


def campaign_offers(program: Program) -> tuple[Offer, ...]:
    """The offers that campaigns put there."""
    return tuple(offer for offer in program.offers if is_of_campaign(offer.id))


def with_campaign(
    base: Program, current: Program, plan: CampaignPlan, words: OfferWords, today: date
) -> Program:
    """The program with this campaign too. `current` is in force, `base` what it was made from."""
    offer = offer_of(plan, words, exclusive_group(offer.group for offer in base.offers))
    others = [each for each in _alive(current, today) if each.id != offer.id]
    expiring = current.expiring
    if plan.delivery == "exchange":
        expiring = replace(base.expiring, offer=offer.id, points=plan.points)
    return _made(base, current.version, [*others, offer], expiring)


def without_campaign(base: Program, current: Program, offer_id: str, today: date) -> Program:
    """The program after a campaign was ended: nobody gets it any more.

    Coupons of it that members hold stay good until their day: they were promised.
    """
    kept = [
        each for each in _alive(current, today) if each.id != offer_id or each.trigger == "coupon"
    ]
    ended = current.expiring.offer == offer_id
    return _made(base, current.version, kept, base.expiring if ended else current.expiring)


def carried_over(old: Program, new: Program, today: date, *, had: bool = False) -> Program | None:
    """A new version of the owner's with the campaigns that are under way; None where none is, and
    none was among them before."""
    known = {offer.id for offer in new.offers}
    tiers = {tier.id for tier in new.tiers}
    group = exclusive_group(offer.group for offer in new.offers)
    kept = [
        replace(each, group=group) if each.group else each
        for each in _alive(old, today)
        if each.id not in known and (each.when.tier is None or each.when.tier in tiers)
    ]
    return _made(new, new.version, kept, old.expiring) if kept or had else None


def _made(
    base: Program, version: str, campaigns: Sequence[Offer], expiring: ExpiringPoints
) -> Program:
    """The owner's program with these campaigns; what one of them exchanges points for, as long as
    it lasts, comes before the owner's own."""
    lasts = expiring.offer in {each.id for each in campaigns}
    return replace(
        base,
        version=_next(version),
        offers=(*base.offers, *campaigns),
        expiring=expiring if lasts else base.expiring,
    )


def _alive(program: Program, today: date) -> list[Offer]:
    """Its campaigns without those whose last day is past: their coupons are no good any more."""
    return [
        offer
        for offer in campaign_offers(program)
        if offer.when.ends is None or offer.when.ends >= today
    ]


def _next(version: str) -> str:
    base, _, number = version.partition(_MARK)
    return f"{base}{_MARK}{int(number) + 1 if number.isdecimal() else 1}"


# ------------------------------------------------------------------ as a file


def program_toml(program: Program) -> str:
    """The program as a file that reads back the same. What has its default is left out."""
    content = _plain(program)
    lines = [f"{key} = {_value(value)}" for key, value in content.items() if not _is_table(value)]
    for key, value in content.items():
        if isinstance(value, dict):
            lines += ["", f"[{key}]", *_rows(value)]
        elif _is_table(value):
            for each in value:
                lines += ["", f"[[{key}]]", *_rows(each)]
    return "\n".join(lines) + "\n"


def _plain(part: msgspec.Struct) -> dict[str, Any]:
    """A struct as plain values under the keys of the file, without what a reader adds itself."""
    found: dict[str, Any] = {}
    config = part.__struct_config__
    if config.tag is not None:
        found[config.tag_field or "type"] = config.tag
    for field in msgspec.structs.fields(part):
        value = getattr(part, field.name)
        if value is not None and value != field.default:
            found[field.encode_name] = _plain_value(value)
    return found


def _plain_value(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        return _plain(value)
    return [_plain_value(each) for each in value] if isinstance(value, tuple) else value


def _is_table(value: object) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(each, dict) for each in value)
    return isinstance(value, dict)


def _rows(table: Mapping[str, Any]) -> Iterator[str]:
    return (f"{_key(key)} = {_value(value)}" for key, value in table.items())


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case date():
            return value.isoformat()
        case str():
            return _text(value)
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case _:
            return f"{{ {', '.join(_rows(value))} }}"


def _text(text: str) -> str:
    # What JSON escapes TOML escapes the same way; of DEL it says nothing.
    return msgspec.json.encode(text).decode().replace("\x7f", "\\u007f")


def _key(key: str) -> str:
    return key if key and set(key) <= _BARE else _text(key)
