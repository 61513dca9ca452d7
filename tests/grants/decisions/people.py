"""Callers who are people of the movement, and the members service that knows them."""

import json
from collections.abc import Callable
from urllib.parse import parse_qs

from fastapi import FastAPI

from shared.asgi import Receive, Scope, Send
from shared.ids import new_id
from shared.secrets import Secrets
from shared.testing.caller import Json
from tests.grants.caller import Caller

PLACE = "E07000080"
RUBRIC = [
    {"key": "need", "question": "Is it needed here?", "most": 5, "weight": 2},
    {"key": "people", "question": "Do people lead it?", "most": 5, "weight": 1},
]


class Somebody(Caller):
    """A signed-in user who is one of the movement's people; their `person` is that one's id."""

    def __init__(self, app: FastAPI, secrets: Secrets, movement: str, scopes: str, person: str | None = None) -> None:
        self.person = person or new_id("person")
        granted = frozenset(scopes.split())
        super().__init__(app, secrets, movement, granted, user=new_id("user"), person=self.person)


Making = Callable[..., Somebody]


class Members:
    """An ASGI application in members' place: who is known, and to which organisations somebody belongs."""

    def __init__(self) -> None:
        self.unknown: set[str] = set()
        self.organisations: dict[str, list[str]] = {}
        self.marks: list[str] = []
        """The ids of whoever is being erased."""
        self.away: set[str] = set()
        """The paths that do not answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, path = (await receive())["body"], scope["path"]
        answer: Json = {}
        if path == "/internal/permissions/asked":
            known = [each for each in json.loads(body)["people"] if each not in self.unknown]
            answer = {"known": known, "permitting": known}
        elif path == "/v1/affiliations":
            (person,) = parse_qs(scope["query_string"].decode())["person"]
            data = [{"organisation": each} for each in self.organisations.get(person, [])]
            answer = {"data": data, "next_cursor": None}
        elif path.startswith("/internal/erasures/"):
            answer = {"people": self.marks}
        status = 503 if path in self.away else 200
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(answer).encode()})


async def closed_round(
    grants: Caller, mode: str, applications: int, budget: str = "20000.00", **rules: object
) -> tuple[str, list[str]]:
    """A closed round that is decided this way, and its applications."""
    opened = await grants.open_round(budget, decision_mode=mode, **rules)
    asked = [await grants.application(opened) for _ in range(applications)]
    await grants.post(f"/v1/rounds/{opened}/close")
    return opened, asked


async def begun(grants: Caller, round_id: str, **said: object) -> str:
    """A decision of the round; its id."""
    return str((await grants.post("/v1/decisions", {"round": round_id, **said}))["id"])


async def voting(grants: Caller, round_id: str, voters: list[Somebody], dots: int = 1, most: int = 1) -> str:
    """A vote of these people that is open; its id."""
    decision = await begun(grants, round_id, voting={"dots": dots, "most_on_one": most})
    if voters:
        roll = [{"person": each.person, "because": "lives_here"} for each in voters]
        await grants.post(f"/v1/decisions/{decision}/voters", {"voters": roll})
    await grants.post(f"/v1/decisions/{decision}/open-voting")
    return decision


async def assigned(grants: Caller, round_id: str, application: str, reviewer: Somebody) -> str:
    """A review of the application by somebody; its id."""
    body = {"application": application, "reviewer": reviewer.person}
    return str((await grants.post(f"/v1/rounds/{round_id}/reviews", body))["id"])


async def scored(grants: Caller, round_id: str, application: str, reviewer: Somebody, need: int, people: int) -> str:
    """A review that is assigned, declared clear and scored; its id."""
    review = await assigned(grants, round_id, application, reviewer)
    await reviewer.post(f"/v1/reviews/{review}/declare", {})
    await reviewer.post(f"/v1/reviews/{review}/score", scoring(need, people))
    return review


def scoring(need: int, people: int) -> Json:
    """Scores by the rubric."""
    given = [("need", need), ("people", people)]
    return {
        "scores": [{"criterion": key, "score": score, "justification": "As they say"} for key, score in given],
        "comment": "Simple and good",
    }
