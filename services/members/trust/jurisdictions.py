"""The four jurisdictions of the United Kingdom: ages, vetting and capacity follow where an activity takes place."""

from enum import StrEnum


class Jurisdiction(StrEnum):
    """Whose law holds where something takes place."""

    ENGLAND = "england"
    SCOTLAND = "scotland"
    WALES = "wales"
    NORTHERN_IRELAND = "northern_ireland"
