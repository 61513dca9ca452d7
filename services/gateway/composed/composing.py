"""Composing: what is there is answered, what is missing says why, and without what the caller requires it is 503."""

import hashlib
from collections.abc import Callable, Collection, Mapping

import msgspec
from fastapi import Request, Response

from services.gateway.composed.asking import Answered, Ask, Section, ask_all
from services.gateway.composed.lastly import LastAnswers
from shared.calls import CallOf
from shared.conditional import is_known
from shared.errors import Fault, Forbidden, Invalid, NotFound, Unavailable


class SectionMissing(Unavailable):
    """A section that the caller requires is not there."""

    code, title = "section_missing", "A required section is not there"


def required(text: str, known: Collection[str]) -> frozenset[str]:
    """The sections that `require` names. Raises Invalid for one that there is not."""
    names = frozenset(name.strip() for name in text.split(",") if name.strip())
    if not names <= set(known):
        raise Invalid(faults=[Fault("?require", f"knows only {', '.join(known)}", "unknown_section")])
    return names


def hold(sections: Mapping[str, Section], must_have: Collection[str]) -> None:
    """Raise SectionMissing where one of ``must_have`` was not had just now, whatever stands in for it."""
    missing = [name for name in must_have if sections[name].status != "ok"]
    if missing:
        raise SectionMissing("; ".join(f"{name}: {sections[name].reason}" for name in sorted(missing)))


def answer(request: Request, named: Mapping[str, object], sections: Mapping[str, Section]) -> Response:
    """The composed read; or 304 where the reader has the same already, whenever its sections were read."""
    told = b"\0".join([each for section in sections.values() for each in (section.content or b"", _how(section))])
    tag = f'W/"{hashlib.blake2b(told, digest_size=16).hexdigest()}"'
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    if is_known(request, tag):
        return Response(status_code=304, headers=headers)
    body = msgspec.json.encode({**named, "sections": sections})
    return Response(body, headers=headers, media_type="application/json")


def _how(section: Section) -> bytes:
    """How a section is, in as few bytes as will tell it from another: nearly always there is nothing to say."""
    if section.status == "ok" and not section.stale:
        return b""
    return f"{section.status} {section.stale} {section.reason}".encode()


async def compose(
    call: CallOf,
    request: Request,
    named: Mapping[str, str],
    asks: Mapping[str, Ask],
    lastly: LastAnswers,
    *,
    about: str | None = None,
    following: Callable[[Mapping[str, Section]], Mapping[str, object]] | None = None,
) -> Response:
    """Ask for all sections and answer them. `about` names the one that the others are about, where there is such a one;
    `following` says what else follows from them, and from nothing besides.

    Raises NotFound or Forbidden as its service does, and SectionMissing for what `require` names.
    """
    must_have = required(request.query_params.get("require", ""), asks)
    tasks = ask_all(call, asks, lastly)
    try:
        answered = {name: await task for name, task in tasks.items()}
    finally:
        for task in tasks.values():
            task.cancel()  # changes nothing once it has answered
    if about is not None:
        _be_about_something(answered[about])
    sections = {name: each.section for name, each in answered.items()}
    hold(sections, must_have)
    return answer(request, named if following is None else {**named, **following(sections)}, sections)


def _be_about_something(head: Answered) -> None:
    if head.code in (404, 422):
        raise NotFound
    if head.code == 403:
        raise Forbidden("this credential may not read what the answer would be about")
