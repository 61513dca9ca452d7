"""The read model's file: an analytical database of every figure at its newest revision, and the questions it answers.

It is derived, so it may be deleted at any time: the next question makes it again. One process has it open. Its methods
block and are called in a thread, where DuckDB lets the rest of the service go on.
"""

import csv
import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from services.measures.observations.models import Bound, FigureStatus

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SHAPE = 3
"""Counted up when the tables change: a file of another shape is made again."""

_MEMORY = "512MB"
_NULL = "\\N"
_EXACT = "DECIMAL(38, 15)"
_TYPES: Mapping[str, str] = {
    "import_id": "VARCHAR", "id": "VARCHAR", "movement": "VARCHAR", "version": "VARCHAR", "place": "VARCHAR",
    "start": "VARCHAR", "cell": "VARCHAR", "reporter": "VARCHAR", "programme": "VARCHAR", "activity": "VARCHAR",
    "revision": "BIGINT", "status": "VARCHAR", "bound": "VARCHAR", "value": _EXACT, "numerator": "BIGINT",
    "denominator": "BIGINT", "n": "BIGINT", "sum_x": _EXACT, "sum_x2": _EXACT,
}  # fmt: skip
_KEY = ("movement", "version", "place", "start", "cell", "reporter", "programme", "activity")
_SHELF = "md5_number_lower(concat_ws('\n', {0}movement, {0}version, {0}start, {0}cell))"
"""A number for all that one question looks at. The file is sorted by it, and knows of each of its parts which numbers
are in it; of text it knows the first eight letters, which all ids of a kind have alike."""
_SAME = " AND ".join(f"f.{column} = s.{column}" for column in ("shelf", *_KEY))
_TABLES = f"""
CREATE TABLE IF NOT EXISTS staged ({", ".join(f"{name} {kind}" for name, kind in _TYPES.items())});
CREATE TABLE IF NOT EXISTS figures AS SELECT *, {_SHELF.format("")} AS shelf FROM staged LIMIT 0;
CREATE TABLE IF NOT EXISTS coverage (movement VARCHAR, version VARCHAR, start VARCHAR, cell VARCHAR, figures BIGINT,
    reported BIGINT, places BIGINT, reporters BIGINT);
CREATE TABLE IF NOT EXISTS applied (movement VARCHAR, import_id VARCHAR, recorded_at TIMESTAMPTZ);
"""
# The newest of what is staged replaces what is older, in the order in which questions look.
_TAKE = f"""
CREATE OR REPLACE TEMP TABLE newest AS
    SELECT *, {_SHELF.format("")} AS shelf FROM staged
    QUALIFY row_number() OVER (PARTITION BY {", ".join(_KEY)} ORDER BY revision DESC) = 1;
DELETE FROM figures f USING newest s WHERE {_SAME} AND f.revision < s.revision;
INSERT INTO figures FROM newest s WHERE NOT EXISTS (FROM figures f WHERE {_SAME}) ORDER BY shelf, place;
CREATE OR REPLACE TEMP TABLE touched AS SELECT DISTINCT movement, version, start, cell FROM newest;
DELETE FROM coverage c USING touched t
    WHERE c.movement = t.movement AND c.version = t.version AND c.start = t.start AND c.cell = t.cell;
INSERT INTO coverage
    SELECT movement, version, start, cell, count(*), count(*) FILTER (status = 'reported'),
        count(DISTINCT place) FILTER (status = 'reported'), count(DISTINCT reporter)
    FROM figures SEMI JOIN touched USING (movement, version, start, cell) GROUP BY ALL;
DELETE FROM staged;
DROP TABLE touched;
DROP TABLE newest;
"""
_COVERAGE = """
SELECT start, figures, reported, places, reporters FROM coverage
WHERE movement = $1 AND version = $2 AND cell = $3 ORDER BY start
"""
_APPLIED = "INSERT INTO applied SELECT $1, unnest($2::VARCHAR[]), unnest($3::TIMESTAMPTZ[])"
_LAST_APPLIED = """
SELECT import_id, recorded_at FROM applied WHERE movement = $1
    AND recorded_at >= (SELECT max(recorded_at) FROM applied WHERE movement = $1) - $2
"""
_SUMMED = ("value", "numerator", "denominator", "n", "sum_x", "sum_x2")
# One row for each owner, status and bound: to count and add each kind apart in one row took DuckDB twice as long.
_TOTALS = f"""
SELECT p.owner, f.status, f.bound, count(*), min(f.reporter), max(f.reporter), {{sums}}
FROM (
    SELECT unnest(codes[2:]) AS place, codes[1] AS owner
    FROM (SELECT string_split(unnest(string_split($owned, ';')), ' ') AS codes)
) p
    JOIN figures f ON f.place = p.place
WHERE f.shelf = {_SHELF.format("$")} AND f.movement = $movement AND f.version = $version AND f.start = $start
    AND f.cell = $cell AND f.programme = $programme AND f.activity = $activity
    AND ($reporter IS NULL OR f.reporter = $reporter)
GROUP BY p.owner, f.status, f.bound
"""


class Asked(NamedTuple):
    """Which figures to add up: by place those of the smaller ones in it; and which of their components."""

    movement: str
    version: str
    start: str
    cell: str
    programme: str
    activity: str
    reporter: str | None
    owned: Mapping[str, Sequence[str]]
    components: tuple[str, ...]


class Added(NamedTuple):
    """Figures of one status and bound, added up: how many, the first and last of their reporters by id, and the sums;
    None of a component that one of them lacks, or that was not asked for."""

    status: FigureStatus
    bound: Bound
    figures: int
    first_reporter: str
    last_reporter: str
    value: Decimal | None
    numerator: int | None
    denominator: int | None
    n: int | None
    sum_x: Decimal | None
    sum_x2: Decimal | None


class Covered(NamedTuple):
    """How many figures there are of one period, how many say something, of how many places, and by how many."""

    start: str
    figures: int
    reported: int
    places: int
    reporters: int


class ReadModel:
    """The model in one file."""

    def __init__(self, path: Path) -> None:
        self._path = path.with_name(f"{path.stem}-{SHAPE}{path.suffix}")
        self._writing = threading.Lock()
        self._opening = threading.Lock()
        self._connection: DuckDBPyConnection | None = None

    def close(self) -> None:
        """Close the file; the next question opens it again."""
        with self._opening:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def is_there(self) -> bool:
        """Whether it is open, and nobody deleted its file."""
        return self._connection is not None and self._path.exists()

    def applied(self, movement: str, late: timedelta) -> dict[str, datetime]:
        """The last imports whose figures it has, and when each was recorded: from so long before the very last on."""
        rows = self._cursor().execute(_LAST_APPLIED, [movement, late])
        return dict(rows.fetchall())

    def stage(self, rows: Iterable[Sequence[object]]) -> None:
        """Take rows in unseen, as many as one likes, in the columns of :data:`.store.COLUMNS`."""
        with TemporaryDirectory(dir=self._path.parent) as folder:
            file = Path(folder) / "rows.csv"
            with file.open("w", newline="", encoding="utf-8") as written:
                csv.writer(written).writerows([_NULL if cell is None else cell for cell in row] for row in rows)
            columns = ", ".join(f"'{name}': '{kind}'" for name, kind in _TYPES.items())
            self._cursor().execute(
                f"INSERT INTO staged FROM read_csv($1, header = false, nullstr = '{_NULL}', columns = {{{columns}}})",
                [str(file)],
            )

    def take(self, movement: str, imports: Sequence[tuple[str, datetime]]) -> None:
        """Let all that is staged be seen at once, as what these imports brought."""
        cursor = self._cursor()
        with self._writing:
            cursor.execute("BEGIN")
            cursor.execute(_TAKE)
            ids, moments = zip(*imports, strict=True)
            cursor.execute(_APPLIED, [movement, list(ids), list(moments)])
            cursor.execute("COMMIT")

    def discard(self) -> None:
        """Forget what was staged and not taken."""
        self._cursor().execute("DELETE FROM staged")

    def totals(self, asked: Asked) -> dict[str, list[Added]]:
        """By owner, what the figures of its places come to."""
        # Codes have no spaces, and one long text is taken in sooner than a list of thousands.
        owned = ";".join(" ".join((owner, *places)) for owner, places in asked.owned.items())
        named = asked._asdict() | {"owned": owned}
        question = _totals_of(named.pop("components"))
        found: dict[str, list[Added]] = {}
        for owner, status, bound, *sums in sorted(self._cursor().execute(question, named).fetchall()):
            found.setdefault(owner, []).append(Added(FigureStatus(status), Bound(bound), *sums))
        return found

    def coverage(self, movement: str, version: str, cell: str) -> list[Covered]:
        """By period, what there is; counted when figures come in, and not when somebody asks."""
        rows = self._cursor().execute(_COVERAGE, [movement, version, cell]).fetchall()
        return [Covered(*row) for row in rows]

    def _cursor(self) -> "DuckDBPyConnection":
        with self._opening:
            if self._connection is not None and not self._path.exists():
                self._connection.close()  # somebody wants it made again
                self._connection = None
            if self._connection is None:
                self._connection = _opened(self._path)
            return self._connection.cursor()


@cache
def _totals_of(components: tuple[str, ...]) -> str:
    """The question for the sums of these components; the others, which nobody will read, cost as much each."""
    sums = (
        f"CASE WHEN count({name}) = count(*) THEN sum({name}) END" if name in components else "NULL" for name in _SUMMED
    )
    return _TOTALS.format(sums=", ".join(sums))


def _opened(path: Path) -> "DuckDBPyConnection":
    import duckdb

    path.parent.mkdir(parents=True, exist_ok=True)
    config: dict[str, str | bool | int | float | list[str]] = {"memory_limit": _MEMORY}
    connection = duckdb.connect(str(path), config=config)
    connection.execute(_TABLES)
    connection.execute("DELETE FROM staged")  # what a process left that ended on the way
    return connection
