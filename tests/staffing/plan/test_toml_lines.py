"""Keys are found on the line where a person wrote them."""

from __future__ import annotations

import pytest

from staffing.plan.toml_lines import line_of

TEXT = """\
# a plan
[plan]
name = "x"
[queues.phone]
service_level = 0.8
opening_hours = { mon-fri = "08:00-20:00" }
[queues."the chat"]
channel = "chat"
[[shifts]]
name = "a"
[[shifts]]
name = "b"
breaks = [
    { name = "lunch" },
]
[rules]
deep.key = 1
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("plan", "name"), 3),
        (("queues", "phone", "service_level"), 5),
        (("queues", "phone", "opening_hours", "mon-fri"), 6),
        (("queues", "the chat", "channel"), 8),
        (("shifts", 0, "name"), 10),
        (("shifts", 1, "name"), 12),
        (("shifts", 1, "breaks", 0, "name"), 13),
        (("rules", "deep", "key"), 17),
        (("plan", "missing"), 2),
        (("nowhere",), None),
    ],
)
def test_a_key_is_found_on_its_line(path: tuple[str | int, ...], line: int | None) -> None:
    assert line_of(TEXT, path) == line
