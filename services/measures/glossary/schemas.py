"""Words as they are sent and answered."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from services.measures.fields import OrganisationId, VersionId, WordId
from services.measures.glossary import models
from shared.editing import Changes
from shared.fields import Body, View, line, lines

Written = Annotated[str, line(80)]
Meaning = Annotated[str, lines(3000)]


class Usage(Body):
    """What an organisation means by a word, where that is something else."""

    organisation: OrganisationId
    meaning: Meaning


def _each_once(usages: list[Usage]) -> list[Usage]:
    if len({usage.organisation for usage in usages}) < len(usages):
        raise PydanticCustomError("repeated", "names the same one twice")
    return usages


Usages = Annotated[list[Usage], Field(max_length=50), AfterValidator(_each_once)]
Versions = Annotated[list[VersionId], Field(max_length=100, description="The versions that are defined by the word.")]


class NewWord(Body):
    """A word, and what the movement agrees that it means."""

    word: Written = Field(examples=["participant"])
    meaning: Meaning = Field(examples=["Anybody who came at least once; not a place booked."])
    used_otherwise: Usages = Field(default_factory=list)
    measure_versions: Versions = Field(default_factory=list)


class WordChanges(Changes):
    """What is to be different; a field that is left out stays as it is."""

    meaning: Meaning | None = None
    used_otherwise: Usages | None = None
    measure_versions: Versions | None = None


class Word(View):
    """A word, what the movement agrees that it means, and who means something else by it."""

    id: WordId
    word: str
    meaning: str
    used_otherwise: list[Usage]
    measure_versions: list[VersionId]
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, word: models.Word) -> Self:
        return cls.model_validate(word, from_attributes=True)
