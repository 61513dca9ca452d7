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
    safeguarding_kept_days: int = Field(
        9131,
        ge=1,
        le=36_600,
        alias="BACKBONE_SAFEGUARDING_KEPT_DAYS",
        description="days until a closed concern and an ended protection are deleted (NSPCC Learning, Child protection "
        "records retention and storage guidelines: until a child is 25; no birth date is asked for, so 25 years)",
    )
    check_kept_days: int = Field(
        183,
        ge=1,
        le=3660,
        alias="BACKBONE_CHECK_KEPT_DAYS",
        description="days until a check is deleted that was ended (the DBS's sample policy on handling certificate "
        "information: six months; the number and the date are all that is kept)",
    )
    webhook_log_days: int = Field(
        90,
        ge=1,
        le=3660,
        alias="BACKBONE_WEBHOOK_LOG_DAYS",
        description="days until the log of an attempt to deliver a webhook is deleted, with what its receiver answered "
        "(UK GDPR, article 5(1)(e): our choice); that the event was delivered stays",
    )
    crm_calls_kept_days: int = Field(
        90,
        ge=1,
        le=3660,
        alias="BACKBONE_CRM_CALLS_KEPT_DAYS",
        description="days that it is kept how telling a partner's CRM of somebody went (our own choice)",
    )
