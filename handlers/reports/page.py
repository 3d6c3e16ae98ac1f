"""What is shown instead of a report when its link is no longer good, in both languages: who reads it is unknown."""

from __future__ import annotations

from html import escape

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{ticket}</title><style>body{{font:16px/1.6 system-ui,sans-serif;max-width:36rem;margin:15vh auto;padding:0 1rem;color:#212529}}
h1{{font-size:1.3rem}}@media(prefers-color-scheme:dark){{body{{background:#17191c;color:#e9ecef}}}}</style>
<h1>This link is no longer valid · 链接已失效</h1>
<p>Ask for a new one in the desk: <b>report {ticket}</b>, or open the one in its latest notice.</p>
<p lang="zh">请在工单系统中重新获取：<b>报告 {ticket}</b>，或打开最近一条通知中的链接。</p></html>"""


def over(ticket: str) -> str:
    """The page."""
    return _PAGE.format(ticket=escape(ticket))
