"""Any file at all is either read with its line numbers or refused in one message."""

from __future__ import annotations

import csv
import io
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffing.errors import BadInput
from staffing.files.defects import BadTable
from staffing.files.source import Limits, read_source

PLAIN = "agent,note\nanna,Zürich\nbert,Kraków\n"


def cells(source, name):
    return [source.cell(name, row) for row in range(len(source))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_encodings_give_the_same_cells(write, encoding):
    source = read_source(write("plain.csv", PLAIN, encoding), ("agent", "note"))
    assert cells(source, "note") == ["Zürich", "Kraków"]


def test_windows_1252_is_recognised_where_the_bytes_are_not_utf_8(write):
    source = read_source(write("windows.csv", "agent,note\nanna,Zürich – 5 €\n", "cp1252"), ("agent", "note"))
    assert (source.encoding, cells(source, "note")) == ("cp1252", ["Zürich – 5 €"])


@pytest.mark.parametrize("delimiter", [",", ";", "|", "\t"])
def test_the_delimiter_is_the_one_under_which_the_header_makes_sense(write, delimiter):
    text = f"agent{delimiter}note\nanna{delimiter}x\n"
    source = read_source(write("delimiter.csv", text), ("agent", "note"))
    assert (source.delimiter, cells(source, "note")) == (delimiter, ["x"])


def test_delimiters_inside_cells_do_not_confuse(write):
    source = read_source(write("skills.csv", "agent,skills\nanna,a;b;c;d\n"), ("agent", "skills"))
    assert cells(source, "skills") == ["a;b;c;d"]


def test_excels_first_line_that_names_the_delimiter_is_obeyed(write):
    source = read_source(write("sep.csv", "sep=;\nagent;note\nanna;x\n"), ("agent", "note"))
    assert (cells(source, "agent"), source.lines.tolist()) == (["anna"], [3])


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_numbers_survive_blank_lines_and_quoted_line_breaks(write, newline):
    text = newline.join(["agent,note", "", 'anna,"two', 'lines"', ",", "bert,x", ""])
    source = read_source(write("lines.csv", text), ("agent", "note"))
    assert (cells(source, "agent"), source.lines.tolist()) == (["anna", "bert"], [3, 6])


def test_column_names_are_compared_without_case_and_blanks(write):
    source = read_source(write("case.csv", " Agent ,NOTE\nanna,x\n"), ("agent", "note"))
    assert cells(source, "agent") == ["anna"]


def test_a_delimiter_too_many_at_the_end_of_a_row_is_forgiven(write):
    source = read_source(write("trailing.csv", "agent,note\nanna,x,\n"), ("agent", "note"))
    assert cells(source, "note") == ["x"]


def test_missing_column(write, refused):
    path = write("missing_column.csv", "agent,note\nanna,x\n")
    accepted = "one of the columns found: agent, note"
    refused(
        lambda: read_source(path, ("agent", "skill")),
        "missing column 'skill'",
        file=path,
        line=1,
        field="skill",
        accepted=accepted,
    )


def test_missing_renamed_column_is_called_as_the_file_should(write, refused):
    path = write("missing_column.csv", "agent,note\nanna,x\n")
    act = lambda: read_source(path, ("skill",), names={"skill": "Fähigkeit"})  # noqa: E731
    refused(act, "missing column 'Fähigkeit'", file=path, line=1, field="Fähigkeit", accepted="agent, note")


def test_unknown_column(write, refused):
    path = write("unknown_column.csv", "agent,skils\nanna,x\n")
    act = lambda: read_source(path, ("agent",), ("skills",), known_only=True)  # noqa: E731
    refused(act, "unknown column", file=path, line=1, field="skils", accepted="agent, skills")


def test_column_twice(write, refused):
    path = write("column_twice.csv", "agent,agent\nanna,x\n")
    act = lambda: read_source(path, ("agent",))  # noqa: E731
    refused(act, "more than once", file=path, line=1, field="agent", accepted="one column agent")


@pytest.mark.parametrize("content", ["", "\n\n  \n", "\ufeff", ",,\n"])
def test_empty_file(write, refused, content):
    path = write("empty.csv", content)
    refused(lambda: read_source(path, ("agent",)), "is empty", file=path, accepted="a header line")


def test_header_only(write, refused):
    path = write("header_only.csv", "agent\n")
    act = lambda: read_source(path, ("agent",))  # noqa: E731
    refused(act, "a header and no rows", file=path, line=1, accepted="at least one row")
    assert len(read_source(path, ("agent",), rows_needed=False)) == 0


def test_file_missing(tmp_path, refused):
    path = tmp_path / "missing.csv"
    refused(lambda: read_source(path, ("a",)), "no such file", file=path, accepted="an existing CSV file")


def test_directory(tmp_path, refused):
    refused(lambda: read_source(tmp_path, ("a",)), "a directory", file=tmp_path, accepted="a CSV file")


def test_a_pipe_is_refused_instead_of_waited_for(tmp_path, refused):
    path = tmp_path / "pipe.csv"
    os.mkfifo(path)
    refused(lambda: read_source(path, ("a",)), "not a regular file", file=path, accepted="a CSV file")


def test_a_path_that_no_file_can_have_is_refused():
    with pytest.raises(BadInput):
        read_source("a\x00b.csv", ("a",))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable(write, refused):
    path = write("unreadable.csv", PLAIN)
    path.chmod(0)
    refused(
        lambda: read_source(path, ("agent",)), "cannot be read", file=path, accepted="a readable CSV file"
    )


def test_nul_bytes(write, refused):
    path = write("nul.csv", b"agent,note\nanna,\x00\x01\n")
    refused(lambda: read_source(path, ("agent",)), "NUL", file=path, line=2, accepted="UTF-8, UTF-16")


@pytest.mark.parametrize("magic", [b"PK\x03\x04rest", b"\x1f\x8b\x08", b"%PDF-1.7", b"SQLite format 3\x00"])
def test_files_of_other_programs_are_named(write, refused, magic):
    path = write("other.csv", magic)
    refused(lambda: read_source(path, ("agent",)), "this is a", file=path, accepted="CSV")


def test_undecodable(write, refused):
    path = write("undecodable.csv", b"agent\nanna\nb\x81t\n")
    refused(
        lambda: read_source(path, ("agent",)), "neither UTF-8", file=path, line=3, accepted="Windows-1252"
    )


def test_odd_utf_16(write, refused):
    path = write("odd_utf_16.csv", b"\xff\xfea\x00b")
    refused(lambda: read_source(path, ("agent",)), "not valid utf-16", file=path, accepted="UTF-16")


def test_open_quote(write, refused):
    path = write("open_quote.csv", 'agent,note\nanna,x\nbert,"open\ncarl,y\n')
    refused(lambda: read_source(path, ("agent",)), "broken quoting", file=path, line=3, accepted="quoted")


def test_open_quote_in_a_long_file_names_the_line_where_it_opens(write, refused):
    path = write("open_quote.csv", 'agent,note\nbert,"open\n' + "carl,y\n" * 40_000)
    refused(lambda: read_source(path, ("agent",)), "too long", file=path, line=2, accepted="10000 characters")


@pytest.mark.parametrize(("row", "cells_found"), [("anna", 1), ("anna,x,y", 3)])
def test_uneven_row(write, refused, row, cells_found):
    path = write("uneven_row.csv", f"agent,note\nbert,x\n{row}\n")
    act = lambda: read_source(path, ("agent",))  # noqa: E731
    refused(act, "another number of cells", file=path, line=3, value=cells_found, accepted="2 cells")


@pytest.mark.parametrize(
    ("limits", "problem", "line", "accepted"),
    [
        (Limits(bytes=20), "too long", None, "at most 20 bytes"),
        (Limits(rows=1), "too many rows", 3, "at most 1 rows"),
        (Limits(cell_chars=5), "cell is too long", 2, "at most 5 characters a cell"),
    ],
)
def test_limits_are_named(write, refused, limits, problem, line, accepted):
    path = write("large.csv", PLAIN)
    act = lambda: read_source(path, ("agent",), limits=limits)  # noqa: E731
    refused(act, problem, file=path, line=line, accepted=accepted)


def test_the_limit_on_columns_is_named(write, refused):
    path = write("wide.csv", "a,b,c\n1,2,3\n")
    act = lambda: read_source(path, ("a",), limits=Limits(columns=2))  # noqa: E731
    refused(act, "too many columns", file=path, line=1, value=3, accepted="at most 2 columns")


def test_all_defects_are_kept_and_the_first_is_told(write):
    path = write("uneven_rows.csv", "agent,note\n" + "anna\n" * 30)
    with pytest.raises(BadTable) as caught:
        read_source(path, ("agent",))
    assert str(caught.value).endswith("(and 29 more)")
    assert (caught.value.line, caught.value.count) == (2, 30)
    assert [defect.line for defect in caught.value.defects[:3]] == [2, 3, 4]


def test_a_long_value_is_cut_in_the_message(write):
    path = write("long_value.csv", "x" * 9000 + ",b\n1,2\n")
    with pytest.raises(BadInput) as caught:
        read_source(path, ("a",))
    assert len(str(caught.value)) < 400


cell_text = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=("Cs",)), max_size=12
)


@given(rows=st.lists(st.tuples(cell_text, cell_text), min_size=1), delimiter=st.sampled_from(",;|\t"))
def test_what_a_csv_writer_writes_is_read_back(tmp_path_factory, rows, delimiter):
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([("one", "two"), *rows])
    path = tmp_path_factory.mktemp("written") / "written.csv"
    path.write_bytes(buffer.getvalue().encode())
    source = read_source(path, ("one", "two"), rows_needed=False)
    kept = [row for row in rows if any(row)]
    assert list(zip(source.columns["one"], source.columns["two"], strict=True)) == kept


@given(content=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("bytes") / "bytes.csv"
    path.write_bytes(b"one,two\n" + content)
    try:
        source = read_source(path, ("one", "two"))
    except BadInput as error:
        assert str(error).startswith(str(path))  # noqa: PT017
    else:
        assert len(source) == len(source.columns["one"]) == len(source.columns["two"]) > 0
