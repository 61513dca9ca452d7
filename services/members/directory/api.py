"""The routes of this room, the ones that are called most first."""

from services.members.directory.affiliations.api import router as affiliations
from services.members.directory.bulk.api import router as bulk
from services.members.directory.crm.api import internal as from_crm
from services.members.directory.custom_fields.api import router as custom_fields
from services.members.directory.duplicates.api import router as duplicates
from services.members.directory.exports.api import router as exports
from services.members.directory.handing_on.api import internal as handing_on
from services.members.directory.imports.api import router as imports
from services.members.directory.merging.api import router as merging
from services.members.directory.organisations.api import router as organisations
from services.members.directory.people.api import router as people
from services.members.directory.search.api import router as search
from services.members.directory.segments.api import router as segments
from services.members.directory.signups.api import router as signups
from services.members.directory.timeline.api import router as timeline

routers = (
    signups,
    duplicates,  # before people, whose paths would take the word for an id
    exports,  # and so would it of this one
    people,
    search,
    segments,
    organisations,
    affiliations,
    custom_fields,
    merging,
    timeline,
    imports,
    bulk,
    handing_on,
    from_crm,
)
