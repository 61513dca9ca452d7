"""Places as they are answered."""

from datetime import date
from typing import Self

from pydantic import Field

from services.measures.places import models
from shared.fields import GssCode, View


class Place(View):
    """An area, under the code that the Office for National Statistics gave it."""

    code: GssCode
    name: str
    kind: str = Field(description="The publisher's word for it, in lower case.", examples=["district"])
    parent: str | None = Field(description="The code of the area that it lies in.")
    valid_from: date | None = Field(description="The first day on which it existed; null where not known.")
    valid_to: date | None = Field(description="The last day on which it existed; null for a place of today.")

    @classmethod
    def of(cls, place: models.Place | models.PlaceRow) -> Self:
        return cls.model_validate(place, from_attributes=True)
