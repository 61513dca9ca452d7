"""Every route answers as the document says, whoever asks and whatever is sent: by Schemathesis.

No 5xx, no status, media type, header or body that is not described. What is sent is made from the document, right and
wrong by turns, with ids that came with earlier answers in the place of made-up ones, so that requests build upon one
another; and along the links that Schemathesis finds between operations by itself.
"""

import asyncio
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import cycle
from typing import Any, NamedTuple

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Flaky, Unsatisfiable
from hypothesis.stateful import run_state_machine_as_test
from schemathesis import APIOperation, BaseSchema, Case, GenerationMode, Response
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks

from tests.plugins.parts import scale
from tests.suite.everything import ID, Document, Everything
from tests.suite.processes import KEY, Suite, embedded
from tests.suite.story import post, tell

AnyCase = Case[Any]
Operation = APIOperation[Any, Any, Any, Any]

_CHECKS = [
    not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
    checks.response_headers_conformance, checks.response_schema_conformance,
]  # fmt: skip
_ROLES = ("admin", "coordinator", "reader", "reviewer", "safeguarding")
_NOUNS = ("pledges", "gatherings", "rounds", "measures", "surveys", "asks", "campaigns", "agreements", "wins")
"""Where the walks along links are taken, one after the other."""
_STEPS = 8


class World(NamedTuple):
    """A running suite with something of every kind, and a token of every role in it (None: nobody)."""

    suite: Suite
    known: Everything
    tokens: Mapping[str, str | None]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Made once: what the tests of this module do to it, they do at random."""
    suite = embedded(tmp_path_factory.mktemp("conformance"))
    try:
        yield asyncio.run(_made(suite))
    finally:
        suite.kill()


async def _made(suite: Suite) -> World:
    await suite.start()
    async with suite.client() as platform:
        tokens: dict[str, str | None] = {"nobody": None, "platform": KEY}
        for role in _ROLES:
            user = {"email": f"{role}@conformance.example.org", "name": role, "role": role}
            password = (await post(platform, "/v1/users", user))["password"]
            session = await post(platform, "/v1/sessions", {"email": user["email"], "password": password})
            tokens[role] = session["token"]
        tokens["key"] = (await post(platform, "/v1/api-keys", {"name": "one", "scopes": ["*"]}))["token"]
        document = (await platform.get("/v1/openapi.json")).json()
        async with httpx.AsyncClient(base_url=suite.url, headers=_bearer(tokens["admin"]), timeout=20) as admin:
            told = await tell(admin, platform, "http://127.0.0.1:9/nobody")
            known = Everything(document, json.dumps(told.ids))
            await known.make(admin, rounds=1)
    return World(suite, known, tokens)


def _bearer(token: str | None) -> dict[str, str]:
    return {} if token is None else {"authorization": f"Bearer {token}"}


@pytest.fixture(scope="module")
def schema(world: World) -> BaseSchema:
    """The document as Schemathesis reads it. That any route may answer a problem is left out: each says which."""
    document: Document = json.loads(json.dumps(world.known.document))
    for operations in document["paths"].values():
        for operation in operations.values():
            del operation["responses"]["default"]
    return schemathesis.openapi.from_dict(document)


class Asking:
    """Whoever asks as a role, and holds each answer to the document."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._session = requests.Session()
        self._session.trust_env = False
        self._chance = random.Random(7)
        self.answered = 0

    def ask(self, case: AnyCase, role: str) -> Response:
        """Send a case with ids that are there, and remember those that come back."""
        case.path_parameters, case.query = self._there(case.path_parameters), self._there(case.query)
        if isinstance(case.body, dict | list):
            case.body = self._there(case.body)
        headers = _bearer(self._world.tokens[role])
        if self._chance.random() < 0.8:
            headers["if-match"] = self._chance.choice(("*", '"1"', "1"))
        answer = case.call(self._world.suite.url, self._session, headers, timeout=30)
        self.answered += 1
        if answer.status_code < 300 and answer.content[:1] == b"{":
            self._world.known.meet(answer.text)
        return answer

    def hold(self, case: AnyCase, answer: Response) -> None:
        """Raise what the answer is not as it should be in."""
        case.validate_response(answer, _CHECKS)

    def _there(self, sent: Any) -> Any:
        if isinstance(sent, Mapping):
            return {name: self._there(each) for name, each in sent.items()}
        if isinstance(sent, list):
            return [self._there(each) for each in sent]
        found = ID.fullmatch(sent) if isinstance(sent, str) else None
        return sent if found is None else self._world.known.one(found[1])


@pytest.fixture(scope="module")
def asking(world: World) -> Asking:
    """Whoever asks."""
    return Asking(world)


def _quietly(examples: int) -> settings:
    return settings(
        max_examples=examples, stateful_step_count=_STEPS, phases=[Phase.generate], deadline=None, database=None,
        derandomize=True, suppress_health_check=list(HealthCheck),
    )  # fmt: skip


def test_each_route_answers_as_it_is_described_whoever_asks(schema: BaseSchema, asking: Asking, world: World) -> None:
    operations = [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]
    random.Random(11).shuffle(operations)
    roles, wrong = cycle(world.tokens), []
    examples = scale(120)
    for operation in (operations * (1 + examples // len(operations)))[:examples]:
        mode = GenerationMode.POSITIVE if examples % 2 else GenerationMode.NEGATIVE
        examples -= 1
        try:
            _tried(operation, mode, lambda case: asking.hold(case, asking.ask(case, next(roles))))
        except Unsatisfiable:
            continue  # nothing can be wrong with a request that takes nothing
        except (FailureGroup, Failure) as error:
            wrong.append(f"{operation.label}: {_told(error)}")
    assert not wrong, _all_told(wrong, world)
    assert asking.answered >= scale(120)


def _tried(operation: Operation, mode: GenerationMode, take: Callable[[AnyCase], None]) -> None:
    @_quietly(2)
    @given(operation.as_strategy(generation_mode=mode))
    def run(case: AnyCase) -> None:
        take(case)

    run()


def _all_told(wrong: Sequence[str], world: World) -> str:
    """What was wrong, and what the suite itself wrote last: of a 5xx it has the cause."""
    log = world.suite.processes["gateway"].log.read_text()
    return "\n\n".join([*wrong, "The suite wrote:", log[-4000:]])


def _told(error: BaseException) -> str:
    if isinstance(error, BaseExceptionGroup):
        return "; ".join(map(_told, error.exceptions))
    return str(error)


@pytest.mark.parametrize("noun", _NOUNS[: scale(1)])
def test_along_the_links_between_routes_each_answers_as_it_is_described(
    noun: str, schema: BaseSchema, asking: Asking, world: World
) -> None:
    walked = schema.include(path_regex=f"^/v1/{noun}").as_state_machine()

    wrong: list[BaseException] = []

    def call(_: object, case: AnyCase, **__: object) -> Response:
        return asking.ask(case, "admin")

    def validate_response(_: object, response: Response, case: AnyCase, **__: object) -> None:
        try:
            asking.hold(case, response)
        except (FailureGroup, Failure) as error:
            wrong.append(error)

    walk = type("Walk", (walked,), {"call": call, "validate_response": validate_response})
    before = asking.answered
    for beginning in range(scale(4)):
        # What a walk did is there in the next one: it ends where Hypothesis meets another state than it remembers.
        with suppress(Flaky):
            run_state_machine_as_test(seed(beginning)(walk), settings=settings(_quietly(3), derandomize=False))
    assert not wrong, _all_told([*map(_told, wrong)], world)
    assert asking.answered - before >= scale(4)
