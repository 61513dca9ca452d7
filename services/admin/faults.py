"""What goes wrong, told to a person: a page with the words of the problem and a way back. Programs get the problem."""

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from services.admin.rendering import page
from shared.asgi import exchange_of
from shared.problems import translate


def told_on_a_page(app: ASGIApp, _: FastAPI) -> ASGIApp:
    """The application, whose faults become pages where a page was asked for."""

    async def told(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except Exception as error:
            exchange = exchange_of(scope)
            if exchange.status or "text/html" not in Headers(scope=scope).get("accept", ""):
                raise
            fault = translate(error, exchange.request_id)
            answer = page("fault.html", status=fault.status, fault=fault, request_id=exchange.request_id)
            await answer(scope, receive, send)

    return told
