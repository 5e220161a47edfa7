"""The command ``staffing``: one file a command."""

import os

# Threads inside numpy gain nothing on these sizes, cost processor time beside other runs, and may
# change the last digit of a sum. Must be said before numpy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from staffing.cli.main import main

__all__ = ["main"]
