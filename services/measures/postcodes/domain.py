"""The verbs of directories: ask for one to be loaded, load it piece by piece, show it, undo it; look a postcode up."""

import re
from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.measures.postcodes import store
from services.measures.postcodes.models import DirectoryState, EditionTaken, PostcodeDirectory
from services.measures.postcodes.rows import ENDED, POSTCODE, PostcodeRow, canonical
from services.measures.postcodes.schemas import Found, LoadQuery
from services.measures.sheets import WrongColumns, column_pairs
from shared import clock
from shared.errors import Fault, NotFound
from shared.jobs import domain as jobs

KIND = "postcode_directory"
_KIND = re.compile("[a-z][a-z0-9_]{0,39}")


def ask(session: Session, movement: str, job: str, said: LoadQuery) -> PostcodeDirectory:
    """Have an edition loaded. Raises EditionTaken and WrongColumns."""
    columns = column_pairs(said.columns)
    if POSTCODE not in columns or not columns.keys() - {POSTCODE, ENDED} or not all(map(_KIND.fullmatch, columns)):
        reason = "names the column of the postcode and that of one kind of area at least, in words such as district"
        raise WrongColumns(faults=[Fault("?columns", reason, "invalid_columns")])
    if store.find(session, said.edition) is not None:
        raise EditionTaken()
    jobs.ask(session, movement, job, KIND, said.model_dump(mode="json") | {"columns": columns})
    directory = PostcodeDirectory(
        edition=said.edition, job=job, state=DirectoryState.LOADING.value, columns=columns, postcodes=0,
        created_at=clock.now(), loaded_at=None,
    )  # fmt: skip
    store.add(session, directory)
    return directory


def take(session: Session, job: str, rows: Sequence[PostcodeRow]) -> int:
    """Enter some postcodes of the edition that a job loads; answers how many were new. Raises NotFound."""
    directory = _of_job(session, job)
    new = store.save(session, directory.edition, rows)
    directory.postcodes += new
    return new


def show(session: Session, job: str) -> None:
    """Let everybody look up postcodes in the edition that a job has loaded. Raises NotFound."""
    directory = _of_job(session, job)
    directory.state, directory.loaded_at = DirectoryState.LOADED.value, clock.now()


def forget_some(session: Session, _movement: str, job: str, limit: int) -> bool:
    """Delete some of what a job that is undone has entered, and at last the edition; whether there is more."""
    directory = store.of_job(session, job)
    if directory is None:
        return False
    if not store.drop_some(session, directory.edition, limit):
        store.delete(session, directory)
        return False
    return True


def list_directories(session: Session, _movement: str) -> Sequence[PostcodeDirectory]:
    """Every edition, the one that was loaded last first."""
    return store.editions(session)


def look_up(session: Session, _movement: str, postcode: str, edition: str | None) -> Found:
    """A postcode in an edition, or in the one that was loaded last. Raises NotFound."""
    directory = store.newest(session) if edition is None else store.find(session, edition)
    if directory is None or directory.state != DirectoryState.LOADED:
        raise NotFound("no such edition is loaded")
    plain = canonical(postcode)
    found = None if plain is None else store.look_up(session, directory.edition, plain)
    if found is None:
        raise NotFound("the edition does not have this postcode")
    return Found(directory.edition, found)


def _of_job(session: Session, job: str) -> PostcodeDirectory:
    directory = store.of_job(session, job)
    if directory is None:
        raise NotFound("the edition is not being loaded any more")
    return directory
