"""The settings of payments: the banks' own tables, which are theirs and not ours to ship."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings


class Paying(BaseSettings):
    """Part of :class:`shared.settings.Settings`."""

    bank_modulus_table: Path | None = Field(
        None,
        alias="BACKBONE_BANK_MODULUS_TABLE",
        description="file of the weights by which sort code and account number are checked (Vocalink, Validating "
        "account numbers: valacdos.txt); without it the check says `not_run`",
    )
    bank_modulus_stand_ins: Path | None = Field(
        None,
        alias="BACKBONE_BANK_MODULUS_STAND_INS",
        description="file of the sort codes that stand in for others there (exception 5: scsubtab.txt)",
    )
