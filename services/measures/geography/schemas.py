"""Changes of places and crosswalks as they are answered."""

from datetime import date
from typing import Self

from pydantic import BaseModel, Field

from services.measures.geography.domain import Shares
from services.measures.geography.models import ChangeKind, ChangeRow
from services.measures.places.schemas import Place
from shared.fields import GssCode


class Hierarchies(BaseModel):
    """The names of all hierarchies."""

    data: list[str] = Field(description="`main` is that of the places file itself.")


class Places(BaseModel):
    """Places of one hierarchy on one day."""

    data: list[Place]


class Change(BaseModel):
    """On a day so much of one place became part of another."""

    kind: ChangeKind
    on: date
    place: GssCode
    to: GssCode
    weight: str = Field(description="The share of the place, exactly.", examples=["1/3"])
    basis: str = Field(description="Of what it is a share, such as `population`; empty where it was not said.")
    source: str

    @classmethod
    def of(cls, row: ChangeRow) -> Self:
        return cls.model_validate(row, from_attributes=True)


class Share(BaseModel):
    """A share of one place in another."""

    place: GssCode
    share: str = Field(description="Exactly.", examples=["1/3"])


class Crosswalk(BaseModel):
    """What became of a place between two days, or of what it was made."""

    place: GssCode
    data: list[Share]

    @classmethod
    def of(cls, shares: Shares) -> Self:
        data = [Share(place=place, share=str(share)) for place, share in sorted(shares.shares.items())]
        return cls(place=shares.place, data=data)
