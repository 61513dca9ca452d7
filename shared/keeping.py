"""The settings of how long what outweighs a request to be erased is held, and when what was erased is truly gone."""

from pydantic import Field
from pydantic_settings import BaseSettings


class Keeping(BaseSettings):
    """Part of :class:`shared.settings.Settings`. Each says its source; a controller may know better."""

    safeguarding_kept_days: int = Field(
        2555,
        ge=1,
        alias="BACKBONE_SAFEGUARDING_KEPT_DAYS",
        description="days that safeguarding records outlast an erasure (Limitation Act 1980: six years, and one)",
    )
    backups_kept_days: int = Field(
        35,
        ge=0,
        alias="BACKBONE_BACKUPS_KEPT_DAYS",
        description="days after which no backup is left that was made before an erasure; its receipt says the day",
    )
