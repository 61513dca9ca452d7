"""What is said about a mailing tool, and how one is shown: never its key, and the secret of its hook once."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, SecretStr

from services.members.fields import OrganisationId, Slug
from services.members.life.mailings.tools import models
from services.members.life.mailings.tools.models import ToolState
from services.members.life.mailings.vendors.tool import VendorKind
from shared.editing import Changes
from shared.fields import Body, Name, View, line
from shared.ids import Id

ToolId = Annotated[str, Id("mailtool")]
ApiKey = Annotated[SecretStr, Field(min_length=8, max_length=500)]
ListName = Annotated[str, line(100)]


class NewTool(Body):
    """A list in an account of a mailing tool. One list is for one purpose: who leaves the list refuses the purpose."""

    kind: VendorKind
    name: Name = Field(examples=["Our newsletter"])
    organisation: OrganisationId = Field(description="who runs the tool, with whom there is an agreement")
    purpose: Slug = Field(examples=["news"])
    list: ListName = Field(description="the id of the audience (Mailchimp) or the number of the list (Brevo)")
    api_key: ApiKey
    url: Annotated[str, line(500)] | None = Field(
        None,
        description="the address of its API, where that is not the vendor's own",
        examples=["https://eu.example.org/3.0"],
    )


class ToolChanges(Changes):
    """What is to be different about a tool; a field that is left out stays as it is."""

    name: Name | None = None
    api_key: ApiKey | None = None


class Tool(View):
    """A list in an account of a mailing tool, and how it is with keeping it true."""

    id: ToolId
    kind: VendorKind
    name: str
    organisation: OrganisationId
    purpose: str
    list: str
    url: str
    state: ToolState
    synced_at: datetime | None = Field(description="when the list was last made what it is to be")
    trouble: str | None = Field(description="why that last came to nothing", examples=["mailing_tool_away"])
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, tool: models.MailingTool) -> Self:
        """A tool as the API shows it."""
        return cls(
            id=tool.id,
            kind=VendorKind(tool.kind),
            name=tool.name,
            organisation=tool.organisation,
            purpose=tool.purpose,
            list=tool.list,
            url=tool.address,
            state=ToolState(tool.state),
            synced_at=tool.synced_at,
            trouble=tool.trouble,
            version=tool.version,
            created_at=tool.created_at,
            updated_at=tool.updated_at,
        )


class MadeTool(Tool):
    """A tool at the one moment when the path of its hook, which holds a secret, can be shown."""

    hook: str = Field(examples=["/hooks/movement_01j…/mailings/mailtool_01j…/Zk3…"])
