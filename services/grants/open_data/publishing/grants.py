"""Our awards and contributions as grants of the standard. Pure: what a row says in, what a file says out.

A contribution is a grant too, from its funder to whoever grants it on: it carries a `regrantType`, and the awards that
were paid of it name it in `relatedActivity` (360Giving's guidance on regranting). So does what a grant-maker hands to
another organisation that holds the fund, such as an anchor organisation: from there on the grants are that one's.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from services.grants.applications.content import name_key
from services.grants.open_data.publishing.facts import AwardFacts, ContributionFacts, FundFacts
from services.grants.open_data.publishing.models import Described, OpenDataSettings, Treatment
from services.grants.open_data.standard.rules import INDIVIDUAL
from shared.csv_out import FORMULA_STARTS
from shared.money import Money
from shared.partners.answering import Present

Grant = dict[str, object]


class Party(NamedTuple):
    """An organisation that gives or is given, as far as it is known."""

    name: str | None
    identifier: str | None


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


class Publishing(msgspec.Struct, frozen=True, kw_only=True):
    """Who publishes, under which address their files stand, in which time zone, and who answers for merged records."""

    by: OpenDataSettings
    root: str
    zone: ZoneInfo
    present: Present

    def called(self, name: str) -> Party:
        """An organisation by its name, with the identifier that the settings give it."""
        wanted = name.casefold()
        found = next((each for each in self.by.organisations if each["name"].casefold() == wanted), None)
        return Party(name, None if found is None else found["identifier"])

    def recorded(self, organisation: str | None) -> Party | None:
        """An organisation by its record here, as the settings know it; None where they do not."""
        if organisation is None:
            return None
        ours = [each for each in self.by.organisations if each["organisation"] is not None]
        wanted = self.present(organisation)
        found = next((each for each in ours if self.present(each["organisation"] or "") == wanted), None)
        return None if found is None else Party(found["name"], found["identifier"])

    def published_as(self, reference: str) -> str:
        """An identifier of the publisher's own."""
        return f"360G-{self.by.prefix}-{reference}"


def given_by(contribution: ContributionFacts, how: Publishing) -> Party:
    """Who gave a contribution."""
    return how.recorded(contribution.funder_organisation) or how.called(contribution.funder)


def grants_on(fund: FundFacts, how: Publishing) -> Party:
    """Whose grants the awards of a fund are: whoever holds its money, else its grant-maker."""
    if not passes_on(fund, how):
        return how.called(fund.grant_maker)
    return how.recorded(fund.holder) or Party(None, None)


def passes_on(fund: FundFacts, how: Publishing) -> bool:
    """Whether the grant-maker has handed the money to somebody else, who grants it on."""
    if fund.holder is None:
        return False
    maker = fund.grant_maker_organisation
    return maker is None or how.present(fund.holder) != how.present(maker)


def of_award(award: AwardFacts, how: Publishing, transfers: Sequence[str]) -> Grant:
    """An award as a grant; ``transfers`` are the grants by which its money came to whoever grants it on.

    What would say who was given something at risk is not in it, and nothing ever says who a person is.
    """
    named = award.treatment is Treatment.OPEN and not award.to_individual
    words = award.summary if how.by.described_by == Described.APPLICATION and named else award.fund.purpose
    grant: Grant = {
        "id": how.published_as(award.id),
        "title": _plain(award.title or _title(award, named)),
        "description": _plain(award.description or words),
        "currency": award.currency,
        "amountAppliedFor": _major(award.asked, award.currency),
        "amountAwarded": _major(award.amount, award.currency),
        "amountDisbursed": _major(award.paid, award.currency),
        "awardDate": _day(award.awarded_at, how),
        "plannedDates": _planned(award),
        **_recipient(award, how, named),
        "beneficiaryLocation": [_location(award.place if named else None)],
        "fundingOrganization": [_organisation(grants_on(award.fund, how))],
        "grantProgramme": [_programme(award.fund)],
        "fromOpenCall": "Yes",
        "relatedActivity": list(transfers),
        "dateModified": instant(award.touched_at),
        "dataSource": how.root,
    }
    scope = _AREAS.get((award.place or "")[:3])
    if scope is not None and named:
        grant["locationScope"] = scope[1]
    return {name: value for name, value in grant.items() if value != []}


def of_contribution(contribution: ContributionFacts, how: Publishing) -> Grant:
    """A contribution as a grant to the grant-maker, who grants it on."""
    fund = contribution.fund
    return {
        "id": how.published_as(contribution.id),
        "title": _plain(f"To be granted on: {fund.name}"),
        "description": _plain(fund.purpose),
        "currency": fund.currency,
        "amountAwarded": _major(contribution.promised, fund.currency),
        "amountDisbursed": _major(contribution.cleared, fund.currency),
        "awardDate": _day(contribution.promised_at, how),
        "recipientOrganization": [_organisation(how.called(fund.grant_maker))],
        "fundingOrganization": [_organisation(given_by(contribution, how))],
        "grantProgramme": [_programme(fund)],
        "dateModified": instant(contribution.touched_at),
        "dataSource": how.root,
        "regrantType": how.by.regrant_type,
    }


def of_holding(fund: FundFacts, how: Publishing, contributions: Sequence[str]) -> Grant:
    """What a grant-maker has handed to the organisation that holds the fund, as a grant that is granted on."""
    grant: Grant = {
        "id": how.published_as(fund.id),
        "title": _plain(f"To hold and to grant on: {fund.name}"),
        "description": _plain(fund.purpose),
        "currency": fund.currency,
        "amountAwarded": _major(fund.cleared, fund.currency),
        "awardDate": _day(fund.made_at, how),
        "recipientOrganization": [_organisation(grants_on(fund, how))],
        "fundingOrganization": [_organisation(how.called(fund.grant_maker))],
        "grantProgramme": [_programme(fund)],
        "relatedActivity": list(contributions),
        "dateModified": instant(fund.touched_at),
        "dataSource": how.root,
        "regrantType": how.by.regrant_type,
    }
    return {name: value for name, value in grant.items() if value != []}


def _recipient(award: AwardFacts, how: Publishing, named: bool) -> Grant:
    anonymous = how.published_as(f"recipient-of-{award.id}")  # of this award alone: nobody can be followed by it
    if award.to_individual:
        return {"recipientIndividual": {"id": anonymous, "name": INDIVIDUAL}}
    if not named:
        return {"recipientOrganization": [{"id": anonymous, "name": _NOT_NAMED}]}
    if award.host is not None:  # the money is the host's to account for; the group is the part of it that it is for
        host = how.recorded(award.host_organisation) or how.called(award.host)
        identifier = host.identifier or how.published_as(_reference(name_key(award.host)))
        part = {"department": _plain(award.group)}
        return {"recipientOrganization": [{"id": identifier, "name": _plain(award.host), **part}]}
    known = how.recorded(award.organisation)
    registered = award.recipient_identifier or (None if known is None else known.identifier)
    identifier = registered or how.published_as(_reference(award.group_key))
    return {"recipientOrganization": [{"id": identifier, "name": _plain(award.group)}]}


def _planned(award: AwardFacts) -> list[Grant]:
    days = {"startDate": award.starts_on, "endDate": award.ends_on}
    known: Grant = {name: day.isoformat() for name, day in days.items() if day is not None}
    return [known] if known else []


def _title(award: AwardFacts, named: bool) -> str:
    if award.to_individual:
        return f"{award.round_title}: grant to an individual"
    return f"{award.round_title}: {award.group if named else 'recipient not named'}"


def _organisation(party: Party) -> Grant:
    """What is known of it; what is missing is a fault, which the check names."""
    known = {"id": party.identifier, "name": party.name and _plain(party.name)}
    return {field: value for field, value in known.items() if value is not None}


def _programme(fund: FundFacts) -> Grant:
    return {"code": fund.id, "title": _plain(fund.name)}


def _location(place: str | None) -> Grant:
    if place is None:
        return {"countryCode": _COUNTRY}
    area = _AREAS.get(place[:3])
    kind = {} if area is None else {"geoCodeType": area[0]}
    return {"countryCode": _COUNTRY, "geoCode": place, **kind}


def _reference(key: str) -> str:
    """One group has one reference, however often it is awarded something; a name is no part of an identifier."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]


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
