"""What a CRM is told, as a function of how somebody is, what it has of them, and who wins: nothing is called."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from services.gateway.crm.asking import HandedOn
from services.gateway.crm.mapping import folded, outward, packs
from services.gateway.crm.models import Connection, Link
from services.gateway.crm.planning import Plan, plan
from services.gateway.crm.queue import Due
from tests.gateway.crm.directory import Directory
from tests.plugins.parts import scale

CIVICRM = packs()["civicrm", 1].person
PEPPER, ADA = b"pepper", "person_ada"
SOMEBODY = {**Directory().people_of("Ada"), "person": ADA}


def planned(
    record: Mapping[str, object] | None,
    link: Link | None = None,
    owners: Mapping[str, str] | None = None,
    unknown: Sequence[str] = (),
) -> Plan:
    """What is to be done about Ada, who is so now; None: she is withheld, or unknown."""
    connection = Connection(id="crm_1", system="civicrm", owners=owners or {})
    people, withheld = ([record], []) if record else ([], [ADA])
    handed = HandedOn(people=people, merged={}, withheld=withheld, unknown=unknown, next=None)
    links = {} if link is None else {ADA: link}
    return plan(connection, CIVICRM, [Due(ADA, 1, 0)], links, handed, PEPPER)


def told(found: Plan) -> Mapping[str, object]:
    """The fields that are told of her; none where nobody is told."""
    return found.told[0].fields if found.told else {}


def linked(found: Plan, before: Link | None = None) -> Link:
    """The link after that was told."""
    agreed = {**(before.agreed if before else {}), **found.digests.get(ADA, {})}
    at = datetime(2026, 5, 1, tzinfo=UTC)
    return Link(subject=ADA, external_id="101", made=True, agreed=agreed, held=[], told_at=at)


def test_what_is_the_crms_is_told_to_it_once_and_never_again() -> None:
    owners = {"given_name": "crm"}
    first = planned(SOMEBODY, owners=owners)
    assert told(first)["first_name"] == "Ada"
    edited = {**SOMEBODY, "given_name": "Adah", "family_name": "Hill"}
    assert told(planned(edited, linked(first), owners)) == {"last_name": "Hill"}
    known_there = {**SOMEBODY, "external_ids": {"civicrm": ["7"]}}
    assert "first_name" not in told(planned(known_there, owners=owners))


def test_who_no_longer_permits_it_is_let_be_there_and_told_again_once_they_do() -> None:
    first = linked(planned(SOMEBODY))
    gone = planned(None, first)
    assert told(gone) == CIVICRM.withheld
    back = planned(SOMEBODY, linked(gone, first))
    assert told(back) == {
        "is_opt_out": False, "do_not_sms": False, "do_not_phone": False, "do_not_mail": False, "do_not_email": False,
    }  # fmt: skip
    assert told(planned(SOMEBODY, linked(back, linked(gone, first)))) == {}


def test_nobody_is_told_of_who_is_withheld_and_not_there() -> None:
    found = planned(None)
    assert (found.told, found.forgotten, found.settled) == ([], [], [ADA])


def test_who_is_not_there_any_more_is_forgotten_there_if_it_had_them() -> None:
    found = planned(None, linked(planned(SOMEBODY)), unknown=[ADA])
    assert ([each.external_id for each in found.forgotten], found.told) == (["101"], [])
    assert planned(None, unknown=[ADA]).settled == [ADA]


EDITS = st.lists(
    st.dictionaries(
        st.sampled_from(["given_name", "family_name", "email", "postcode"]), st.text(max_size=3) | st.none(), max_size=3
    ),
    max_size=6,
)


@settings(max_examples=scale(6), deadline=None)
@given(EDITS)
def test_after_any_edits_the_crm_has_each_field_as_it_is_and_nothing_is_told_twice(
    edits: list[dict[str, str | None]],
) -> None:
    there: dict[str, object] = {}
    now: dict[str, object] = {**SOMEBODY}
    link: Link | None = None
    for edit in [{}, *edits]:
        now |= edit
        found = planned(now, link)
        there |= told(found)
        link = linked(found, link)
        assert not told(planned(now, link))
    for name, value in outward(CIVICRM, now).items():
        assert folded(there.get(name)) == folded(value)
