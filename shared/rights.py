"""The settings of what people may ask for by right, and of what must be signed before their data leaves."""

from pydantic import Field
from pydantic_settings import BaseSettings


class Rights(BaseSettings):
    """Part of :class:`shared.settings.Settings`. Each period says the law that it is from."""

    request_months: int = Field(
        1,
        ge=1,
        le=12,
        alias="BACKBONE_REQUEST_MONTHS",
        description="months to answer a request by right (UK GDPR, article 12(3))",
    )
    request_further_months: int = Field(
        2,
        ge=0,
        le=12,
        alias="BACKBONE_REQUEST_FURTHER_MONTHS",
        description="further months where requests are complex or many (UK GDPR, article 12(3))",
    )
    complaint_acknowledge_days: int = Field(
        30,
        ge=1,
        le=365,
        alias="BACKBONE_COMPLAINT_ACKNOWLEDGE_DAYS",
        description="days to acknowledge a complaint (Data Protection Act 2018, section 164A)",
    )
    stop_minutes: int = Field(
        60,
        ge=1,
        le=1440,
        alias="BACKBONE_STOP_MINUTES",
        description="minutes in which every part has obeyed when somebody says stop; a later one raises an alarm",
    )
    agreement_warning_days: int = Field(
        60,
        ge=1,
        le=3660,
        alias="BACKBONE_AGREEMENT_WARNING_DAYS",
        description="days before an agreement about personal data expires, from which on it is warned of",
    )
    archive_days: int = Field(
        30,
        ge=1,
        le=365,
        alias="BACKBONE_ARCHIVE_DAYS",
        description="days until an archive of somebody's data is deleted, from when it was begun and then released",
    )
