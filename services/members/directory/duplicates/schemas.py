"""How candidates, rules and what was told apart are shown, and what is said of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import msgspec
from pydantic import Field

from services.members.directory.duplicates import models, scoring
from shared.fields import Body, View

Plus = Annotated[int, Field(ge=0, le=100)]
Minus = Annotated[int, Field(ge=-100, le=0)]
_DEFAULT = scoring.Weights()


class Candidate(View):
    """Two records that may be of one: how much speaks for it, and why."""

    one: str
    other: str
    score: int
    reasons: list[str] = Field(examples=[["The same e-mail address.", "Names that are 93 % alike."]])

    @classmethod
    def of(cls, pair: models.DuplicateCandidate) -> "Candidate":
        """A candidate as the API shows it."""
        return cls.model_construct(one=pair.one, other=pair.other, score=pair.score, reasons=pair.reasons)


class Weights(Body):
    """What each rule adds or takes away, and from what sum on two records are candidates.

    An address alone is no identity: by default none comes to the threshold without a name that is alike.
    """

    email: Plus = _DEFAULT.email
    phone: Plus = _DEFAULT.phone
    external_id: Plus = Field(_DEFAULT.external_id, description="The same id in two systems.")
    website: Plus = _DEFAULT.website
    name: Plus = Field(_DEFAULT.name, description="The same name; one that is nearly the same counts for a part.")
    postcode: Plus = _DEFAULT.postcode
    born: Plus = Field(_DEFAULT.born, description="Born on the same day.")
    other_name: Minus = Field(_DEFAULT.other_name, description="Names that are clearly different.")
    other_birth: Minus = Field(_DEFAULT.other_birth, description="Born on different days.")
    threshold: int = Field(_DEFAULT.threshold, ge=1, le=500)
    shared_by: int = Field(
        _DEFAULT.shared_by, ge=2, le=50, description="What more records than this share counts for a quarter."
    )

    def to_scoring(self) -> scoring.Weights:
        """The weights as the rules take them."""
        return msgspec.convert(self.model_dump(), scoring.Weights)


class Rules(View):
    """A movement's weights. Version 0 are the defaults."""

    weights: Weights
    version: int

    @classmethod
    def of(cls, rules: tuple[scoring.Weights, int]) -> "Rules":
        """Rules as the API shows them."""
        weights, version = rules
        return cls(weights=Weights.model_validate(msgspec.to_builtins(weights)), version=version)


class ToldApart(View):
    """A record that somebody said is not the same."""

    other: str
    said_by: str
    said_at: datetime


class AllToldApart(View):
    """The records that are not the same as one."""

    data: list[ToldApart]

    @classmethod
    def of(cls, rows: Sequence[tuple[str, str, datetime]]) -> "AllToldApart":
        """What was told apart as the API shows it."""
        return cls(data=[ToldApart(other=other, said_by=by, said_at=at) for other, by, at in rows])
