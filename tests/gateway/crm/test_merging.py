"""Whose value of a field holds: by who changed it since both sides agreed, and else by whose the field is. Pure."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.crm.mapping import FieldMapping, PersonMapping, digest
from services.gateway.crm.models import Owner
from services.gateway.inbound.merging import Merged, merge

MAPPING = PersonMapping(
    object="Contact",
    key="external_identifier",
    fields=[
        FieldMapping(ours="given_name", theirs="first_name"),
        FieldMapping(ours="known_as", theirs="nick_name"),
        FieldMapping(ours="tags", theirs="groups", out="join(';', tags)", back="names"),
        FieldMapping(ours="rung", theirs="rung", direction="out"),
    ],
)
PERSON = {"given_name": "Ada", "known_as": None, "tags": ["walker", "cook"], "rung": "observer"}
AS_TOLD = {"first_name": "Ada", "nick_name": None, "groups": "walker;cook", "rung": "observer"}
BY = partial(digest, b"pepper", "crm_1", "person_1")


def held(
    ours: dict[str, object], theirs: dict[str, object], owner: Owner = Owner.ASK, agreed: object = AS_TOLD
) -> Merged:
    """Hold a record against a person; ``agreed`` are the values that both last had."""
    assert isinstance(agreed, dict)
    digests = {field: BY(field, value) for field, value in agreed.items()}
    wins = dict.fromkeys(AS_TOLD, owner)
    record = {"first_name": "Ada", "nick_name": "", "names": ["walker", "cook"], **theirs}
    return merge(MAPPING, {**PERSON, **ours}, record, digests, wins, BY)


def test_what_comes_back_as_it_was_told_is_an_echo_whatever_form_it_has() -> None:
    forms: list[dict[str, object]] = [{}, {"nick_name": None}, {"first_name": " Ada "}]
    for same in forms:
        echo = held({}, same)
        assert (echo.take, echo.told, echo.ask) == ({}, False, [])


def test_what_one_side_alone_changed_holds_whoever_owns_the_field() -> None:
    for owner in Owner:
        theirs = held({}, {"nick_name": "Countess", "names": []}, owner)
        assert (theirs.take, theirs.told) == ({"known_as": "Countess", "tags": None}, False)
        ours = held({"given_name": "Augusta", "rung": "champion"}, {}, owner)
        assert (ours.take, ours.told, ours.ask) == ({}, True, [])


@pytest.mark.parametrize(("owner", "taken", "told", "asked"), [
    (Owner.CRM, {"known_as": "Theirs"}, False, 0), (Owner.BACKBONE, {}, True, 0), (Owner.ASK, {}, False, 1),
])  # fmt: skip
def test_what_both_changed_is_its_owners_to_say(owner: Owner, taken: dict[str, object], told: bool, asked: int) -> None:
    merged = held({"known_as": "Ours"}, {"nick_name": "Theirs"}, owner)
    assert (merged.take, merged.told, len(merged.ask)) == (taken, told, asked)
    if asked:
        assert (merged.ask[0].ours, merged.ask[0].theirs) == ("Ours", "Theirs")
        assert "nick_name" not in merged.agreed, "it is not agreed on before somebody has said"


def test_both_sides_changing_to_the_same_is_no_conflict() -> None:
    merged = held({"known_as": "Same"}, {"nick_name": "Same"})
    assert (merged.take, merged.told, merged.ask) == ({}, False, [])
    assert merged.agreed["nick_name"] == BY("nick_name", "Same")


def test_a_person_who_was_never_held_against_a_record_takes_what_they_lack_and_is_asked_about_the_rest() -> None:
    merged = held({}, {"nick_name": "Countess", "first_name": "Augusta"}, agreed={})
    assert merged.take == {"known_as": "Countess"}
    assert [each.name for each in merged.ask] == ["given_name"]


def test_nobody_loses_their_name_because_a_crm_has_none() -> None:
    merged = held({}, {"first_name": ""})
    assert (merged.take, merged.told) == ({}, True)


def test_what_somebody_settled_is_about_that_field_alone() -> None:
    agreed = {field: BY(field, value) for field, value in AS_TOLD.items()}
    record = {"first_name": "Old", "nick_name": "Theirs"}
    ours = PERSON | {"known_as": "Ours"}
    merged = merge(MAPPING, ours, record, agreed, {}, BY, settled={"nick_name": Owner.CRM})
    assert (merged.take, set(merged.agreed)) == ({"known_as": "Theirs"}, {"nick_name"})


_values = st.sampled_from([None, "a", "b", "c"])


@given(_values, st.lists(st.tuples(st.booleans(), _values), max_size=8), st.sampled_from([Owner.CRM, Owner.BACKBONE]))
def test_whatever_is_edited_on_either_side_in_any_order_both_come_to_agree_and_stay_so(
    first: str | None, edits: list[tuple[bool, str | None]], owner: Owner
) -> None:
    """A round is: the CRM's record is taken up, and where ours is to be told, it is."""
    ours: dict[str, object] = {**PERSON, "known_as": first}
    theirs: dict[str, object] = {"first_name": "Ada", "nick_name": first, "names": ["walker", "cook"]}
    agreed = {field: BY(field, value) for field, value in {**AS_TOLD, "nick_name": first}.items()}

    def round_trip() -> Merged:
        merged = merge(MAPPING, ours, theirs, agreed, dict.fromkeys(AS_TOLD, owner), BY)
        ours.update(merged.take)
        agreed.update(merged.agreed)
        if merged.told:
            theirs["nick_name"] = ours["known_as"]
            agreed["nick_name"] = BY("nick_name", ours["known_as"])
        return merged

    for is_ours, value in edits:
        (ours if is_ours else theirs)["known_as" if is_ours else "nick_name"] = value
        if value == "c":
            round_trip()
    round_trip()
    assert ours["known_as"] == theirs["nick_name"]
    settled = round_trip()
    assert (settled.take, settled.told, settled.ask) == ({}, False, [])
