"""Our awards and contributions as grants of the standard. Pure: what a row says in, what a file says out.

A contribution is a grant too, from its funder to whoever grants it on: it carries a `regrantType`, and the awards of
its fund name it in `relatedActivity` (360Giving's guidance on regranting).
"""

import hashlib
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec

from services.grants.open_data.publishing.models import Described, OpenDataSettings, Treatment
from services.grants.open_data.standard.rules import INDIVIDUAL
from shared.csv_out import FORMULA_STARTS
from shared.money import Money

Grant = dict[str, object]

_NOT_NAMED = "Recipient not named"
_COUNTRY = "GB"
_AREAS = {
    "E01": ("LSOA", "GLS060"),
    "E02": ("MSOA", "GLS060"),
    "E04": ("PAR", "GLS060"),
    "E05": ("WD", "GLS060"),
    "E06": ("UA", "GLS050"),
    "E07": ("NMD", "GLS050"),
    "E08": ("MD", "GLS050"),
    "E09": ("LONB", "GLS050"),
    "E10": ("CTY", "GLS050"),
    "E12": ("RGN/GOR", "GLS040"),
    "S01": ("DZ", "GLS060"),
    "S02": ("IG", "GLS060"),
    "S12": ("CA", "GLS050"),
    "S13": ("WD", "GLS060"),
    "W01": ("LSOA", "GLS060"),
    "W02": ("MSOA", "GLS060"),
    "W04": ("COM", "GLS060"),
    "W05": ("WD", "GLS060"),
    "W06": ("UA", "GLS050"),
    "N00": ("SA", "GLS060"),
}
"""By how a GSS code begins: which kind of area the standard takes it for, and how large a scope that is."""


class AwardFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an award that was accepted; amounts in pence."""

    id: str
    amount: int
    paid: int
    asked: int
    currency: str
    awarded_at: datetime
    starts_on: date | None
    ends_on: date | None
    touched_at: datetime
    group: str
    summary: str
    place: str | None
    round_title: str
    fund: str
    fund_name: str
    grant_maker: str
    purpose: str
    treatment: Treatment
    to_individual: bool
    recipient_identifier: str | None
    title: str | None
    description: str | None


class ContributionFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a contribution of which something has cleared; amounts in pence."""

    id: str
    promised: int
    cleared: int
    currency: str
    promised_at: datetime
    touched_at: datetime
    funder: str
    fund: str
    fund_name: str
    grant_maker: str
    purpose: str


class Publishing(msgspec.Struct, frozen=True, kw_only=True):
    """Who publishes, under which address their files stand, and in which time zone days are reckoned."""

    by: OpenDataSettings
    root: str
    zone: ZoneInfo


def of_award(award: AwardFacts, how: Publishing, transfers: list[str]) -> Grant:
    """An award as a grant; ``transfers`` are the ids of the contributions to its fund.

    What would say who was given something at risk is not in it, and nothing ever says who a person is.
    """
    by = how.by
    named = award.treatment is Treatment.OPEN and not award.to_individual
    words = award.summary if by.described_by == Described.APPLICATION and named else award.purpose
    grant: Grant = {
        "id": f"360G-{by.prefix}-{award.id}",
        "title": _plain(award.title or _title(award, named)),
        "description": _plain(award.description or words),
        "currency": award.currency,
        "amountAppliedFor": _major(award.asked, award.currency),
        "amountAwarded": _major(award.amount, award.currency),
        "amountDisbursed": _major(award.paid, award.currency),
        "awardDate": _day(award.awarded_at, how),
        "plannedDates": _planned(award),
        **_recipient(award, by, named),
        "beneficiaryLocation": [_location(award.place if named else None)],
        "fundingOrganization": [_organisation(award.grant_maker, by)],
        "grantProgramme": [{"code": award.fund, "title": _plain(award.fund_name)}],
        "fromOpenCall": "Yes",
        "relatedActivity": transfers,
        "dateModified": instant(award.touched_at),
        "dataSource": how.root,
    }
    scope = _AREAS.get((award.place or "")[:3])
    if scope is not None and named:
        grant["locationScope"] = scope[1]
    return {name: value for name, value in grant.items() if value != []}


def of_contribution(contribution: ContributionFacts, how: Publishing) -> Grant:
    """A contribution as a grant to whoever grants it on."""
    by = how.by
    return {
        "id": transfer_id(contribution.id, by),
        "title": _plain(f"To be granted on: {contribution.fund_name}"),
        "description": _plain(contribution.purpose),
        "currency": contribution.currency,
        "amountAwarded": _major(contribution.promised, contribution.currency),
        "amountDisbursed": _major(contribution.cleared, contribution.currency),
        "awardDate": _day(contribution.promised_at, how),
        "recipientOrganization": [_organisation(contribution.grant_maker, by)],
        "fundingOrganization": [_organisation(contribution.funder, by)],
        "grantProgramme": [{"code": contribution.fund, "title": _plain(contribution.fund_name)}],
        "dateModified": instant(contribution.touched_at),
        "dataSource": how.root,
        "regrantType": by.regrant_type,
    }


def transfer_id(contribution: str, by: OpenDataSettings) -> str:
    """The identifier under which a contribution is published."""
    return f"360G-{by.prefix}-{contribution}"


def _recipient(award: AwardFacts, by: OpenDataSettings, named: bool) -> Grant:
    anonymous = f"360G-{by.prefix}-recipient-of-{award.id}"  # of this award alone: nobody can be followed by it
    if award.to_individual:
        return {"recipientIndividual": {"id": anonymous, "name": INDIVIDUAL}}
    if not named:
        return {"recipientOrganization": [{"id": anonymous, "name": _NOT_NAMED}]}
    identifier = award.recipient_identifier or f"360G-{by.prefix}-{_reference(award.group)}"
    return {"recipientOrganization": [{"id": identifier, "name": _plain(award.group)}]}


def _planned(award: AwardFacts) -> list[Grant]:
    days = {"startDate": award.starts_on, "endDate": award.ends_on}
    known: Grant = {name: day.isoformat() for name, day in days.items() if day is not None}
    return [known] if known else []


def _title(award: AwardFacts, named: bool) -> str:
    if award.to_individual:
        return f"{award.round_title}: grant to an individual"
    return f"{award.round_title}: {award.group if named else 'recipient not named'}"


def _organisation(name: str, by: OpenDataSettings) -> Grant:
    identifier = by.identifier_of(name)
    return {"name": _plain(name)} if identifier is None else {"id": identifier, "name": _plain(name)}


def _location(place: str | None) -> Grant:
    if place is None:
        return {"countryCode": _COUNTRY}
    area = _AREAS.get(place[:3])
    kind = {} if area is None else {"geoCodeType": area[0]}
    return {"countryCode": _COUNTRY, "geoCode": place, **kind}


def _reference(group: str) -> str:
    """One group has one reference, however often it is awarded something; a name is no part of an identifier."""
    return hashlib.sha256(" ".join(group.casefold().split()).encode()).hexdigest()[:16]


def _plain(text: str) -> str:
    """Text that no spreadsheet takes for a formula, so that the CSV says what the JSON says."""
    return text.strip().lstrip("".join(FORMULA_STARTS)).strip()


def _major(pence: int, currency: str) -> int | float:
    """The amount in pounds as the standard has it, a JSON number: whole where it is whole."""
    amount = Decimal(Money.of(pence, currency).amount)
    return int(amount) if amount == int(amount) else float(amount)


def _day(moment: datetime, how: Publishing) -> str:
    return moment.astimezone(how.zone).date().isoformat()


def instant(moment: datetime) -> str:
    """A moment as the standard has it."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
