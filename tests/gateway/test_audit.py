"""The audit: what is done about access is entered with it, nobody changes it, and an alteration is found."""

import pytest
import sqlalchemy as sa

from services.cli.errors import Refused
from services.cli.upkeep import UPKEEP, Work
from services.gateway.access.audit import domain
from services.gateway.access.audit.models import AuditEntry, AuditHead
from shared.db import Session
from shared.settings import Settings
from tests.gateway.running import ON_ONE_DATABASE, Caller, Gateway, Json


async def entries(caller: Caller, **wanted: str) -> list[Json]:
    answer = await caller.get("/v1/audit", params=wanted)
    assert answer.status_code == 200, answer.text
    found: list[Json] = answer.json()["data"]
    return found


async def test_who_let_whom_in_and_who_ended_it_is_entered_in_its_order(gateway: Gateway) -> None:
    admin = await gateway.admin()
    key = await admin.made("/v1/api-keys", {"name": "CRM", "scopes": ["people:read"]})
    await admin.delete(f"/v1/api-keys/{key['id']}")
    await admin.post("/v1/api-keys", {"name": "", "scopes": []})  # refused: it changes nothing
    told = await entries(gateway.platform)
    assert [each["action"] for each in reversed(told)] == [
        "movement.created", "user.created", "session.opened", "key.created", "key.revoked",
    ]  # fmt: skip
    assert [each["number"] for each in reversed(told)] == [1, 2, 3, 4, 5]
    user = (await admin.get("/v1/me")).json()["user"]["id"]
    made = told[1]
    assert (made["actor"], made["subject"], made["facts"]) == (user, key["id"], {"scopes": "people:read"})
    assert made["request"].startswith("req_")
    assert [each["action"] for each in await entries(gateway.platform, subject=key["id"])] == [
        "key.revoked", "key.created",
    ]  # fmt: skip
    assert len(await entries(gateway.platform, action="key.created")) == 1


@ON_ONE_DATABASE
async def test_a_movement_sees_its_own_chain_and_a_platform_key_the_platforms(gateway: Gateway) -> None:
    there = await gateway.other_movement()
    key = await gateway.key("audit:read", by=there)
    assert [each["action"] for each in await entries(key)] == ["key.created", "movement.created"]
    assert (await key.get("/v1/audit?platform=true")).json()["code"] == "platform_key_needed"
    assert [each["action"] for each in await entries(there, platform="true")] == ["key.created"]
    assert (await (await gateway.key("users:read", by=there)).get("/v1/audit")).status_code == 403


async def test_the_database_itself_refuses_to_change_or_delete_an_entry(gateway: Gateway) -> None:
    for change in (sa.delete(AuditEntry), sa.update(AuditEntry).values(actor="nobody")):

        def alter(session: Session, change: sa.Executable = change) -> None:
            session.execute(change)

        with pytest.raises(sa.exc.DatabaseError, match="only appended to"):
            await gateway.parts.db.write(alter)


async def test_a_chain_that_nobody_altered_holds_and_has_its_earlier_heads(gateway: Gateway) -> None:
    before = await gateway.parts.db.read(domain.verify)
    await gateway.key("people:read")
    after = await gateway.parts.db.read(domain.verify, [(head.number, head.digest) for head in before])
    assert sum(head.number for head in after) == sum(head.number for head in before) + 1
    with pytest.raises(domain.Broken, match="entry 7"):
        await gateway.parts.db.read(domain.verify, [(7, "0" * 64)])


async def test_an_alteration_behind_the_databases_back_is_found(gateway: Gateway) -> None:
    await gateway.key("people:read")
    movement = (await gateway.platform.get("/v1/me")).json()["movement"]["id"]

    def forge(session: Session) -> None:
        head = session.get_one(AuditHead, movement)
        last = session.get_one(AuditEntry, (movement, head.number))
        head.number += 1
        session.add(
            AuditEntry(
                movement=movement, number=head.number, at=last.at, actor="key_1", action="key.created",
                subject="key_2", request=None, facts="{}", digest=last.digest,
            )
        )  # fmt: skip

    await gateway.parts.db.write(forge)
    with pytest.raises(domain.Broken, match="entry 4 is not what was written"):
        await gateway.parts.db.read(domain.verify)


@ON_ONE_DATABASE
async def test_the_command_prints_the_heads_and_takes_an_earlier_one(
    gateway: Gateway, gateway_settings: Settings
) -> None:
    async def verified(expect: str) -> str:
        return await UPKEEP["verify-audit"].run(
            Work(gateway_settings, {"gateway": gateway.parts.db}, {}, {"expect": expect})
        )

    told = await verified("")
    assert "2 chains hold" in told
    head = told.splitlines()[-2].split()[-1]
    await gateway.key("people:read")
    assert "2 chains hold" in await verified(head)
    with pytest.raises(Refused, match="altered"):
        await verified(head.replace(head[-8:], "00000000"))
    with pytest.raises(Refused, match="number:digest"):
        await verified("nonsense")
