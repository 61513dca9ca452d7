"""The members service as CRM connections see it: who may be handed on, and who may not."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from shared.asgi import Receive, Scope, Send
from shared.ids import new_id
from tests.gateway.standin import Asked, StandIn

Json = dict[str, Any]


@dataclass
class Directory(StandIn):
    """Stands in for members: its people, whom it withholds, and who is somebody else now."""

    people: dict[str, Json] = field(default_factory=dict)
    organisations: dict[str, Json] = field(default_factory=dict)
    withheld: set[str] = field(default_factory=set)
    merged: dict[str, str] = field(default_factory=dict)
    called: dict[tuple[str, str], str] = field(default_factory=dict)
    """Whom systems call so."""
    is_away: bool = False

    def knows(self, given_name: str = "Ada", family_name: str | None = "Hall", **more: object) -> str:
        """Somebody who permits to be handed on; their id."""
        person = new_id("person")
        self.people[person] = {"person": person, "family_name": family_name, **self.people_of(given_name), **more}
        return person

    def has_organisation(self, name: str = "Choir", **more: object) -> str:
        """An organisation of the movement; its id."""
        organisation = new_id("org")
        self.organisations[organisation] = {
            "organisation": organisation, "name": name, "kind": None, "description": None, "identifiers": [],
            "postcode": None, "website": None, "email": None, "phone": None, "tags": [], "custom": {},
            "ended_on": None, "external_ids": {}, "version": 1, "updated_at": "2026-05-01T12:00:00Z", **more,
        }  # fmt: skip
        return organisation

    @staticmethod
    def people_of(given_name: str) -> Json:
        """Somebody of that name as they are handed on."""
        return {
            "family_name": "Hall", "given_name": given_name, "known_as": None,
            "email": f"{given_name.lower()}@example.org", "phone": None, "postcode": None, "languages": [],
            "tags": [], "interests": [], "skills": [], "custom": {}, "rung": None, "joined_at": None,
            "organisation": None,
            "external_ids": {}, "may_be_reached_by": ["email"], "version": 1, "updated_at": "2026-05-01T12:00:00Z",
        }  # fmt: skip

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await super().__call__(scope, self._noting(scope["path"], receive), send)

    def _noting(self, path: str, receive: Receive) -> Receive:
        async def received() -> Any:
            message = await receive()
            said, self.status, self.body = msgspec.json.decode(message["body"] or b"{}"), 200, b"{}"
            if self.is_away:
                self.status = 503
            elif path == "/internal/handed-on":
                self.body = msgspec.json.encode(self._hand_on(said, "people", self.people))
            elif path == "/internal/handed-on/organisations":
                self.body = msgspec.json.encode(self._hand_on(said, "organisations", self.organisations))
            elif path.endswith("/external-ids"):
                self.status = 201 if self._call(path.split("/")[3], said["system"], said["id"]) else 409
            return message

        return received

    def _call(self, subject: str, system: str, external_id: str) -> bool:
        if self.called.setdefault((system, external_id), subject) != subject:
            return False
        (self.people | self.organisations)[subject]["external_ids"].setdefault(system, []).append(external_id)
        return True

    def _hand_on(self, said: Json, noun: str, known: dict[str, Json]) -> Json:
        asked = said.get(noun)
        if asked is None:
            asked = sorted(each for each in known if each > (said["after"] or ""))[: said["limit"]]
        now = {each: self.merged.get(each, each) for each in asked}
        return {
            noun: [known[each] for each in sorted(set(now.values())) if each in known and each not in self.withheld],
            "merged": {old: new for old, new in now.items() if old != new},
            "withheld": sorted(self.withheld & set(now.values())),
            "unknown": sorted(old for old, new in now.items() if new not in known),
            "next": asked[-1] if "limit" in said and len(asked) == said["limit"] else None,
        }

    @property
    def hand_overs(self) -> list[Asked]:
        """What was asked of it about people to hand on."""
        return [asked for asked in self.asked if asked.path == "/internal/handed-on"]
