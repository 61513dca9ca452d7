"""The one place that knows which vendor's adapter belongs to a tool."""

from services.members.life.mailings.tools.domain import key_of
from services.members.life.mailings.tools.models import MailingTool
from services.members.life.mailings.vendors import tool as vendor
from services.members.life.mailings.vendors.brevo import Brevo
from services.members.life.mailings.vendors.mailchimp import Mailchimp
from services.members.life.mailings.vendors.tool import VendorKind
from shared.dialler import Dialler
from shared.parts import Parts


def opened(parts: Parts, tool: MailingTool) -> vendor.MailingTool:
    """The tool, ready to be asked. Raises ToolRefuses where its key or its list cannot be right."""
    dialler = Dialler(to_loopback=parts.settings.webhooks_to_loopback)
    adapter = Mailchimp if VendorKind(tool.kind) is VendorKind.MAILCHIMP else Brevo
    return adapter(dialler, tool.address, key_of(tool, parts.secrets), tool.list)
