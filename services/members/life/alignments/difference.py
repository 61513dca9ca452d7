"""What two partners signed, beside each other, in words."""

from collections.abc import Iterator, Mapping

from services.members.life.agenda import difference as of_versions
from services.members.life.agenda.models import Agenda
from services.members.life.alignments.models import ActKind, PartnerAlignment

_BEGUN = {ActKind.START: "starts", ActKind.STOP: "stops", ActKind.CHANGE: "changes"}


def in_words(
    one: PartnerAlignment, other: PartnerAlignment, agendas: Mapping[str, Agenda], names: Mapping[str, str]
) -> list[str]:
    """A sentence for each difference. `agendas` and `names` (of organisations) are by id.

    Versions are told in the order in which they were published, whoever signed which.
    """
    return [*_sentences(one, other, agendas, names)]


def _sentences(
    one: PartnerAlignment, other: PartnerAlignment, agendas: Mapping[str, Agenda], names: Mapping[str, str]
) -> Iterator[str]:
    first, second = names[one.organisation], names[other.organisation]
    signed, also = agendas[one.agenda], agendas[other.agenda]
    if signed.id == also.id:
        yield f"{first} and {second} signed {of_versions.named(signed)} both."
    else:
        yield f"{first} signed {of_versions.named(signed)}, and {second} {of_versions.named(also)}."
        yield from of_versions.in_words(*sorted((signed, also), key=lambda agenda: agenda.number or 0))
    for name, here, there in ((first, one, other), (second, other, one)):
        theirs = {(act.kind, act.words) for act in there.acts}
        for act in here.acts:
            if (act.kind, act.words) not in theirs:
                yield f"{name} {_BEGUN[ActKind(act.kind)]}: {act.words.rstrip('.')}."
