"""The settings of awards: how long an offer stands."""

from pydantic import Field
from pydantic_settings import BaseSettings


class Awarding(BaseSettings):
    """Part of :class:`shared.settings.Settings`. No law sets these: each is the grant-makers' own promise."""

    offer_days: int = Field(
        28,
        ge=1,
        le=365,
        alias="BACKBONE_OFFER_DAYS",
        description="days until an offer of an award lapses that the group does not answer, where it does not say",
    )
