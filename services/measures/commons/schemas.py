"""What the commons shows, and how it is taken or forked."""

from typing import Self

from pydantic import Field

from services.measures.commons.store import Shared
from services.measures.fields import Key, MeasureId, Text, VersionId
from services.measures.measures.schemas import Version
from shared.fields import Body, Name, View


class Taking(Body):
    """How a version is to be taken."""

    key: Key | None = Field(None, description="The key that the measure has here; that of its home where null.")


class Forking(Body):
    """What the measure is called that is made out of a version."""

    key: Key
    title: Name | None = Field(None, description="That of the version's measure, where null.")
    description: Text | None = None


class CommonVersion(View):
    """A published version, and the measure that it defines. Whose it is, is not told."""

    measure: MeasureId
    key: str
    title: str
    description: str
    forked_from: VersionId | None
    here: bool = Field(description="The movement has it: its own, or taken.")
    version: Version

    @classmethod
    def of(cls, shared: Shared) -> Self:
        measure = shared.measure
        return cls(
            measure=measure.id, key=measure.key, title=measure.title, description=measure.description,
            forked_from=measure.forked_from, here=shared.copy is not None, version=Version.of(shared.version),
        )  # fmt: skip
