"""The settings of what a request may take: how long, how large, how often."""

from pydantic import Field
from pydantic_settings import BaseSettings


class Limiting(BaseSettings):
    """Part of :class:`shared.settings.Settings`. The defaults are our choice, for a machine of two cores."""

    request_timeout: float = Field(
        10.0, gt=0, le=600, alias="BACKBONE_REQUEST_TIMEOUT", description="seconds until a request is answered with 504"
    )
    max_body: int = Field(
        10 * 1024 * 1024, ge=1024, alias="BACKBONE_MAX_BODY", description="largest request body, in bytes"
    )
    max_upload: int = Field(
        512 * 1024 * 1024, ge=1024, alias="BACKBONE_MAX_UPLOAD", description="largest file to import, in bytes"
    )
    upload_timeout: float = Field(
        600.0, gt=0, le=86400, alias="BACKBONE_UPLOAD_TIMEOUT", description="seconds that sending such a file may take"
    )
    stream_idle: float = Field(
        60.0, gt=0, alias="BACKBONE_STREAM_IDLE", description="seconds without a byte until a stream is broken off"
    )
    rate_limit: int = Field(6000, ge=1, alias="BACKBONE_RATE_LIMIT", description="requests a minute for each key")
    open_rate_limit: int = Field(
        600,
        ge=1,
        alias="BACKBONE_OPEN_RATE_LIMIT",
        description="requests a minute for each address that reads open data",
    )
    stale_if_error: float = Field(
        300.0,
        ge=0,
        alias="BACKBONE_STALE_IF_ERROR",
        description="seconds for which a composed read may give the last answer of a service that is away",
    )
