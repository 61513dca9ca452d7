"""The parts of the service that hand on, publish or send, and what each of them ends when somebody says stop.

What merely reads people asks :func:`services.members.trust.permissions.domain.permitted` whenever it reads, and so
obeys without being told. A part is here for what is standing already and would go on by itself: those of this service
end it as the stop is said; what is elsewhere, another service or a tool of others, answers with a receipt when it has.
"""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy.orm import Session

from services.members.community.assets import domain as assets
from services.members.engagement.gatherings.feeds import domain as feeds
from services.members.engagement.next_asks import domain as next_asks
from services.members.engagement.pledges import publication
from services.members.life.contact_log import domain as contact_log
from services.members.life.mailings.tools import domain as mailing_tools

Part = Callable[[Session, str, str], int | None]
"""Ends what the part has of a person of a movement; how many things that were. None where a tool of others has to end
something too: then the part answers in its own time, as those that are elsewhere do."""

MAILING_LISTS = "mailing_lists"
"""The part whose lists are in tools of others, which take somebody off in their own time."""

PARTS: Mapping[str, Part] = {
    "asset_map": assets.hide_all_of,
    "open_pledges": publication.hide_all_of,
    "calendars": feeds.revoke_all_of,
    "next_asks": next_asks.withdraw_all_of,
    "next_steps": contact_log.drop_steps_of,
    MAILING_LISTS: mailing_tools.let_go_of,
}

ELSEWHERE: Sequence[str] = ("gateway",)
"""The parts that are told and answer in their own time, by :func:`services.members.trust.stops.domain.obeyed`.

The gateway: what other organisations' webhooks and feeds would be told of the person.
"""
