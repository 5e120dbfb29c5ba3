"""What every test stands on: a quiet offscreen Qt, a home of its own, and steady Hypothesis runs.

Owns: settings that must hold before the first import of Qt, keyring or platformdirs.
Does not own: shops, members, baskets (the builders) and windows (tests/journeys).
"""

import atexit
import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.repeats import function_of, listed

# A test never sees the real shop: data folders and keychain of whoever runs it stay untouched,
# also in the processes that tests start.
_HOME = Path(tempfile.mkdtemp(prefix="zhanggui-tests-"))
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)
for _name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
    os.environ[_name] = str(_HOME / _name.lower())
for _name in ("APPDATA", "LOCALAPPDATA"):
    os.environ[_name] = str(_HOME)
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

# ZHANGGUI_TEST_DISPLAY=1 shows the windows (or uses the virtual screen DISPLAY names).
if not os.environ.get("ZHANGGUI_TEST_DISPLAY"):
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.setdefault("QT_LOGGING_RULES", "qt.multimedia.*=false")

# Tests never assert times, so a slow machine is no failure. Where CI is set the examples are the
# same in every run: a red run can be repeated; at a desk each run looks somewhere new.
_UNTIMED = [HealthCheck.too_slow, HealthCheck.differing_executors]
settings.register_profile("desk", deadline=None, suppress_health_check=_UNTIMED, print_blob=True)
settings.register_profile("ci", settings.get_profile("desk"), derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Every worker imports all tests: the first counts the lines that this runs, others need not.

    The counter keeps account of frames: it is taken away and put back in one and the same.
    """
    counter = sys.gettrace()
    if os.environ.get("PYTEST_XDIST_WORKER", "gw0") != "gw0":
        sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(counter)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests whose every line others run as well count none: repeats.py lists them."""
    left_out = listed()
    for item in items:
        if function_of(item.nodeid) in left_out:
            item.add_marker("no_cover")


def pytest_collection_finish() -> None:
    """What was collected stays to the end: no pass of the garbage collector looks at it again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """What is marked no_cover counts no lines in the processes it starts either."""
    counted = "COVERAGE_PROCESS_CONFIG"
    if item.get_closest_marker("no_cover") is None or counted not in os.environ:
        return (yield)
    kept = os.environ.pop(counted)
    try:
        return (yield)
    finally:
        os.environ[counted] = kept


LIGHT_KIB = 64


@pytest.fixture(scope="session", autouse=True)
def _hashes_are_light() -> Iterator[None]:
    """People sign in thousands of times here, and a hash is slow on purpose: with a shop's own cost
    it was a seventh of what journeys and services compute. tests/store/test_slow_hashes.py holds
    what a shop gets.
    """
    from app.store import pins, wrapped_key

    light = replace(wrapped_key.DERIVATION, memory_kib=LIGHT_KIB)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pins, "MEMORY_KIB", LIGHT_KIB)
        patch.setattr(wrapped_key, "DERIVATION", light)
        yield


@pytest.fixture(autouse=True)
def _no_router_is_left() -> Iterator[None]:
    """A scan router that outlives its test eats the keys of the tests behind it in that process."""
    yield
    if "ui.scan_router" in sys.modules:
        from tests.ui.one_application import left_routers

        left = left_routers()
        assert not left, "close the application of this test: one_application()"
