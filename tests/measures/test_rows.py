"""Whatever is sent, each row is a figure, a repetition or named as faulty, and only a clear refusal is raised."""

import contextlib
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.measures.formats.models import Format
from services.measures.formats.reading import Reading, read_file
from services.measures.measures.models import Boundaries, Kind
from services.measures.observations.reading import MEANINGS, Rules
from services.measures.observations.rows import CheckedFigures, codes_of
from services.measures.periods import PeriodType
from services.measures.places.models import Span
from services.measures.sheets import UnreadableFile, WrongColumns, column_mapping

RULES = Rules(Kind.RATIO, "percent", PeriodType.SURVEY_YEAR, "11-16", Boundaries.AS_AT)
PLACES = {
    "E07000080": Span(None, None),
    "E07000026": Span(None, date(2023, 3, 31)),
    "E06000063": Span(date(2023, 4, 1), None),
}
cells = st.tuples(
    st.sampled_from(["E07000080", "E07000026", "E06000063", "E99999999", "forest", ""]),
    st.sampled_from(["2015/16", "2023/24", "2015", "2015/17", ""]),
    st.sampled_from(["21.2", "110", "-1", "0", "x", ""]) | st.text(max_size=5),
    st.sampled_from(["", "20", "-3"]),
    st.sampled_from(["", "100", "0", "1"]),
    st.sampled_from(["", "all", "sex=female", "sex=f;sex=m", "Sex"]),
    st.sampled_from(["", "reported", "suppressed", "guessed"]),
)


def check(body: bytes) -> None:
    sheet = read_file(body, Reading(Format.CSV, "", "mver"), RULES)
    checked = CheckedFigures(sheet, RULES, {code: PLACES[code] for code in codes_of(sheet) if code in PLACES})
    figures = checked.in_order()
    assert [figure.key for figure in figures] == sorted(figure.key for figure in figures)
    assert len({figure.key for figure in figures}) == len(figures)
    faulty = {fault.row for fault in checked.faults}
    assert len(figures) + checked.repeated + len(faulty) == sheet.row_count


@given(st.lists(cells, min_size=1, max_size=30))
def test_each_row_is_taken_repeated_or_named(lines: list[tuple[str, ...]]) -> None:
    quoted = ('"' + '","'.join(cell.replace('"', '""') for cell in line) + '"' for line in lines)
    check("\r\n".join(["place,period,value,numerator,denominator,cell,status", *quoted]).encode())


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: ("place,period,value\n" + text).encode()))
def test_any_file_is_read_or_refused_with_a_fault(body: bytes) -> None:
    with contextlib.suppress(UnreadableFile):
        check(body)


@given(st.text(max_size=60) | st.sampled_from(["place:a\nvalue:b", "place:a\r", '"place:a', ",", "place:a,,"]))
def test_any_mapping_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(WrongColumns):
        assert set(column_mapping(text, MEANINGS)) <= set(MEANINGS)
