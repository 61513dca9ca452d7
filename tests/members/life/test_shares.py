"""Who has what part of the agenda, of decisions, roles, programmes and staff time."""

from datetime import date
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from services.members.life.shares.reckoning import Place, Seat, of_decisions, of_seats, shared_out
from shared.testing.caller import faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.community.steps import TODAY, active_circle
from tests.members.life.test_agenda import published
from tests.plugins.parts import scale

DAYS = st.dates(date(2026, 1, 1), date(2026, 1, 20))
PEOPLE, BODIES, CIRCLES = (st.sampled_from(names) for names in ("abcd", "XYZ", "mn"))


PLACES = st.dictionaries(
    PEOPLE,
    st.lists(st.builds(Place, BODIES, st.none() | DAYS, st.none()), max_size=3),
)
SEATS = st.lists(st.builds(Seat, CIRCLES, PEOPLE, DAYS, st.none() | DAYS), max_size=8)


@given(places=PLACES, seats=SEATS, day=DAYS, decisions=st.lists(st.tuples(CIRCLES, DAYS), max_size=6))
@settings(max_examples=scale(50), deadline=None)
def test_whatever_there_is_is_shared_out_to_the_last_part(
    places: dict[str, list[Place]], seats: list[Seat], day: date, decisions: list[tuple[str, date]]
) -> None:
    taken = [seat for seat in seats if seat.since <= day and (seat.until is None or day < seat.until)]
    for parts, whole in (
        (shared_out(of_seats(seats, places, day)), len(taken)),
        (shared_out(of_decisions(decisions, seats, places)), len(decisions)),
    ):
        assert sum(part.amount for part in parts) == whole
        assert sum(part.share for part in parts) == (1 if whole else 0)
        assert len({part.organisation for part in parts}) == len(parts)


def test_somebody_in_two_bodies_counts_half_for_each_and_a_decision_is_one_however_many_sat() -> None:
    day = date(2026, 1, 10)
    places = {"a": [Place("X", None, None), Place("Y", None, None)], "b": [Place("X", None, day)]}
    seats = [Seat("m", "a", date(2026, 1, 1), None), Seat("m", "b", date(2026, 1, 1), None)]
    amounts = {part.organisation: part.amount for part in shared_out(of_seats(seats, places, day))}
    assert amounts == {"X": Fraction(1, 2), "Y": Fraction(1, 2), None: 1}
    (x, *_) = shared_out(of_decisions([("m", date(2026, 1, 9)), ("m", day)], seats, places))
    assert (x.organisation, x.amount) == ("X", Fraction(3, 4) + Fraction(1, 4))
    assert shared_out(of_decisions([("n", day)], seats, places))[0].organisation is None


@ON_ONE_DATABASE
async def test_each_part_is_told_by_organisation_and_nobody_is_named(members: Caller) -> None:
    backbone, council = await members.organisation("Backbone"), await members.organisation("Council")
    ada, eve, jo = [await members.person(name) for name in ("Ada", "Eve", "Jo")]
    for person, organisation in ((ada, backbone), (eve, council)):
        await members.post(
            "/v1/affiliations", {"person": person, "organisation": organisation, "started_on": "2020-01-01"}
        )
    mandate = {"organisation": backbone, "remit": "Bring us together.", "way": "vote", "chosen_by": [council]}
    await members.post("/v1/mandates", {**mandate, "starts_on": "2026-01-01", "ends_on": "2099-01-01"})
    shaped = [
        {"person": ada, "how": "talks"},
        {"person": jo, "how": "talks"},
        {"organisation": council, "how": "talks"},
    ]
    await published(members, shaped_by=shaped)
    circle = await active_circle(members)
    for person in (ada, eve):
        term = {"person": person, "role": "steward", "from": "2026-01-01"}
        await members.post(f"/v1/circles/{circle}/members", term)
    seen = {"role": "steward", "people": 2}
    decision = {"decided_on": TODAY.isoformat(), "what": "We walk.", "why": "It helps.", "present": [seen]}
    await members.post(f"/v1/circles/{circle}/decisions", decision)
    await members.post("/v1/programmes", {"name": "Daily Mile", "lead": council, "aims": "Walk."})
    for organisation, hours, work in (
        (backbone, 30, "advance_policy"),
        (backbone, 10, "delivery"),
        (council, 40, "delivery"),
    ):
        time = {"organisation": organisation, "work": work, "hours_a_week": hours, "starts_on": "2026-01-01"}
        await members.post("/v1/staff-time", time)
    told = await members.get("/v1/control/shares")
    assert not any(person in str(told) for person in (ada, eve, jo))
    assert [(each["organisation"], each["way"], each["chosen_by"]) for each in told["backbones"]] == [
        (backbone, "vote", [council])
    ]
    shares = {
        name: {part["organisation"]: part["share"] for part in told[name]["parts"]}
        for name in ("agenda", "decisions", "roles", "programmes", "staff_time")
    }
    assert shares == {
        "agenda": {backbone: 0.3333, council: 0.3333, None: 0.3333},
        "decisions": {backbone: 0.5, council: 0.5},
        "roles": {backbone: 0.5, council: 0.5},
        "programmes": {council: 1.0},
        "staff_time": {backbone: 0.5, council: 0.5},
    }
    assert told["time_of_backbones"] == [{"work": "advance_policy", "hours": 30.0}, {"work": "delivery", "hours": 10.0}]
    before = await members.get("/v1/control/shares", on="2025-06-01")
    assert [before[name]["amount"] for name in shares] == [0, 0, 0, 1, 0]  # the programme says not since when
    answered = await members.client.get("/v1/control/shares", params={"on": "2026-01-01", "since": "2026-01-01"})
    assert (answered.status_code, faults(answered.json())) == (422, {"?since": "before_start"})
