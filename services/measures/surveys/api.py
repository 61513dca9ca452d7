"""The routes of surveys, put together."""

from services.measures.surveys.answering import api as links
from services.measures.surveys.answering import door
from services.measures.surveys.asking import api as asking
from services.measures.surveys.responses import api as responses
from services.measures.surveys.results import api as results

ROUTERS = (asking.router, links.router, door.router, responses.router, results.router)
