"""`codecite codesets` as a person runs it: tables, one JSON document, exit status."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from bot.cli import app
from tests.codesets.loopback_catalogue import Catalogue
from tests.codesets.official_samples import (
    CM_CODES,
    CPT_NOTICE,
    PCS_LINES,
    cm_codes,
    linked_home,
    order,
    zipped,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result


@pytest.fixture
def home(tmp_path: Path, compiled_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = linked_home(compiled_home, tmp_path / "home")
    monkeypatch.setenv("CODECITE_HOME", str(home))
    monkeypatch.setenv("COLUMNS", "220")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.chdir(tmp_path)
    return home


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "icd10pcs_order_2024.txt").write_bytes(order(PCS_LINES))
    (folder / "icd10cm_codes_2024.txt").write_bytes(cm_codes(CM_CODES))
    (folder / "holiday.txt").write_text("We went to the sea.\n")
    return folder


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["codesets", *words])


def document(*words: str) -> Any:
    return json.loads(run(*words, "--json").stdout)


def test_list(home: Path) -> None:
    rows = document("list")["codesets"]
    assert [(row["system"], row["release"], row["origin"]) for row in rows] == [
        ("icd10cm", "FY2026-04", "packaged"),
        ("icd10cm", "FY2027", "packaged"),
    ]
    assert rows[1]["effective"] == {"from": "2026-10-01", "to": "2027-03-31"}
    assert rows[1]["counts"]["valid"] == 74_879
    shown = run("list")
    assert shown.exit_code == 0
    for word in ("FY2027", "2026-10-01", "74,879 valid", "Public domain"):
        assert word in shown.stdout


def test_install_tells_what_each_file_was(home: Path, inbox: Path) -> None:
    shown = run("install", str(inbox))
    assert shown.exit_code == 0
    for word in ("icd10pcs-order", "FY2024", "2 valid", "holiday.txt", "left alone"):
        assert word in shown.stdout
    assert "3 files: 2 installed, 1 unknown." in shown.stderr
    again = document("install", str(inbox))
    assert again["ok"] is True
    assert {f["file"]: f["outcome"] for f in again["files"]} == {
        "holiday.txt": "unknown",
        "icd10cm_codes_2024.txt": "unchanged",
        "icd10pcs_order_2024.txt": "unchanged",
    }


def test_cpt_without_and_with_a_licensee(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "SHORT_2026.txt"
    path.write_text(CPT_NOTICE + "99901\tInv svc\r\n")
    refused = run("install", str(path))
    assert refused.exit_code == 1
    assert "--licensee" in refused.stdout
    assert run("install", str(path), "--licensee", "Example Hospital").exit_code == 0
    (row,) = [row for row in document("list")["codesets"] if row["system"] == "cpt"]
    assert (row["release"], row["licensee"]) == ("2026", "Example Hospital")
    assert "Example Hospital" in run("list").stdout


def test_one_bad_file_makes_the_status_1(home: Path, inbox: Path) -> None:
    (inbox / "bad.zip").write_bytes(b"PK\x03\x04 cut")
    result = document("install", str(inbox))
    assert result["ok"] is False
    told = {f["file"]: f["outcome"] for f in result["files"]}
    assert told["bad.zip"] == "failed"
    assert told["icd10pcs_order_2024.txt"] == "installed"
    assert run("install", str(inbox)).exit_code == 1


def test_nothing_to_install(home: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = run("install", str(tmp_path / "empty"))
    assert result.exit_code == 1
    assert "nothing was changed" in result.stderr
    assert run("install").exit_code == 2


def test_diff(home: Path) -> None:
    result = document("diff", "FY2026-04", "FY2027", "--chapter", "9")
    assert result["counts"] == {"added": 9, "deleted": 3, "revised": 0}
    shown = run("diff", "FY2026-04", "FY2027", "--chapter", "9")
    assert "9 added, 3 deleted, 0 revised." in shown.stdout
    assert "I42.00, I42.01, I42.09" in shown.stdout


def test_verify(home: Path, inbox: Path) -> None:
    run("install", str(inbox))
    shown = run("verify")
    assert shown.exit_code == 0
    assert "0 damaged" in shown.stderr
    path = home / "codesets" / "icd10pcs" / "FY2024.sqlite"
    path.write_bytes(path.read_bytes()[:-10])
    shown = run("verify")
    assert shown.exit_code == 1
    assert "1 damaged" in shown.stderr
    result = document("verify")
    assert [f["path"] for f in result["files"] if not f["ok"]] == [str(path)]


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch) -> Iterator[Catalogue]:
    server = Catalogue()
    monkeypatch.setenv("CODECITE_CATALOGUE_URL", server.url)
    yield server
    server.close()


def test_update(home: Path, catalogue: Catalogue) -> None:
    from codesets.catalogue import PAGES

    name = "/files/zip/2031-icd-10-pcs-order-file.zip"
    for path, _ in PAGES:
        catalogue.pages[path] = f'<a href="{name}">order</a>'
    catalogue.files[name] = zipped({"icd10pcs_order_2031.txt": order(PCS_LINES)})
    result = document("update", "--system", "icd10pcs")
    assert result["ok"] is True
    assert [(d["release"], d["outcome"]) for d in result["downloads"]] == [("FY2031", "installed")]
    again = run("update", "--system", "icd10pcs")
    assert again.exit_code == 0
    assert "1 already current." in again.stderr
    catalogue.files[name] = b"<html>moved</html>"
    worse = run("update", "--system", "icd10pcs")
    assert worse.exit_code == 1
    assert "a web page instead" in worse.stderr
    assert "stays" in worse.stderr


def test_update_offline_is_one_line(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codesets.downloading.ATTEMPTS", 1)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        monkeypatch.setenv("CODECITE_CATALOGUE_URL", address)
        result = run("update")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == "127.0.0.1 could not be reached; nothing was changed.\n"


@pytest.mark.parametrize("url", ["ftp://www.cms.gov", "www.cms.gov", "https://"])
def test_a_catalogue_must_be_a_web_address(
    home: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("CODECITE_CATALOGUE_URL", url)
    result = run("list")
    assert result.exit_code == 1
    assert "CODECITE_CATALOGUE_URL" in str(result.exception)


def test_no_command_loads_a_model_stack(home: Path) -> None:
    """In a process of its own: what other tests imported does not count."""
    script = (
        "import sys; from typer.testing import CliRunner; from bot.cli import app;"
        "CliRunner().invoke(app, ['codesets', 'list']);"
        "print([m for m in ('torch', 'chromadb', 'retrieval.search', 'retrieval.index')"
        " if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]"
