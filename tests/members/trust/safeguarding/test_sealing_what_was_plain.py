"""Whoever was kept apart before safeguarding had keys of its own is kept apart by them after the migration."""

from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from services.members.trust.safeguarding.keep_apart.models import KeptApart
from shared.db import open_database
from shared.db.migrate import ROOT
from shared.secrets import Secrets
from shared.settings import Settings

BEFORE, SEALED = "0034", "0035"


def test_pairs_that_were_plain_are_sealed_and_found_and_the_plain_table_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKBONE_DATA_DIR", str(tmp_path))
    engine = open_database(f"sqlite:///{tmp_path / 'members.db'}").engine
    config = Config(str(ROOT / "alembic.ini"), ini_section="members")
    config.set_main_option("script_location", str(ROOT / "services" / "members" / "migrations"))
    config.attributes["engine"] = engine
    command.upgrade(config, BEFORE)
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO kept_apart (movement, id, person, other, review_on, recorded_by, recorded_at)"
                " VALUES ('m', 'apart_1', 'person_1', 'person_2', '2027-01-01', 'user_1', 1760000000000000)"
            )
        )
    command.upgrade(config, SEALED)
    keys = Secrets.load(Settings(), "members").rings["safeguarding"]
    with engine.connect() as connection:
        ((id_, sealed),) = connection.execute(sa.text("SELECT id, sealed FROM apart_pairs")).all()
        terms = set(connection.scalars(sa.text("SELECT term FROM safeguarding_terms")))
        assert not sa.inspect(connection).has_table("kept_apart")
    pair = msgspec.json.decode(keys.open(sealed, bound_to=b"apart_pairs\nm\napart_1"), type=KeptApart)
    assert (id_, pair.person, pair.other, str(pair.review_on)) == ("apart_1", "person_1", "person_2", "2027-01-01")
    assert pair.in_force
    assert terms == {keys.blind(f"apart_pairs\nm\n{person}") for person in ("person_1", "person_2")}
