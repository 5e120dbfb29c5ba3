"""Words of the settings: the name of each, one sentence about it, and what its options are called.

Owns: these words, in English and marked for the catalogue. Does not own: bounds and defaults
(app/domain/setting_registry.py), pages of their own (pages.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.setting_registry import Group
from app.wording import N_


@dataclass(frozen=True, slots=True)
class SettingWords:
    """How one setting is said. `options`: code -> words; `zero`: what nought means, if not 0."""

    name: str
    sentence: str
    options: Mapping[str, str] = field(default_factory=dict)
    zero: str = ""


GROUP_WORDS: Mapping[Group, tuple[str, str]] = {
    "general": (N_("General"), "settings"),
    "shop": (N_("Shop"), "store"),
    "shift": (N_("Shift"), "clock"),
    "till": (N_("Till rules"), "basket"),
    "members": (N_("Members"), "user"),
    "equipment": (N_("Paper, scanner"), "receipt"),
    "keys": (N_("Keys"), "keyboard"),
}
"""Name and icon of each group."""

ON_OFF: Mapping[str, str] = {"on": N_("On"), "off": N_("Off")}
_LANGUAGES = {"zh_CN": N_("Chinese"), "en": N_("English")}
_TERMINALS = {"by_hand": N_("Confirmed by hand"), "simulated": N_("Simulated (demo)")}

WORDS: Mapping[str, SettingWords] = {
    "language": SettingWords(
        N_("Language"), N_("What the till speaks; receipts have their own."), _LANGUAGES
    ),
    "theme": SettingWords(
        N_("Look"),
        N_("Light, dark, or as the computer is set."),
        {"system": N_("As the computer"), "light": N_("Light"), "dark": N_("Dark")},
    ),
    "text_scale": SettingWords(N_("Text size"), N_("How large words and keys are.")),
    "sound_percent": SettingWords(
        N_("Sound level"),
        N_("How loud tones are; that of a refused scan stays audible."),
    ),
    "scanner_beeps": SettingWords(
        N_("Scanner beeps itself"), N_("The till then gives no tone of its own for goods.")
    ),
    "sounds": SettingWords(
        N_("Tones"), N_("Off: only a refused scan is heard; the coloured bar stays.")
    ),
    "lock_after_s": SettingWords(
        N_("Lock when idle"),
        N_("So long without a key or a touch until the till locks; the basket stays."),
        zero=N_("Never"),
    ),
    "store_name": SettingWords(
        N_("Name of the shop"), N_("Stands on the receipts and in the header.")
    ),
    "store_address": SettingWords(N_("Address"), N_("Stands on the receipts.")),
    "store_phone": SettingWords(N_("Phone of the shop"), N_("Stands on the receipts.")),
    "receipt_languages": SettingWords(
        N_("Language of receipts"),
        N_("One language, or two below each other."),
        {
            **_LANGUAGES,
            "zh_CN+en": N_("Chinese, then English"),
            "en+zh_CN": N_("English, then Chinese"),
        },
    ),
    "shifts_required": SettingWords(
        N_("Shift needed"), N_("Nothing is sold or refunded without an open shift.")
    ),
    "shift_shared": SettingWords(
        N_("Shared shift"), N_("Colleagues sell in an open shift without taking it over.")
    ),
    "shift_names": SettingWords(
        N_("Names of shifts"), N_("To choose from when one is opened, with commas between them.")
    ),
    "blind_count": SettingWords(
        N_("Blind count"),
        N_("What has to be in the drawer is shown only after it was counted."),
    ),
    "denominations": SettingWords(
        N_("Notes and coins"),
        N_("What is counted, largest first; empty: those of the currency."),
    ),
    "over_short_limit_minor": SettingWords(
        N_("Over and short up to"),
        N_("A larger difference at the count needs a reason and a manager."),
    ),
    "no_sale_limit": SettingWords(
        N_("Drawer openings"),
        N_("More openings in a shift without a sale are listed as an exception."),
    ),
    "member_sales_limit": SettingWords(
        N_("Sales to one member"),
        N_("More sales to one member on a day at this till are listed as an exception."),
    ),
    "keep_inactive_months": SettingWords(
        N_("Forget after an absence of"),
        N_("A member who was not here for so long is erased at night; what he bought stays."),
        zero=N_("Never"),
    ),
    "keep_case_months": SettingWords(
        N_("Keep complaints of others"),
        N_("So long the words, name and number of a closed complaint stay of who is no member."),
    ),
    "keep_hold_days": SettingWords(
        N_("Keep held sales"),
        N_("So long a held sale that was recalled or given up stays, with its note."),
    ),
    "scan_to_pay": SettingWords(
        N_("Pay by scanning"), N_("A customer's payment code scanned at the till is charged.")
    ),
    "merge_lines": SettingWords(
        N_("Merge lines"), N_("The same item scanned again counts up its line.")
    ),
    "receipt_return_s": SettingWords(
        N_("Return to the till"),
        N_(
            "So long the finished sale stays, four times as long while a customer is asked how it "
            "was; the next scan ends it too."
        ),
        zero=N_("It stays"),
    ),
    "weighed_weight": SettingWords(
        N_("Labels with a weight"),
        N_("First two figures of a scale's labels that say a weight, 20 to 29."),
    ),
    "weighed_price": SettingWords(
        N_("Labels with a price"),
        N_("First two figures of a scale's labels that say a price, 20 to 29."),
    ),
    "expiry_soon_days": SettingWords(
        N_("Last day near"),
        N_("So many days before the last day on a label the till says so at the scan."),
        zero=N_("Only on the day"),
    ),
    "internal_pattern": SettingWords(
        N_("Own item codes"),
        N_("A regular expression for item codes without a check figure."),
    ),
    "training_own": SettingWords(
        N_("Own training steps"),
        N_("Ticked off on the Staff page by a colleague who saw them, with commas between them."),
    ),
    "suggest_sentence": SettingWords(
        N_("A sentence to say"),
        N_("Beside the member: what is worth telling him, as what is missing to the next tier."),
    ),
    "recommend": SettingWords(
        N_("Name what he may want"),
        N_("Beside the member: up to three products, by what he and similar baskets took before."),
    ),
    "never_recommended": SettingWords(
        N_("Never named"),
        N_("Goods whose category holds one of these words, such as those not sold to all ages."),
    ),
    "receipt_columns": SettingWords(
        N_("Columns of the paper"),
        N_("Signs in a row of the receipt: 48 on 80 mm, 32 on 58 mm; a Chinese sign takes two."),
    ),
    "printer": SettingWords(
        N_("Receipt printer"),
        N_("How it is reached, as in tcp:192.168.1.50 or device:/dev/usb/lp0; empty: none."),
    ),
    "drawer": SettingWords(
        N_("Cash drawer"), N_("It hangs on the receipt printer and is opened by it.")
    ),
    "customer_display": SettingWords(
        N_("Customer display"),
        N_("Where the customer reads along."),
        {
            "second_screen": N_("On a second screen"),
            "window": N_("In a window"),
            "off": N_("Off"),
        },
    ),
    "display_pay_code": SettingWords(
        N_("Payment QR"),
        N_("What the shop's code says; shown for payments confirmed by hand."),
    ),
    "scan_gap_ms": SettingWords(
        N_("Speed of the scanner"),
        N_("Longest pause between its figures: more for slow and Bluetooth scanners."),
    ),
    "scan_prefix": SettingWords(
        N_("Sign before each code"),
        N_("Its ASCII number, as the scanner sends it (STX is 2); 0: none."),
    ),
    "scanner": SettingWords(
        N_("Serial scanner"),
        N_("As in serial:/dev/ttyACM0 or serial:COM3; empty: it types like a keyboard."),
    ),
    "camera": SettingWords(
        N_("Camera"), N_("Which one reads member codes, by its name; empty: the first.")
    ),
    "mobile_terminal": SettingWords(
        N_("Scan payments"), N_("How a customer's payment code is charged."), _TERMINALS
    ),
    "card_terminal": SettingWords(N_("Cards"), N_("How bank cards are charged."), _TERMINALS),
}
