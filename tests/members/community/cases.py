"""What tests of introductions begin with: a client, a connector, a case, and its steps."""

from dataclasses import dataclass

from shared.testing.caller import Json
from tests.members.caller import Caller

SELF = {"authority": "self"}


@dataclass
class Case:
    """A case of a connector with a client, and the calls that move it on."""

    members: Caller
    client: str
    connector: str
    id: str

    @property
    def path(self) -> str:
        """Where the case is."""
        return f"/v1/connections/{self.id}"

    async def read(self) -> Json:
        """The case as it stands."""
        return await self.members.get(self.path)

    async def permit(self, asset: str, **other: object) -> str:
        """The id of an introduction that the client permits."""
        body = {"asset": asset, "permission": SELF, **other}
        introductions = (await self.members.post(f"{self.path}/introductions", body))["introductions"]
        return str(introductions[-1]["id"])

    async def step(self, introduction: str, *steps: str) -> Json:
        """The case after steps of one of its introductions."""
        case: Json = {}
        for step in steps:
            body: Json | None = {} if step == "introduce" else None
            case = await self.members.post(f"{self.path}/introductions/{introduction}/{step}", body, status=200)
        return case

    async def refused(self, introduction: str, step: str, body: object = None) -> tuple[int, Json]:
        """What a step that must be refused is answered."""
        return await self.members.refused(f"{self.path}/introductions/{introduction}/{step}", body)

    async def suggested(self, **wanted: object) -> list[Json]:
        """What is suggested for the client."""
        found: list[Json] = (await self.members.post(f"{self.path}/suggestions", wanted, status=200))["data"]
        return found


async def opened(members: Caller, name: str = "Clara", **other: object) -> Case:
    """A case with somebody new, by a connector of their own."""
    client, connector = await members.person(name), await members.person("Connor")
    made = await members.post("/v1/connections", {"person": client, "connector": connector, **other})
    return Case(members, client, connector, made["id"])
