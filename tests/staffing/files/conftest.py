"""Files named by the defect that they show, and the whole of the message that refuses them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from staffing.errors import BadInput


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a file, text or bytes, into a folder of the test."""

    def write_file(name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write_file


@pytest.fixture
def refused() -> Callable[..., BadInput]:
    """Run something that has to raise `BadInput`, and hold every part of the message against it."""

    def check(
        act: Callable[[], object],
        problem: str,
        *,
        file: Path | None = None,
        line: int | None = None,
        field: str | None = None,
        value: object = None,
        accepted: str = "",
    ) -> BadInput:
        with pytest.raises(BadInput) as caught:
            act()
        error = caught.value
        message = str(error)
        assert error.exit_code == 3
        assert problem in message
        assert (error.file, error.line, error.field) == (None if file is None else str(file), line, field)
        assert error.value == value
        if file is not None:
            assert message.startswith(f"{file}:{line}: " if line is not None else f"{file}: ")
        if value is not None:
            assert f"got {value!r}" in message
        assert error.accepted
        assert f"accepted: {error.accepted}" in message
        assert accepted in error.accepted
        return error

    return check
