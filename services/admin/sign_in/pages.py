"""The sign-in page, signing in, and signing out. The session's token lives in a cookie that no script can read."""

from contextlib import suppress
from typing import Annotated

import msgspec
from fastapi import Form, Request, Response
from fastapi.responses import RedirectResponse

from services.admin.gateway import COOKIE, SignInNeeded, ask
from services.admin.rendering import page
from shared.errors import Forbidden
from shared.routing import Router

router = Router(include_in_schema=False)

_HOURS_12 = 12 * 3600


class _SignedIn(msgspec.Struct):
    token: str


class _Problem(msgspec.Struct):
    title: str
    detail: str = ""
    code: str = ""


@router.get("/sign-in")
async def sign_in_page() -> Response:
    """The form."""
    return page("sign_in.html", email="", fault="")


@router.post("/sign-in")
async def sign_in(
    request: Request,
    email: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    code: Annotated[str, Form()] = "",
) -> Response:
    """Ask the gateway for a session; on a fault the form again, with what was wrong and the address kept."""
    _from_our_own_page(request)
    asked = {"email": email, "password": password} | ({"code": code} if code else {})
    answer = await ask(request, "POST", "/v1/sessions", body=asked)
    if answer.status != 201:
        return page("sign_in.html", status=answer.status, email=email, fault=_in_words(answer.body, answer.status))
    token = msgspec.json.decode(answer.body, type=_SignedIn).token
    response = RedirectResponse("/", 303)
    response.set_cookie(
        COOKIE, token, max_age=_HOURS_12, httponly=True, samesite="strict", secure=request.url.scheme == "https"
    )
    return response


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """End the session at the gateway and forget its token here."""
    _from_our_own_page(request)
    token = request.cookies.get(COOKIE)
    if token is not None:
        with suppress(SignInNeeded):  # it had ended already, which is what was wanted
            await ask(request, "DELETE", "/v1/sessions/current", token=token)
    response = RedirectResponse("/sign-in", 303)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return response


def _from_our_own_page(request: Request) -> None:
    """Refuse a form that another site's page sent: browsers say where a request was started."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden("this form was sent from another site")


def _in_words(body: bytes, status: int) -> str:
    if status == 422:
        return "Please give an email address and a password."
    problem = msgspec.json.decode(body, type=_Problem)
    return f"{problem.title}. {problem.detail}".strip()
