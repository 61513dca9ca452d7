"""The settings of how what people say is heard: how soon it is answered, what counts as alike, what becomes a round."""

from pydantic import Field
from pydantic_settings import BaseSettings


class Listening(BaseSettings):
    """Part of :class:`shared.settings.Settings`. No law sets these: each is the movement's own promise or judgement."""

    voice_answer_days: int = Field(
        28,
        ge=1,
        le=3650,
        alias="BACKBONE_VOICE_ANSWER_DAYS",
        description="days after which what somebody said and nobody answered is overdue",
    )
    voices_alike: int = Field(
        55,
        ge=1,
        le=100,
        alias="BACKBONE_VOICES_ALIKE",
        description="likeness of words, out of 100, from which two voices are suggested as one theme",
    )
    wishes_for_a_round: int = Field(
        3,
        ge=2,
        le=1000,
        alias="BACKBONE_WISHES_FOR_A_ROUND",
        description="unmet wishes of one theme in one place that suggest a round of grants",
    )
