"""What somebody is told who asks what grants keeps of them: their own part in deciding, and nobody else's."""

from services.grants.base import Base
from services.grants.people import telling
from services.grants.people.models import HOLDS_PERSON
from shared.access.sections import Section
from shared.parts import Parts
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import Caller
from tests.grants.decisions.people import RUBRIC, Making, Somebody, assigned, begun, closed_round, scored, voting


async def kept(grants: Caller, whom: Somebody) -> dict[str, Section]:
    parts: Parts = grants.app.state.parts
    found = await parts.db.read(telling.told, grants.movement, [whom.person])
    return {section.name: section for section in found}


def rows(section: Section) -> list[dict[str, object]]:
    return [dict(zip((column.name for column in section.columns), row, strict=True)) for row in section.rows]


@ON_ONE_DATABASE
async def test_reviewers_are_told_what_they_read_said_and_scored(grants: Caller, somebody: Making) -> None:
    anna, ben = somebody(), somebody()
    opened, (asked,) = await closed_round(grants, "panel", 1, rubric=RUBRIC)
    await scored(grants, opened, asked, anna, 4, 3)
    review = await assigned(grants, opened, asked, ben)
    await ben.post(f"/v1/reviews/{review}/declare", {"interest": "family_or_friend"})
    found = await kept(grants, anna)
    assert set(found) == {"reviews", "review_scores"}
    (read,) = rows(found["reviews"])
    assert (read["round"], read["group"], read["state"]) == ("Seeds", "Knit and natter", "scored")
    assert read["comment"] == "Simple and good"
    assert [(each["criterion"], each["score"]) for each in rows(found["review_scores"])] == [("need", 4), ("people", 3)]
    assert [each["interest"] for each in rows((await kept(grants, ben))["reviews"])] == ["family_or_friend"]


@ON_ONE_DATABASE
async def test_panellists_voters_and_buddies_are_told_where_they_stand(grants: Caller, somebody: Making) -> None:
    anna, ben = somebody(), somebody()
    opened, (asked, _) = await closed_round(grants, "panel", 2)
    left = [{"person": ben.person, "application": asked}]
    sat = {"held_on": "2026-06-01", "present": [anna.person, ben.person], "left": left, "minute": "Talked it over."}
    await grants.edit("PUT", f"/v1/decisions/{await begun(grants, opened)}/meeting", sat)
    voted, (choice,) = await closed_round(grants, "vote", 1)
    decision = await voting(grants, voted, [anna])
    await anna.post("/v1/ballots", {"decision": decision, "dots": {choice: 1}})
    await grants.post("/v1/support-contacts", {"application": asked, "person": anna.person, "since": "2026-05-01"})
    found = await kept(grants, anna)
    assert rows(found["panels"]) == [{"round": "Seeds", "held_on": "2026-06-01"}]
    assert rows(found["voter_rolls"]) == [{"round": "Seeds", "because": "lives_here", "voted": "online"}]
    assert rows(found["groups_walked_beside"]) == [
        {"group": "Knit and natter", "since": "2026-05-01", "ended_on": None}
    ]
    assert rows((await kept(grants, ben))["panel_departures"]) == [{"round": "Seeds", "group": "Knit and natter"}]
    assert await kept(grants, somebody()) == {}


def test_every_table_that_names_a_person_is_told_of() -> None:
    named = {
        table.name
        for table in Base.metadata.sorted_tables
        if any(column.info == HOLDS_PERSON for column in table.columns)
    }
    told = {"decision_departures", "decision_panellists", "decision_voters", "reviews", "support_contacts"}
    assert named == told, "say in services/grants/people/telling.py what a person is told of it"
