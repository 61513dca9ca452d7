"""The table of disclosure profiles that movements enter, and a profile as it is followed."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Mapped, mapped_column

from services.measures.base import Base
from shared.disclosure import Method, Profile


class DisclosureProfile(Base):
    """One version of a movement's rule, numbered from 1 within its key. It never changes: releases were made by it."""

    __tablename__ = "disclosure_profiles"

    movement: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    source: Mapped[str]
    method: Mapped[str]
    small_below: Mapped[int]
    zero_is_small: Mapped[bool]
    round_to: Mapped[int]
    hide_certain: Mapped[bool]
    least_base: Mapped[int]
    least_area_base: Mapped[int]
    created_at: Mapped[datetime]

    @property
    def rule(self) -> "Rule":
        """The same, as it is followed."""
        profile = Profile(
            Method(self.method), self.small_below, self.zero_is_small, self.round_to, self.hide_certain,
            self.least_base, self.least_area_base,
        )  # fmt: skip
        return Rule(self.key, self.number, self.title, self.source, profile, self.created_at)


class Rule(NamedTuple):
    """A profile under its key and number. `created_at` is None for those that come with Backbone."""

    key: str
    number: int
    title: str
    source: str
    profile: Profile
    created_at: datetime | None = None
