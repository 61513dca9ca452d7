"""What is kept of somebody in surveys: told to them by right, and gone when they are erased."""

from fastapi import FastAPI

from services.measures.base import Base
from services.measures.erasing import forget_parts
from services.measures.records import told
from shared.erasure.marks import Finder, Marks
from shared.erasure.worker import sweep
from shared.ids import new_id
from shared.testing.erasing import counting
from tests.measures.caller import Caller
from tests.measures.surveys.surveying import ANSWERS, day, keyed, opened


async def test_a_name_in_an_answer_goes_and_the_answers_stay(measures: Caller, app: FastAPI) -> None:
    survey, wave = await opened(measures)
    made = await measures.post("/v1/responses", keyed(survey, wave, answers=ANSWERS | {"words": "Ask Ada Smith!"}))
    db, counted = counting(app.state.parts.acting_in(measures.movement))
    await sweep(db, measures.movement, Base.metadata, Finder(Marks(people=(), phrases=("Ada Smith",))))
    assert counted == [1]
    answers = (await measures.get(f"/v1/responses/{made['id']}"))["answers"]
    assert "Ada" not in answers["words"]
    assert answers | {"words": ""} == ANSWERS | {"words": ""}


async def test_the_parts_of_somebody_are_told_to_them_and_go_with_them(
    measures: Caller, other: Caller, app: FastAPI
) -> None:
    survey, _ = await opened(measures)
    person, stays = new_id("person"), new_id("person")
    for each in (person, stays):
        body = {"person": each, "part": "asks", "starts_on": day(0)}
        await measures.post(f"/v1/surveys/{survey}/researchers", body)
    parts, asked = app.state.parts, Marks(people=(new_id("person"), person), phrases=())
    sections = (await parts.db.read(told, measures.movement, asked)).sections
    assert [(section.name, section.rows) for section in sections] == [
        ("survey_parts", [[survey, "asks", day(0), None]])
    ]
    for caller, gone in ((other, []), (measures, [1])):
        db, counted = counting(parts.acting_in(caller.movement))
        await forget_parts(parts, db, caller.movement, asked)
        assert counted == gone
    assert [each["person"] for each in await measures.every(f"/v1/surveys/{survey}/researchers")] == [stays]
