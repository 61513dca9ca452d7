"""The settings of gatherings: how far ahead they are made, what is kept of them, and how they are open data."""

from pydantic import Field
from pydantic_settings import BaseSettings


class Gathering(BaseSettings):
    """Part of :class:`shared.settings.Settings`."""

    slots_ahead_days: int = Field(
        182,
        ge=1,
        le=3660,
        alias="BACKBONE_SLOTS_AHEAD_DAYS",
        description="days ahead for which the slots of recurring gatherings are made",
    )
    emergency_contact_hours: int = Field(
        24,
        ge=0,
        le=24 * 31,
        alias="BACKBONE_EMERGENCY_CONTACT_HOURS",
        description="hours after a slot's end until its emergency contacts are deleted",
    )
    open_licence: str = Field(
        "https://creativecommons.org/licenses/by/4.0/",
        pattern="^https?://",
        alias="BACKBONE_OPEN_LICENCE",
        description="address of the licence under which gatherings are open data",
    )
