"""The projection of agreements, controllers, staff and stops: what an organisation may have, asked at each request."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.gateway.base import Base


class AgreementTerm(Base):
    """What an agreement lets a party have: a class of data for a purpose, until the day before it expires."""

    __tablename__ = "agreement_term"
    __table_args__ = (sa.Index("agreement_term_of_organisation", "movement", "organisation"),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    agreement: Mapped[str] = mapped_column(primary_key=True)
    organisation: Mapped[str] = mapped_column(primary_key=True)
    data_class: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(primary_key=True)
    starts_on: Mapped[date] = mapped_column(sa.Date)
    expires_on: Mapped[date] = mapped_column(sa.Date)


class ControllerTerm(Base):
    """That an organisation is the controller of a record kind (``*``: of all) until the day before ``ended_on``."""

    __tablename__ = "controller_term"
    __table_args__ = (sa.Index("controller_term_of_organisation", "movement", "organisation"),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    organisation: Mapped[str]
    data_class: Mapped[str]
    starts_on: Mapped[date] = mapped_column(sa.Date)
    ended_on: Mapped[date | None] = mapped_column(sa.Date)


class StaffMember(Base):
    """That somebody has a place in an organisation, until the day before ``until``, as members has told."""

    __tablename__ = "staff_place"
    __table_args__ = (sa.Index("staff_place_of_organisation", "movement", "organisation", "person"),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    affiliation: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(primary_key=True)
    organisation: Mapped[str]
    until: Mapped[date | None] = mapped_column(sa.Date)


class StoppedPerson(Base):
    """Somebody who said stop, as members has told. ``allowed`` are the purposes, a space between, for which they let
    their data be shared again since."""

    __tablename__ = "stopped_person"

    movement: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(primary_key=True)
    allowed: Mapped[str]


class SharingBar(Base):
    """What keeps somebody's data from other organisations: the id of a restriction, or the key of a purpose that they
    refused, over sharing."""

    __tablename__ = "sharing_bar"

    movement: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(primary_key=True)
    because: Mapped[str] = mapped_column(primary_key=True)


class MergedOrganisation(Base):
    """An id of an organisation that turned out to be another one; keys and agreements may name either."""

    __tablename__ = "merged_organisation"
    __table_args__ = (sa.Index("merged_organisation_into", "movement", "into"),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    merged: Mapped[str] = mapped_column(primary_key=True)
    into: Mapped[str]
