"""Routes of users: whoever may write users adds and removes them."""

from fastapi import Response

from services.gateway.access import passwords
from services.gateway.access.callers import CallerOf, last_seen, organisation_for
from services.gateway.access.users import domain, store
from services.gateway.access.users.people import known_person
from services.gateway.access.users.schemas import CreatedUser, NewPerson, NewUser, User, UserId
from shared.calls import Call
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(tags=["access"])


@router.post("/v1/users", status_code=201, response_model=CreatedUser, **needs("users:write"))
async def create_user(body: NewUser, call: Call, caller: CallerOf) -> Response:
    """Add somebody who may sign in, with a role whose scopes you hold yourself."""
    made = None if body.password else passwords.generated()
    return await call.write(
        domain.create_user,
        email=body.email,
        name=body.name,
        role=body.role,
        organisation=organisation_for(caller.principal, body.organisation),
        person=await known_person(call, body.person),
        password_hash=await passwords.store_form(body.password or made or ""),
        granting=call.principal.scopes,
        answer=lambda user: CreatedUser.with_password(user, made),
    )


@router.get("/v1/users", response_model=Page[User], **needs("users:read"))
async def list_users(call: Call, paging: Paging) -> Page[User]:
    """Every user of the movement, those whose account was closed too."""
    rows = await call.read(store.page, last_seen(paging), paging.fetch)
    return paging.page(rows, User.of, lambda row: (row.id,))


@router.get("/v1/users/{user}", response_model=User, **needs("users:read"))
async def get_user(user: UserId, call: Call) -> User:
    """One user."""
    return User.of(await call.read_by_key(domain.get_user, user))


@router.put("/v1/users/{user}/person", response_model=User, **needs("users:write"))
async def say_who_user_is(user: UserId, body: NewPerson, call: Call) -> Response:
    """Say who a user is among the movement's people. As that person they accept, decline and speak for themself.

    422 `unknown_person` where the movement has no such person.
    """
    person = await known_person(call, body.person)
    return await call.write(domain.set_person, user, person, granting=call.principal.scopes, answer=User.of)


@router.delete("/v1/users/{user}", status_code=204, **needs("users:write"))
async def end_user(user: UserId, call: Call) -> Response:
    """Close an account at once, with its sessions and the keys that its user made. 409 `last_admin` for the only one
    who could let others in.
    """
    return await call.write(domain.end_user, user, granting=call.principal.scopes, answer=None)
