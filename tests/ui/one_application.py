"""One application for one test: its scan router is gone when the test is.

Owns: making and taking away; the check that no test leaves a router to the next. A router that
stays filters the keys of every later test: it holds them back, and nobody waits for it.
Does not own: windows (opened.py, tests/journeys/cashier.py).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication
from shiboken6 import delete

from ui.application import Application, make_application
from ui.scan_router import ScanRouter
from ui.theme.tokens import Scheme


@contextmanager
def one_application(scheme: Scheme = Scheme.LIGHT) -> Iterator[Application]:
    """The application with a scan router of its own, in this look at 100 %."""
    made = make_application(scheme=scheme)
    assert isinstance(made, Application)
    try:
        yield made
    finally:
        made.theme.use(scheme=Scheme.LIGHT, scale_percent=100)
        delete(made.router)  # now, not when an event loop comes round: the next test begins first


@contextmanager
def one_router() -> Iterator[ScanRouter]:
    """A scan router alone, for tests that bring their own window."""
    application = QCoreApplication.instance()
    assert application is not None
    made = ScanRouter(application)
    try:
        yield made
    finally:
        delete(made)


def left_routers() -> list[ScanRouter]:
    """The routers nobody took away."""
    application = QCoreApplication.instance()
    return [] if application is None else application.findChildren(ScanRouter)
