"""A made shop that is kept: filling one takes minutes, copying its file seconds.

Owns: putting a closed shop aside with the keys of its file, and copies of it to work with. Does not
own: what is in it (desk_pages.py). The keys lie beside the file: there is nobody real in it.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.real_shop import RealShop, copy_shop

_NAMES = ("members", "cards", "staff", "badges")


def is_kept(home: Path) -> bool:
    """Whether one stands there, whole."""
    return (home / "made.json").exists()


def keep_shop(shop: RealShop, home: Path) -> None:
    """Close it and put it aside."""
    folder = shop.store.place.folder
    shop.close()
    shutil.copytree(folder, home / "shop", dirs_exist_ok=True)
    keys = [[*place, secret] for place, secret in shop.keychain.entries.items()]
    known = {name: getattr(shop, name) for name in _NAMES}
    (home / "made.json").write_text(json.dumps({"keys": keys, **known}), encoding="utf-8")


def kept_shop(home: Path, folder: Path) -> RealShop:
    """A copy of the one that is kept, open; the kept one stays as it is."""
    told = json.loads((home / "made.json").read_text(encoding="utf-8"))
    made = copy_shop(folder / "pattern")
    made.close()
    made.keychain.entries.update({(place, name): key for place, name, key in told["keys"]})
    for name in _NAMES:
        getattr(made, name).update(told[name])
    return copy_shop(folder / "till", of=(home, made))
