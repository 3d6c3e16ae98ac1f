"""Text in a cell of a CSV file that no spreadsheet takes for a formula; and back."""

from __future__ import annotations

import re

# What Excel, LibreOffice and WPS may run, full-width and after blanks too; and the controls that they skip on the way to it.
_DANGER = re.compile(r"'*(?:[\s\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]|[\t\r\n\0])")
_EXCEL_TEXT = re.compile(r'="([^"]*)"')  # how Excel is made to keep leading zeros


def guarded(text: str) -> str:
    """With an apostrophe before what could be run."""
    return f"'{text}" if _DANGER.match(text) else text


def unguarded(text: str) -> str:
    """What `guarded` was given; `="007"` is read as 007."""
    if text[0] == "'" and _DANGER.match(text):
        return text[1:]
    if text[0] == "=" and (found := _EXCEL_TEXT.fullmatch(text)) is not None:
        return found[1]
    return text
