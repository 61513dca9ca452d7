"""What is asked of an application before it can be submitted."""

import re
from collections.abc import Iterator
from datetime import datetime

from services.grants.applications.bank_details import has_bank_details
from services.grants.applications.schemas import Content
from services.grants.forms.answering import answer_faults, budget_total, texts
from services.grants.forms.models import FormVersion
from services.grants.rounds.models import Round
from shared.errors import Fault

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def content_faults(said: Content, asked_of: Round, form: FormVersion | None, now: datetime) -> list[Fault]:
    """All that is missing or wrong as long as it is to be submitted; a draft is warned of the same."""
    return [
        *_group_faults(said, asked_of, now),
        *_summary_faults(said, form),
        *_form_faults(said, form),
        *(
            Fault(at, "holds bank details: leave them out, whoever is paid is asked for them apart", "bank_details")
            for at, text in _texts(said)
            if has_bank_details(text)
        ),
    ]


def summary_of(said: Content, form: FormVersion | None) -> str:
    """What the group would do, in its words: the answer to the form's question for that, or to the one question."""
    if form is not None and form.summary_from is not None:
        return str(said.answers[form.summary_from])
    return said.summary or ""


def name_key(name: str) -> str:
    """A group's name as it is compared: letters and digits alone, in lower case."""
    return "".join(sign for sign in name.casefold() if sign.isalnum())


def _group_faults(said: Content, asked_of: Round, now: datetime) -> Iterator[Fault]:
    if said.group_name is None:
        yield Fault("/group_name", "is needed", "missing")
    if said.amount is None:
        yield Fault("/amount", "is needed", "missing")
    else:
        yield from asked_of.amount_faults(said.amount)
    if said.has_account is False and said.host is None:
        yield Fault("/host", "is needed by a group that has no bank account", "missing")
    if said.telephone is not None:
        if not said.telephone.read_back:
            yield Fault("/telephone/read_back", "what was taken down is read back before it is submitted", "not_read")
        if said.telephone.taken_at > now:
            yield Fault("/telephone/taken_at", "is still to come", "in_the_future")


def _summary_faults(said: Content, form: FormVersion | None) -> Iterator[Fault]:
    by_form = form is not None and form.summary_from is not None
    if by_form and said.summary is not None:
        yield Fault("/summary", "is asked by the form here: answer it there", "asked_by_form")
    if not by_form and said.summary is None:
        yield Fault("/summary", "is needed", "missing")


def _form_faults(said: Content, form: FormVersion | None) -> Iterator[Fault]:
    if form is None:
        if said.answers:
            yield Fault("/answers", "the round has no form: leave them out", "no_form")
        return
    yield from answer_faults(form.schema, said.answers)
    for at, text in texts(said.answers, "/answers"):
        if _CONTROL.search(text):
            yield Fault(at, "holds characters that no text has", "control_characters")
    if form.budget_from is not None and said.amount is not None:
        total = budget_total(said.answers.get(form.budget_from))
        if total is not None and total != said.amount.pence:
            yield Fault(f"/answers/{form.budget_from}", "does not add up to the amount", "differs_from_amount")


def _texts(said: Content) -> Iterator[tuple[str, str]]:
    for at, text in (("/group_name", said.group_name), ("/summary", said.summary)):
        if text is not None:
            yield at, text
    yield from texts(said.answers, "/answers")
