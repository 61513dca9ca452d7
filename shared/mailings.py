"""The settings of mailings: how often anybody is written to, and how soon lists are made true."""

from pydantic import Field
from pydantic_settings import BaseSettings


class Mailings(BaseSettings):
    """Part of :class:`shared.settings.Settings`. How often is too often no law says: it is the movement's own rule."""

    mailing_cap: int = Field(
        4, ge=1, alias="BACKBONE_MAILING_CAP", description="mailings after which somebody is left out of further ones"
    )
    mailing_cap_days: int = Field(
        28, ge=1, le=3650, alias="BACKBONE_MAILING_CAP_DAYS", description="days in which those mailings are counted"
    )
    mailing_sync_minutes: int = Field(
        10,
        ge=1,
        le=50,
        alias="BACKBONE_MAILING_SYNC_MINUTES",
        description="minutes after which a mailing tool's list is made true again; a refusal is obeyed within the hour",
    )
