"""What is done with forms: made, asked in a new version, and frozen once a round was published with one."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.grants.forms import store
from services.grants.forms.models import Form, FormVersion, Read
from services.grants.forms.presets import Questions, questions_of
from services.grants.forms.profile import schema_faults
from services.grants.forms.schemas import Asked, FormVersionChanges, NewForm
from shared import clock
from shared.editing import hold_to
from shared.errors import Invalid, NotFound
from shared.ids import new_id


def make_form(session: Session, movement: str, said: NewForm) -> Read:
    """Make a form with its first version. Raises Invalid with what keeps the schema from being a form."""
    form = Form(movement=movement, id=new_id("form"), name=said.name, created_at=clock.now())
    asked = questions_of(said)
    _check(asked)
    session.add(form)
    session.flush()
    return Read(form, _add(session, form, 1, asked))


def add_version(session: Session, movement: str, form_id: str, said: Asked) -> FormVersion:
    """Ask differently from now on: rounds that ask by another version go on as they are."""
    form = store.form_for_change(session, movement, form_id)
    if form is None:
        raise NotFound("there is no such form")
    asked = questions_of(said)
    _check(asked)
    return _add(session, form, store.newest_number(session, movement, form_id) + 1, asked)


def change_version(
    session: Session, movement: str, form_id: str, version_id: str, said: FormVersionChanges, expected: int | None
) -> FormVersion:
    """Change a version that no round was published with. Raises FormFrozen."""
    version = _present(store.version_for_change(session, movement, form_id, version_id))
    hold_to(version.version, expected)
    version.check_unused()
    said.apply(version, "order", "summary_from", "budget_from")
    if said.schema_ is not None:
        version.schema = dict(said.schema_)
    _check(Questions(version.schema, version.order, version.summary_from, version.budget_from))
    version.version, version.updated_at = version.version + 1, clock.now()
    return version


def get_form(session: Session, movement: str, form_id: str) -> Read:
    """A form with its newest version. Raises NotFound."""
    found = store.find_form(session, movement, form_id)
    if found is None:
        raise NotFound("there is no such form")
    return found


def get_version(session: Session, movement: str, form_id: str, version_id: str) -> FormVersion:
    """A version of a form. Raises NotFound."""
    return _present(store.find_of_form(session, movement, form_id, version_id))


def list_versions(session: Session, movement: str, form_id: str, *, after: int, limit: int) -> Sequence[FormVersion]:
    """The versions of a form, the first first. Raises NotFound."""
    get_form(session, movement, form_id)
    return store.list_versions(session, movement, form_id, after=after, limit=limit)


def _add(session: Session, form: Form, number: int, asked: Questions) -> FormVersion:
    now = clock.now()
    version = FormVersion(
        movement=form.movement,
        id=new_id("formver"),
        form_id=form.id,
        number=number,
        schema=dict(asked.schema),
        order=list(asked.order),
        summary_from=asked.summary_from,
        budget_from=asked.budget_from,
        created_at=now,
        updated_at=now,
        version=1,
    )
    session.add(version)
    return version


def _check(asked: Questions) -> None:
    if faults := schema_faults(asked.schema, asked.order, asked.summary_from, asked.budget_from):
        raise Invalid(faults=faults)


def _present(found: FormVersion | None) -> FormVersion:
    if found is None:
        raise NotFound("there is no such version of a form")
    return found
