"""Rows written as text are those that openpyxl writes for the same cells."""

from __future__ import annotations

import re
import zipfile
from datetime import datetime
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.xml import LXML

from staffing.files import sheet_rows
from staffing.files.sheet_rows import TextCells, number_cell, rows_xml, time_cell

FORMAT = "yyyy-mm-dd hh:mm"
texts = st.text(
    st.one_of(st.sampled_from("=+-@#'\"<>&;, \t\n12"), st.characters(exclude_categories=["Cs"])), max_size=20
)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2150, 1, 1))
numbers = st.one_of(
    st.integers(-(10**6), 10**6), st.floats(-1e9, 1e9), st.sampled_from([0.0, -0.0, 1e-300, float("nan")])
)
cells = st.one_of(texts, numbers, moments, st.none())


def by_openpyxl(rows: list[list[object]]) -> bytes:
    """The XML between the header and the end of the rows."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("x")
    sheet.append(["header"])
    for row in rows:
        made = []
        for value in row:
            cell = value
            if isinstance(value, str):
                cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("\ufffd", value))
                cell.data_type = "s"
            elif isinstance(value, datetime):
                cell = WriteOnlyCell(sheet, value=value)
                cell.number_format = FORMAT
            made.append(cell)
        sheet.append(made)
    buffer = BytesIO()
    book.save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        data = archive.read("xl/worksheets/sheet1.xml")
    found = re.search(rb'<row r="1">.*?</row>(.*)</sheetData>', data, re.DOTALL)
    assert found is not None
    return found[1]


def by_rows(rows: list[list[object]]) -> bytes:
    texts_of = TextCells()
    told = [
        [
            None
            if value is None
            else texts_of[value]
            if isinstance(value, str)
            else time_cell(value, 1)
            if isinstance(value, datetime)
            else number_cell(value)  # type: ignore[arg-type]
            for value in row
        ]
        for row in rows
    ]
    return b"".join(rows_xml(told))


@pytest.mark.skipif(LXML, reason="with lxml, openpyxl closes empty elements without a space")
@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(cells, max_size=5).map(lambda row: ["name", *row]), max_size=4))
def test_rows_are_those_of_openpyxl(rows: list[list[object]]) -> None:
    assert by_rows(rows) == by_openpyxl(rows)


@pytest.mark.skipif(LXML, reason="with lxml, openpyxl closes empty elements without a space")
def test_long_texts_wide_rows_and_many_rows_are_those_of_openpyxl() -> None:
    rows: list[list[object]] = [["x" * 40_000], list(range(60)), *([k, f"name {k % 7}"] for k in range(300))]
    assert by_rows(rows) == by_openpyxl(rows)


def test_rows_come_in_parts_that_are_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [[number_cell(k)] for k in range(10)]
    whole = b"".join(rows_xml(rows))
    monkeypatch.setattr(sheet_rows, "ROWS_AT_ONCE", 3)
    parts = list(rows_xml(rows))
    assert len(parts) == 4
    assert b"".join(parts) == whole
