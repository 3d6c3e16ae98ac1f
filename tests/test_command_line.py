"""The command line: exit codes, help, first set-up, a start that fails in one line."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.databases import Postgres

ROOT = Path(__file__).parent.parent


def run(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": "/usr/bin:/bin",
        "DESKBELL_DATABASE_URL": f"sqlite:///{folder}/desk.db",
        "DESKBELL_SECRET_KEY": "a key for these tests",
    }
    environment |= {f"DESKBELL_{name}": value for name, value in settings.items()}
    command = [sys.executable, str(ROOT / "run_bot.py"), "--log-level", "error", *words]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "serve",
        "demo",
        "migrate",
        "doctor",
        "agent add",
        "merchant enable",
        "apikey create",
        "rota add",
        "workspace remove",
        "backup",
        "restore",
        "import",
        "export",
        "risk",
    ],
)
def test_every_command_has_help(tmp_path: Path, words: str) -> None:
    done = run(tmp_path, *words.split(), "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "usage:" in done.stdout


@pytest.mark.parametrize(
    "words",
    ["fly", "agent", "agent add", "agent add x --name X --role king", "backup", "rota", "rota add sara", "rota now --at tomorrow"],
)
def test_wrong_use_exits_2_and_says_so_on_stderr(tmp_path: Path, words: str) -> None:
    done = run(tmp_path, *words.split())
    assert done.returncode == 2
    assert "usage:" in done.stderr


def test_a_wrong_setting_stops_the_start_with_one_line_that_names_it(tmp_path: Path) -> None:
    done = run(tmp_path, "migrate", SLA_TIER1="soon")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "DESKBELL_SLA_TIER1" in done.stderr


@pytest.mark.parametrize("url", ["sqlite:///{folder}/no/such/folder/desk.db", "sqlite:///{folder}", "sqlite:///{folder}/garbage.db"])
def test_a_database_that_cannot_be_opened_stops_the_start_with_one_line_that_names_its_setting(tmp_path: Path, url: str) -> None:
    (tmp_path / "garbage.db").write_text("this is no database\n" * 500)
    for words in ("serve", "migrate", "migrate --check", "doctor"):
        done = run(tmp_path, *words.split(), DATABASE_URL=url.format(folder=tmp_path))
        assert done.returncode == 1, words
        assert done.stderr.count("\n") == 1, (words, done.stderr)
        assert "DATABASE_URL" in done.stderr or "newest" in done.stderr, words


def test_a_server_without_that_database_stops_the_start_with_one_line(tmp_path: Path, postgres: Postgres) -> None:
    for words in ("serve", "migrate"):
        done = run(tmp_path, words, DATABASE_URL=postgres.url("no_such_database"))
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        assert "DESKBELL_DATABASE_URL" in done.stderr
        assert "no_such_database" in done.stderr


def test_a_port_that_is_taken_is_told_in_one_line_that_names_its_setting(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run(tmp_path, "serve", PORT=str(taken.getsockname()[1]))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert "DESKBELL_PORT" in done.stderr


def test_a_schema_is_checked_made_and_then_the_newest(tmp_path: Path) -> None:
    assert run(tmp_path, "migrate", "--check").returncode == 1
    assert run(tmp_path, "migrate").returncode == 0
    assert run(tmp_path, "migrate", "--check").returncode == 0


def test_what_it_writes_is_its_owners_alone(tmp_path: Path) -> None:
    run(tmp_path, "agent", "list")
    assert {oct(path.stat().st_mode)[-3:] for path in tmp_path.iterdir()} == {"600"}


def test_people_and_keys_are_set_up_without_the_api(tmp_path: Path) -> None:
    added = run(tmp_path, "agent", "add", "ada", "--name", "Ada", "--role", "admin", "--slack-user", "U0ADA")
    assert json.loads(added.stdout)["slack_user_id"] == "U0ADA"
    assert "ada\tAda\tadmin" in run(tmp_path, "agent", "list").stdout
    assert re.match(r"[2-9A-Z]{4}-[2-9A-Z]{4}  \(works once", run(tmp_path, "agent", "link", "ada").stdout)
    made = run(tmp_path, "apikey", "create", "console", "--expires", "2999-12-31")
    assert "dk_" in made.stdout
    listed = run(tmp_path, "apikey", "list").stdout
    assert "3000-01-01T00:00:00" in listed
    assert run(tmp_path, "apikey", "create", "late", "--expires", "soon").returncode == 2
    assert made.stdout.split()[0] in listed
    assert made.stdout.split()[1] not in listed
    assert run(tmp_path, "apikey", "revoke", made.stdout.split()[0]).returncode == 0
    assert run(tmp_path, "agent", "remove", "ada").returncode == 0
    gone = run(tmp_path, "agent", "remove", "ada")
    assert gone.returncode == 1
    assert "ada" in gone.stderr


def test_the_rota_says_who_is_on_duty_when(tmp_path: Path) -> None:
    for id in ("sara", "wang"):
        run(tmp_path, "agent", "add", id, "--name", id.title(), "--role", "senior_manager")
    added = run(tmp_path, "rota", "add", "sara", "--hours", "mon-fri 09:00-18:00", "--timezone", "Asia/Shanghai")
    assert (added.returncode, added.stderr) == (0, "")
    shift = ("--from", "2026-11-23T12:00+08:00", "--to", "2026-11-23T13:00+08:00")
    assert run(tmp_path, "rota", "add", "wang", *shift).returncode == 0
    shown = json.loads(run(tmp_path, "rota", "show").stdout)
    assert [each["agent"] for part in ("shifts", "weekly") for each in shown[part]] == ["wang", "sara"]
    there = {hour: run(tmp_path, "rota", "now", "--at", f"2026-11-23T{hour}:30+08:00").stdout for hour in ("10", "12", "20")}
    assert there == {"10": "sara\tSara\n", "12": "wang\tWang\n", "20": "sara\tSara\nwang\tWang\n"}
    nobody = run(tmp_path, "rota", "add", "bo", *shift)
    assert (nobody.returncode, "no senior manager" in nobody.stderr) == (1, True)
    assert run(tmp_path, "rota", "remove", "wang", *shift[:2]).returncode == 0
    gone = run(tmp_path, "rota", "remove", "wang")
    assert (gone.returncode, "not on the roster" in gone.stderr) == (1, True)


def test_a_merchant_from_a_document_is_checked_as_the_api_would(tmp_path: Path) -> None:
    document = tmp_path / "merchant.json"
    document.write_text(json.dumps({"name": "Lumière", "timezone": "Mars/Olympus"}))
    wrong = run(tmp_path, "merchant", "add", "lumiere", str(document))
    assert wrong.returncode == 1
    assert "timezone" in wrong.stderr
    document.write_text(json.dumps({"name": "Lumière"}))
    assert run(tmp_path, "merchant", "add", "lumiere", str(document)).returncode == 0
    lacking = run(tmp_path, "merchant", "enable", "lumiere")
    assert lacking.returncode == 1
    assert "notify" in lacking.stderr


def test_a_missing_file_is_a_failure_not_a_traceback(tmp_path: Path) -> None:
    done = run(tmp_path, "merchant", "add", "x", str(tmp_path / "nothing.json"))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "nothing.json" in done.stderr


def test_the_doctor_says_what_works_and_what_to_mend(tmp_path: Path) -> None:
    well = run(tmp_path, "doctor").stdout
    assert "database: fine" in well
    assert "slack: not set up" in well
    assert "email: not set up" in well
    assert re.search(r"^calendars: (fine|mainland China's holidays of 20\d\d)", well, re.MULTILINE)
    sick = run(tmp_path, "doctor", SMTP_URL="smtp://user:hush-hush@127.0.0.1:9", MAIL_FROM="desk@example.com")
    assert sick.returncode == 1
    assert "email:" in sick.stdout
    assert "hush-hush" not in sick.stdout + sick.stderr
    unsure = run(tmp_path, "doctor", SMS_URL="json://127.0.0.1:9/sms?:to={to}")
    assert unsure.returncode == 0
    assert "sms: the URL is understood; nothing was tried" in unsure.stdout


def test_a_backup_is_restored_with_all_that_was_in_it(tmp_path: Path) -> None:
    run(tmp_path, "agent", "add", "ada", "--name", "Ada", "--role", "admin")
    copy = tmp_path / "copy.db"
    assert run(tmp_path, "backup", str(copy)).returncode == 0
    run(tmp_path, "agent", "remove", "ada")
    assert run(tmp_path, "restore", str(copy)).returncode == 0
    assert "Ada" in run(tmp_path, "agent", "list").stdout
