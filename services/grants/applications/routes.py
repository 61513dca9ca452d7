"""The routes of applications, in the order in which they are looked through: those of drafts before an id."""

from services.grants.applications.api import router as applications
from services.grants.applications.documents.api import router as documents
from services.grants.applications.drafts.api import router as drafts
from services.grants.applications.questions.api import router as questions
from services.grants.applications.screening.api import router as screening

ROUTERS = (drafts, applications, screening, questions, documents)
