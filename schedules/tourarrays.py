"""The flat arrays in which the tours of all people are packed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

# Columns of the packed arrays; constants to the compiled code.
BREAK_LEN, BREAK_FIRST, BREAK_LAST, BREAK_PAID = 0, 1, 2, 3
FIRST_BREAK, SPACING = 0, 1
START, PATTERN = 0, 1
BLOCK, LENGTH, RANK, READY, MINUTE, SHIFT, READY_LONG, PAID, LATE = 0, 1, 2, 3, 4, 5, 6, 7, 8
FIRST_BLOCK, FIRST_OPTION, FIRST_BAND, FIRST_LABEL = 0, 1, 2, 3
STARTS, CLASSES, OPEN_CLASSES = 0, 1, 2
FORM, GROUP, WISH_ROW = 0, 1, 2
GRAPH_FIRST, ROOT = 0, 1
NODE, IS_OPEN = 0, 1
NEXT, LONG, TARIFF = 0, 1, 2
(
    OVERTIME_FROM,
    OVERTIME_PRICE,
    DAILY_FROM,
    SHIFT_FEE,
    TARGET_PRICE,
    WEEKEND_PRICE,
    WEEKEND_BROUGHT,
    LATE_PRICE,
    LATE_BROUGHT,
) = range(9)
NO_WEEKLY_REST, REST_TOO_LONG = -2, -1
KEPT_FREE, NOT_KEPT = -1, -2


class TourSpace(NamedTuple):
    """Tours as arrays. A *form* is a set of legal tours with its costs; people with the same rules share one.

    ``F`` forms, ``D`` days, ``W`` weeks, ``L`` most labels of a form, ``A`` people. A *label* is what the rules must
    know of a shift: paid minutes, and whether it is a night and the like where a rule asks. Columns are named above;
    entries called *first* point to the first row of another array, and one row further is the end. Few wide arrays
    instead of many narrow ones: every array that a compiled function receives costs compile time.

    Attributes
    ----------
    slots, extended, days
        Slots of the horizon, slots with those after it, days.
    most_nodes, most_classes, most_blocks, most_options, most_daily, most_breaks, most_starts, most_places
        Sizes of the scratch arrays; ``most_daily`` is options of a day, ``most_places`` starts of a break.
    breaks
        ``(breaks, 4)``: length, first and last start after the shift's start in slots, 1 if paid.
    patterns
        ``(patterns + 1, 2)``: first break, work slots between breaks.
    blocks
        ``(blocks, 2)``: start slot with its break pattern; the best breaks serve all lengths of the block.
    options
        ``(options, 9)``, sorted by form, day, label, start: block within the form, length, rank of the start among the
        form's starts of the day, ready class after it (see ``toursweep``), wall-clock start, shift on the grid, ready
        class after a weekly rest (-1 where the week ends before), paid minutes, 1 if late.
    form_first
        ``(F + 1, 4)``: first block, option, band and label.
    label_ptr
        ``(F, D, L + 1)``: options of a day by label.
    day_info
        ``(F, D + 1, 3)``: distinct starts, ready classes, ready classes while the weekly rest is open.
    bands
        ``(bands, 2)``: lowest and highest wall-clock start of a week.
    graph, wage
        ``(F,)``: view of the graph of tours, money per paid slot.
    views
        ``(views, 2)``: first node of the graph, root.
    layer, nodes
        ``(views, D + 2)``: first entry of each day in ``nodes``, ``(entries, 2)``: node, 1 if its weekly rest is open.
    moves
        ``(nodes, 1 + L, 3)``: see :class:`schedules.tourgraph.TourGraph`.
    price
        ``(F, tariffs)``: money of each tariff.
    jump
        ``(F, W)``: ready class after the stretch that opens a week, if it is the week's rest.
    free_fee
        ``(F, D)``: price of a free day, prohibitive where a shift is settled.
    terms
        ``(F, 9)``: what overtime, shifts, hours off the target and unfair shares cost; minutes and money per minute.
    target
        ``(F, W)``: paid minutes aimed at.
    weekend
        ``(D,)``: number of the weekend that a day belongs to, -1 for none.
    pay_sum
        ``(extended + 1,)``: cumulative 1 + premium share.
    people
        ``(A, 3)``: form, skill group, row of the personal costs or -1.
    skills
        ``(groups,)``: bit mask of queues.
    wish_ptr, wish_cost, wish_off
        First entry of a row in ``wish_cost``, which holds a price per option, or nothing for a row without
        wishes; price of each free day.
    held, change_price
        ``(rows, D)``: option that was published, -1 for a free day, -2 for a shift that is no longer possible;
        money per changed day. No rows where nothing was published.
    """

    slots: int
    extended: int
    days: int
    most_nodes: int
    most_classes: int
    most_blocks: int
    most_options: int
    most_daily: int
    most_breaks: int
    most_starts: int
    most_places: int
    breaks: np.ndarray
    patterns: np.ndarray
    blocks: np.ndarray
    options: np.ndarray
    form_first: np.ndarray
    label_ptr: np.ndarray
    day_info: np.ndarray
    bands: np.ndarray
    graph: np.ndarray
    wage: np.ndarray
    views: np.ndarray
    layer: np.ndarray
    nodes: np.ndarray
    moves: np.ndarray
    price: np.ndarray
    jump: np.ndarray
    free_fee: np.ndarray
    terms: np.ndarray
    target: np.ndarray
    weekend: np.ndarray
    pay_sum: np.ndarray
    people: np.ndarray
    skills: np.ndarray
    wish_ptr: np.ndarray
    wish_cost: np.ndarray
    wish_off: np.ndarray
    held: np.ndarray
    change_price: float
