"""The HTML report: one file that opens anywhere, prints well, and asks the network for nothing.

render(result)                          the report of a planned week
render_comparison(table, ...)           targets and scenarios against their cost
"""

from staffing.report.comparison import render_comparison
from staffing.report.page import render

__all__ = ["render", "render_comparison"]
