"""python -m tests.camera [--seed N] [--images N] [--json] [--out FOLDER]: measure the reader."""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from tests.camera import scenes
from tests.camera.figures import Figures, measure, missed
from tests.camera.scenes import Scene


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.camera", description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--images", type=int, default=480)
    parser.add_argument("--json", action="store_true", help="figures for a script")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="keep the pictures there")
    options = parser.parse_args()
    application = QApplication([])  # cards are painted with Qt's fonts
    figures = measure(
        _kept(scenes.scenes(options.seed, options.images), options.out),
        scenes.empty_scenes(options.seed, max(30, options.images // 8)),
    )
    application.quit()
    faults = list(missed(figures, timed=True))
    print(json.dumps(figures.as_json(), indent=2) if options.json else _table(figures))
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def _kept(made: Iterable[Scene], out: Path | None) -> Iterator[Scene]:
    for number, scene in enumerate(made):
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
            scene.picture.save(out / f"{number:04d}-{scene.kind.replace(' ', '-')}.png")
        yield scene


def _table(figures: Figures) -> str:
    rows = [
        f"{kind:<10} {figures.read[kind]:>4} of {count:<4} {figures.percent(kind):6.1f} %"
        f"   base pass {figures.by_base[kind]:>4}"
        for kind, count in figures.images.items()
    ]
    rows.append(f"overall    {figures.overall_percent:.1f} %, {len(figures.wrong)} wrong")
    rows.append(f"base pass without a code {figures.base_median_ms:.1f} ms (median)")
    rows.append(f"{figures.retries_a_frame:.3f} retries a frame")
    return "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main())
