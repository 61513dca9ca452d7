"""Agreements: what they cover, for whom and until when; their warning, their review and their end."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from services.members.trust.agreements import expiry
from shared import clock
from shared.clock import Frozen
from shared.coverage import Because, Term, coverage
from shared.ids import new_id
from shared.secrets import Secrets
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.trust.agreeing import SIGNED, covered, signed


@pytest.fixture(autouse=True)
def may() -> Iterator[Frozen]:
    """The tests of this module begin in May 2026."""
    with clock.frozen(datetime(2026, 5, 1, 12, tzinfo=UTC)) as stopped:
        yield stopped


async def edited(members: Caller, agreement: Json, what: str, body: Json, method: str = "POST") -> tuple[int, Json]:
    answered = await members.client.request(
        method, f"/v1/agreements/{agreement['id']}{what}", json=body, headers={"If-Match": f'"{agreement["version"]}"'}
    )
    return answered.status_code, answered.json()


async def test_an_agreement_covers_its_parties_its_classes_and_its_purposes_and_nothing_else(members: Caller) -> None:
    ours, theirs, third = [await members.organisation(name) for name in ("Active", "Walkers", "Choir")]
    made = await signed(members, ours, theirs)
    assert (made["state"], made["expires_on"]) == ("in_force", "2027-01-01")
    assert await covered(members, theirs) == (True, "agreement")
    assert await covered(members, theirs, purpose="introductions") == (True, "agreement")
    assert await covered(members, theirs, purpose="newsletter") == (False, "agreement_missing")
    assert await covered(members, theirs, "safety") == (False, "agreement_missing")
    assert await covered(members, third) == (False, "agreement_missing")
    assert await covered(members, theirs, at="2026-12-31T23:59:00Z") == (True, "agreement")
    assert await covered(members, theirs, at="2027-01-01T00:00:00Z") == (False, "agreement_expired")
    assert await covered(members, theirs, at="2025-12-31T12:00:00Z") == (False, "agreement_not_begun")


@ON_ONE_DATABASE
async def test_the_day_is_that_of_where_the_movement_is(members: Caller) -> None:
    theirs = await members.organisation()
    await signed(members, theirs, ends_on="2026-07-01")
    # In London it is the first of July an hour before it is so by universal time.
    assert await covered(members, theirs, at="2026-06-30T22:59:00Z") == (True, "agreement")
    assert await covered(members, theirs, at="2026-06-30T23:00:00Z") == (False, "agreement_expired")


async def test_it_is_warned_of_sixty_days_before_it_expires_once_and_told_when_it_has(
    members: Caller, app: FastAPI, may: Frozen
) -> None:
    made = await signed(members, await members.organisation())

    async def told_on(day: date) -> tuple[list[str], str]:
        may.at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        await expiry.look(app.state.parts)
        await expiry.look(app.state.parts)
        kinds = [kind.removeprefix("agreement.") for kind, _ in await members.published(made["id"])]
        return kinds[1:], (await members.get(f"/v1/agreements/{made['id']}"))["state"]

    ends = date(2027, 1, 1)
    assert await told_on(ends - timedelta(days=61)) == ([], "in_force")
    assert await told_on(ends - timedelta(days=60)) == (["expiring"], "expiring")
    assert len((await members.get("/v1/agreements", state="expiring"))["data"]) == 1
    assert await told_on(ends - timedelta(days=1)) == (["expiring"], "expiring")
    assert await told_on(ends) == (["expiring", "expired"], "expired")
    assert (await members.get("/v1/agreements", state="in_force"))["data"] == []


async def test_a_review_lets_it_go_on_and_is_warned_of_anew(members: Caller, app: FastAPI, may: Frozen) -> None:
    theirs = await members.organisation()
    made = await signed(members, theirs, ends_on="2028-01-01")
    may.at = datetime(2027, 2, 1, 12, tzinfo=UTC)
    await expiry.look(app.state.parts)
    assert await covered(members, theirs) == (False, "agreement_expired")
    status, reviewed = await edited(members, made, "/reviews", {"review_on": "2029-01-01"})
    assert (status, reviewed["expires_on"], reviewed["state"]) == (200, "2028-01-01", "in_force")
    assert await covered(members, theirs) == (True, "agreement")
    may.at = datetime(2027, 12, 1, 12, tzinfo=UTC)
    await expiry.look(app.state.parts)
    assert (await members.get(f"/v1/agreements/{made['id']}"))["state"] == "expiring"


async def test_what_has_ended_covers_nothing_and_is_edited_no_more(members: Caller) -> None:
    theirs = await members.organisation()
    made = await signed(members, theirs)
    assert (await edited(members, made, "/end", {"on": "2026-04-30"}))[0] == 422
    status, ended = await edited(members, made, "/end", {"why": "The project is over."})
    assert (status, ended["state"], ended["ends_on"]) == (200, "expired", "2026-05-01")
    assert await covered(members, theirs) == (False, "agreement_expired")
    assert (await edited(members, made, "/end", {}))[0] == 412
    for what, body, method in (
        ("/end", {}, "POST"),
        ("/reviews", {"review_on": "2030-01-01"}, "POST"),
        ("", {"reference": "X"}, "PATCH"),
    ):
        status, problem = await edited(members, ended, what, body, method)
        assert (status, problem["code"]) == (409, "agreement_over")


async def test_an_edit_replaces_what_it_is_about_and_the_event_says_what_holds_now(members: Caller) -> None:
    theirs = await members.organisation()
    made = await signed(members, theirs)
    changes = {"purposes": ["newsletter"], "data_classes": ["safety"], "ends_on": "2026-06-01"}
    status, changed = await edited(members, made, "", changes, "PATCH")
    assert (status, changed["purposes"], changed["data_classes"]) == (200, ["newsletter"], ["safety"])
    kind, payload = (await members.published(made["id"]))[-1]
    assert kind == "agreement.changed"
    assert payload == {
        "agreement": made["id"],
        "kind": "sharing",
        "parties": [theirs],
        "purposes": ["newsletter"],
        "data_classes": ["safety"],
        "starts_on": "2026-01-01",
        "expires_on": "2026-06-01",
    }
    assert await covered(members, theirs, "safety", purpose="newsletter") == (True, "agreement")
    assert (await edited(members, made, "", changes, "PATCH"))[0] == 412
    assert (await edited(members, changed, "", {"ends_on": "2026-01-01"}, "PATCH"))[0] == 422
    for asked, found in (({"data_class": "safety"}, 1), ({"data_class": "contact"}, 0), ({"purpose": "newsletter"}, 1)):
        assert len((await members.get("/v1/agreements", party=theirs, **asked))["data"]) == found


async def test_an_organisation_exports_people_while_an_agreement_covers_it(
    app: FastAPI, vouching: Secrets, members: Caller, may: Frozen
) -> None:
    await members.person("Ada")
    theirs = await members.organisation()
    async with Caller(app, vouching, members.movement, organisation=theirs) as partner:

        async def exported() -> tuple[int, str]:
            answer = await partner.client.get("/v1/people/export", params={"purpose": "introductions"})
            return answer.status_code, "" if answer.status_code == 200 else answer.json()["code"]

        assert await exported() == (403, "agreement_missing")
        await signed(members, theirs, data_classes=["contact"], ends_on="2026-06-01")
        assert await exported() == (200, "")
        may.at = datetime(2026, 6, 1, 12, tzinfo=UTC)
        assert await exported() == (403, "agreement_expired")
    assert (await members.client.get("/v1/people/export")).status_code == 200


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"ends_on": "2026-01-01"}, {"/ends_on": "before_start"}),
        ({"starts_on": "2026-06-01", "ends_on": "2026-05-31"}, {"/ends_on": "before_start"}),
        ({"review_on": "2026-01-01"}, {"/review_on": "before_start"}),
        ({"signed_on": "2026-05-02", "starts_on": "2026-01-01"}, {"/signed_on": "in_the_future"}),
        ({"kind": "joint_controllers"}, {"/parties": "too_few_parties"}),
        (
            {"parties": [new_id("org")], "ends_on": "2025-01-01"},
            {"/parties/0": "unknown_organisation", "/ends_on": "before_start"},
        ),
    ],
)
async def test_an_agreement_that_cannot_be_is_refused_with_every_fault(
    members: Caller, said: Json, wrong: dict[str, str]
) -> None:
    ours = await members.organisation()
    status, problem = await members.refused("/v1/agreements", SIGNED | {"parties": [ours]} | said)
    assert (status, faults(problem)) == (422, wrong)
    assert (await members.get("/v1/agreements"))["data"] == []


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"parties": []}, "/parties"),
        ({"purposes": []}, "/purposes"),
        ({"data_classes": ["everything"]}, "/data_classes/0"),
        ({"basis": "because"}, "/basis"),
        ({"kind": "friendly"}, "/kind"),
    ],
)
async def test_malformed_words_about_an_agreement_are_named(members: Caller, said: Json, pointer: str) -> None:
    status, problem = await members.refused("/v1/agreements", SIGNED | {"parties": [new_id("org")]} | said)
    assert (status, list(faults(problem))) == (422, [pointer])


DAYS = st.dates(date(2026, 1, 1), date(2026, 2, 1))
TERMS = st.lists(
    st.builds(
        Term,
        st.sampled_from(["agreement_a", "agreement_b"]),
        st.sampled_from(["contact", "safety"]),
        st.sampled_from(["news", "walks"]),
        DAYS,
        DAYS,
    ),
    max_size=5,
)


@given(TERMS, DAYS, st.sampled_from(["news", None]))
def test_something_is_covered_exactly_where_a_term_about_it_is_in_force(
    terms: list[Term], on: date, purpose: str | None
) -> None:
    answer = coverage(terms, [], "contact", purpose, on)
    about = [t for t in terms if t.data_class == "contact" and purpose in (None, t.purpose)]
    assert bool(answer) == any(t.starts_on <= on < t.expires_on for t in about)
    assert (answer.because is Because.MISSING) == (not about)
    if about:
        assert answer.agreement in {t.agreement for t in about}
