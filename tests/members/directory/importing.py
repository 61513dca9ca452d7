"""Steps of tests that import people."""

from shared.testing.caller import Json
from shared.testing.eventually import eventually
from tests.members.caller import Caller

HEADER = "external_id.crm,given_name,family_name,email,tags"
OVER = ("succeeded", "failed", "cancelled")
ASKED = {"source": "crm", "basis": "legitimate_interests"}


def csv(*rows: str, header: str = HEADER) -> bytes:
    """A file of these rows."""
    return "\r\n".join((header, *rows, "")).encode()


async def asked(members: Caller, content: bytes, **query: str) -> str:
    """Ask for an import; its id."""
    answered = await members.client.post("/v1/imports", params={**ASKED, **query}, content=content)
    assert answered.status_code == 202, answered.text
    return str(answered.json()["id"])


async def over(members: Caller, job: str) -> Json:
    """The job, once it is over."""
    shown: Json = {}

    async def is_over() -> bool:
        shown.update(await members.get(f"/v1/jobs/{job}"))
        return shown["state"] in OVER

    await eventually(is_over, within=30)
    return shown


async def imported(members: Caller, content: bytes, **query: str) -> Json:
    """Import a file; the job, once it is over."""
    return await over(members, await asked(members, content, **query))


async def faults(members: Caller, job: Json) -> list[list[str]]:
    """The job's faults: row, column and code of each."""
    lines = (await members.client.get(f"/v1/jobs/{job['id']}/faults")).text.splitlines()[1:]
    return [[line.split(",")[0], line.split(",")[1], line.split(",")[3]] for line in lines]


async def names(members: Caller) -> list[str]:
    """The given names of everybody there is."""
    return [person["given_name"] for person in await members.every("/v1/people")]


def counts(**of: int) -> Json:
    """What became of a file's rows."""
    return {"rows": 0, "new": 0, "changed": 0, "unchanged": 0, "skipped": 0, "faulty": 0} | of
