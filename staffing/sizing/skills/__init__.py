"""People with several skills: what every set of queues needs together, and who is to be there for it."""

from __future__ import annotations

from staffing.sizing.skills.cut_loop import StaffedGroups, staff_groups
from staffing.sizing.skills.pooled_bounds import ServiceBounds, service_bounds
from staffing.sizing.skills.pooled_requirement import size_pooled
from staffing.sizing.skills.subset_cover import CoverRows, connected_sets, cover_rows

__all__ = [
    "CoverRows",
    "ServiceBounds",
    "StaffedGroups",
    "connected_sets",
    "cover_rows",
    "service_bounds",
    "size_pooled",
    "staff_groups",
]
