"""Routes of themes, of what is alike, and of the rounds that wishes suggest."""

from fastapi import Response

from services.members.fields import PersonId
from services.members.life.themes import alike, domain, rounds, store, suggesting
from services.members.life.themes.schemas import (
    GroupsAlike,
    NewTheme,
    NewVote,
    SuggestionId,
    SuggestionShown,
    ThemeChanges,
    ThemeId,
    ThemeShown,
    ThemesLike,
    ToDraft,
    VoicesToAdd,
)
from services.members.life.voices.schemas import NewAnswer, Taker, Telling, VoiceId
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(prefix="/v1/voices", tags=["Voices"])
internal = Router(prefix="/internal/round-suggestions", tags=["Voices"])


@router.post("/themes", status_code=201, response_model=ThemeShown, **needs("voices:write"))
async def confirm_theme(body: NewTheme, call: Call) -> Response:
    """Confirm what some voices have in common. Nothing is put under a theme by itself.

    409 `theme_taken` where there is a theme of that slug: add the voices to it.
    """
    enough = call.parts.settings.wishes_for_a_round
    return tagged(await call.write(domain.confirm, body, enough, answer=ThemeShown.of))


@router.get("/themes", response_model=Page[ThemeShown], **needs("voices:read"))
async def list_themes(call: Call, paging: Paging, updated_since: UpdatedSince = None) -> Page[ThemeShown]:
    """Themes in the order in which they were confirmed, each with how many voices, people and votes it has."""
    rows = await call.read(store.list_themes, updated_since=updated_since, after=paging.after, limit=paging.fetch)
    return paging.page(rows, ThemeShown.of, lambda counted: (counted.theme.id,))


@router.get("/themes/suggested", response_model=GroupsAlike, **needs("voice_words:read"))
async def suggest_themes(call: Call) -> GroupsAlike:
    """Voices of no theme whose words are alike, in their words, the largest group first: a person sees what they are.

    The newest 300 are compared, by words and not by meaning. How like they are to be is a setting.
    """
    said, at_least = await call.read(suggesting.unthemed, call.parts.secrets), call.parts.settings.voices_alike
    groups = await call.parts.cpu.run(alike.groups, said, at_least, deadline=call.deadline)
    return GroupsAlike.of(len(said), groups)


@router.get("/round-suggestions", response_model=Page[SuggestionShown], **needs("voices:read"))
async def list_round_suggestions(call: Call, paging: Paging) -> Page[SuggestionShown]:
    """The rounds that unmet wishes suggested: of what theme, where, how many wishes, and the round that came of it."""
    rows = await call.read(store.list_suggestions, after=paging.after, limit=paging.fetch)
    return paging.page(rows, SuggestionShown.of, lambda suggestion: (suggestion.id,))


@router.get("/themes/{theme}", response_model=ThemeShown, **needs("voices:read"))
async def read_theme(theme: ThemeId, call: Call, response: Response) -> ThemeShown:
    """One theme."""
    shown = ThemeShown.of(await call.read(domain.read, theme))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/themes/{theme}", response_model=ThemeShown, **needs("voices:write"))
async def change_theme(theme: ThemeId, body: ThemeChanges, call: Call, expected: Expected) -> Response:
    """Call it something else."""
    return tagged(await call.write(domain.change, theme, body, expected, answer=ThemeShown.of))


@router.post("/themes/{theme}/voices", response_model=ThemeShown, **needs("voices:write"))
async def add_voices(theme: ThemeId, body: VoicesToAdd, call: Call) -> Response:
    """Put further voices under it, whatever theme they were of."""
    enough = call.parts.settings.wishes_for_a_round
    return tagged(await call.write(domain.add_voices, theme, body.voices, enough, answer=ThemeShown.of))


@router.post("/themes/{theme}/votes", status_code=201, response_model=ThemeShown, **needs("voices:write"))
async def vote_for_theme(theme: ThemeId, body: NewVote, call: Call) -> Response:
    """Give it somebody's vote. Everybody has one: 409 `already_voted` the second time. Whose votes are is not shown."""
    return tagged(await call.write(domain.vote, theme, body.person, answer=ThemeShown.of))


@router.delete("/themes/{theme}/votes/{person}", status_code=204, **needs("voices:write"))
async def take_vote_back(theme: ThemeId, person: PersonId, call: Call) -> Response:
    """Take somebody's vote back."""
    return await call.write(domain.take_vote_back, theme, person, answer=None)


@router.post("/themes/{theme}/uptakes", status_code=201, response_model=ThemeShown, **needs("voices:write"))
async def take_theme_up(theme: ThemeId, body: Taker, call: Call) -> Response:
    """Note who takes up all of it that waits for an answer."""
    return tagged(await call.write(domain.take_up, theme, body, answer=ThemeShown.of))


@router.post("/themes/{theme}/answers", status_code=201, response_model=ThemeShown, **needs("voices:write"))
async def answer_theme(theme: ThemeId, body: NewAnswer, call: Call) -> Response:
    """Answer all of it that is not answered for good."""
    by = call.principal.user or call.principal.id
    return tagged(await call.write(domain.answer, theme, body, by, answer=ThemeShown.of))


@router.post("/themes/{theme}/tell-back", response_model=ThemeShown, **needs("voices:write"))
async def tell_theme_back(theme: ThemeId, body: Telling, call: Call) -> Response:
    """Note that the answers to all of it are told back. Who has been told stands at each voice's listeners."""
    return tagged(await call.write(domain.tell_back, theme, body, answer=ThemeShown.of))


@router.get("/{voice}/themes-like", response_model=ThemesLike, **needs("voice_words:read"))
async def suggest_themes_of(voice: VoiceId, call: Call) -> ThemesLike:
    """The themes that a voice may belong to, each with the voice of it that is likest, in its words."""
    settings = call.parts.settings
    return await call.read(suggesting.themes_like, voice, settings.voices_alike, call.parts.secrets)


@internal.get("/{suggestion}", response_model=ToDraft, **needs("voices:read"))
async def read_round_suggestion(suggestion: SuggestionId, call: Call) -> ToDraft:
    """What a suggested round is to be about, for grants to draft it."""
    return await call.read(rounds.to_draft, suggestion)
