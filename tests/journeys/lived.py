"""A shop that has lived through a story, told once a process at the real window; tests get copies.

Owns: telling it, keeping its folder. Does not own: the stories (tests/screens), copying a shop
(tests/real_shop.py).
"""

import atexit
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from tests.journeys.cashier import Cashier, a_till, sit_down
from tests.real_shop import RealShop
from tests.screens.scene import Scene, WaitingTerminal
from tests.ui.one_application import one_application


@cache
def lived(story: Callable[[Scene], None]) -> tuple[Path, RealShop]:
    """The shop of the pictures after 李明 did this at its window; nobody signed in, all closed."""
    folder = Path(tempfile.mkdtemp(prefix="zhanggui-lived-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    till = a_till(folder)
    with one_application() as application:
        cashier: Cashier = sit_down(till, application)
        cashier.scan(till.shop.badges["李明"])
        story(Scene(cashier, "zh_CN", WaitingTerminal()))
        cashier.leave()
    till.close()
    return folder, till.shop
