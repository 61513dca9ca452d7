"""Routes of settings of care and of aliases."""

from fastapi import Response
from pydantic import AwareDatetime

from services.members.community.connections.closing import Suggestion
from services.members.fields import OrganisationId
from services.members.trust.care import domain, joining
from services.members.trust.care.models import AliasState
from services.members.trust.care.schemas import (
    Alias,
    AliasChanges,
    AliasId,
    AliasSuggestions,
    Joining,
    NewAlias,
    NewSetting,
    Setting,
    SettingChanges,
    SettingId,
)
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router
from shared.uses import OWN_RECORD

router = Router(prefix="/v1/settings-of-care", tags=["Settings of care"])

_ALIAS = "/{setting}/aliases/{alias}"


@router.post("", status_code=201, response_model=Setting, **needs("care:write"))
async def enter_setting(body: NewSetting, call: Call) -> Response:
    """Enter a care home, a school or a ward: its organisation is the controller of the people there."""
    return tagged(await call.write(domain.enter, body, answer=Setting.of))


@router.get("", response_model=Page[Setting], **needs("care:read"))
async def list_settings(
    call: Call, paging: Paging, organisation: OrganisationId | None = None, updated_since: AwareDatetime | None = None
) -> Page[Setting]:
    """Settings in the order in which they were entered. Whoever acts for an organisation sees its own."""
    rows = await call.read(
        domain.list_settings,
        organisation=organisation,
        updated_since=updated_since,
        after=paging.after,
        limit=paging.fetch,
    )
    return paging.page(rows, Setting.of, lambda setting: (setting.id,))


@router.get("/{setting}", response_model=Setting, **needs("care:read"))
async def read_setting(setting: SettingId, call: Call, response: Response) -> Setting:
    """One setting; 404 for whoever acts for another organisation than its controller."""
    shown = Setting.of(await call.read(domain.read, setting))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/{setting}", response_model=Setting, **needs("care:write"))
async def change_setting(setting: SettingId, body: SettingChanges, call: Call, expected: Expected) -> Response:
    """Change what is sent."""
    return tagged(await call.write(domain.change, setting, body, expected, answer=Setting.of))


@router.post("/{setting}/aliases", status_code=201, response_model=Alias, **needs("care:write"))
async def enter_alias(setting: SettingId, body: NewAlias, call: Call) -> Response:
    """Let the movement know somebody there by an alias, what they like and which times are good. No more is asked."""
    return tagged(await call.write(domain.enter_alias, setting, body, answer=Alias.of))


@router.get("/{setting}/aliases", response_model=Page[Alias], **needs("care:read", shows=OWN_RECORD))
async def list_aliases(
    setting: SettingId,
    call: Call,
    paging: Paging,
    state: AliasState | None = None,
    updated_since: AwareDatetime | None = None,
) -> Page[Alias]:
    """The aliases of a setting, in the order in which they were entered."""
    rows = await call.read(
        domain.list_aliases,
        setting,
        state=state,
        updated_since=updated_since,
        after=paging.after,
        limit=paging.fetch,
    )
    return paging.page(rows, Alias.of, lambda alias: (alias.id,))


@router.get(_ALIAS, response_model=Alias, **needs("care:read", shows=OWN_RECORD))
async def read_alias(setting: SettingId, alias: AliasId, call: Call, response: Response) -> Alias:
    """One alias, and who they became where they asked to join."""
    shown = Alias.of(await call.read(domain.read_alias, setting, alias))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch(_ALIAS, response_model=Alias, **needs("care:write"))
async def change_alias(
    setting: SettingId, alias: AliasId, body: AliasChanges, call: Call, expected: Expected
) -> Response:
    """Change what is sent; a list takes the place of the one before."""
    return tagged(await call.write(domain.change_alias, setting, alias, body, expected, answer=Alias.of))


@router.get(_ALIAS + "/suggestions", response_model=AliasSuggestions, **needs("care:read"))
async def suggest_for_alias(setting: SettingId, alias: AliasId, call: Call) -> AliasSuggestions:
    """Groups and places of the map that fit by interests and good times, near the setting, each with why."""
    found = await call.read(domain.suggest, setting, alias)
    return AliasSuggestions(data=[Suggestion.of(match) for match in found])


@router.post(_ALIAS + "/join", response_model=Alias, **needs("care:write"))
async def let_join(setting: SettingId, alias: AliasId, body: Joining, call: Call, expected: Expected) -> Response:
    """They ask to be known by who they are: a person is entered, by their own permission or by that of whoever may
    decide for them.

    Capacity is presumed. 422 `no_authority` for a parent's word about an adult, or an attorney's about a child;
    `nobody_consulted` for best interests that nobody was asked about. A child is entered with `child`.
    """
    return tagged(await call.write(joining.join, setting, alias, body, expected, answer=Alias.of))


@router.post(_ALIAS + "/withdraw", response_model=Alias, **needs("care:write"))
async def withdraw_alias(setting: SettingId, alias: AliasId, call: Call, expected: Expected) -> Response:
    """Forget what was known under an alias: nothing of it is kept."""
    return tagged(await call.write(domain.withdraw, setting, alias, expected, answer=Alias.of))
