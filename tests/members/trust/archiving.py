"""Steps of tests of archives, with what the other services keep played by applications that answer it."""

import io
import zipfile

import msgspec
from fastapi import FastAPI, Request, Response

from shared.access.sections import Column, Contribution, Section
from shared.testing.caller import Json
from shared.testing.eventually import eventually
from tests.members.caller import Caller

ELSEWHERE = {
    "gateway": Contribution(
        [Section("user_account", "Sign-in", "How you sign in.", [Column("email", "Email")], [["ada@example.org"]])],
        movement="We can move",
    ),
    "grants": Contribution(
        [
            Section(
                "applications", "Applications that speak of you", "What groups wrote.",
                [Column("summary", "Summary", "text", "others")], [["Ada and Joan Webb will lead it."]],
            )
        ]
    ),
    "measures": Contribution([]),
}  # fmt: skip
HELD = {"decision": "held_back", "reason": "It says how Joan is."}


def answering(contribution: Contribution) -> FastAPI:
    """A service that has this to say of whoever is asked for."""
    app = FastAPI()

    @app.post("/internal/people/records")
    async def records(request: Request) -> Response:
        return Response(msgspec.json.encode(contribution), media_type="application/json")

    return app


async def verified(members: Caller, person: str, kind: str = "access") -> str:
    """The id of a request of somebody of whom it is known who they are."""
    request = await members.post("/v1/requests", {"kind": kind, "how": "email", "person": person})
    await members.post(f"/v1/requests/{request['id']}/verify", {"identified": "known_to_us"}, status=200)
    return str(request["id"])


async def gathered(members: Caller, person: str, form: str = "archive") -> tuple[str, list[Json]]:
    """The path of an archive that was gathered, and the passages to look at."""
    kind = {"archive": "access", "portable": "port"}[form]
    body = {"request": await verified(members, person, kind), "form": form}
    archive = await members.post(f"/v1/people/{person}/export", body, status=202)
    path = f"/v1/people/{person}/export/{archive['id']}"
    await eventually(lambda: _is(members, path, "in_review"), within=20)
    return path, await members.every(f"{path}/passages")


async def released(members: Caller, path: str, passages: list[Json], hold: set[str]) -> zipfile.ZipFile:
    """The file of an archive in which the passages that hold one of these words are held back."""
    decisions = [
        {
            "passage": each["passage"],
            **(HELD if any(word in each["words"] for word in hold) else {"decision": "released"}),
        }
        for each in passages
    ]
    if decisions:
        await members.post(f"{path}/decisions", {"decisions": decisions}, status=200)
    await members.post(f"{path}/release", status=202)
    await eventually(lambda: _is(members, path, "released"), within=20)
    answered = await members.client.get(f"{path}/file")
    assert answered.headers["content-type"] == "application/zip"
    return zipfile.ZipFile(io.BytesIO(answered.content))


async def _is(members: Caller, path: str, state: str) -> bool:
    archive = await members.get(path)
    job = await members.get(f"/v1/jobs/{archive['job']}")
    assert job["state"] != "failed", job
    return bool(archive["state"] == state)


def contents(file: zipfile.ZipFile) -> str:
    """All that is written in a zip."""
    return "\n".join(file.read(name).decode() for name in file.namelist())
