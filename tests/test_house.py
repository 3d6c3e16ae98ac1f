"""The house keeps its own rules: files that answer one question, the words of the contract, nothing of a machine."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from bot.commands import registry
from bot.settings import Settings
from handlers.edge import known

ROOT = Path(__file__).parent.parent
SOURCES = [ROOT / "run_bot.py", *(path for folder in ("bot", "handlers", "storage") for path in sorted((ROOT / folder).rglob("*.py")))]
VERBS = {
    "list": ("列表", "查询"), "show": ("查看",), "order": ("订单",), "new": ("新建",), "claim": ("认领",), "release": ("释放",),
    "priority": ("优先级",), "assign": ("转派",), "note": ("备注",), "reply": ("回复",), "pending": ("待回复",), "resolve": ("解决",),
    "close": ("关闭",), "reopen": ("重开",), "escalate": ("升级",), "why": ("为什么", "计时"), "merge": ("合并",), "snooze": ("稍后",),
    "away": ("离开",), "back": ("回来",), "tag": ("标签",), "stats": ("统计",), "freezes": ("冻结",), "unfreeze": ("解冻",),
    "reviews": ("复核",), "confirm": ("确认",), "dismiss": ("驳回",), "deliveries": ("投递",),
    "retry": ("重发",), "undo": ("撤销",), "report": ("报告",), "setup": ("设置",), "link": ("绑定",), "whoami": ("我",), "lang": ("语言",),
    "help": ("帮助",),
}  # fmt: skip


# They open no file of ours, no socket and no database: rules may use them.
COMPUTE = {
    "structlog",
    "chinesecalendar",
    "holidays",
    "fontpkg_noto_sans_thai",
    "fpdf2",
    "phonenumbers",
    "pillow",
    "pylopdf_fonts_zh_cn",
    "python_stdnum",
}


def lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def test_files_are_short_enough_to_be_read_in_one_go() -> None:
    sizes = sorted(lines(path) for path in SOURCES if path.name != "__init__.py")
    assert statistics.median(sizes) <= 80
    assert sizes[int(len(sizes) * 0.9)] <= 200
    assert [path.name for path in SOURCES if lines(path) > 300] == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_says_first_what_it_answers_and_no_function_outgrows_a_screen(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    assert ast.get_docstring(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and "migrations" not in path.parts:
            assert (node.end_lineno or 0) - node.lineno <= 45, node.name


def test_what_people_type_is_what_was_promised_in_both_languages() -> None:
    found = {verb.name: verb.chinese for verb in registry.all_verbs()}
    for name, chinese in VERBS.items():
        assert set(chinese) <= set(found[name])


def test_the_bots_deny_list_names_every_library_that_is_installed_to_run() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    rules = project["tool"]["importlinter"]["contracts"]
    denied = next(rule["forbidden_modules"] for rule in rules if rule["type"] == "forbidden" and rule["source_modules"] == ["bot"])
    wanted = (ROOT / "requirements/run.in").read_text("utf-8").splitlines()
    names = {re.split(r"[\[<>=~! ]", line)[0] for line in wanted if line[:1].isalpha()}
    modules = {name.replace("-", "_").lower() for name in names} - COMPUTE
    modules = {"dotenv" if name == "python_dotenv" else name for name in modules}
    assert modules <= set(denied)


def test_every_setting_is_explained_in_the_example_or_belongs_to_what_is_to_come() -> None:
    example = (ROOT / ".env.example").read_text("utf-8")
    named = set(re.findall(r"DESKBELL_([A-Z0-9_]+)=", example))
    assert {name.lower() for name in named} <= set(Settings.__dataclass_fields__)
    assert {"DATABASE_URL", "SLACK_BOT_TOKEN", "SMTP_URL", "SLA_TIER1", "SECRET_KEY"} <= named


def test_edges_are_folders_and_the_playground_is_the_demos_alone() -> None:
    assert known() == ["api", "email", "erp", "payments", "reports", "shopify", "slack", "sms", "translate", "webhooks", "wecom"]
    assert known(sending_only=True) == ["email", "erp", "payments", "shopify", "slack", "sms", "translate", "webhooks", "wecom"]


def test_a_worker_imports_no_web_edge() -> None:
    program = (
        "import asyncio, sys, run_bot\n"
        "from contextlib import AsyncExitStack\n"
        "from bot.clock import SystemClock\nfrom bot.settings import Settings\nfrom handlers.edge import World, known, load\n"
        "from storage.cache import open_cache\n"
        "async def main():\n"
        "    async with AsyncExitStack() as stack:\n"
        "        settings = Settings(role='worker', slack_bot_token='xoxb-1', slack_signing_secret='s')\n"
        "        world = World(settings, SystemClock(), open_cache(None, SystemClock()), stack)\n"
        "        for name in known(sending_only=True):\n            await load(name, world)\n"
        "asyncio.run(main())\n"
        "print(sorted({'slack_bolt', 'pydantic', 'prometheus_client', 'alembic', 'handlers.web', 'handlers.api'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_nothing_of_a_machine_or_of_how_it_was_made_stands_in_the_project() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    parts = [rf"(?<![\w.])/{folder}/" for folder in ("work", "root", "farm")] + ["pypi" + r"\.org", "files" + r"\.pythonhosted"]
    words = re.compile("|".join(parts))
    for name in tracked:
        path = ROOT / name
        if path.suffix not in (".png", ".gz", ".model") and path.exists():
            assert not words.search(path.read_text("utf-8")), name
