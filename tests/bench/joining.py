"""The members service as it is run, and beside its two busiest writes the same endpoints without the write.

As a program it serves that over HTTP as any service of the suite is served: ``python -m tests.bench.joining PORT``.
"""

import sys

from fastapi import FastAPI, Response

from services.members.app import create_app
from services.members.directory.signups import domain
from services.members.directory.signups.models import SignedUp
from services.members.directory.signups.schemas import NewSignUp, SignUp
from services.members.engagement.activities.schemas import NewActivity
from shared.calls import Call
from shared.db import Context, migrate, open_database
from shared.ids import new_id
from shared.needs import needs
from shared.routing import Router
from shared.settings import Settings
from tests.bench import one_service
from tests.bench.one_service import MOVEMENT

SERVICE = "members"
PEOPLE = 1_000
"""How many there are to begin with; they take turns at doing something."""
SIGN_UP = (
    '{"person":{"given_name":"Asha","family_name":"Bevan","emails":[{"address":"asha@example.org"}]},"permissions":'
    '[{"purpose":"news","channel":"email","decision":"given","notice":{"name":"privacy","version":"2026-01"}}],'
    '"pledge":{"text":"I will walk to work twice a week and bring a colleague."}}'
)
ACTIVITY = '{"person":"{turn}","kind":"walk","on":"{today}"}'

router = Router()


@router.post("/v1/unwritten-sign-ups", status_code=201, response_model=SignUp, **needs("people:write"))
async def sign_nobody_up(body: NewSignUp, call: Call) -> Response:
    """A sign-up that is read, checked and answered, and not written."""
    allowed = [new_id("permission") for _ in body.permissions]
    made = SignedUp(new_id("person"), new_id("membership"), "follower", allowed, new_id("pledge"), new=True)
    return Response(SignUp.of(made).model_dump_json(), 201, media_type="application/json")


@router.post("/v1/unwritten-activities", status_code=201, response_model=NewActivity, **needs("activities:write"))
async def do_nothing(body: NewActivity, call: Call) -> Response:
    """An activity that is read, checked and answered, and not written."""
    return Response(body.model_dump_json(), 201, media_type="application/json")


async def prepare(settings: Settings) -> list[str]:
    """Migrate the service's database and let the first people join; their ids."""
    database = open_database(settings.database_url(SERVICE), pool=1)
    migrate.upgrade(SERVICE, database.engine)
    await database.open()
    bound = database.on_behalf(Context(MOVEMENT, "key_1", "req_1", None, "00-1-2-01"))
    said = NewSignUp.model_validate_json(SIGN_UP)
    people = [(await bound.write(domain.sign_up, MOVEMENT, said)).person for _ in range(PEOPLE)]
    await database.close()
    return people


def application(settings: Settings) -> FastAPI:
    """The service, with the endpoints that do not write."""
    app = create_app(settings)
    app.router.routes.extend(router.routes)
    return app


if __name__ == "__main__":
    one_service.run(application, int(sys.argv[1]))
