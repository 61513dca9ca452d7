"""Our rules of 360Giving 1.4 against the standard's own schema, and our spreadsheets against flatten-tool."""

import copy
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.grants.open_data.standard import codelists, packages, rules, sheets
from services.grants.open_data.standard.fields import GRANT, Field, Kind
from shared.testing.caller import Json
from tests.grants.open_data.schema import codes, flattened_back, schemas, validators
from tests.plugins.parts import scale

WHOLE: Json = {
    "id": "360G-a-1", "title": "Grant to the Hub", "description": "A hall; with heat", "currency": "GBP",
    "amountAppliedFor": 700, "amountAwarded": 500.55, "amountDisbursed": 0, "awardDate": "2026-03-31",
    "url": "https://example.org/1", "plannedDates": [{"startDate": "2026-04", "endDate": "2027", "duration": 12}],
    "recipientOrganization": [{"id": "GB-CHC-1", "name": "The Hub", "location": [{"geoCode": "E07000080"}]}],
    "beneficiaryLocation": [{"countryCode": "GB"}, {"geoCode": "E07000079", "geoCodeType": "NMD", "latitude": 51.8}],
    "fundingOrganization": [{"id": "GB-CHC-2", "name": "Funder"}], "grantProgramme": [{"code": "P", "title": "Seeds"}],
    "fromOpenCall": "Yes", "classifications": [{"vocabulary": "ours", "code": "arts"}],
    "relatedActivity": ["360G-a-2", "360G-a-3"], "dateModified": "2026-03-31T12:00:00Z", "regrantType": "FRG010",
    "dataSource": "https://example.org/360giving", "locationScope": "GLS050",
}  # fmt: skip
TO_ONE: Json = {
    **{name: value for name, value in WHOLE.items() if name not in ("recipientOrganization", "regrantType")},
    "recipientIndividual": {"id": "360G-a-person-1", "name": "Individual Recipient"},
    "toIndividualsDetails": {"primaryGrantReason": "GTIR010", "grantPurpose": ["GTIP010", "GTIP020"]},
}


@pytest.mark.parametrize("grant", [WHOLE, TO_ONE])
def test_a_grant_that_says_everything_has_no_fault(grant: Json) -> None:
    assert rules.faults(grant) == []


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"amountAwarded": 0}, "/amountAwarded nothing_awarded"),
        ({"amountAwarded": -5}, "/amountAwarded nothing_awarded"),
        ({"amountAwarded": True}, "/amountAwarded wrong_kind"),
        ({"awardDate": "2026-02-30"}, "/awardDate not_a_day"),
        ({"awardDate": "31/03/2026"}, "/awardDate not_a_day"),
        ({"awardDate": "2026-03"}, "/awardDate not_a_day"),
        ({"dateModified": "2026-03-31"}, "/dateModified not_an_instant"),
        ({"description": "write to hub@example.org"}, "/description email_like"),
        ({"currency": "gbp"}, "/currency unknown_code"),
        ({"regrantType": "FRG999"}, "/regrantType unknown_code"),
        ({"locationScope": "local"}, "/locationScope unknown_code"),
        ({"id": "1"}, "/id malformed_id"),
        ({"fundingOrganization": [{"id": "GB-CHC- 1", "name": "F"}]}, "/fundingOrganization/0/id malformed_id"),
        ({"fundingOrganization": [{"id": "GB-CHC-1"}]}, "/fundingOrganization/0/name missing"),
        ({"recipientOrganization": []}, "/recipientOrganization empty_list"),
        ({"recipientIndividual": TO_ONE["recipientIndividual"]}, "/recipientOrganization one_recipient"),
        ({"beneficiaryLocation": [{"geoCodeType": "ward"}]}, "/beneficiaryLocation/0/geoCodeType unknown_code"),
        ({"plannedDates": [{"duration": -1}]}, "/plannedDates/0/duration too_small"),
        ({"dataSource": "www.example.org"}, "/dataSource not_an_address"),
        ({"title": None}, "/title null"),
    ],
)
def test_each_rule_names_the_field_that_breaks_it(changed: Json, found: str) -> None:
    assert [f"{fault.pointer} {fault.code}" for fault in rules.faults({**WHOLE, **changed})] == [found]


def test_an_identifier_is_there_once() -> None:
    assert [(fault.row, fault.code) for fault in rules.repeated(["a", "b", "a", None, None])] == [(3, "repeated_id")]


def test_every_field_and_every_code_is_the_standards(published: Path) -> None:
    schema, _ = schemas(published)
    assert dict(described(schema, schema)) == dict(ours(GRANT))
    for name, known in (
        ("currency", codelists.CURRENCIES),
        ("countryCode", codelists.COUNTRIES),
        ("geoCodeType", codelists.GEO_CODE_TYPES),
        ("regrantType", codelists.REGRANT_TYPES),
        ("locationScope", codelists.LOCATION_SCOPES),
        ("grantToIndividualsReason", codelists.INDIVIDUALS_REASONS),
        ("grantToIndividualsPurpose", codelists.INDIVIDUALS_PURPOSES),
    ):
        assert codes(published, name) == known, name


def described(schema: Json, whole: Json, place: str = "") -> Iterator[tuple[str, str]]:
    """Each field of the standard's schema, by its path, and what it is called."""
    for name, value in schema["properties"].items():
        at = whole["$defs"][value["$ref"].rpartition("/")[2]] if "$ref" in value else value
        title = value.get("title") or (at.get("title") if at is not value and "properties" not in at else None)
        yield f"{place}/{name}", title or name
        items = at.get("items", {})
        part = whole["$defs"][items["$ref"].rpartition("/")[2]] if "$ref" in items else at
        if "properties" in part:
            yield from described(part, whole, f"{place}/{name}")


def ours(fields: Mapping[str, Field], place: str = "") -> Iterator[tuple[str, str]]:
    """The same of our table."""
    for name, field in fields.items():
        yield f"{place}/{name}", field.title
        yield from ours(field.parts, f"{place}/{name}")


ANYTHING: st.SearchStrategy[object] = st.sampled_from(
    [None, True, 0, -1, 12.5, "", "x", "Yes", "GBP", "2026-03-31", "2026-13-01", "2026", "2026-03-31T12:00:00Z",
     "2026-03-31T12:00:00", "https://example.org", "a b", [], {}, ["x"], [1], [{}], [{"id": "GB-CHC-1", "name": "x"}]]
)  # fmt: skip
BEYOND = {"nothing_awarded", "malformed_id", "email_like"}
OPEN_LISTS = {
    "geoCodeType",
    "regrantType",
    "locationScope",
    "primaryGrantReason",
    "secondaryGrantReason",
    "grantPurpose",
}


@settings(max_examples=scale(60), deadline=None)
@given(st.data())
def test_whatever_is_put_where_we_find_a_fault_just_where_the_schema_does(published: Path, data: st.DataObject) -> None:
    grant = copy.deepcopy(data.draw(st.sampled_from([WHOLE, TO_ONE])))
    parent: Any = grant
    *steps, last = data.draw(st.sampled_from(sorted(places(grant), key=str)))
    for step in steps:
        parent = parent[step]
    if data.draw(st.booleans()) and isinstance(parent, dict):
        del parent[last]
    else:
        parent[last] = data.draw(ANYTHING)
    found = [fault for fault in rules.faults(grant) if not beyond_the_schema(fault.pointer or "", fault.code or "")]
    valid, _ = validators(published)
    assert bool(found) == (not valid.is_valid(grant)), (found, list(valid.iter_errors(grant)))


def beyond_the_schema(pointer: str, code: str) -> bool:
    """Whether a fault is one that the schema cannot say."""
    return code in BEYOND or (code == "unknown_code" and any(name in pointer for name in OPEN_LISTS))


def places(part: object, here: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a grant where something stands."""
    steps = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for step, value in steps:
        yield (*here, step)
        yield from places(value, (*here, step))


def test_real_grants_have_a_fault_just_where_the_schema_finds_one(published: Path) -> None:
    valid, _ = validators(published)
    real = json.loads((published / "lloyds-bank-foundation-2010-2015.json").read_bytes())["grants"]
    mended = [rules.mend(each).grant for each in real]
    chosen = [each for at, each in enumerate(mended) if at % 40 == 0 or rules.faults(each)]
    assert len(chosen) > 140
    for grant in chosen:
        found = [fault for fault in rules.faults(grant) if fault.code not in BEYOND]
        assert bool(found) == (not valid.is_valid(grant)), grant["id"]


def test_flatten_tool_makes_the_same_grants_of_our_spreadsheet(published: Path, tmp_path: Path) -> None:
    grants = [WHOLE, {**TO_ONE, "id": "360G-a-9"}, {**WHOLE, "id": "360G-a-4", "description": 'Tea, "cake"\nand more'}]
    assert flattened_back(published, packages.as_csv(grants), tmp_path) == grants


def test_every_heading_leads_to_its_field_again() -> None:
    for path, field in leaves(GRANT):
        assert sheets.column(sheets.heading(path)) == sheets.Column(path, field)
        assert sheets.column("/".join(map(str, path)).upper()) == sheets.Column(path, field)


def leaves(fields: Mapping[str, Field], here: sheets.Path = ()) -> Iterator[sheets.Column]:
    """Every column that a spreadsheet can have, with the second of its parts where there are several."""
    for name, field in fields.items():
        path = (*here, name)
        if field.kind in (Kind.PART, Kind.PARTS):
            yield from leaves(field.parts, (*path, 1) if field.kind is Kind.PARTS else path)
        else:
            yield sheets.Column(path, field)
