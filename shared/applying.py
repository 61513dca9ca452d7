"""The settings of what groups send with their applications."""

from pydantic import Field
from pydantic_settings import BaseSettings


class Applying(BaseSettings):
    """Part of :class:`shared.settings.Settings`."""

    application_file_bytes: int = Field(
        5 * 1024 * 1024,
        ge=1024,
        le=50 * 1024 * 1024,
        alias="BACKBONE_APPLICATION_FILE_BYTES",
        description="largest file that goes with an application, in bytes (a choice of ours: a scanned constitution, a "
        "photograph from a telephone); no request is larger than BACKBONE_MAX_BODY",
    )
