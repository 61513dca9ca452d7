"""Postcode directories: loaded by a job as a whole or not at all, and looked up by edition."""

from functools import partial
from pathlib import Path

from fastapi import FastAPI

from services.measures.postcodes.rows import header, read_piece
from shared.ids import new_id
from shared.secrets import Secrets
from shared.testing.caller import Json, json_of
from shared.testing.eventually import eventually
from shared.testing.service import ON_ONE_DATABASE
from tests.measures.caller import Caller

COLUMNS = "postcode:pcds,ended:doterm,district:oslaua,lsoa:lsoa21"
HEADER = "pcds,oslaua,lsoa21,doterm"
GL1 = "GL1 1AA,E07000081,E01022300,"
DIRECTORY = "\n".join((HEADER, GL1, 'GL16 7AB,E07000080,E01022301,"202403"', "JE2 3XP,,,", ""))
LOOK_UP = "/v1/places/postcodes"


async def loaded(measures: Caller, edition: str, file: str | bytes, on_error: str = "reject") -> Json:
    """The job that loaded an edition, once it is over."""
    parameters = {"edition": edition, "columns": COLUMNS, "on_error": on_error}
    asked = json_of(await measures.send(f"{LOOK_UP}/directories", file, **parameters), 202)

    async def over() -> Json | None:
        job = await measures.get(f"/v1/jobs/{asked['job']}")
        return job if job["state"] in ("succeeded", "failed") else None

    job = await eventually(over)
    assert job is not None
    return job


async def test_a_postcode_is_looked_up_however_it_is_written(measures: Caller, other: Caller) -> None:
    edition = new_id("edition")
    job = await loaded(measures, edition, DIRECTORY)
    assert (job["state"], job["result"]) == ("succeeded", {"rows": 3, "faulty": 0})
    for written in ("GL1 1AA", "gl11aa", " gl1  1aa "):
        found = await other.get(f"{LOOK_UP}/{written}", edition=edition)
        assert found["areas"] == [
            {"kind": "district", "place": "E07000081"},
            {"kind": "lsoa", "place": "E01022300"},
        ]
    assert (await other.get(f"{LOOK_UP}/GL167AB", edition=edition))["ended"] == "2024-03"
    assert (await other.get(f"{LOOK_UP}/JE23XP", edition=edition))["areas"] == []
    for missing in ("GL1 1AB", "nonsense"):
        assert (await other.refused(f"{LOOK_UP}/{missing}", method="GET", edition=edition))[0] == 404


@ON_ONE_DATABASE
async def test_the_edition_that_was_loaded_last_answers_and_earlier_ones_stay(measures: Caller) -> None:
    first, second = new_id("edition"), new_id("edition")
    await loaded(measures, first, DIRECTORY)
    await loaded(measures, second, DIRECTORY.replace("E07000081", "E06000099"))
    assert (await measures.get(f"{LOOK_UP}/GL11AA"))["edition"] == second
    areas = (await measures.get(f"{LOOK_UP}/GL11AA", edition=first))["areas"]
    assert {"kind": "district", "place": "E07000081"} in areas
    listed = (await measures.get(f"{LOOK_UP}/directories"))["data"]
    assert [(each["edition"], each["state"], each["postcodes"]) for each in listed[:2]] == [
        (second, "loaded", 3),
        (first, "loaded", 3),
    ]
    again = {"edition": first, "columns": COLUMNS}
    assert (await measures.send(f"{LOOK_UP}/directories", DIRECTORY, **again)).json()["code"] == "edition_taken"


BAD = "\n".join((HEADER, GL1, "GL1,E07000081,,", "GL1 1AB,Gloucester,,", "GL1 1AC,,,2024", "GL1 1AD,E07000081"))
NAMED = ["2,postcode,", "3,district,", "4,ended,", "5,,"]


async def test_every_bad_row_is_named_and_nothing_of_the_edition_is_taken(measures: Caller) -> None:
    edition = new_id("edition")
    job = await loaded(measures, edition, BAD)
    assert (job["state"], job["failure"]["code"]) == ("failed", "faulty_rows")
    faults = (await measures.client.get(f"/v1/jobs/{job['id']}/faults")).text.splitlines()
    assert [line.startswith(named) for line, named in zip(faults[1:], NAMED, strict=True)] == [True] * 4, faults
    assert (await measures.refused(f"{LOOK_UP}/GL11AA", method="GET", edition=edition))[0] == 404
    taken = await loaded(measures, edition, BAD, on_error="skip")
    assert taken["result"] == {"rows": 5, "faulty": 4}
    assert (await measures.get(f"{LOOK_UP}/GL11AA", edition=edition))["edition"] == edition


@ON_ONE_DATABASE
async def test_a_file_that_is_no_directory_fails_and_the_edition_can_be_sent_again(measures: Caller) -> None:
    edition = new_id("edition")
    latin = f"{HEADER}\nGL1 1AA,é,,\n".encode("latin-1")
    for file in ("pcds,oslaua\n", DIRECTORY.replace("doterm", "ended"), latin, f'{HEADER}\n"GL1 1AA,,,\n', ""):
        job = await loaded(measures, edition, file)
        assert (job["state"], job["failure"]["code"]) == ("failed", "unreadable_file"), file
    assert (await loaded(measures, edition, DIRECTORY))["state"] == "succeeded"
    path = f"{LOOK_UP}/directories"
    for columns in ("district:oslaua", "postcode:pcds", "postcode:pcds,Bad Kind:oslaua", "postcode"):
        refused = await measures.send(path, DIRECTORY, edition=new_id("edition"), columns=columns)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "?columns"), columns


@ON_ONE_DATABASE
async def test_only_the_platform_loads_a_directory(app: FastAPI, vouching: Secrets) -> None:
    caller = partial(Caller, app, vouching, "movement_of_a_test")
    async with caller(frozenset({"places:read"})) as reader:
        sent = await reader.send(f"{LOOK_UP}/directories", DIRECTORY, edition="one", columns=COLUMNS)
        assert sent.status_code == 403


def test_a_file_read_in_pieces_is_the_same_as_read_at_once(tmp_path: Path) -> None:
    path = tmp_path / "directory.csv"
    path.write_text("\n".join((HEADER, *(f"GL1 {n % 10}AA,E07000081,," if n % 7 else "" for n in range(100)), "GL1")))
    begins, positions = header(path, {"postcode": "pcds", "district": "oslaua"})
    whole = read_piece(path, positions, begins, 1, 1000)
    pieces = [read_piece(path, positions, begins, 1, 9)]
    while not pieces[-1].over:
        pieces.append(read_piece(path, positions, pieces[-1].offset, pieces[-1].number, 9))
    assert [row for piece in pieces for row in piece.rows] == whole.rows
    assert [fault.row for piece in pieces for fault in piece.faults] == [fault.row for fault in whole.faults] == [101]
    assert pieces[-1].number == whole.number
