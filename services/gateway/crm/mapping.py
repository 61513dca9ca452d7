"""Mappings: what of a person or an organisation goes into which field of a CRM, who wins, and how it is read back.

A mapping is a document. A field's ``out`` is a JMESPath expression over the record as it is handed on, ``back`` one
over the CRM's record; the rest is names. Packs are the mappings that come along, one file a version in ``packs/``.
"""

import hashlib
import hmac
from collections.abc import Mapping as Map
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import quote

import msgspec
import yaml
from pydantic import AfterValidator, Field, JsonValue, model_validator
from pydantic_core import PydanticCustomError

from services.gateway.crm.models import Owner, Vendor
from shared.errors import NotFound
from shared.expressions import LONGEST, evaluate, fault_in
from shared.fields import Body, line

Record = Map[str, object]
"""A person or an organisation as they are handed on, or a record of a CRM's: JSON."""

WRITABLE = frozenset(
    {"given_name", "family_name", "known_as", "email", "phone", "postcode", "languages", "tags", "interests", "skills"}
)
"""What can be taken over from a CRM, besides `custom.…`."""
OURS = WRITABLE | {"rung", "joined_at", "organisation", "may_be_reached_by", "updated_at"}
"""What of a person is handed on, besides `custom.…`. `organisation` is what the CRM calls the one they belong to."""
OURS_OF_ORGANISATIONS = frozenset(
    {"name", "kind", "description", "identifiers", "postcode", "website", "email", "phone", "tags", "ended_on",
     "updated_at"}
)  # fmt: skip
"""What of an organisation is handed on, besides `custom.…`."""

ORGANISATION = "organisation"
"""The field of a person that holds which one they belong to."""

_CUSTOM = "custom."
_PACKS = Path(__file__).parent / "packs"


def _expression(text: str) -> str:
    fault = fault_in(text, "")
    if fault is not None:
        raise PydanticCustomError("invalid_expression", "{reason}", {"reason": fault.reason})
    return text


Expression = Annotated[str, line(LONGEST), AfterValidator(_expression), Field(examples=["join(';', tags)"])]
"""JMESPath, as https://jmespath.org/specification.html has it."""
FieldName = Annotated[str, line(100)]
Constant = str | bool | int | None


class _Field(Body):
    ours: FieldName = Field(examples=["given_name"])
    theirs: FieldName = Field(examples=["first_name"])
    out: Expression | None = Field(None, description="over the record; the field of that name where it is left out")
    owner: Owner = Owner.BACKBONE


class FieldMapping(_Field):
    """One field of people: what we call it and what the CRM does, and who wins where both edited it."""

    back: Expression | None = Field(None, description="over their record; `theirs` itself where it is left out")
    direction: Literal["both", "out"] = "both"

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.ours not in OURS and not self.ours.startswith(_CUSTOM):
            raise PydanticCustomError("unknown_field", "is no field of a person that is handed on")
        if self.direction == "both" and self.ours not in WRITABLE and not self.ours.startswith(_CUSTOM):
            raise PydanticCustomError("not_writable", "cannot be taken over from a CRM: its direction is `out`")
        return self


class OrganisationField(_Field):
    """One field of organisations. They are told, and not read back: an `ask` is settled by making both sides the
    same."""

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.ours not in OURS_OF_ORGANISATIONS and not self.ours.startswith(_CUSTOM):
            raise PydanticCustomError("unknown_field", "is no field of an organisation that is handed on")
        return self


class _Records(Body):
    object: FieldName = Field(examples=["Contact"], description="what the CRM calls such records")
    key: FieldName = Field(examples=["external_identifier"])
    always: dict[FieldName, Constant] = Field(default_factory=dict, description="what each new record has besides")


class PersonMapping(_Records):
    """How people are kept there. ``key`` is their field that holds our id of somebody; it has to be unique there."""

    withheld: dict[FieldName, Constant] = Field(
        default_factory=dict, description="what is set once somebody no longer permits that they are handed on"
    )
    fields: list[FieldMapping] = Field(min_length=1, max_length=100)

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        _refuse_repeated(self)
        return self


class OrganisationMapping(_Records):
    """How organisations are kept there. ``key`` is as with people."""

    fields: list[OrganisationField] = Field(min_length=1, max_length=100)

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        _refuse_repeated(self)
        return self

    @property
    def withheld(self) -> Map[str, Constant]:
        """Nothing: an organisation is not asked whether it may be handed on."""
        return {}


RecordMapping = PersonMapping | OrganisationMapping


def _refuse_repeated(mapping: RecordMapping) -> None:
    for names in ([each.ours for each in mapping.fields], [each.theirs for each in mapping.fields]):
        if len(set(names)) < len(names):
            raise PydanticCustomError("repeated", "names a field twice")
    if mapping.key in {each.theirs for each in mapping.fields} | mapping.always.keys() | mapping.withheld.keys():
        raise PydanticCustomError("key_mapped", "maps the field that holds our id")


class HttpCall(Body):
    """One request. In its path `{person}` or `{organisation}` stands for our id, `{id}` for what the CRM calls it."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: Annotated[str, Field(pattern=r"^/[!-~]*$", max_length=500, examples=["/contacts/{person}"])]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if any(brace in self.at("", "") for brace in "{}"):
            raise PydanticCustomError("path", "has other braces than those of `person`, `organisation` and `id`")
        return self

    def at(self, subject: str, external_id: str | None) -> str:
        """The path for somebody, or for an organisation."""
        ours = quote(subject, safe="")
        path = self.path.replace("{person}", ours).replace("{organisation}", ours)
        return path.replace("{id}", quote(external_id or "", safe=""))


class Calls(Body):
    """How a `generic` CRM is told, read and has somebody forgotten: requests with JSON, one a record.

    ``create`` is for whom it is not known to have, where that is another request than ``tell``.
    """

    tell: HttpCall
    create: HttpCall | None = None
    read: HttpCall | None = None
    forget: HttpCall | None = None
    body: Expression = Field("fields", description="over `{person, id, fields}`, or `{organisation, id, fields}`")
    id: Expression = Field("id", description="what the CRM calls somebody, over its answer; a number or a text")
    record: Expression = Field("@", description="the record, over the answer of `read`")


class Limit(Body):
    """How often a CRM lets itself be called."""

    calls: int = Field(ge=1, le=100_000)
    seconds: int = Field(ge=1, le=86_400)


class Mapping(Body):
    """A whole mapping; without ``organisation`` the CRM is told of people alone. Only a `generic` one has calls: the
    others' requests are their vendors'."""

    person: PersonMapping
    organisation: OrganisationMapping | None = None
    calls: Calls | None = None
    organisation_calls: Calls | None = None
    limit: Limit | None = None

    @model_validator(mode="after")
    def _belonging(self) -> Self:
        if self.organisation is None and any(each.ours == ORGANISATION for each in self.person.fields):
            raise PydanticCustomError("no_organisations", "says where people belong, but not how that is kept")
        return self


class Pack(Mapping):
    """A mapping that comes along: a version of it never changes, a change is a new version."""

    name: str
    version: int
    vendor: Vendor


@lru_cache(maxsize=1)
def packs() -> Map[tuple[str, int], Pack]:
    """Every pack, by its name and version."""
    read = [Pack.model_validate(yaml.safe_load(path.read_text())) for path in sorted(_PACKS.glob("*.yaml"))]
    return {(pack.name, pack.version): pack for pack in read}


def pack_for(vendor: Vendor, version: int | None) -> Pack:
    """The pack of a vendor in a version, or in its newest. Raises NotFound."""
    found = [pack for pack in packs().values() if pack.vendor is vendor and version in (None, pack.version)]
    if not found:
        raise NotFound("there is no such mapping pack")
    return max(found, key=lambda pack: pack.version)


@lru_cache(maxsize=256)
def mapping_of(pack: str, version: int, own: str | None) -> Mapping:
    """The mapping of a connection: its own where it has one, else that of its pack."""
    return packs()[pack, version] if own is None else Mapping.model_validate_json(own)


def outward(mapping: RecordMapping, record: Record) -> dict[str, JsonValue]:
    """The values of the CRM's fields for our record. Raises CannotEvaluate where an expression does not fit it."""
    return {each.theirs: evaluate(each.out or _quoted(each.ours), _json(record)) for each in mapping.fields}


def inward(mapping: PersonMapping, theirs: Record) -> dict[str, object]:
    """The values of our fields in a record of the CRM's, for those fields that are read back and are in it.

    Raises CannotEvaluate where an expression does not fit the record.
    """
    return {
        each.ours: evaluate(each.back, _json(theirs)) if each.back else theirs[each.theirs]
        for each in mapping.fields
        if each.direction == "both" and (each.back or each.theirs in theirs)
    }


def owners(mapping: RecordMapping, own: Map[str, str]) -> dict[str, Owner]:
    """By the CRM's field: who wins. ``own`` names an organisation's as `organisation.name`."""
    of = "" if isinstance(mapping, PersonMapping) else f"{ORGANISATION}."
    return {each.theirs: Owner(own.get(of + each.ours, each.owner)) for each in mapping.fields}


def digest(pepper: bytes, connection: str, subject: str, field: str, value: object) -> str:
    """A keyed digest of a value, by which both sides are found to have the same without the value being kept."""
    said = msgspec.json.encode([connection, subject, field, folded(value)], order="deterministic")
    return hmac.digest(pepper, b"crm " + said, hashlib.sha256).hex()[:32]


def folded(value: object) -> object:
    """The value as it is compared: no value and an empty one are the same, and white space around a text is none."""
    if isinstance(value, str):
        value = value.strip()
    return None if value in ("", [], {}) else value


def _json(record: Record) -> JsonValue:
    found: JsonValue = msgspec.to_builtins(record)
    return found


def _quoted(ours: str) -> str:
    """A field of ours as an expression; the key of a custom one need not be a word of JMESPath."""
    name, dot, key = ours.partition(".")
    return f'{name}."{key}"' if dot else name
