"""Tables of duplicates: a movement's rules, keys and candidates, how far the search is, and who is no duplicate."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.directory.organisations.models import of_organisation
from services.members.directory.people.models import of_person
from services.members.erasing import GOES, LEADS_NOWHERE


class DuplicateRules(Base):
    """The weights that a movement set, as JSON; one that set none goes by the defaults."""

    __tablename__ = "duplicate_rules"

    movement: Mapped[str] = mapped_column(primary_key=True)
    noun: Mapped[str] = mapped_column(primary_key=True)
    weights: Mapped[dict[str, int]] = mapped_column(sa.JSON)
    version: Mapped[int]
    updated_at: Mapped[datetime]


class DuplicateSearch(Base):
    """How far the search is: the change of a record that it last came to."""

    __tablename__ = "duplicate_searches"

    movement: Mapped[str] = mapped_column(primary_key=True)
    noun: Mapped[str] = mapped_column(primary_key=True)
    up_to: Mapped[datetime]
    record: Mapped[str] = mapped_column(info=LEADS_NOWHERE)


class MatchKey(Base):
    """A key of a record. It is derived, and the next search makes it again: whoever is gone has none that counts."""

    __tablename__ = "match_keys"
    __table_args__ = (sa.Index("match_keys_by_record", "movement", "record"),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    record: Mapped[str] = mapped_column(primary_key=True, info=GOES)


class DuplicateCandidate(Base):
    """Two records that may be of one, in the order of their ids. It is derived as well."""

    __tablename__ = "duplicate_candidates"
    __table_args__ = (
        sa.Index("duplicate_candidates_by_score", "movement", "noun", "score", "one", "other"),
        sa.Index("duplicate_candidates_by_other", "movement", "other"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    one: Mapped[str] = mapped_column(primary_key=True, info=GOES)
    other: Mapped[str] = mapped_column(primary_key=True, info=GOES)
    noun: Mapped[str]
    score: Mapped[int]
    reasons: Mapped[list[str]] = mapped_column(sa.JSON)


class NotSamePerson(Base):
    """That somebody said that two records are of two people. It has a row for either, so that both know."""

    __tablename__ = "not_same_people"
    __table_args__ = (
        of_person(erased=GOES),
        of_person("other_person", erased=GOES),
        sa.CheckConstraint("person <> other_person", name="not_same_people_are_two"),
        sa.Index("not_same_people_by_other", "movement", "other_person"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(primary_key=True)
    other_person: Mapped[str] = mapped_column(primary_key=True)
    said_by: Mapped[str]
    said_at: Mapped[datetime]


class NotSameOrganisation(Base):
    """That somebody said that two records are of two organisations; a row for either."""

    __tablename__ = "not_same_organisations"
    __table_args__ = (
        of_organisation(),
        of_organisation("other_organisation"),
        sa.CheckConstraint("organisation <> other_organisation", name="not_same_organisations_are_two"),
        sa.Index("not_same_organisations_by_other", "movement", "other_organisation"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    organisation: Mapped[str] = mapped_column(primary_key=True)
    other_organisation: Mapped[str] = mapped_column(primary_key=True)
    said_by: Mapped[str]
    said_at: Mapped[datetime]
