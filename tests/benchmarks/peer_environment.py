"""An environment of its own for libraries that are compared with, made at the first call."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path


def environment(name: str, requirements: Sequence[str]) -> Path:
    """The interpreter of an environment.

    It lies in the folder that the variable ``<NAME>_PEERS`` names, or in ``<name>-peers`` of the user's cache.
    """
    default = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / f"{name}-peers"
    folder = Path(os.environ.get(f"{name.upper()}_PEERS", default))
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    ready = folder / "ready"
    if not ready.exists():
        sys.stderr.write(f"installing {', '.join(requirements)} into {folder}\n")
        venv.create(folder, with_pip=True)
        pip = [python, "-m", "pip", "install", "--quiet", *requirements]
        made = subprocess.run(pip, capture_output=True, text=True)
        if made.returncode:
            raise SystemExit(made.stderr)
        ready.touch()
    return python
