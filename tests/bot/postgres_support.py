"""A real PostgreSQL server from Debian's packages, on loopback, for as long as the tests run."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

EMPTY_JOURNAL = "empty_journal"
"""A database that the tests copy instead of migrating one each."""

_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=64MB")


def programs() -> Path | None:
    """The folder of initdb and postgres, or None where no server is installed."""
    found = shutil.which("postgres")
    if found:
        return Path(found).parent
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"),
        key=lambda path: float(path.parts[-3]),
    )
    return versions[-1].parent if versions else None


def _unprivileged() -> str | None:
    """The user who runs the server: PostgreSQL refuses root. None where no change is needed."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue  # no such account here
    return None


@contextmanager
def postgres_server() -> Iterator[str]:
    """The URL of a fresh server's database `postgres`; skips the test where there is no server."""
    where = programs()
    if where is None:
        pytest.skip("no PostgreSQL server is installed on this machine")
    user = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="codecite-postgres-"))
    if user is not None:
        shutil.chown(folder, user)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    data = folder / "data"

    def run(*words: str) -> None:
        # Neither the server nor its starter may keep the test's pipes open.
        subprocess.run(
            words, check=True, user=user, cwd=folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120,
        )  # fmt: skip

    run(
        str(where / "initdb"), "-D", str(data), "-U", "codecite", "-A", "trust",
        "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
    )  # fmt: skip
    options = " ".join(f"-c {each}" for each in _FAST)
    run(
        str(where / "pg_ctl"), "-D", str(data), "-w", "-t", "60", "-l", str(folder / "log"),
        "-o", f"-h 127.0.0.1 -p {port} -k {folder} {options}", "start",
    )  # fmt: skip
    try:
        yield f"postgresql://codecite@127.0.0.1:{port}/postgres"
    finally:
        run(str(where / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def fresh_database(server: str, name: str, like: str = "template1") -> str:
    """A new database on ``server``, a copy of the one ``like``; the URL of it."""
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
    return server.rsplit("/", 1)[0] + "/" + name
