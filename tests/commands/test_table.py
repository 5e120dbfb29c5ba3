"""The table of commands as a process: a reader that has seen enough is no fault."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("words", [["--help"], ["program", "show", "default"]])
def test_a_reader_that_stops_early_meets_no_traceback(words: list[str]) -> None:
    command = [sys.executable, "main.py", *words]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()  # gone before the first word is written
        assert process.stderr.read() == ""
        assert process.wait() == 0
