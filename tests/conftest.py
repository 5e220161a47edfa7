"""How properties are searched: answers are judged, not the speed of a busy machine."""

from __future__ import annotations

import os

from hypothesis import settings

# In continuous integration the same examples each time; at a desk new ones each time, to find more.
settings.register_profile("answers", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("answers")
