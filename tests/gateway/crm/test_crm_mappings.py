"""Mapping packs against golden files, and mappings of partners' own: what they may say, and what is refused."""

import json
from copy import deepcopy
from pathlib import Path

import pytest
from pydantic import ValidationError

from services.gateway.crm.mapping import Mapping, digest, inward, outward, packs
from services.gateway.crm.pace import Pace, Paced
from tests.gateway.crm.generic_server import MAPPING
from tests.gateway.crm.servers import Json

GOLDEN = Path(__file__).parent / "golden"
PEOPLE = json.loads((GOLDEN / "people.json").read_text())
ORGANISATIONS = json.loads((GOLDEN / "organisations.json").read_text())


@pytest.mark.parametrize(("name", "version"), sorted(packs()))
def test_each_version_of_a_pack_says_what_its_golden_file_has(name: str, version: int) -> None:
    golden, pack = json.loads((GOLDEN / f"{name}.{version}.json").read_text()), packs()[name, version]
    person, organisation = pack.person, pack.organisation
    assert [outward(person, each) for each in PEOPLE] == golden["out"]
    if organisation is not None:
        assert [outward(organisation, each) for each in ORGANISATIONS] == golden["organisations"]
    assert [inward(person, each["record"]) for each in golden["back"]] == [each["ours"] for each in golden["back"]]


@pytest.mark.parametrize(
    ("place", "value", "says"),
    [
        (("fields", 0, "out"), "join(", "it breaks off at character"),
        (("fields", 0, "out"), "now()", "calls functions that JMESPath does not have: now"),
        (("fields", 0, "out"), " | ".join(["[@,@]"] * 30), "could make more than 200 times"),
        (("fields", 0, "ours"), "date_of_birth", "is no field of a person that is handed on"),
        (("fields", 2, "direction"), "both", "cannot be taken over from a CRM"),
        (("fields", 1, "theirs"), "name", "names a field twice"),
        (("key",), "groups", "maps the field that holds our id"),
    ],
)
def test_what_a_mapping_cannot_say_is_refused_with_the_reason(
    place: tuple[str | int, ...], value: str, says: str
) -> None:
    body: Json = deepcopy(MAPPING)
    into = body["person"]
    for step in place[:-1]:
        into = into[step]
    into[place[-1]] = value
    with pytest.raises(ValidationError, match=says):
        Mapping.model_validate(body)


@pytest.mark.parametrize("path", ["/a/{person.__class__}", "/a/{0}", "/a/{other}", "no-slash", "/a b"])
def test_a_path_has_no_braces_but_the_two(path: str) -> None:
    body = deepcopy(MAPPING)
    body["calls"]["tell"]["path"] = path
    with pytest.raises(ValidationError):
        Mapping.model_validate(body)


def test_no_value_and_an_empty_one_are_the_same_and_nobodys_digest_is_anothers() -> None:
    def of(person: str, value: object) -> str:
        return digest(b"pepper", "crm_1", person, "name", value)

    assert of("person_1", None) == of("person_1", "") == of("person_1", []) == of("person_1", "  ")
    assert of("person_1", "Ada") == of("person_1", " Ada ")
    assert len({of("person_1", "Ada"), of("person_2", "Ada"), of("person_1", "ada"), of("person_1", None)}) == 4


def test_a_crm_is_never_called_more_often_in_a_span_than_it_allows() -> None:
    now = 0.0
    pace = Pace(packs()["hubspot", 1].limit or pytest.fail("HubSpot has a limit"), lambda: now)
    assert [pace.wait() for _ in range(100)] == [0.0] * 100
    now = 4.0
    assert pace.wait() == 6.0
    now = 10.0
    assert pace.wait() == 0.0
    assert Paced.request.__doc__
