"""What requests and answers about agreements look like."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field

from services.grants.agreements import models
from services.grants.agreements.domain import Signed
from services.grants.agreements.models import AgreementState, Way
from services.grants.agreements.wording import LONGEST
from services.grants.fields import AwardId, Paragraph
from shared.fields import Body, Name, View, lines


class NewText(Body):
    """The text that agreements are made of: one page, in plain words."""

    text: Annotated[
        str,
        lines(LONGEST),
        Field(
            description="filled in for each award: {group}, {amount} and {purpose}, which every text has to say; "
            "{fund}, {grant_maker}, {round}, {starts}, {ends}"
        ),
    ]


class Text(View):
    """A text that agreements were made of, from when it was published until the next one was."""

    number: int
    text: str
    published_by: str
    published_at: datetime

    @classmethod
    def of(cls, text: models.AgreementText) -> "Text":
        """The answer for a text."""
        return cls(number=text.number, text=text.text, published_by=text.published_by, published_at=text.published_at)


class NewAgreement(Body):
    """Which award to make the page for, as it stands."""

    award: AwardId


class Acceptance(Body):
    """How somebody of the group accepted, and where that is kept. A click is made on the page itself."""

    way: Literal[Way.SIGNATURE, Way.CALL]
    name: Annotated[Name, Field(description="who accepted for the group")]
    evidence: Annotated[Paragraph, Field(description="where the signed page, or the recording of the call, is kept")]


class Agreement(View):
    """The page of an award. Its words never change; `digest` is their SHA-256 in UTF-8."""

    id: str
    award: str
    terms: Annotated[int, Field(description="of the award that it was made for; once amended, it needs another page")]
    text_number: Annotated[int, Field(description="0: the usual text")]
    words: str
    digest: str
    state: AgreementState
    way: Way | None
    name: Annotated[str | None, Field(description="by what name it was accepted, as long as that is kept")]
    recorded_by: Annotated[str | None, Field(description="the user who noted a signature or a call")]
    evidence: str | None
    made_at: datetime
    accepted_at: datetime | None

    @classmethod
    def of(cls, signed: Signed) -> "Agreement":
        """The answer for an agreement."""
        found = signed.agreement
        return cls(
            id=found.id,
            award=found.award_id,
            terms=found.terms,
            text_number=found.text_number,
            words=found.words,
            digest=found.digest,
            state=AgreementState(found.state),
            way=None if found.way is None else Way(found.way),
            name=signed.name,
            recorded_by=found.recorded_by,
            evidence=found.evidence,
            made_at=found.made_at,
            accepted_at=found.accepted_at,
        )


class AgreementMade(Agreement):
    """An agreement at the one moment when the path of its link, which holds a secret, can be shown."""

    path: str = Field(examples=["/hooks/movement_01j…/award-agreements/Zk3…"])
    url: str | None = Field(description="The same with `BACKBONE_PUBLIC_URL` before it, where that is set.")

    @classmethod
    def made(cls, signed: Signed, secret: str, public_url: str) -> Self:
        """The answer for an agreement that was just made."""
        path = f"/hooks/{signed.agreement.movement}/award-agreements/{secret}"
        url = f"{public_url.rstrip('/')}{path}" if public_url else None
        return cls(**Agreement.of(signed).model_dump(), path=path, url=url)
