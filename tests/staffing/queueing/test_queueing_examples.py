"""The examples in the formulas' documentation run as written."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import staffing.queueing


def test_every_documented_example_holds():
    tried = 0
    for module in pkgutil.iter_modules(staffing.queueing.__path__):
        outcome = doctest.testmod(importlib.import_module(f"staffing.queueing.{module.name}"))
        assert outcome.failed == 0, module.name
        tried += outcome.attempted
    assert tried >= 6
