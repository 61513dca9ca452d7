"""What is said of a win, and how one is shown."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from services.members.community.programmes.schemas import ProgrammeId
from services.members.fields import OrganisationId, PersonId
from services.members.life.whose import Whom
from services.members.life.wins.models import Win, WinMaker
from shared.editing import Changes
from shared.fields import Body, Name, View, line
from shared.ids import Id

WinId = Annotated[str, Id("win")]
Sentence = Annotated[str, line(300)]


def _each_once(makers: list[Whom]) -> list[Whom]:
    if len({(each.person, each.organisation, each.words) for each in makers}) < len(makers):
        raise PydanticCustomError("repeated", "names somebody twice")
    return makers


Makers = Annotated[list[Whom], Field(min_length=1, max_length=50), AfterValidator(_each_once)]


class NewWin(Body):
    """Something that went well, in one sentence, and who made it happen."""

    what: Sentence = Field(examples=["The porters' walk has had thirty people every week since May."])
    made_by: Makers
    happened_on: date | None = Field(None, description="today unless it was before")
    area: Name | None = None
    programme: ProgrammeId | None = None


class WinChanges(Changes):
    """What is to be different. What is said anew, or of others, has to be agreed to anew before it is shared."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"area", "programme"})

    what: Sentence | None = None
    made_by: Makers | None = None
    happened_on: date | None = None
    area: Name | None = None
    programme: ProgrammeId | None = None


class Sharing(Body):
    """Who agreed to it for those who do not say so themselves: organisations, and others in words."""

    agreed_by: Name | None = Field(None, examples=["the walkers' convenor, by telephone"])


class MakerShown(View):
    """Who had a part in it."""

    person: PersonId | None
    organisation: OrganisationId | None
    words: str | None


class WinShown(View):
    """A win. `shared`: it may be shown to everybody at this moment; not so once somebody in it allows it no longer."""

    id: WinId
    what: str
    made_by: list[MakerShown]
    happened_on: date
    area: str | None
    programme: ProgrammeId | None
    shared: bool
    agreed_by: str | None
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, win: Win, makers: Sequence[WinMaker], shared: bool) -> Self:
        """A win as the API shows it."""
        return cls(
            id=win.id,
            what=win.what,
            made_by=[MakerShown.model_validate(maker, from_attributes=True) for maker in makers],
            happened_on=win.happened_on,
            area=win.area,
            programme=win.programme,
            shared=shared,
            agreed_by=win.agreed_by,
            created_at=win.created_at,
            updated_at=win.updated_at,
            version=win.version,
        )
