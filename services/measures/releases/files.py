"""The files of a release: CSV and JSON, byte for byte the same whenever they are made of the same figures. Pure.

Nothing is in them that may be another tomorrow: codes and not names, keys and not titles.
"""

import csv
import hashlib
import io
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC

from services.measures.measures.models import Kind, MeasureVersion
from services.measures.observations.models import Amount
from services.measures.releases.models import Release
from services.measures.series import points
from services.measures.series.store import Known

COLUMNS = (
    "place", "period", "period_start", "period_end", "cell", "reporter", "programme", "activity", "status", "bound",
    "value", "numerator", "denominator", "n",
)  # fmt: skip

Row = Sequence[str | int | float | None]


def rows(version: MeasureVersion, figures: Sequence[Known], amounts: Sequence[Amount]) -> list[Row]:
    """A row a figure, its columns as in COLUMNS; `value` is reckoned from what is shown of the counts."""
    kind = Kind(version.kind)
    return [
        (
            known.place, known.period, known.start, known.end, known.cell, known.reporter, known.programme,
            known.activity, amount.status.value, amount.bound.value, points.read(amount, kind, version.unit).value,
            amount.numerator, amount.denominator, amount.n,
        )
        for known, amount in zip(figures, amounts, strict=True)
    ]  # fmt: skip


def as_csv(_release: Release, table: Sequence[Row]) -> bytes:
    """RFC 4180, UTF-8. An empty cell is no figure, and `status` says why."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(table)
    return text.getvalue().encode()


def as_json(release: Release, table: Sequence[Row]) -> bytes:
    """The same with what it is of and what it was made by."""
    content = {
        "release": release.id,
        "measure": release.measure,
        "measure_version": release.measure_version,
        "as_of": release.as_of.astimezone(UTC).isoformat(),
        "profile": {"key": release.profile, "number": release.profile_number},
        "figures": [dict(zip(COLUMNS, row, strict=True)) for row in table],
    }
    return json.dumps(content, indent=1, ensure_ascii=False).encode()


FORMATS: Mapping[str, Callable[[Release, Sequence[Row]], bytes]] = {"csv": as_csv, "json": as_json}
MEDIA_TYPES = {"csv": "text/csv; charset=utf-8; header=present", "json": "application/json"}


def hashed(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
