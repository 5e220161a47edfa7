"""Corner shops with a roster worth asking about; not played through, so that they are quick."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

QUICK = "\n[proof]\nenabled = false\n"


@dataclass(frozen=True)
class Shop:
    """A plan's folder and what a person may do to its files."""

    folder: Path

    @property
    def week(self) -> Path:
        """Where its week is published."""
        return self.folder / "out" / "2026-02-16"

    def edit(self, name: str, old: str, new: str) -> Shop:
        """Replace one text in a file, which must be there."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return self

    def add(self, text: str) -> Shop:
        """Append tables to the plan."""
        with (self.folder / "plan.toml").open("a", encoding="utf-8") as file:
            file.write(f"\n{text}\n")
        return self

    def file(self, name: str, text: str, key: str | None = None) -> Shop:
        """Write an input file and, with a key, name it in ``[people]``."""
        (self.folder / name).write_text(text, encoding="utf-8")
        return self if key is None else self.edit("plan.toml", "[people]\n", f'[people]\n{key} = "{name}"\n')


@pytest.fixture
def quick(shop: Path) -> Shop:
    """A fresh corner shop."""
    return Shop(shop).add(QUICK)


@pytest.fixture(scope="session")
def make_quick(make_shop: Callable[..., Path]) -> Callable[..., Shop]:
    """The function that writes a corner shop into a folder."""

    def make(folder: Path, **further: object) -> Shop:
        return Shop(make_shop(folder, **further)).add(QUICK)

    return make
