"""Disaggregation schemes as they are sent and answered."""

from collections.abc import Sequence
from typing import Annotated, Protocol, TypeVar

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from services.measures.measures import schemes
from shared.fields import Body, Name


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


Keyed = TypeVar("Keyed", bound=Sequence[_Keyed])


def _told_apart(items: Keyed) -> Keyed:
    if len({item.key for item in items}) < len(items):
        raise PydanticCustomError("repeated", "names the same one twice")
    return items


class Category(Body):
    """One category of a dimension."""

    key: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_+-]{1,40}$")] = Field(
        description="The word that cells are written with.", examples=["female"]
    )
    title: Name = Field(examples=["Women"])


class Dimension(Body):
    """One way to break figures down."""

    key: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")] = Field(examples=["sex"])
    title: Name = Field(examples=["Sex"])
    ordered: bool = Field(False, description="The categories go from the lowest to the highest, as deciles do.")
    exhaustive: bool = Field(
        False, description="Everybody is in exactly one category, so that the categories add up to the whole."
    )
    categories: Annotated[list[Category], Field(min_length=1, max_length=200), AfterValidator(_told_apart)]

    def stored(self) -> schemes.Dimension:
        """The same, as it is kept."""
        categories = [schemes.Category(key=each.key, title=each.title) for each in self.categories]
        return schemes.Dimension(
            key=self.key, title=self.title, ordered=self.ordered, exhaustive=self.exhaustive, categories=categories
        )


Scheme = Annotated[list[Dimension], Field(max_length=20), AfterValidator(_told_apart)]
