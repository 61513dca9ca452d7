"""The projection of agreements, controllers and staff: what an organisation may have, looked up at each request."""

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
    """That somebody has or had a place in an organisation, as members has told."""

    __tablename__ = "staff_member"

    movement: Mapped[str] = mapped_column(primary_key=True)
    organisation: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(primary_key=True)


class MergedOrganisation(Base):
    """An id of an organisation that turned out to be another one; keys and agreements may name either."""

    __tablename__ = "merged_organisation"
    __table_args__ = (sa.Index("merged_organisation_into", "movement", "into"),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    merged: Mapped[str] = mapped_column(primary_key=True)
    into: Mapped[str]
