"""The field types that only this service's requests have."""

from typing import Annotated

from pydantic import StringConstraints

from shared.fields import line, lines
from shared.ids import Id

MeasureId = Annotated[str, Id("measure")]
VersionId = Annotated[str, Id("mver")]
ObservationId = Annotated[str, Id("obs")]
ImportId = Annotated[str, Id("imp")]

Provenance = Annotated[str, line(200)]
Text = Annotated[str, lines(2000, needed=False)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,79}$")]
"""A word that other systems keep: lower-case letters, digits and underscores."""
