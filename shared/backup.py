"""Backups of the embedded suite: one archive of every SQLite file as of one moment, checked before it is believed.

An archive is a tar.gz whose first member, `manifest.json`, lists the size and the SHA-256 of each of the others. It
shows damage, not forgery: keep it where only its owner can write. The secrets go into an archive of their own, so that
the data alone opens nothing that is sealed.
"""

import asyncio
import hashlib
import io
import os
import sqlite3
import tarfile
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack, closing, contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Literal

import msgspec

from shared import clock
from shared.db import Database

_MANIFEST = "manifest.json"
_MANIFEST_MOST = 1024 * 1024
_BLOCK = 1024 * 1024

Kind = Literal["data", "secrets"]


class BackupRefused(Exception):
    """Nothing was written or restored; the text says why."""


class Listed(msgspec.Struct, frozen=True):
    """What an archive must hold of one file."""

    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What an archive holds; `made_at` is an RFC 3339 instant."""

    kind: Kind
    made_at: str
    files: dict[str, Listed]
    format: Literal[1] = 1


async def take(databases: Mapping[str, Database], log: Path, archive: Path) -> Manifest:
    """Back up open SQLite databases and the embedded log's file into a new archive.

    Every writer is paused while the files are copied; requests that write wait. The log is copied last: it may hold
    events that the copies do not yet call published (they are sent again, and known as duplicates), never too few.
    Raises BackupRefused, or OSError where the archive cannot be written; then there is no archive.
    """
    with _scratch(archive) as folder:
        async with AsyncExitStack() as paused:
            for database in databases.values():
                await paused.enter_async_context(database.paused())
            for name, database in databases.items():
                await database.snapshot(folder / f"{name}.db")
            await asyncio.to_thread(_copy_sqlite, log, folder / log.name)
        return await asyncio.to_thread(_checked_and_packed, folder, archive)


def pack(folder: Path, kind: Kind, archive: Path) -> Manifest:
    """Write every file under a folder into a new archive, complete or not at all. Symbolic links are not followed."""
    refuse_unless_new(archive)
    names = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink() and not path.name.startswith(".")
    )
    files = {name: Listed((folder / name).stat().st_size, _sha256(folder / name)) for name in names}
    manifest = Manifest(kind, clock.now().isoformat(), files)
    partial = archive.with_name(archive.name + ".partial")
    try:
        with open(partial, "wb", opener=_private) as file:
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as tar:
                _add(tar, _MANIFEST, io.BytesIO(msgspec.json.encode(manifest)))
                for name in names:
                    with open(folder / name, "rb") as content:
                        _add(tar, name, content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(archive)
    finally:
        partial.unlink(missing_ok=True)
    return manifest


def restore(archive: Path, target: Path, also: Mapping[str, Path]) -> Manifest:
    """Restore an archive of data into a folder that is missing or empty: wholly and checked, or not at all.

    `also` maps folders within it to archives of secrets. Raises BackupRefused where the target holds anything, or an
    archive is damaged, altered or of the other kind.
    """
    if target.exists() and any(target.iterdir()):
        raise BackupRefused(f"{target} is not empty: restore into a folder that is new")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=target.parent) as scratch:
        folder = Path(scratch) / "files"
        manifest = _unpacked(archive, "data", folder)
        for name, secrets in also.items():
            _unpacked(secrets, "secrets", folder / name)
        for path in folder.glob("*.db"):
            _check_sqlite(path)
        folder.replace(target)
    return manifest


def refuse_unless_new(archive: Path) -> None:
    """Raise BackupRefused unless an archive can be made at this path without taking the place of anything."""
    if archive.exists():
        raise BackupRefused(f"{archive} is there already: nothing is overwritten")
    if not archive.parent.is_dir():
        raise BackupRefused(f"{archive.parent} is not a folder")


def _unpacked(archive: Path, kind: Kind, folder: Path) -> Manifest:
    folder.mkdir(mode=0o700)
    try:
        with tarfile.open(archive, mode="r:gz") as tar:
            return _unpack(tar, archive, kind, folder)
    except (tarfile.TarError, EOFError, OSError, zlib.error, msgspec.MsgspecError) as error:
        raise BackupRefused(f"{archive} cannot be read as a backup ({type(error).__name__})") from error


def _unpack(tar: tarfile.TarFile, archive: Path, kind: Kind, folder: Path) -> Manifest:
    first = tar.next()
    if first is None or first.name != _MANIFEST or not first.isreg() or first.size > _MANIFEST_MOST:
        raise BackupRefused(f"{archive} does not begin with a manifest")
    manifest = msgspec.json.decode(_content(tar, first).read(), type=Manifest)
    if manifest.kind != kind:
        raise BackupRefused(f"{archive} is a backup of {manifest.kind}, not of {kind}")
    missing = set(manifest.files)
    while (member := tar.next()) is not None:
        if member.name not in missing or not member.isreg() or not _stays_inside(member.name):
            raise BackupRefused(f"{archive} holds {member.name}, which its manifest does not list")
        missing.remove(member.name)
        _write_checked(_content(tar, member), manifest.files[member.name], folder / member.name)
    if missing:
        raise BackupRefused(f"{archive} lacks {', '.join(sorted(missing))}")
    return manifest


def _write_checked(content: IO[bytes], listed: Listed, path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, left = hashlib.sha256(), listed.bytes
    with open(path, "xb", opener=_private) as file:
        while block := content.read(_BLOCK):
            left -= len(block)
            if left < 0:
                break
            digest.update(block)
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    if left != 0 or digest.hexdigest() != listed.sha256:
        raise BackupRefused(f"{path.name} in the archive is not the file that was backed up")


def _checked_and_packed(folder: Path, archive: Path) -> Manifest:
    for path in sorted(folder.iterdir()):
        _check_sqlite(path)
    return pack(folder, "data", archive)


def _check_sqlite(path: Path) -> None:
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        try:
            (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        except sqlite3.DatabaseError as error:
            verdict = str(error)
    if verdict != "ok":
        raise BackupRefused(f"{path.name} is damaged: {verdict}")


def _copy_sqlite(source: Path, target: Path) -> None:
    uri = f"{source.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as reading, closing(sqlite3.connect(target)) as writing:
        reading.backup(writing)


@contextmanager
def _scratch(archive: Path) -> Iterator[Path]:
    """A private folder beside the archive, on the disk that must have the room anyway."""
    refuse_unless_new(archive)
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=archive.parent) as folder:
        yield Path(folder)


def _add(tar: tarfile.TarFile, name: str, content: IO[bytes]) -> None:
    """Add one file with nothing of this machine in it: no user, no group, no time."""
    member = tarfile.TarInfo(name)
    member.size = content.seek(0, os.SEEK_END)
    member.mode = 0o600
    content.seek(0)
    tar.addfile(member, content)


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    content = tar.extractfile(member)
    if content is None:
        raise BackupRefused(f"{member.name} in the archive is not a file")
    return content


def _stays_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts


def _sha256(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)
