"""A plan that is killed leaves the old result or the new one, whole."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from staffing.cli.main import run
from staffing.files.manifest import differences

KILLS = 50


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL does not exist on Windows")
def test_fifty_kills_never_leave_a_half_written_result(
    make_shop: Callable[..., Path], tmp_path: Path
) -> None:
    shop = make_shop(tmp_path / "shop")
    begin = time.monotonic()
    command = [sys.executable, "-m", "staffing.cli", "plan", str(shop), "-q"]
    assert subprocess.run(command, check=False).returncode == 0
    whole_s = time.monotonic() - begin
    week = shop / "out" / "2026-02-16"
    expected = sorted(path.name for path in week.iterdir())
    draw = random.Random(11)
    killed = 0
    for attempt in range(KILLS):
        process = subprocess.Popen(command)
        if attempt % 2:
            time.sleep(draw.uniform(0.0, whole_s))
        else:
            # Every other kill aims at the moment of writing: the working folder has just appeared.
            while process.poll() is None and not any(shop.glob("out/.2026-02-16.*")):
                time.sleep(0.001)
            time.sleep(draw.uniform(0.0, 0.15))
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            killed += 1
        process.wait()
        assert differences(week) == []
        assert sorted(path.name for path in week.iterdir()) == expected
    assert killed > KILLS / 2
    assert run(["plan", str(shop), "-q"]) == 0
    assert [path.name for path in (shop / "out").iterdir()] == ["2026-02-16"], "left-overs are cleared away"
