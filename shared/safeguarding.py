"""The settings of how soon safeguarding acts."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class Safeguarding(BaseSettings):
    """Part of :class:`shared.settings.Settings`. A movement's own policy may ask for less time, hardly for more."""

    concern_acknowledge_days: int = Field(
        0,
        ge=0,
        le=7,
        alias="BACKBONE_CONCERN_ACKNOWLEDGE_DAYS",
        description="days until a concern is overdue that nobody acknowledged; 0: on the day that it was raised",
    )
    concern_decide_days: int = Field(
        1,
        ge=0,
        le=28,
        alias="BACKBONE_CONCERN_DECIDE_DAYS",
        description="days from there to advice or a referral (Working Together to Safeguard Children 2023: one)",
    )
    concern_follow_up_days: int = Field(
        7,
        ge=1,
        le=365,
        alias="BACKBONE_CONCERN_FOLLOW_UP_DAYS",
        description="days until what was advised or referred is looked at again, unless a day is given (our choice)",
    )
    concern_notice_url: SecretStr | None = Field(
        None,
        alias="BACKBONE_CONCERN_NOTICE_URL",
        description="where the designated lead is told that a concern was raised: an incoming webhook that takes JSON",
    )
