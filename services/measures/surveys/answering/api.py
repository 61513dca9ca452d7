"""Routes of links; the page behind them is :mod:`.door`."""

from functools import partial

from fastapi import Response

from services.measures.fields import LinkId, SurveyId
from services.measures.surveys.answering import domain
from services.measures.surveys.answering.schemas import Link, LinkMade, NewLink
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1/surveys/{survey}/links", tags=["Surveys"])


@router.post("", status_code=201, response_model=LinkMade, **needs("surveys:write"))
async def make_link(survey: SurveyId, body: NewLink, call: Call) -> Response:
    """Make an address at which a wave is answered: for a poster, a letter, or one person. It is shown once."""
    secret, pepper = domain.new_secret(), call.parts.secrets.pepper
    made = partial(LinkMade.made, secret=secret, public_url=call.parts.settings.public_url)
    return tagged(await call.write(domain.make, survey, body, secret, pepper, answer=made))


@router.get("", response_model=Page[Link], **needs("surveys:read"))
async def list_links(survey: SurveyId, call: Call, paging: Paging) -> Page[Link]:
    """The survey's links, and how often each was answered."""
    rows = await call.read(domain.list_links, survey, paging.after_id, paging.fetch)
    return paging.page(rows, Link.of, lambda link: (link.id,))


@router.get("/{link}", response_model=Link, **needs("surveys:read"))
async def read_link(survey: SurveyId, link: LinkId, call: Call, response: Response) -> Link:
    """One link."""
    shown = Link.of(await call.read_by_key(domain.read, survey, link))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.post("/{link}/revoke", response_model=Link, **needs("surveys:write"))
async def revoke_link(survey: SurveyId, link: LinkId, call: Call, expected: Expected) -> Response:
    """Revoke it at once; what was answered there stays."""
    return tagged(await call.write(domain.revoke, survey, link, expected, answer=Link.of))
