"""Whether an agreement stands behind personal data that leaves for an organisation: the vocabulary, and the rule.

The members service keeps agreements and controllers; the gateway keeps a projection of them. Both ask `coverage`, so
that what a record says and what a request meets cannot differ. UK GDPR, articles 26 (joint controllers) and 28
(processors); for sharing between controllers the ICO's Data Sharing Code of Practice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.errors import Forbidden


class DataClass(StrEnum):
    """The record kinds of personal data: each has a controller, and an agreement names those that it is about."""

    CONTACT = "contact"
    ENGAGEMENT = "engagement"
    ATTENDANCE = "attendance"
    INTRODUCTIONS = "introductions"
    RELATIONSHIPS = "relationships"
    PERMISSIONS = "permissions"
    SAFETY = "safety"
    CARE = "care"
    RIGHTS = "rights"
    EQUALITY = "equality"
    SAFEGUARDING = "safeguarding"
    APPLICATIONS = "applications"


_RESOURCES: Mapping[DataClass, str] = {
    DataClass.CONTACT: "people imports segments custom_fields affiliations contact_log crm_conflicts mailings",
    DataClass.ENGAGEMENT: (
        "activities agenda assets commitments exchange knowledge ladder learning memberships nominations pledges "
        "recognitions responses stories time_credits voice_words voices wins"
    ),
    DataClass.ATTENDANCE: "attendances availability bookings calendars pictures shifts",
    DataClass.INTRODUCTIONS: "connections conversations keep_apart",
    DataClass.RELATIONSHIPS: "capacity circles handovers network stewardships support_contacts ties",
    DataClass.PERMISSIONS: "notices permissions preferences",
    DataClass.SAFETY: "incidents safety",
    DataClass.CARE: "care children",
    DataClass.RIGHTS: "archives erasures requests retention",
    DataClass.EQUALITY: "equality_answers",
    DataClass.SAFEGUARDING: "checks protected_people safeguarding",
    DataClass.APPLICATIONS: (
        "applicants applications award_agreements checks_of_groups grant_reports payees payment_batches ballots "
        "decisions reviews"
    ),
}
_NOT_PERSONAL = (
    "crm_connections external_grants grants_imports "
    "adoptions agreements assessments awards campaigns concerns controllers definition_comments events frameworks "
    "funds gatherings instruments jobs keys kpis ledger mailing_tools me measures observations open_data_settings "
    "organisations overview payments places programmes purposes reach releases rounds submissions surveys targets "
    "users webhooks delegations forms income investments"
)
"""What is no record of a person, or is held to agreements by rules of its own (users, keys, jobs, the feed).

Anybody may raise a concern: that asks for no agreement, and reading one is for safeguarding."""

CLASS_OF: Mapping[str, DataClass | None] = {
    **{resource: data_class for data_class, resources in _RESOURCES.items() for resource in resources.split()},
    **dict.fromkeys(_NOT_PERSONAL.split()),
    "audit": None,  # of ids alone
}
"""The class of what a scope's resource reaches; None where that is no personal data. A test holds the scopes to it."""


EVERY_KIND = "*"
"""Stands for every kind of record, where somebody is the controller of them all."""


class Because(StrEnum):
    """Why personal data may leave for an organisation, or may not."""

    CONTROLLER = "controller"
    AGREEMENT = "agreement"
    MISSING = "agreement_missing"
    NOT_BEGUN = "agreement_not_begun"
    EXPIRED = "agreement_expired"


@dataclass(frozen=True, slots=True)
class Term:
    """What an agreement lets one of its parties have: a class for a purpose, until the day before ``expires_on``."""

    agreement: str
    data_class: str
    purpose: str
    starts_on: date
    expires_on: date


@dataclass(frozen=True, slots=True)
class Control:
    """That an organisation is the controller of a kind of record (or EVERY_KIND) until the day before ``ended_on``."""

    data_class: str
    starts_on: date
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """The answer, and why. ``agreement`` is the one that covers it or the last that would have; ``day`` is when it
    expires, expired or begins, or when an organisation that is the controller is it no more."""

    because: Because
    agreement: str | None = None
    day: date | None = None

    def __bool__(self) -> bool:
        return self.because in (Because.CONTROLLER, Because.AGREEMENT)


Withheld = tuple[tuple[str, Coverage], ...]
"""The classes of data that a caller may not have whatever its scopes, each with the reason."""


def coverage(
    terms: Iterable[Term], controls: Iterable[Control], data_class: str, purpose: str | None, on: date
) -> Coverage:
    """Whether an organisation may have a class of data for a purpose (None: for any) on a day.

    A controller may have what it controls; for anything else one of its terms has to be in force.
    """
    for control in controls:
        named = control.data_class in (EVERY_KIND, data_class)
        if named and control.starts_on <= on < (control.ended_on or date.max):
            return Coverage(Because.CONTROLLER, day=control.ended_on)
    about = [t for t in terms if t.data_class == data_class and purpose in (None, t.purpose)]
    if not about:
        return Coverage(Because.MISSING)
    in_force = [t for t in about if t.starts_on <= on < t.expires_on]
    if in_force:
        longest = max(in_force, key=lambda t: (t.expires_on, t.agreement))
        return Coverage(Because.AGREEMENT, longest.agreement, longest.expires_on)
    to_come = [t for t in about if on < t.starts_on < t.expires_on]
    if to_come:
        soonest = min(to_come, key=lambda t: (t.starts_on, t.agreement))
        return Coverage(Because.NOT_BEGUN, soonest.agreement, soonest.starts_on)
    last = max(about, key=lambda t: (t.expires_on, t.agreement))
    return Coverage(Because.EXPIRED, last.agreement, last.expires_on)


class NotCovered(Forbidden):
    """No agreement covers what is asked for. The problem says which class, and which agreement ended or is to begin."""

    code, title = Because.MISSING.value, "No agreement covers this personal data"


class AgreementNotBegun(NotCovered):
    """The agreement that would cover it has not begun."""

    code, title = Because.NOT_BEGUN.value, "The agreement that covers this has not begun"


class AgreementExpired(NotCovered):
    """The agreement that covered it is over, or its review is overdue."""

    code, title = Because.EXPIRED.value, "The agreement that covered this has expired"


def refusal(data_class: str, answer: Coverage) -> NotCovered:
    """The problem for a class of data that is not covered."""
    what = f"{data_class} data"
    if answer.agreement is None:
        detail = f"the organisation has no agreement about {what} for this purpose"
        return NotCovered(detail, data_class=data_class)
    if answer.because is Because.NOT_BEGUN:
        detail = f"{answer.agreement} covers {what} from {answer.day} on"
        return AgreementNotBegun(detail, data_class=data_class, agreement=answer.agreement)
    detail = f"{answer.agreement} covered {what} until {answer.day}: review or renew it"
    return AgreementExpired(detail, data_class=data_class, agreement=answer.agreement)
