"""A card as an HTML mail that survives Gmail, Outlook and QQ mail: tables, inline styles, no scripts, pictures, links or style sheets.

Outlook for Windows draws with Word's engine: no max-width, border-radius or padding but on cells, so that everything stands in tables.
https://learn.microsoft.com/en-us/previous-versions/office/developer/office-2007/aa338201(v=office.12)
"""

from __future__ import annotations

from html import escape

from bot.card import Button, Card, Field, Quote, Tone
from handlers.email.clean import clean
from handlers.email.plain import LINE, QUOTE, VALUE
from handlers.email.words import word

_FONT = "font-family:'Segoe UI','PingFang SC','Microsoft YaHei','Noto Sans CJK SC',Helvetica,Arial,sans-serif;"
_MONO = "font-family:Consolas,Menlo,'Courier New',monospace;"
_WRAP = "word-break:break-word;overflow-wrap:anywhere;"  # one endless word must not push the page wide
_HEADING = "margin:0 0 14px;font-size:19px;line-height:1.4;font-weight:600;color:#111827;"
_CELL = f"border-bottom:1px solid #f0f1f3;{_FONT}{_WRAP}font-size:14px;"
_TONES: dict[Tone, str] = {"info": "#2563eb", "warn": "#d97706", "alarm": "#dc2626", "good": "#16a34a", "quiet": "#6b7280"}
_TABLE = '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"'

_FRAME = """\
<!DOCTYPE html>
<html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light"><title>{title}</title></head>
<body style="margin:0;padding:0;background-color:#f3f4f6;">
{table} bgcolor="#f3f4f6"><tr><td align="center" style="padding:24px 12px;">
<!--[if mso]><table role="presentation" width="600" cellpadding="0" cellspacing="0"><tr><td><![endif]-->
{table} bgcolor="#ffffff" style="max-width:600px;table-layout:fixed;border:1px solid #e5e7eb;">
<tr><td bgcolor="{colour}" height="6" style="height:6px;line-height:6px;font-size:0;background-color:{colour};">&nbsp;</td></tr>
<tr><td style="padding:24px 28px;{font}{wrap}font-size:15px;line-height:1.6;color:#1f2937;">
{inside}
</td></tr></table>
<!--[if mso]></td></tr></table><![endif]-->
</td></tr></table>
</body></html>
"""


def page(card: Card, locale: str) -> str:
    """The card as a whole HTML document. Every string in it is escaped."""
    parts = [_title(card.title), *(_line(line) for line in card.lines)]
    parts += [_fields(card.fields)] if card.fields else []
    parts += [_quote(quote, locale) for quote in card.quotes]
    parts += [_typed(card.buttons, locale)] if card.buttons else []
    parts.append(_footer(card.footer, locale))
    return _framed(card.title, locale, _TONES[card.tone], "\n".join(parts))


def letter(text: str, locale: str) -> str:
    """A person's own words, to a person: paragraphs and nothing else."""
    lang = "zh-CN" if locale.startswith("zh") else "en"
    paragraphs = "".join(f'<p dir="auto" style="margin:0 0 1em;">{_br(part)}</p>' for part in text.split("\n\n"))
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}"><head><meta charset="utf-8"></head>\n'
        f'<body style="margin:16px;{_FONT}{_WRAP}font-size:15px;line-height:1.6;color:#1f2937;">\n{paragraphs}\n</body></html>\n'
    )


def _framed(title: str, locale: str, colour: str, inside: str) -> str:
    return _FRAME.format(
        lang="zh-CN" if locale.startswith("zh") else "en", title=_text(title, VALUE), table=_TABLE, colour=colour, font=_FONT,
        wrap=_WRAP, inside=inside,
    )  # fmt: skip


def _text(text: str, most: int, more: str = "…") -> str:
    return escape(clean(text, most, more))


def _br(text: str) -> str:
    return escape(text).replace("\n", "<br>\n")


def _title(title: str) -> str:
    return f'<h1 dir="auto" style="{_HEADING}">{_text(title, VALUE)}</h1>'


def _line(line: str) -> str:
    return f'<p dir="auto" style="margin:0 0 10px;">{_br(clean(line, LINE))}</p>'


def _fields(fields: tuple[Field, ...]) -> str:
    label = f'<td width="32%" valign="top" style="padding:7px 12px 7px 0;{_CELL}color:#6b7280;">'
    value = f'<td valign="top" dir="auto" style="padding:7px 0;{_CELL}color:#111827;">'
    rows = [f"<tr>{label}{_text(each.label, VALUE)}</td>{value}{_text(each.value, VALUE)}</td></tr>" for each in fields]
    return f'{_TABLE} style="margin:14px 0 18px;table-layout:fixed;">{"".join(rows)}</table>'


def _quote(quote: Quote, locale: str) -> str:
    said = _br(clean(quote.text, QUOTE, word("cut", locale)) or word("nothing", locale))
    return (
        '<blockquote style="margin:0 0 14px;padding:10px 14px;border-left:4px solid #d1d5db;background-color:#f9fafb;">'
        f'<div dir="auto" style="font-size:13px;color:#6b7280;margin:0 0 4px;">{_text(quote.author, VALUE)}</div>'
        f'<div dir="auto" style="color:#374151;{_WRAP}">{said}</div></blockquote>'
    )


def _typed(buttons: tuple[Button, ...], locale: str) -> str:
    words = f'<td valign="top" width="44%" style="padding:3px 12px 3px 0;{_MONO}{_WRAP}font-size:13px;color:#111827;">'
    label = f'<td valign="top" style="padding:3px 0;{_FONT}font-size:13px;color:#6b7280;">'
    rows = [f"<tr>{words}{_text(each.words, VALUE)}</td>{label}{_text(each.label, VALUE)}</td></tr>" for each in buttons]
    hint = f'<p style="margin:18px 0 6px;font-size:13px;color:#6b7280;">{escape(word("act", locale))}</p>'
    return f'{hint}{_TABLE} style="table-layout:fixed;">{"".join(rows)}</table>'


def _footer(footer: str, locale: str) -> str:
    lines = [_text(footer, VALUE)] if footer else []
    lines.append(escape(word("automatic", locale)))
    return (
        '<div style="margin:22px 0 0;padding:12px 0 0;border-top:1px solid #e5e7eb;font-size:12px;line-height:1.6;color:#6b7280;">'
        f"{'<br>'.join(lines)}</div>"
    )
