"""Surveys as most tests begin with them."""

from datetime import timedelta

import httpx

from shared import clock
from shared.testing.caller import Json
from tests.measures.caller import Caller

ENGLISH: Json = {
    "title": "How are you?",
    "introduction": "We can move asks you, to see whether its walks do any good.",
    "thanks": "Thank you.",
    "questions": {
        "walks": {"wording": "Did you come to a walk?", "choices": {"yes": "Yes", "no": "No"}},
        "words": {"wording": "What else?"},
    },
}
SURVEY: Json = {
    "name": "Walks",
    "asks": [
        {"instrument": "ons4"},
        {"instrument": "ons_loneliness"},
        {"question": {"key": "walks", "kind": "choice", "choices": ["yes", "no"], "needed": True}},
        {"question": {"key": "words", "kind": "text"}},
    ],
    "texts": {"en": ENGLISH},
}
ANSWERS: Json = {"ons4_happiness": 7, "ons_loneliness_how_often": "never", "walks": "yes"}


def day(ahead: int) -> str:
    """The day so many days from today."""
    return (clock.now().date() + timedelta(days=ahead)).isoformat()


async def drafted(measures: Caller, **said: object) -> str:
    """A draft that could be opened; its id."""
    survey: str = (await measures.post("/v1/surveys", SURVEY | said))["id"]
    return survey


async def waved(measures: Caller, survey: str, opens: int = 0, closes: int = 30) -> str:
    """A wave of it, open for a month; its id."""
    body = {"name": "A wave", "opens_on": day(opens), "closes_on": day(closes)}
    wave: str = (await measures.post(f"/v1/surveys/{survey}/waves", body))["id"]
    return wave


async def opened(measures: Caller, **said: object) -> tuple[str, str]:
    """An open survey and its wave; both ids."""
    survey = await drafted(measures, **said)
    wave = await waved(measures, survey)
    assert (await at(measures, f"/v1/surveys/{survey}/open")).status_code == 200
    return survey, wave


async def at(
    measures: Caller, path: str, body: object = None, *, tag: str = "*", method: str = "POST"
) -> httpx.Response:
    """Send what is held to a version."""
    return await measures.client.request(method, path, json=body, headers={"if-match": tag})


def keyed(survey: str, wave: str, **said: object) -> Json:
    """One adult's answers on paper."""
    return {
        "survey": survey, "wave": wave, "mode": "paper", "language": "en", "age_band": "adult", "answers": ANSWERS,
    } | said  # fmt: skip


async def linked(measures: Caller, survey: str, wave: str, **said: object) -> tuple[str, str]:
    """A link to the wave; its id and path."""
    made = await measures.post(f"/v1/surveys/{survey}/links", {"wave": wave, "name": "Poster"} | said)
    return made["id"], made["path"]
