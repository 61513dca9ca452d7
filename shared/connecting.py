"""The settings of what partners' CRMs tell us: how often one may call, and how long what it said is kept."""

from pydantic import Field
from pydantic_settings import BaseSettings


class Connecting(BaseSettings):
    """Part of :class:`shared.settings.Settings`. No law sets these: each is our own choice."""

    crm_hook_rate_limit: int = Field(
        6000,
        ge=1,
        alias="BACKBONE_CRM_HOOK_RATE_LIMIT",
        description="calls a minute for each address from which CRMs call us",
    )
    crm_words_kept_days: int = Field(
        7,
        ge=1,
        le=90,
        alias="BACKBONE_CRM_WORDS_KEPT_DAYS",
        description="days that what a CRM told, and what a person is asked to settle of it, are kept, sealed",
    )
