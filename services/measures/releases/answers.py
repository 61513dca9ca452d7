"""What releases answer that is not JSON of ours: their files, and the refusals of a check and of what was withdrawn."""

from typing import Self

from fastapi import Request, Response

from services.measures.releases import files
from services.measures.releases.domain import Made
from services.measures.releases.models import ReleaseStatus
from shared.conditional import conditional
from shared.disclosure import Unprotected
from shared.errors import AppError, Conflict

_BECAUSE = {
    "public": "it is public already: an earlier release shows it",
    "elsewhere": "figures that this release cannot hide tell it: earlier ones, or rounded ones",
}


class CannotBeProtected(Conflict):
    """No choice of hidden figures withstands an attack. Narrow the query, or follow another profile."""

    code, title = "cannot_be_protected", "This table cannot be published without giving a small group away"

    @classmethod
    def by(cls, refused: Unprotected) -> Self:
        """The refusal, with what the figure is about and the reason; never what it is."""
        *about, role, _count = refused.cell
        where = ", ".join(part for part in about if part)
        return cls(f"the {role} of {where} cannot be kept: {_BECAUSE[refused.because]}", because=refused.because)


class Withdrawn(AppError):
    """The release was withdrawn; `because` says why."""

    status, code, title = 410, "withdrawn", "This release was withdrawn"


def file_of(request: Request, made: Made, name: str) -> Response:
    """A file of a release, or 304. One that is superseded says by which in a Link. Raises Withdrawn."""
    release = made.release
    if release.status == ReleaseStatus.WITHDRAWN:
        raise Withdrawn(because=release.withdrawn_because)
    modified = release.published_at or release.updated_at
    answer = conditional(request, made.content, files.MEDIA_TYPES[name], modified=modified)
    if release.superseded_by is not None:
        there = request.url.path.replace(release.id, release.superseded_by)
        answer.headers["link"] = f'<{there}>; rel="successor-version"'
    return answer
