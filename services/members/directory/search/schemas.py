"""How what was found is shown."""

from collections.abc import Sequence
from typing import Self

from pydantic import Field

from services.members.directory.search import domain
from services.members.directory.search.domain import Match, Noun
from shared.fields import View


class Found(View):
    """Somebody or something that was found."""

    kind: Noun
    id: str
    name: str
    known_as: str | None
    postcode: str | None
    match: Match = Field(description="`exact` word for word, `begins` by the beginnings of words, `close` nearly")

    @classmethod
    def of(cls, found: domain.Found) -> Self:
        """It as the API shows it."""
        named = found.named
        return cls(
            kind=found.noun,
            id=named.id,
            name=named.name,
            known_as=named.known_as,
            postcode=named.postcode,
            match=found.match,
        )


class Findings(View):
    """The best matches, the best first. There is no next page: whoever is not among them is sought more precisely."""

    data: list[Found]

    @classmethod
    def of(cls, found: Sequence[domain.Found]) -> Self:
        """They as the API shows them."""
        return cls(data=[Found.of(each) for each in found])
