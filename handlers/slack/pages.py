"""The pages that an installation ends on, in both languages: only Slack knows whose browser it is. Pure."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from html import escape
from typing import Literal

Ending = Literal["done", "denied", "state", "code", "busy", "stored", "refused"]

_STYLE = """
:root { color-scheme: light dark; --ink: light-dark(#1b2430, #e4e9f0); --dim: light-dark(#566273, #9aa7b8);
  --paper: light-dark(#f5f7fa, #12171f); --panel: light-dark(#ffffff, #1a212c); --rule: light-dark(#dde3ea, #2b3543); }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 16px/1.6 system-ui, sans-serif; color: var(--ink);
  background: var(--paper); }
main { max-width: 34rem; margin: 1rem; padding: 2rem; background: var(--panel); border: 1px solid var(--rule); border-radius: 12px; }
h1 { margin: 0 0 .75rem; font-size: 1.3rem; }
section + section { margin-top: 1.5rem; padding-top: 1.5rem; border-top: 1px solid var(--rule); }
p { margin: .5rem 0; } code { font: .95em ui-monospace, monospace; overflow-wrap: anywhere; } .why { color: var(--dim); font-size: .9rem; }
a { color: inherit; }
"""
# ending → (status, (title, what to do) in English, the same in Chinese)
_SAID: Mapping[Ending, tuple[int, tuple[str, str], tuple[str, str]]] = {
    "done": (
        200,
        ("Installed in {name}", "Give {team} to whoever runs this desk, as your merchant's slack_team_id. Then type /ticket help."),
        ("Deskbell 已安装到 {name}", "请将 {team} 提供给工单系统管理员，作为商户的 slack_team_id。然后在 Slack 输入 /ticket 帮助。"),
    ),
    "denied": (
        403,
        ("Nothing was installed", "You, or Slack for you, said no. If your workspace wants an approval, ask its owner; then start again."),
        ("未安装", "您或 Slack 拒绝了安装。如工作区需要审批，请联系其所有者，然后重新开始。"),
    ),
    "state": (
        400,
        ("This link is not from here", "It was opened in another browser, was used before, or is over ten minutes old. Start again here."),
        ("链接无效", "链接来自其他浏览器、已被使用或已超过十分钟。请在此重新开始。"),
    ),
    "code": (
        400,
        ("Slack did not take its own code", "It was used before, or has expired. If the app is not in your workspace yet, start again."),
        ("Slack 未接受授权码", "授权码已被使用或已过期。如工作区中还没有本应用，请重新开始。"),
    ),
    "busy": (
        503,
        ("Slack does not answer", "Nothing was stored. Wait a minute, then start again."),
        ("Slack 没有响应", "未保存任何内容。请稍候一分钟，然后重新开始。"),
    ),
    "stored": (
        503,
        ("It could not be stored", "Slack agreed, but our side has trouble. Wait a minute, then start again; nothing is installed twice."),
        ("保存失败", "Slack 已同意，但本系统暂时出错。请稍候一分钟，然后重新开始；不会重复安装。"),
    ),
    "refused": (
        502,
        ("Slack refused", "Whoever runs this desk must look at the app's settings: its client id, its secret, its redirect URL."),
        ("Slack 拒绝了请求", "请联系工单系统管理员检查应用设置：Client ID、Client Secret 与重定向地址。"),
    ),
}  # fmt: skip


def policy() -> str:
    """Their Content-Security-Policy: their own style and nothing else."""
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"


def page(ending: Ending, *, name: str = "", team: str = "", why: str = "") -> tuple[int, str]:
    """Status and HTML. `why` is Slack's own word for it."""
    status, english, chinese = _SAID[ending]
    again = "" if ending == "done" else '<p><a href="/slack/install">Start again · 重新开始</a></p>'
    reason = f'<p class="why"><code>{escape(why[:80])}</code></p>' if why else ""
    parts = "".join(
        f'<section lang="{lang}"><h1>{_filled(title, name, team)}</h1><p>{_filled(text, name, team)}</p></section>'
        for lang, (title, text) in (("en", english), ("zh", chinese))
    )
    return status, (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{_filled(english[0], name, team)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body><main>{parts}{again}{reason}</main></body></html>"
    )


def _filled(text: str, name: str, team: str) -> str:
    return escape(text).format(name=escape(name), team=f"<code>{escape(team)}</code>" if team else "")
