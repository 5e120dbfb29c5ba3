"""python -m tests.screens OUT [--only TEXT]: take the pictures. See tests/screens/__init__.py."""

import argparse
import os
import sys
import tempfile
from pathlib import Path
from types import TracebackType

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_HOME = tempfile.TemporaryDirectory(prefix="zhanggui-home-")
for _name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "HOME"):
    os.environ[_name] = _HOME.name  # nobody's real shop is in the pictures

from app.domain.settings import Language  # noqa: E402 - after the homes are set
from tests.screens.album import SHOTS, take_all  # noqa: E402 - after the homes are set
from ui.application import Application, make_application  # noqa: E402 - after the homes are set


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.screens", description=__doc__)
    parser.add_argument("out", type=Path, metavar="OUT")
    parser.add_argument("--only", default="", help="shots whose name contains this")
    parser.add_argument("--lang", choices=("zh_CN", "en"), help="one language only")
    options = parser.parse_args()
    application = make_application()
    assert isinstance(application, Application)
    shots = [shot for shot in SHOTS if options.only in shot.name]
    languages: tuple[Language, ...] = (options.lang,) if options.lang else ("zh_CN", "en")
    faults = _listen_to_faults()
    tell = lambda name: print(name, flush=True)  # noqa: E731 - one word
    pictures = take_all(options.out, application, shots, languages=languages, tell=tell)
    print(f"{len(pictures)} pictures of {len(shots)} screens and states in {options.out}")
    for fault in faults:
        print(f"a picture hides this: {fault!r}")
    return 1 if faults else 0


def _listen_to_faults() -> list[BaseException]:
    """What Qt swallows on its way out of a slot: the picture would show the step before."""
    faults: list[BaseException] = []
    told = sys.excepthook

    def hear(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
        faults.append(fault)
        told(kind, fault, trace)

    sys.excepthook = hear
    return faults


if __name__ == "__main__":
    sys.exit(main())
