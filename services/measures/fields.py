"""The field types that the service's requests are made of: bounded, trimmed, and free of control characters."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from shared.ids import Id

MeasureId = Annotated[str, Id("measure")]
VersionId = Annotated[str, Id("mver")]
ObservationId = Annotated[str, Id("obs")]
ImportId = Annotated[str, Id("imp")]

ONE_LINE = r"^[^\x00-\x1f\x7f]*$"
_LINES = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"  # PostgreSQL refuses NUL in a text
GSS = r"^[A-Z][0-9]{8}$"

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=ONE_LINE)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000, pattern=_LINES)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,79}$")]
"""A word that other systems keep: lower-case letters, digits and underscores."""
GssCode = Annotated[str, StringConstraints(pattern=GSS)]
"""A code of the Office for National Statistics: a letter and eight digits, such as `E07000080`."""


class Body(BaseModel):
    """A request's body or its query. A field that it does not know is a fault: it may be a misspelt one."""

    model_config = ConfigDict(extra="forbid", frozen=True)
