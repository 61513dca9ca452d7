"""Long answers are written as pydantic would write them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from shared.as_json import as_json


class Sure(StrEnum):
    YES = "yes"


@dataclass(slots=True)
class Point:
    value: float | None
    on: date
    at: datetime
    sure: Sure
    words: str


class Part(BaseModel):
    points: list[Point]
    none: str | None = None


class Whole(BaseModel):
    data: list[Part]


_points = st.builds(
    Point, st.none() | st.floats(-1e6, 1e6).map(lambda it: round(it, 6)), st.dates(),
    st.datetimes(timezones=st.just(UTC)), st.just(Sure.YES), st.text(),
)  # fmt: skip


@given(st.lists(_points, max_size=3))
def test_an_answer_of_dataclasses_reads_as_the_same(points: list[Point]) -> None:
    whole = Whole(data=[Part(points=points), Part(points=[])])
    assert Whole.model_validate_json(as_json(whole)) == whole
    assert Whole.model_validate_json(whole.model_dump_json()) == whole


def test_it_is_written_byte_for_byte_as_pydantic_writes_it() -> None:
    at = datetime(2026, 11, 23, 1, 2, 3, 45_000, tzinfo=UTC)
    point = Point(12.0, date(2026, 11, 23), at, Sure.YES, "Größe “1”\n")
    whole = Whole(data=[Part(points=[point, Point(None, date.min, at.replace(microsecond=0), Sure.YES, "")])])
    assert as_json(whole) == whole.model_dump_json().encode()


def test_what_is_no_part_of_an_answer_is_refused() -> None:
    nothing: Any = object()
    with pytest.raises(TypeError, match="object is no part of an answer"):
        as_json(Whole.model_construct(data=[nothing]))
