import asyncio
import io
import json
import sqlite3
import tarfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from shared import backup
from shared.backup import BackupRefused
from shared.db import Database, Session, open_database
from shared.db.hot import hot

METADATA = sa.MetaData()
NOTES = sa.Table("notes", METADATA, sa.Column("id", sa.Integer, primary_key=True), sa.Column("text", sa.Text))
NOTE = hot(sa.insert(NOTES))


@pytest.fixture
async def databases(tmp_path: Path) -> AsyncIterator[dict[str, Database]]:
    (tmp_path / "data").mkdir()
    opened = {name: open_database(f"sqlite:///{tmp_path / 'data' / name}.db") for name in ("members", "grants")}
    for database in opened.values():
        await database.open()
        await database.write(_create)
        await database.write(_note, 1)
    yield opened
    for database in opened.values():
        await database.close()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "bus.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE record (id INTEGER PRIMARY KEY)")
    connection.close()
    return path


@pytest.fixture
async def archive(tmp_path: Path, databases: dict[str, Database], log: Path) -> Path:
    await backup.take(databases, log, tmp_path / "archive.tar.gz")
    return tmp_path / "archive.tar.gz"


def _create(session: Session) -> None:
    METADATA.create_all(session.connection())


def _note(session: Session, number: int) -> None:
    NOTE.run(session, {"id": number, "text": "a note"})


def _numbers(path: Path) -> list[int]:
    connection = sqlite3.connect(path)
    try:
        return [number for (number,) in connection.execute("SELECT id FROM notes ORDER BY id")]
    finally:
        connection.close()


def test_what_was_backed_up_is_restored(archive: Path, tmp_path: Path) -> None:
    manifest = backup.restore(archive, tmp_path / "restored", {})
    assert manifest.files.keys() == {"members.db", "grants.db", "bus.db"}
    assert sorted(path.name for path in (tmp_path / "restored").iterdir()) == ["bus.db", "grants.db", "members.db"]
    assert _numbers(tmp_path / "restored" / "members.db") == [1]


def test_an_archive_and_what_is_restored_are_their_owners_alone(archive: Path, tmp_path: Path) -> None:
    backup.restore(archive, tmp_path / "restored", {})
    assert archive.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "restored").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "restored" / "members.db").stat().st_mode & 0o777 == 0o600


async def test_the_copies_are_of_one_moment_while_others_go_on_writing(
    tmp_path: Path, databases: dict[str, Database], log: Path
) -> None:
    """Each number goes to members and then to grants, so grants can lack the last one and nothing else."""

    async def keep_writing() -> None:
        for number in range(2, 10_000):
            await databases["members"].write(_note, number)
            await databases["grants"].write(_note, number)

    writing = asyncio.create_task(keep_writing())
    for attempt in range(5):
        await databases["grants"].write(_note, -1 - attempt)
        await backup.take(databases, log, tmp_path / f"{attempt}.tar.gz")
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    for attempt in range(5):
        folder = tmp_path / f"restored-{attempt}"
        backup.restore(tmp_path / f"{attempt}.tar.gz", folder, {})
        members, grants = _numbers(folder / "members.db"), [n for n in _numbers(folder / "grants.db") if n > 0]
        assert grants in (members, members[:-1])


async def test_writes_go_on_after_a_backup(databases: dict[str, Database], archive: Path) -> None:
    await databases["members"].write(_note, 2)
    assert await databases["members"].read(lambda session: session.scalar(sa.select(sa.func.count(NOTES.c.id)))) == 2


async def test_nothing_is_overwritten_by_a_backup(databases: dict[str, Database], log: Path, archive: Path) -> None:
    before = archive.read_bytes()
    with pytest.raises(BackupRefused, match="nothing is overwritten"):
        await backup.take(databases, log, archive)
    assert archive.read_bytes() == before


async def test_a_damaged_database_is_told_and_not_archived(tmp_path: Path, databases: dict[str, Database]) -> None:
    damaged = tmp_path / "damaged.db"
    with sqlite3.connect(damaged) as connection:
        connection.execute("CREATE TABLE record (id INTEGER PRIMARY KEY, text TEXT)")
        connection.executemany("INSERT INTO record (text) VALUES (?)", [("x" * 500,) for _ in range(200)])
    connection.close()
    content = bytearray(damaged.read_bytes())
    content[4096 * 3 : 4096 * 4] = b"\x7f" * 4096
    damaged.write_bytes(content)
    with pytest.raises(BackupRefused, match=r"damaged\.db is damaged"):
        await backup.take(databases, damaged, tmp_path / "never.tar.gz")
    assert not (tmp_path / "never.tar.gz").exists()
    assert not list(tmp_path.glob(".backup-*"))


def test_a_folder_that_holds_anything_is_left_alone(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "grants.db").write_text("somebody's")
    with pytest.raises(BackupRefused, match="is not empty"):
        backup.restore(archive, tmp_path / "used", {})
    assert (tmp_path / "used" / "grants.db").read_text() == "somebody's"


def test_the_secrets_come_back_with_the_data_or_not_at_all(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "secrets" / "gateway").mkdir(parents=True)
    (tmp_path / "secrets" / "gateway" / "key_pepper").write_text("pepper")
    backup.pack(tmp_path / "secrets", "secrets", tmp_path / "keys.tar.gz")
    backup.restore(archive, tmp_path / "restored", {"secrets": tmp_path / "keys.tar.gz"})
    assert (tmp_path / "restored" / "secrets" / "gateway" / "key_pepper").read_text() == "pepper"

    with pytest.raises(BackupRefused, match="not of secrets"):
        backup.restore(archive, tmp_path / "again", {"secrets": archive})
    assert not (tmp_path / "again").exists()


Members = list[tuple[tarfile.TarInfo, bytes]]


def _drop_the_last(members: Members) -> None:
    members.pop()


def _change_a_byte(members: Members) -> None:
    member, content = members[-1]
    members[-1] = (member, content[:-1] + bytes([content[-1] ^ 1]))


def _add_a_file(members: Members) -> None:
    extra = tarfile.TarInfo("extra.db")
    members.append((extra, b""))


def _climb_out(members: Members) -> None:
    manifest = json.loads(members[0][1])
    manifest["files"]["../escaped.db"] = manifest["files"].pop(members[-1][0].name)
    members[0] = (members[0][0], json.dumps(manifest).encode())
    members[-1][0].name = "../escaped.db"


def _link_out(members: Members) -> None:
    members[-1][0].type = tarfile.SYMTYPE
    members[-1][0].linkname = "/etc/passwd"
    members[-1] = (members[-1][0], b"")


def _drop_the_manifest(members: Members) -> None:
    del members[0]


def _write_nonsense(members: Members) -> None:
    members[0] = (members[0][0], b"{")


@pytest.mark.parametrize(
    "tamper",
    [_drop_the_last, _change_a_byte, _add_a_file, _climb_out, _link_out, _drop_the_manifest, _write_nonsense],
)
def test_an_altered_archive_restores_nothing(archive: Path, tmp_path: Path, tamper: Callable[[Members], None]) -> None:
    members: Members = []
    with tarfile.open(archive) as tar:
        for member in tar:
            content = tar.extractfile(member)
            assert content is not None
            members.append((member, content.read()))
    tamper(members)
    with tarfile.open(tmp_path / "altered.tar.gz", "w:gz") as tar:
        for member, text in members:
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text))

    with pytest.raises(BackupRefused):
        backup.restore(tmp_path / "altered.tar.gz", tmp_path / "restored", {})
    assert not (tmp_path / "restored").exists()
    assert not (tmp_path / "escaped.db").exists()
    assert not list(tmp_path.glob(".restore-*"))


@pytest.mark.parametrize("kept", [0, 10, 500])
def test_an_archive_cut_short_restores_nothing(archive: Path, tmp_path: Path, kept: int) -> None:
    (tmp_path / "short.tar.gz").write_bytes(archive.read_bytes()[:kept])
    with pytest.raises(BackupRefused):
        backup.restore(tmp_path / "short.tar.gz", tmp_path / "restored", {})
    assert not (tmp_path / "restored").exists()
