"""Large files, in a job: the same rules as for small ones, whole or not at all, and a killed process loses none."""

from pathlib import Path

import pytest

from services.measures.formats.models import Format
from services.measures.formats.reading import Reading
from services.measures.measures.models import Boundaries, Kind
from services.measures.observations.domain import beside
from services.measures.observations.large import checking, lines
from services.measures.observations.large.checking import Paths, Settled
from services.measures.observations.models import Amount, Bound, Figure, FigureStatus, Key
from services.measures.observations.reading import Rules
from services.measures.observations.rows import CheckedFigures
from services.measures.observations.writing import Known
from services.measures.periods import PeriodType, parse
from services.measures.places.models import Span
from services.measures.sheets import UnreadableFile, read_sheet
from shared.errors import Fault
from shared.testing.caller import Json, json_of
from shared.testing.eventually import eventually
from shared.testing.service import ON_ONE_DATABASE
from tests.measures.caller import Caller, rows
from tests.measures.test_imports import BAD, NAMED

RULES = Rules(Kind.RATIO, "percent", PeriodType.SURVEY_YEAR, "11-16", Boundaries.AS_AT)
PLACES = {code: Span(None, None) for code in ("E07000080", "E07000078")}
YEARS = [f"{year}/{(year + 1) % 100:02}" for year in range(2000, 2090)]


@pytest.fixture
async def version(measures: Caller) -> str:
    """A published ratio in percent, by survey year."""
    await measures.places()
    return (await measures.version())[1]


async def imported(measures: Caller, version: str, file: str | bytes, **query: str) -> Json:
    """Send a file and wait for its job; the job."""
    body = file if isinstance(file, bytes) else file.encode()
    sent = await measures.client.post(
        "/v1/observations/imports/background", content=body, params={"measure_version": version} | query
    )
    job = json_of(sent, 202)["id"]

    async def over() -> bool:
        return (await measures.get(f"/v1/jobs/{job}"))["finished_at"] is not None

    await eventually(over, within=60)
    return await measures.get(f"/v1/jobs/{job}")


async def test_a_large_file_is_taken_whole_by_the_same_rules(measures: Caller, version: str) -> None:
    file = rows(*(f"{place},{year},20.5" for year in YEARS for place in PLACES), "E07000080,2000/01,20.50")
    job = await imported(measures, version, file, provenance="a survey")
    result = job["result"]
    assert (job["state"], result["rows"], result["new"], result["repeated"], result["faulty"]) == (
        "succeeded", 181, 180, 1, 0,
    )  # fmt: skip
    report = await measures.get(f"/v1/observations/imports/{result['import_id']}")
    assert (report["status"], report["new"], report["faults_url"]) == ("recorded", 180, f"/v1/jobs/{job['id']}/faults")
    assert len(await measures.every("/v1/observations", limit=200)) == 180
    announced = [event for event, _ in await measures.published(version)]
    assert announced.count("observation.recorded") == 180


@ON_ONE_DATABASE
async def test_every_bad_row_is_named_as_in_a_small_file_and_skipped_where_that_is_asked(
    measures: Caller, version: str
) -> None:
    refused = await imported(measures, version, BAD)
    assert (refused["state"], refused["failure"]["code"], refused["fault_count"]) == ("failed", "faulty_rows", 15)
    listed = (await measures.client.get(f"/v1/jobs/{refused['id']}/faults")).text.splitlines()[1:]
    named = [(int(line.split(",")[0]), line.split(",")[1] or None, line.split(",")[3]) for line in listed]
    assert sorted(named, key=str) == sorted(NAMED, key=str)
    assert await measures.every("/v1/observations", revisions="all") == []

    await measures.figures(version, rows("E07000078,2020/21,20"))
    lock = {"measure_version": version, "period": "2020/21", "reason": "the year is closed"}
    await measures.post("/v1/submissions/period-locks", lock)
    closed = "E07000078,2020/21,20.0\nE07000080,2020/21,20\n"
    skipped = (await imported(measures, version, BAD + closed, on_error="skip"))["result"]
    assert (skipped["new"], skipped["unchanged"], skipped["repeated"], skipped["faulty"]) == (1, 1, 1, 14)
    assert sorted(found["value"] for found in await measures.every("/v1/observations")) == [20, 21.2]


@ON_ONE_DATABASE
async def test_only_csv_is_taken_of_any_size(measures: Caller, version: str) -> None:
    query = {"measure_version": version, "format": "xlsx"}
    status, problem = await measures.refused("/v1/observations/imports/background", **query)
    assert (status, problem["errors"][0]["pointer"]) == (422, "?format")


UNREADABLE: list[tuple[bytes, str, int]] = [
    (b"", "empty_file", 0),
    (b"place,period,value\n", "empty_file", 1),
    (b"place,period\nE07000080,2015/16\n", "missing_column", 0),
    ("place,period,value\nE07000080,2015/16,21\nYnys Môn,2015/16,3\n".encode("latin-1"), "not_utf8", 2),
    (b'place,period,value\nE07000080,2015/16,"21\n', "broken_row", 1),
]


@pytest.mark.parametrize(("body", "code", "row"), UNREADABLE)
def test_what_cannot_be_read_is_refused_whole(tmp_path: Path, body: bytes, code: str, row: int) -> None:
    with pytest.raises(UnreadableFile) as caught:
        in_pieces(body, tmp_path)
    assert [(fault.code, fault.row) for fault in caught.value.faults] == [(code, row)]


Found = tuple[list[tuple[int, str]], list[tuple[Key, Amount]], int]


def in_pieces(body: bytes, folder: Path) -> Found:
    """The faults, the figures and the repeated rows of a file that is checked in pieces."""
    paths = Paths(str(folder))
    paths.sent.write_bytes(body)
    cursor, settled = checking.prepare(paths, Reading(Format.CSV, "", "mver"), RULES, PLACES), Settled()
    faults: list[Fault] = []
    while not cursor.done:
        piece = checking.check_piece(paths, cursor)
        again = checking.check_piece(paths, cursor)  # as after a crash
        assert (again.cursor, again.faults) == (piece.cursor, piece.faults)
        cursor, faults = piece.cursor, [*faults, *piece.faults]
    checking.merge(paths, cursor.runs)
    while not settled.done:
        step = checking.settle_piece(paths, settled)
        settled, faults = step.settled, [*faults, *step.faults]
    assert checking.intact(paths, settled)
    figures = [(line.figure.key, line.figure.amount) for line in lines.lines_from(paths.figures, 0)]
    return named(faults), figures, settled.repeated


def named(faults: list[Fault]) -> list[tuple[int, str]]:
    return sorted((fault.row or 0, fault.code or "") for fault in faults)


def test_pieces_come_to_what_the_whole_comes_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "ROWS_A_PIECE", 7)
    lines = [f"E0700008{n % 2 * 0},{YEARS[n % 11]},{n % 3}{n % 5}" for n in range(60)] + ["x,2015,y", "", "a,b"]
    body = b"\xef\xbb\xbf" + rows(*lines, *(f"E07000078,{year},20.5" for year in YEARS)).encode()
    sheet = read_sheet(body, {}, ("place", "period", "value"), ())
    whole = CheckedFigures(sheet, RULES, PLACES)
    faults, figures, repeated = in_pieces(body, tmp_path)
    assert faults == named(whole.faults)
    assert figures == [(figure.key, figure.amount) for figure in whole.in_order()]
    assert repeated == whole.repeated


AMOUNTS = [
    Amount(FigureStatus.REPORTED, "21.2", None, None, None, None, None, Bound.AT_LEAST),
    Amount(FigureStatus.REPORTED, None, 0, 10**15 - 1, None),
    Amount(FigureStatus.REPORTED, "-0.5", None, None, 7, "12.5", "99.75"),
    Amount(FigureStatus.NOT_COLLECTED, None, None, None, 0),
]
FIGURES = [
    Figure("E07000080", parse(year, PeriodType.SURVEY_YEAR), "age=16_34;sex=f", amount, "active", "award_1")
    for year, amount in zip(YEARS, AMOUNTS, strict=False)
]


def test_a_line_gives_its_figure_back(tmp_path: Path) -> None:
    file = tmp_path / "figures"
    file.write_bytes(b"".join(lines.written(number, figure) for number, figure in enumerate(FIGURES, 1)))
    read = list(lines.lines_from(file, 0))
    assert [(line.row, line.about, line.figure) for line in read] == [
        (number, figure.key, figure) for number, figure in enumerate(FIGURES, 1)
    ]
    behind = read[0].length
    assert [line.figure for line in lines.lines_from(file, behind)] == FIGURES[1:]


@pytest.mark.parametrize("revised", [(), (0,), (1, 3), (0, 1, 2, 3)])
def test_lines_stand_to_what_is_known_as_their_figures_do(revised: tuple[int, ...]) -> None:
    known = {
        figure.key: Known(f"obs_{number}", 1, AMOUNTS[number - 1] if number in revised else figure.amount)
        for number, figure in enumerate(FIGURES[:-1])
    }
    read = [lines.read(lines.written(number, figure)) for number, figure in enumerate(FIGURES)]
    new, other = lines.beside(read, known)
    expected = beside(FIGURES, known)
    assert [line.figure for line in new] == [each.figure for each in expected.revisions if each.number == 1]
    assert [line.figure for line in other] == [each.figure for each in expected.revisions if each.number > 1]
