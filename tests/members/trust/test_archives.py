"""The archive of what is kept of somebody: gathered whole, read by somebody else first, plain, fetched and deleted."""

import html
import json
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import select

import services.members.app  # noqa: F401 - it brings every table
from services.members.base import Base
from services.members.directory.merging import references
from services.members.trust.archives import expiry, naming, others
from services.members.trust.archives.catalogue import CATALOGUE, LEFT_OUT
from services.members.trust.archives.elsewhere import contributions
from services.members.trust.archives.models import Part, PassageRow, Piece
from services.members.trust.archives.others import Passage, Self, Why
from shared import clock
from shared.access.sections import Column, Section
from shared.db import Database, Session
from shared.erasure.marks import Marks
from shared.errors import Unavailable
from shared.ids import new_id
from shared.in_process import register, unregister
from shared.testing.caller import faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.trust.archiving import ELSEWHERE, answering, contents, gathered, released, verified
from tests.members.trust.erasing import erased


@pytest.fixture(autouse=True)
def elsewhere() -> Iterator[None]:
    """The other services, which answer what they keep of whoever is asked for."""
    apps: dict[str, FastAPI] = {}
    for name, contribution in ELSEWHERE.items():
        apps[name] = answering(contribution)
        register(name, apps[name])
    yield
    for name, app in apps.items():
        unregister(name, app)


@pytest.fixture
async def ada(members: Caller) -> str:
    """Somebody of whom much is kept, and of whom others have written; Joan is another person."""
    person = await members.person(
        "Ada",
        family_name="Lovelace",
        emails=[{"address": "ada@example.org"}],
        phones=[{"number": "01452 555 0101"}],
        access_needs="A quiet room.",
    )
    joan = await members.person("Joan", family_name="Webb")
    await members.post("/v1/pledges", {"person": person, "text": "I walk with joan webb on Sundays."})
    await members.post("/v1/pledges", {"person": person, "text": "I sing every day."})
    await members.post("/v1/nominations", {"giver": joan, "nominee": person, "words": "She keeps us all going."})
    await members.post("/v1/ladder/asks", {"person": person, "asker": joan, "what": "Lead.", "due_on": "2030-01-01"})
    await members.post("/v1/pledges", {"person": joan, "text": "I drive Ada Lovelace to the hall."})
    walkers = await members.organisation()
    await members.post("/v1/affiliations", {"person": person, "organisation": walkers, "role": "treasurer"})
    return person


async def test_what_others_wrote_and_what_names_others_is_found_and_nothing_else(members: Caller, ada: str) -> None:
    _, passages = await gathered(members, ada)
    found = {(each["section"], each["words"]): each["why"] for each in passages}
    assert found == {
        ("Your pledges", "I walk with joan webb on Sundays."): "names_another",
        ("Nominations", "She keeps us all going."): "written_by_another",
        ("What you were to be asked", "Lead."): "written_by_another",
        ("Applications that speak of you", "Ada and Joan Webb will lead it."): "written_by_another",
        ("Where others wrote of you", "I drive Ada Lovelace to the hall."): "written_by_another",
    }
    assert {each["decision"] for each in passages} == {"pending"}
    assert passages[0]["beside"]


async def test_an_archive_is_handed_out_once_every_passage_has_been_looked_at(members: Caller, ada: str) -> None:
    path, passages = await gathered(members, ada)
    one = {"passage": passages[0]["passage"], "decision": "released"}
    await members.post(f"{path}/decisions", {"decisions": [one]}, status=200)
    status, problem = await members.refused(f"{path}/release")
    assert (status, problem["code"], problem["pending"]) == (409, "not_reviewed", len(passages) - 1)
    assert (await members.refused(f"{path}/file", method="GET"))[1]["code"] == "not_released"
    file = await released(members, path, passages, hold={"Joan", "joan"})
    text = contents(file)
    assert "I walk with joan webb" not in text
    assert "Joan Webb" not in text
    for kept in ("I sing every day.", "She keeps us all going.", "Lead.", "ada@example.org", "A quiet room."):
        assert kept in text
    page = file.read("index.html").decode()
    assert "Your pledges: 1. It says how Joan is." in page
    archive = await members.get(path)
    assert (archive["pending"], archive["released"], archive["held_back"]) == (0, len(passages) - 2, 2)
    assert (await members.published(archive["id"]))[-1][0] == "archive.released"
    over = await members.refused(f"{path}/decisions", {"decisions": [one]})
    assert (over[0], over[1]["code"]) == (409, "illegal_transition")


async def test_the_page_reads_without_anything_left_to_guess(members: Caller, ada: str) -> None:
    path, passages = await gathered(members, ada)
    file = await released(members, path, passages, hold=set())
    page = file.read("index.html").decode()
    assert "by We can move" in page
    assert "01452 555 0101" in page
    assert "Cinderford Walkers" in page  # an organisation by its name
    assert "another person" in page  # whoever nominated her
    told = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    told = re.sub(r"<[^>]*>", " ", told)
    assert re.findall(r"[a-z]+[_ ][0-7][0-9a-hjkmnp-tv-z]{25}", told) == []
    assert re.findall(r"\b[a-z]+_[a-z_]+\b", told) == []
    assert re.findall(r"\d{4}-\d{2}-\d{2}T", told) == []
    assert "None" not in told
    links = set(re.findall(r'href="([^"#][^"]*)"', page))
    assert links == set(file.namelist()) - {"index.html"}
    everything = json.loads(file.read("everything.json"))
    assert [part["title"] for part in everything["parts"]] == [
        json.loads(file.read(name))["title"]
        for name in sorted(links)
        if name.startswith("files/") and name.endswith("json")
    ]
    pledges = next(part for part in everything["parts"] if part["name"] == "pledges")
    assert {row["text"] for row in pledges["rows"]} == {"I walk with joan webb on Sundays.", "I sing every day."}


async def test_what_can_be_taken_elsewhere_is_what_the_person_gave_and_nothing_that_others_wrote(
    members: Caller, ada: str
) -> None:
    path, passages = await gathered(members, ada, "portable")
    assert [each["words"] for each in passages] == ["I walk with joan webb on Sundays."]
    file = await released(members, path, passages, hold=set())
    names = {part["name"] for part in json.loads(file.read("everything.json"))["parts"]}
    assert names >= {"people", "person_emails", "pledges", "affiliations"}
    assert names.isdisjoint({"nominations", "next_asks", "applications", "person_provenance"})


async def test_an_archive_covers_the_records_that_were_merged(members: Caller, ada: str) -> None:
    twin = await members.person("Augusta", family_name="King", emails=[{"address": "augusta@example.org"}])
    await members.post("/v1/pledges", {"person": twin, "text": "I paint."})
    await members.post(f"/v1/people/{ada}/merge", {"merged": twin}, status=200)
    path, passages = await gathered(members, ada)
    text = contents(await released(members, path, passages, hold=set()))
    for kept in ("Augusta", "augusta@example.org", "I paint."):
        assert kept in text


async def test_equality_answers_are_in_the_archive_of_whoever_gave_them(members: Caller, ada: str) -> None:
    (question, *_) = (await members.get("/v1/equality-answers/questions"))["data"]
    answers = [{"question": question["key"], "option": question["options"][0]["key"]}]
    await members.client.post("/v1/equality-answers", json={"person": ada, "answers": answers})
    path, passages = await gathered(members, ada)
    page = (await released(members, path, passages, hold=set())).read("index.html").decode()
    assert question["wording"] in html.unescape(page)
    assert question["options"][0]["words"] in html.unescape(page)


async def test_nothing_is_gathered_before_it_is_known_who_asks(members: Caller, ada: str) -> None:
    request = await members.post("/v1/requests", {"kind": "access", "how": "email", "person": ada})
    path = f"/v1/people/{ada}/export"
    status, problem = await members.refused(path, {"request": request["id"]})
    assert (status, problem["code"]) == (409, "not_verified")
    without = {"name": "Her neighbour", "authority": "none"}
    refused = await members.post(
        "/v1/requests", {"kind": "access", "how": "email", "person": ada, "on_behalf": without}
    )
    joans = await verified(members, await members.person("Joan"))
    erasing = await verified(members, ada, "erase")
    for other in (refused["id"], joans, erasing):
        status, problem = await members.refused(path, {"request": other})
        assert (status, faults(problem)) == (422, {"/request": "unknown_request"})
    assert await members.every(path) == []


async def test_an_archive_is_deleted_when_its_days_are_over(members: Caller, ada: str) -> None:
    path, passages = await gathered(members, ada)
    await released(members, path, passages, hold=set())
    with clock.frozen(clock.now() + timedelta(days=31)):
        assert (await members.refused(f"{path}/file", method="GET"))[1]["code"] == "not_released"
        await expiry.delete(members.app.state.parts)
        archive = await members.get(path)
    assert (archive["state"], archive["released"]) == ("expired", 0)
    assert await _rows(members) == [0, 0, 0]


async def test_an_archive_is_discarded_on_request(members: Caller, ada: str) -> None:
    path, _ = await gathered(members, ada)
    assert (await members.client.delete(path)).status_code == 200
    await expiry.delete(members.app.state.parts)
    assert (await members.get(path))["state"] == "expired"
    assert await _rows(members) == [0, 0, 0]


@ON_ONE_DATABASE
async def test_an_archive_that_speaks_of_somebody_who_is_erased_is_discarded(
    members: Caller, user: Caller, ada: str
) -> None:
    wendy = await members.person("Wendy", family_name="Wren")
    await members.post("/v1/pledges", {"person": ada, "text": "I sing with Wendy Wren."})
    hers, _ = await gathered(members, ada)
    others_, _ = await gathered(members, await members.person("Grace"))
    await erased(user, wendy)
    assert [(await members.get(path))["state"] for path in (hers, others_)] == ["expired", "in_review"]
    assert await members.every(f"{hers}/passages") == []
    _, passages = await gathered(members, ada)
    assert "Wren" not in str(passages)


@ON_ONE_DATABASE
async def test_what_others_wrote_of_somebody_is_found_however_they_wrote_it(members: Caller, ada: str) -> None:
    written = {"Lovelace, Ada drives.", "Ring 0044 1452 5550101.", "ADA@EXAMPLE.ORG", "ada  lovelace"}
    for words in written:
        await members.person("Wendy", access_needs=words)
    _, passages = await gathered(members, ada)
    assert written <= {passage["words"] for passage in passages}


async def test_what_stands_in_an_archive_is_sealed(members: Caller, ada: str) -> None:
    path, passages = await gathered(members, ada)
    await released(members, path, passages, hold=set())

    def sealed(session: Session) -> bytes:
        return b"".join(
            sealed for table in (Part, PassageRow, Piece) for sealed in session.scalars(select(table.sealed))
        )

    db: Database = members.app.state.parts.db
    content = await db.read(sealed)
    for word in (b"Lovelace", b"keeps us", b"PK\x03\x04"):  # long enough that chance does not make them
        assert word not in content


async def test_a_service_that_cannot_be_reached_leaves_no_archive_that_looks_whole(members: Caller) -> None:
    parts, asked = members.app.state.parts, Marks([new_id("person")])
    assert len(await contributions(parts, members.movement, asked)) == len(ELSEWHERE)
    away = FastAPI()
    register("grants", away)
    with pytest.raises(Unavailable):
        await contributions(parts, members.movement, asked)
    unregister("grants", away)


@ON_ONE_DATABASE
async def test_an_archive_of_another_movement_is_unknown_here(members: Caller, other: Caller) -> None:
    theirs = await other.person()
    path, _ = await gathered(other, theirs)
    for read in (path, f"{path}/passages", f"{path}/file", path.rpartition("/")[0]):
        assert (await members.client.get(read)).status_code == 404
    body = {"decisions": [{"passage": 1, "decision": "released"}]}
    assert (await members.refused(f"{path}/decisions", body))[0] == 404
    assert (await members.refused(f"{path}/release"))[0] == 404
    assert (await members.client.delete(path)).status_code == 404


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("I sing every day.", None),
        ("I sing with Grace.", Why.NAMES_ANOTHER),
        ("I have the grace of a swan.", None),
        ("grace o'neill taught me", Why.NAMES_ANOTHER),
        ("Write to ada@example.org", None),
        ("Write to grace@example.org", Why.REACHES_ANOTHER),
        ("Ring 07700 900123", Why.REACHES_ANOTHER),
        ("Ring +44 1452 555 0101", None),
        ("Ada Lovelace, that is me", None),
    ],
)
@ON_ONE_DATABASE
async def test_own_words_that_name_or_reach_somebody_else_are_found(
    members: Caller, words: str, why: Why | None
) -> None:
    ada, _ = await members.person("Ada"), await members.person("Grace", family_name="O'Neill")
    section = Section("notes", "Notes", "Notes.", [Column("text", "Text", "text", "themself")], [[words]])
    of = Self([ada], {"ada", "lovelace"}, {"ada@example.org"}, {"525550101"})
    found = await members.app.state.parts.db.read(others.passages, members.movement, [section], of)
    assert found == ([] if why is None else [Passage(0, 0, 0, why, words)])


def test_every_table_that_names_people_has_a_plain_name_or_says_why_it_is_left_out() -> None:
    for table in references.tables():
        entry = naming.entry(table)
        assert "_" not in entry.title, table.name
        assert entry.about.endswith("."), table.name
    assert {*LEFT_OUT} <= {*Base.metadata.tables}
    assert {*CATALOGUE} <= {*Base.metadata.tables}
    assert {*LEFT_OUT}.isdisjoint(CATALOGUE)


async def _rows(members: Caller) -> list[int]:
    def counted(session: Session) -> list[int]:
        return [len(session.scalars(select(table.number)).all()) for table in (Part, PassageRow, Piece)]

    db: Database = members.app.state.parts.db
    return await db.read(counted)
