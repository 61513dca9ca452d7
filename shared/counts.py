"""The settings of which counts of people are shown, and how."""

from pydantic import Field
from pydantic_settings import BaseSettings


class Counts(BaseSettings):
    """Part of :class:`shared.settings.Settings`. What follows from them is :mod:`shared.disclosure`."""

    hide_counts_up_to: int = Field(
        7,
        ge=0,
        le=1000,
        alias="BACKBONE_HIDE_COUNTS_UP_TO",
        description="counts of people up to this are not shown, zero among them (NHS England: 7)",
    )
    round_counts_to: int = Field(
        5,
        ge=1,
        le=100,
        alias="BACKBONE_ROUND_COUNTS_TO",
        description="what other counts of people are rounded to (NHS England: 5)",
    )
    least_base: int = Field(
        30,
        ge=1,
        le=10_000,
        alias="BACKBONE_LEAST_BASE",
        description="people below whom no share of them is shown (our choice: what survey reports commonly ask for)",
    )
    disclosure_profile: str = Field(
        "below_10",
        pattern="^[a-z][a-z0-9_]{0,79}$",
        alias="BACKBONE_DISCLOSURE_PROFILE",
        description="the disclosure profile of measure versions that name none (what public bodies commonly ask for)",
    )
