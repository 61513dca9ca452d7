"""After a rotation the newest key seals every record again: the old key can be taken away, and nothing is lost."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy.orm import Session

from services.members.trust.safeguarding import models
from services.members.trust.safeguarding.resealing import reseal
from services.members.trust.safeguarding.tables import SEALED_KINDS
from shared.ids import new_id
from shared.secrets import Secrets, rotate_encryption
from shared.testing.caller import Json
from shared.testing.eventually import eventually
from shared.testing.service import Alone
from tests.members.caller import Caller

LISTS = ("/v1/concerns", "/v1/protected-people", "/v1/keep-apart")
LEADS = frozenset({"safeguarding:read", "safeguarding:write"})


def test_no_sealed_table_is_missed() -> None:
    assert {kind.table for kind in SEALED_KINDS} == set(models.SealedRow.__subclasses__())


async def test_what_an_older_key_sealed_is_read_by_the_newest_alone(
    service: Alone, service_url: str, tmp_path: Path, secrets_dir: Path, vouching: Secrets
) -> None:
    movement, keys = new_id("movement"), Path(shutil.copytree(secrets_dir, tmp_path / "keys"))

    @asynccontextmanager
    async def started() -> AsyncIterator[tuple[FastAPI, Caller, Caller]]:
        async with (
            service.running(service_url, tmp_path, keys) as app,
            Caller(app, vouching, movement, user=new_id("user")) as user,
            Caller(app, vouching, movement, LEADS, user=new_id("user")) as lead,
        ):
            yield app, user, lead

    async with started() as (app, user, lead):
        await _kept(user, lead)
        before = await _shown(lead)
        assert await reseal(app.state.parts) == 0
    rotate_encryption(keys, "members")
    async with started() as (app, _, lead):
        await eventually(lambda: _marked(app, b"k2:"), within=20)
    ring = keys / "members" / "safeguarding_keys"
    ring.write_text(ring.read_text(encoding="utf-8").partition(",")[0], encoding="utf-8")
    async with started() as (app, _, lead):
        assert await _shown(lead) == before
        about = before["/v1/concerns"]["data"][0]["about"]
        assert [row["id"] for row in (await lead.get("/v1/concerns", about=about))["data"]]
        count = sa.text("SELECT count(*) FROM safeguarding_terms")
        assert await app.state.parts.db.read(lambda session: session.scalar(count)) == 5


async def _kept(user: Caller, lead: Caller) -> None:
    zeb, wendy = await user.person("Zeb"), await user.person("Wendy")
    await user.post("/v1/concerns", {"words": "He flinches.", "about": zeb})
    await lead.post("/v1/protected-people", {"person": zeb, "reason": "A court order."})
    await lead.post("/v1/keep-apart", {"person": zeb, "other": wendy})


async def _shown(lead: Caller) -> dict[str, Json]:
    return {path: await lead.get(path) for path in LISTS}


async def _marked(app: FastAPI, mark: bytes) -> bool:
    """Whether a key seals all that is sealed."""

    def sealed(session: Session) -> list[bytes]:
        return [row for kind in SEALED_KINDS for row in session.scalars(sa.select(kind.table.sealed))]

    rows = await app.state.parts.db.read(sealed)
    return bool(rows) and all(row.startswith(mark) for row in rows)
