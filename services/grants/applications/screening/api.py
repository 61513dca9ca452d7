"""Routes by which an application is screened, hosted and taken up to be weighed."""

from fastapi import Response

from services.grants.acting import by_user
from services.grants.applications.eligibility import Rule, Standing
from services.grants.applications.schemas import Application, HostAnswer, Screening
from services.grants.applications.screening import domain
from services.grants.delegations.holding import held_to, of_application
from services.grants.delegations.models import Power
from services.grants.fields import ApplicationId
from shared.calls import Call
from shared.fields import View
from shared.needs import needs
from shared.routing import Router

router = Router(tags=["applications"])


class EligibilityFinding(View):
    """How the application stands to one rule of its round; `unknown` is for a person to say."""

    rule: Rule
    standing: Standing


class Screened(View):
    """What there is to know before screening: the rules, and the other applications that may be of the same group."""

    rules: list[EligibilityFinding]
    alike: list[str]

    @classmethod
    def of(cls, screened: domain.Screened) -> "Screened":
        """The answer for what was found."""
        rules = [EligibilityFinding(rule=rule, standing=standing) for rule, standing in screened.found]
        return cls(rules=rules, alike=list(screened.alike))


@router.get("/v1/applications/{application_id}/screening", **needs("applications:read"))
async def get_screening(application_id: ApplicationId, call: Call) -> Screened:
    """How an application stands to the rules of its round, and which others of the round may be of the same group.

    Alike are those of the same organisation, or with the same name but for its spelling, that are not over.
    """
    return Screened.of(await call.read(domain.look_at, application_id))


@router.post("/v1/applications/{application_id}/screen", response_model=Application, **needs("applications:write"))
async def screen_application(application_id: ApplicationId, body: Screening, call: Call) -> Response:
    """Say whether the round is for this group: it is `screened`, or `ineligible` by a rule that it is told.

    409 `rule_unmet` where a rule is plainly not met, or the group seems to have applied twice, and `despite` is empty.
    """
    by = call.principal.user or call.principal.id
    verb = held_to(call.principal, Power.ADMINISTER, of_application(application_id), domain.screen)
    return await call.write(
        verb,
        application_id,
        body,
        by,
        answer=Application.of,
    )


@router.post("/v1/applications/{application_id}/assess", response_model=Application, **needs("applications:write"))
async def assess_application(application_id: ApplicationId, call: Call) -> Response:
    """Begin to weigh a screened application."""
    verb = held_to(call.principal, Power.ADMINISTER, of_application(application_id), domain.assess)
    return await call.write(
        verb,
        application_id,
        answer=Application.of,
    )


@router.post("/v1/applications/{application_id}/host", response_model=Application, **needs("applications:write"))
async def answer_as_host(application_id: ApplicationId, body: HostAnswer, call: Call) -> Response:
    """Say, as the accountable body that a group names, whether you will hold its money.

    403 `not_the_host` for anybody else. Where the body is not among the organisations, a signed-in user notes what it
    said by telephone (403 `needs_a_user` for a key).
    """
    by = by_user(call) if call.principal.organisation is None else call.principal.user or call.principal.id
    return await call.write(
        domain.answer_as_host,
        application_id,
        agrees=body.agrees,
        principal=call.principal,
        by=by,
        answer=Application.of,
    )
