"""Agreements between organisations about personal data: what the gateway holds credentials and webhooks to."""

from datetime import date

from shared.events.base import Event


class AgreementSigned(Event, type="agreement.signed", service="members", key="agreement"):
    """An agreement covers these classes of data for these purposes, from its start until the day before it expires."""

    agreement: str
    kind: str
    parties: list[str]
    purposes: list[str]
    data_classes: list[str]
    starts_on: date
    expires_on: date


class AgreementChanged(Event, type="agreement.changed", service="members", key="agreement"):
    """What an agreement says from now on: it was edited, reviewed or ended."""

    agreement: str
    kind: str
    parties: list[str]
    purposes: list[str]
    data_classes: list[str]
    starts_on: date
    expires_on: date


class AgreementExpiring(Event, type="agreement.expiring", service="members", key="agreement"):
    """The agreement expires soon: what it covers stops on that day unless it is reviewed or renewed."""

    agreement: str
    expires_on: date


class AgreementExpired(Event, type="agreement.expired", service="members", key="agreement"):
    """The agreement expired on that day, and what it covered stopped."""

    agreement: str
    expires_on: date
