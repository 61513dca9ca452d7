"""Long answers are written as pydantic would write them, and described as it would describe them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, ValidationError

from shared.as_json import AnswerStruct, as_json


class Sure(StrEnum):
    YES = "yes"


@dataclass(slots=True)
class Point:
    value: float | None
    on: date
    at: datetime
    sure: Sure
    words: str


class End(AnswerStruct):
    """One end."""

    low: float


class Grain(AnswerStruct):
    """A figure."""

    value: Annotated[float | None, Field(description="Null is not zero.")]
    on: date
    at: datetime
    sure: Sure
    end: End | None


class Fine(Grain):
    """A finer one."""

    words: str


class Part(BaseModel):
    points: list[Point]
    none: str | None = None
    grains: list[Grain] = []


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


def test_a_struct_is_written_by_pydantic_as_it_is_in_a_long_answer() -> None:
    at = datetime(2026, 11, 23, 1, 2, 3, 45_000, tzinfo=UTC)
    finer = Fine(None, date.min, at, Sure.YES, None, "Größe")
    grains = [Grain(12.0, date(2026, 11, 23), at, Sure.YES, End(0.5)), finer]
    whole = Whole(data=[Part(points=[], grains=grains)])
    written = as_json(whole)
    assert written == whole.model_dump_json().encode()
    assert msgspec.json.decode(written)["data"][0]["grains"] == [
        {"value": 12.0, "on": "2026-11-23", "at": "2026-11-23T01:02:03.045000Z", "sure": "yes", "end": {"low": 0.5}},
        {"value": None, "on": "0001-01-01", "at": "2026-11-23T01:02:03.045000Z", "sure": "yes", "end": None,
         "words": "Größe"},
    ]  # fmt: skip


def test_a_struct_is_described_as_a_dataclass_of_its_fields() -> None:
    class Several(BaseModel):
        all: list[Fine]
        one: Fine | None
        plain: Grain

    described = Several.model_json_schema(mode="serialization")
    fine = described["$defs"]["Fine"]
    assert described["properties"]["all"]["items"] == {"$ref": "#/$defs/Fine"}
    assert described["properties"]["one"]["anyOf"][0] == {"$ref": "#/$defs/Fine"}
    assert (fine["title"], fine["description"], fine["type"]) == ("Fine", "A finer one.", "object")
    assert fine["required"] == ["value", "on", "at", "sure", "end", "words"]
    assert fine["properties"]["value"]["description"] == "Null is not zero."
    assert fine["properties"]["end"]["anyOf"][0] == {"$ref": "#/$defs/End"}
    assert fine["properties"]["at"] == {"format": "date-time", "title": "At", "type": "string"}


def test_a_struct_is_read_back_and_its_faults_are_named() -> None:
    at = datetime(2026, 11, 23, 1, 2, 3, tzinfo=UTC)
    part = Part(points=[], grains=[Grain(12.0, date(2026, 11, 23), at, Sure.YES, End(0.5))])
    assert Part.model_validate_json(as_json(part)) == part
    assert Part.model_validate(msgspec.json.decode(as_json(part))) == part
    with pytest.raises(ValidationError, match=r"missing required field `on`"):
        Part.model_validate({"points": [], "grains": [{"value": 12.0}]})


def test_what_is_no_part_of_an_answer_is_refused() -> None:
    nothing: Any = object()
    with pytest.raises(TypeError, match="object is no part of an answer"):
        as_json(Whole.model_construct(data=[nothing]))
