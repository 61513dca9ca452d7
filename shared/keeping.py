"""The settings of when what was erased is truly gone, and of how retention is carried out."""

from pydantic import Field
from pydantic_settings import BaseSettings


class Keeping(BaseSettings):
    """Part of :class:`shared.settings.Settings`. Each says its source; a controller may know better."""

    backups_kept_days: int = Field(
        35,
        ge=0,
        alias="BACKBONE_BACKUPS_KEPT_DAYS",
        description="days after which no backup is left that was made before an erasure; its receipt says the day",
    )
