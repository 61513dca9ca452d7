"""Members as the tests of stories see it: it says who permits what, or is away."""

import json

from shared.asgi import Receive, Scope, Send
from shared.ids import new_id


class Permits:
    """An ASGI application in members' place: people, each with the channels over which they permit their story."""

    def __init__(self) -> None:
        self.people: dict[str, set[str]] = {}
        self.away = False
        self.asked = 0

    def person(self, *channels: str) -> str:
        """The id of somebody who permits their story over these channels."""
        person = new_id("person")
        self.people[person] = set(channels)
        return person

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = json.loads((await receive())["body"])
        assert (scope["method"], scope["path"]) == ("POST", "/internal/permissions/asked")
        assert asked["purpose"] == "stories"
        self.asked += 1
        known = [person for person in asked["people"] if person in self.people]
        permitting = [person for person in known if asked["channel"] in self.people[person]]
        body = json.dumps({"known": known, "permitting": permitting}).encode()
        status = 503 if self.away else 200
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": body})
