"""Settings: what a shop decides about its till, apart from the program.

Owns: the settings record with its defaults and limits. Does not own: the program (program.py),
keys and codes of the device (app/store/keys.py), the settings screen.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from app.domain.key_map import OwnKey

Language = Literal["zh_CN", "en"]
Look = Literal["system", "light", "dark"]


class WeighedFormat(msgspec.Struct, frozen=True):
    """A scale's label: the two-digit prefix and whether it says a weight or a price."""

    prefix: Annotated[str, Meta(pattern=r"^2\d$")]
    value: Literal["weight", "price"] = "weight"


class Settings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything a manager may set; absent fields have the defaults written here."""

    store_name: str = ""
    store_address: str = ""
    store_phone: str = ""
    language: Language = "zh_CN"
    receipt_languages: tuple[Language, ...] = ("zh_CN",)
    theme: Look = "system"
    text_scale: Literal[100, 115, 130, 150] = 100
    receipt_columns: Annotated[int, Meta(ge=32, le=56)] = 48
    printer: str = ""
    """How the receipt printer is reached; empty = none."""
    scanner: str = ""
    """How a serial scanner is reached, "serial:PORT:BAUD"; empty = scanners are keyboards."""
    drawer: bool = False
    customer_display: Literal["second_screen", "window", "off"] = "second_screen"
    """Where the customer reads along: a second screen while there is one, a window, nowhere."""
    display_pay_code: Annotated[str, Meta(max_length=256)] = ""
    """What the shop's own payment QR says, shown for payments confirmed by hand; empty = none."""
    sounds: bool = True
    """Whether tones are heard; the one of a refused scan is, whatever is set here."""
    sound_percent: Annotated[int, Meta(ge=0, le=100)] = 100
    """How loud all tones are; the one of a refused scan stays audible."""
    scanner_beeps: bool = False
    """Whether the scanner beeps by itself, so that the till need not."""
    lock_after_s: Annotated[int, Meta(ge=0, le=7200)] = 180
    """Seconds without a key until the screen locks; 0 = never."""
    receipt_return_s: Annotated[int, Meta(ge=0, le=120)] = 8
    """Seconds until the done screen gives way to the till; 0 = it stays until the next act."""
    merge_lines: bool = True
    scan_to_pay: bool = True
    suggest_sentence: bool = True
    recommend: bool = True
    """Whether the till names what a member likely wants next."""
    never_recommended: tuple[Annotated[str, Meta(min_length=1, max_length=20)], ...] = (
        "tobacco", "cigarettes", "alcohol", "beer", "wine", "spirits", "lottery",
        "烟", "酒", "彩票",
    )  # fmt: skip
    """Words in the category of goods that are never named to anybody: not sold to all ages."""
    weighed: tuple[WeighedFormat, ...] = (WeighedFormat("21"), WeighedFormat("22", "price"))
    internal_pattern: str = r"\d{1,7}|(?=.*[A-Za-z])[A-Za-z0-9][A-Za-z0-9._/-]{0,31}"
    expiry_soon_days: Annotated[int, Meta(ge=0, le=30)] = 3
    """So many days before the last day on a label it is said at the scan."""
    mobile_terminal: Literal["by_hand", "simulated"] = "by_hand"
    card_terminal: Literal["by_hand", "simulated"] = "by_hand"
    phone_region: Annotated[str, Meta(pattern=r"^[A-Z]{2}$")] = "CN"
    scan_gap_ms: Annotated[int, Meta(ge=15, le=150)] = 50
    scan_prefix: Annotated[int, Meta(ge=0, le=126)] = 0
    """Number (ASCII) of the sign a scanner sends before each code; 0 = none."""
    camera: Annotated[str, Meta(max_length=120)] = ""
    """Which camera reads codes, by its name; empty = the system's first."""
    key_preset: Literal["standard", "classic", "western"] = "standard"
    own_keys: Annotated[tuple[OwnKey, ...], Meta(max_length=64)] = ()
    """Keys that this till gives to acts, whatever the preset says (key_map.py)."""
    shifts_required: bool = False
    """Whether nothing is sold, given back or taken from the drawer without an open shift."""
    shift_shared: bool = True
    """Whether colleagues sell in an open shift without taking it over."""
    shift_names: tuple[Annotated[str, Meta(min_length=1, max_length=20)], ...] = ()
    """What shifts are called here ("早班"); empty = they have no names."""
    denominations: tuple[str, ...] = ()
    """Notes and coins that are counted, largest first; empty = those of the currency."""
    blind_count: bool = True
    """Whether what has to be in the drawer is shown only once a count is saved."""
    over_short_limit_minor: Annotated[int, Meta(ge=0, le=10_000_000)] = 2000
    """Over or short by more than this needs a reason and a manager."""
    no_sale_limit: Annotated[int, Meta(ge=0, le=100)] = 5
    """So many openings of the drawer without a sale in one shift are usual; more are noted."""
    member_sales_limit: Annotated[int, Meta(ge=1, le=100)] = 5
    """So many sales to one member at one till on one day are usual; more are noted."""
    keep_inactive_months: Annotated[int, Meta(ge=0, le=120)] = 0
    """A member who was not here for so long is forgotten by himself; 0 = never."""
    keep_case_months: Annotated[int, Meta(ge=1, le=120)] = 36
    """So long the words of a closed complaint stay whose customer is no member."""
    keep_hold_days: Annotated[int, Meta(ge=1, le=400)] = 90
    """So long a held sale that ended stays with its note."""
    training_own: Annotated[
        tuple[Annotated[str, Meta(min_length=1, max_length=40)], ...], Meta(max_length=12)
    ] = ()
    """Steps of the shop's own in the training checklist, ticked by a colleague who saw them."""
    training_left_out: tuple[str, ...] = ()
    """Steps that ship and this shop does not want (checklist.py)."""
    training_since_ms: Annotated[int, Meta(ge=0)] = 0
    """When somebody began to practise here; 0 = a real till. Set once, when the store is made."""

    @property
    def is_training(self) -> bool:
        """Whether nothing here is real: papers say so, and so does the window."""
        return self.training_since_ms > 0


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Which till this is, in the chain and on its receipts. Fixed at set-up, epoch at restores."""

    tenant: str
    store_id: str
    store_number: Annotated[int, Meta(ge=0, lt=36**3)]
    till_number: Annotated[int, Meta(ge=0, lt=36**2)]
    device: str
    epoch: Annotated[int, Meta(ge=0, lt=36**2)] = 1
