"""The few sentences that only mail needs, in both languages; everything else comes worded from the bot."""

from __future__ import annotations

_WORDS: dict[str, tuple[str, str]] = {
    "act": (
        "A mail cannot carry the buttons. Type the words to the bot, in Slack (after /ticket) or in WeCom:",
        "邮件中无法使用按钮。请在 Slack（前面加 /ticket）或企业微信中对机器人输入：",
    ),
    "automatic": (
        "Sent automatically. Replies to this mail are not read.",
        "此邮件由系统自动发送，请勿直接回复。",
    ),
    "cut": ("… (cut; the whole text is in the ticket)", "……（已截断，全文见工单）"),
    "files": ("Attachments:", "附件："),
    "nothing": ("(no text)", "（无正文）"),
    "colon": (": ", "："),
}


def word(key: str, locale: str) -> str:
    """The sentence in `zh` or, for anything else, English."""
    english, chinese = _WORDS[key]
    return chinese if locale.startswith("zh") else english
