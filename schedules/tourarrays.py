"""The flat arrays in which the tours of all people are packed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

# Columns of the packed arrays; constants to the compiled code.
BREAK_LEN, BREAK_FIRST, BREAK_LAST, BREAK_PAID = 0, 1, 2, 3
FIRST_BREAK, SPACING = 0, 1
START, PATTERN = 0, 1
BLOCK, LENGTH, RANK, READY, MINUTE, SHIFT = 0, 1, 2, 3, 4, 5
FIRST_BLOCK, FIRST_OPTION, FIRST_BAND = 0, 1, 2
STARTS, CLASSES = 0, 1
FORM, GROUP, WISH_ROW = 0, 1, 2


class TourSpace(NamedTuple):
    """Tours as arrays. A *form* is a set of legal tours; people with the same rules share one.

    ``F`` forms, ``D`` days, ``P`` most paid lengths of a form, ``A`` people. Columns are named above; entries
    called *first* point to the first row of another array, and one row further is the end. Few wide arrays instead
    of many narrow ones: every array that a compiled function receives costs compile time.

    Attributes
    ----------
    slots, extended, days
        Slots of the horizon, slots with those after it, days.
    most_nodes, most_classes, most_blocks, most_options, most_breaks, most_starts
        Sizes of the scratch arrays.
    breaks
        ``(breaks, 4)``: length, first and last start after the shift's start in slots, 1 if paid.
    patterns
        ``(patterns + 1, 2)``: first break, work slots between breaks.
    blocks
        ``(blocks, 2)``: start slot with its break pattern; the best breaks serve all lengths of the block.
    options
        ``(options, 6)``, sorted by form, day, paid length, start: block within the form, length, rank
        of the start among the form's starts of the day, ready class after it (see ``tours``),
        wall-clock start, shift on the grid.
    form_first
        ``(F + 1, 3)``: first block, option and band.
    paid_ptr
        ``(F, D, P + 1)``: options of a day by paid length.
    day_info
        ``(F, D + 1, 2)``: distinct starts, ready classes.
    bands
        ``(bands, 2)``: lowest and highest wall-clock start of a tour.
    graph, wage
        ``(F,)``: graph of work weeks, money per paid slot.
    layer
        ``(graphs, D + 2)``: first node of each day.
    after
        ``(nodes, 1 + P)``: node after a free day and after each paid length, -1 where illegal.
    pay_sum
        ``(extended + 1,)``: cumulative 1 + premium share.
    people
        ``(A, 3)``: form, skill group, row of the wishes or -1.
    skills
        ``(groups,)``: bit mask of queues.
    wish_ptr, wish_cost, wish_off
        First entry of a row in ``wish_cost``, which holds a price per option; price of each free day.
    """

    slots: int
    extended: int
    days: int
    most_nodes: int
    most_classes: int
    most_blocks: int
    most_options: int
    most_breaks: int
    most_starts: int
    breaks: np.ndarray
    patterns: np.ndarray
    blocks: np.ndarray
    options: np.ndarray
    form_first: np.ndarray
    paid_ptr: np.ndarray
    day_info: np.ndarray
    bands: np.ndarray
    graph: np.ndarray
    wage: np.ndarray
    layer: np.ndarray
    after: np.ndarray
    pay_sum: np.ndarray
    people: np.ndarray
    skills: np.ndarray
    wish_ptr: np.ndarray
    wish_cost: np.ndarray
    wish_off: np.ndarray
