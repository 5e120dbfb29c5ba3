"""Sign-in and lock: by name and PIN, or by badge at any time."""

from collections.abc import Callable, Mapping

from ui.navigation import ToPayment, ToSignIn
from ui.sign_in.controller import SignInController
from ui.sign_in.idle import IdleLock
from ui.window_parts import WindowParts


def register(
    parts: WindowParts,
    *,
    demo_pins: Mapping[str, str] | None = None,
    may_lock: Callable[[], bool] | None = None,
) -> None:
    """Make this room reachable, and lock the till when nobody touches it.

    While money is taken it is not locked: the cashier has to say what the terminal showed.
    """
    navigation = parts.navigation
    navigation.add_screen(ToSignIn, lambda: SignInController(parts, demo_pins=demo_pins))

    def at_payment() -> bool:
        return isinstance(navigation.here, ToPayment)

    lock = IdleLock(parts, may_lock or (lambda: not at_payment()))
    lock.setParent(navigation)
