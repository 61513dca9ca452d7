"""The settings of surveys: whom each instrument may ask, when change can be shown, how long answers are kept."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings

Years = Annotated[int, Field(ge=0, le=130)]

INSTRUMENT_AGES: Mapping[str, tuple[int, int]] = {
    "ons4": (16, 130),  # ONS, Personal well-being: asked of people aged 16 and over
    "ons_loneliness": (16, 130),  # ONS, National Measurement of Loneliness (2018): children have wording of their own
    "short_active_lives": (16, 130),
    "short_active_lives_questions": (16, 130),  # Sport England, Active Lives Adult Survey: 16 and over
    "swemwbs": (13, 130),  # Warwick Medical School, WEMWBS user guide: validated from 13
    "ucla3": (16, 130),  # ONS, the same: children have an adapted form
}
"""The youngest and the oldest whom an instrument was validated for, in years; 130 where no age is too old."""


def _others_as_validated(given: Mapping[str, tuple[int, int]]) -> Mapping[str, tuple[int, int]]:
    if not given.keys() <= INSTRUMENT_AGES.keys():
        raise ValueError(f"these instruments have ages: {', '.join(INSTRUMENT_AGES)}")
    if any(youngest > oldest for youngest, oldest in given.values()):
        raise ValueError("the youngest is older than the oldest")
    return {**INSTRUMENT_AGES, **given}


InstrumentAges = Annotated[Mapping[str, tuple[Years, Years]], AfterValidator(_others_as_validated)]


class Surveying(BaseSettings):
    """Part of :class:`shared.settings.Settings`."""

    instrument_ages: InstrumentAges = Field(
        INSTRUMENT_AGES,
        alias="BACKBONE_INSTRUMENT_AGES",
        description="the youngest and oldest, in years, whom an instrument was validated for, as JSON; those left out "
        "keep theirs (ONS: 16; Sport England: 16; SWEMWBS user guide: 13)",
    )
    change_base: int = Field(
        30,
        ge=2,
        le=10_000,
        alias="BACKBONE_CHANGE_BASE",
        description="people who answered both times below whom no change is shown (SWEMWBS user guide: 30)",
    )
    survey_answers_kept_days: int = Field(
        730,
        ge=1,
        le=36_600,
        alias="BACKBONE_SURVEY_ANSWERS_KEPT_DAYS",
        description="days after its wave closed until what people answered in a survey is deleted (our choice: long "
        "enough to ask again after a year; figures made of it stay)",
    )
