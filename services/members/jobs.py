"""The long work that this service does in jobs: every kind of it."""

from services.members.directory.bulk.work import PeopleBulkKind
from services.members.directory.imports.work import PeopleImportKind
from services.members.life.mailings.work import MailingKind
from services.members.trust.archives.work import ArchiveKind, ReleaseKind
from shared.jobs.work import Kind

KINDS: list[Kind] = [PeopleImportKind(), PeopleBulkKind(), ArchiveKind(), ReleaseKind(), MailingKind()]
